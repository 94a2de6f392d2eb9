# shellcheck shell=bash disable=SC2154,SC2034 # sourced by guest.sh
# Whom a node accepts as the peer, with either side initiating; and certificates under an intermediate.
uniqueids=yes # libreswan's default
declare -A scenes=([worker-0]=cluster [worker-1]=chain [worker-2]=intermediate-only)
give() { cp "$LAB/scenes/$2/root/nss/"*.db "$LAB/scenes/$2/root/nss/pkcs11.txt" "/run/$1/root/var/lib/ipsec/nss/"; } # node, scene: its database
stop() {
  whack "$1" --shutdown >/dev/null 2>&1
  eventually 60 not whack "$1" --status >/dev/null 2>&1
}
for node in "${!scenes[@]}"; do
  machine "$node"
  give "$node" "${scenes[$node]}"
done
peer storage
for each in worker-0 worker-1 worker-2 storage; do pluto "$each"; done
lap 'libreswan runs'

addconn() { on "$1" /usr/libexec/ipsec/addconn --config - "$2" >>"$results/addconn.log" 2>&1; } # machine, connection
declare -A interface_of=([by-address]=ipsec-by-address) about=(
  [cluster]='a node that expects a name' [by-address]='a node that expects an address' [any-of-the-ca]='a node that expects %fromcert'
  [chain]='a node with a chain' [intermediate-only]='a node that trusts the intermediate alone')

# Who refuses has no SA, and says why: silence would be a broken network.
reason() { # log
  grep -hoE 'X509: authentication failed; .*|NSS: ERROR: IPsec certificate .*|no Certificate Authority in NSS Certificate DB!.*' "$1" | head -n 1
}
accepted() { equal "$established" 2,2; }
refused() { equal "${established%,*}" 0 && [[ -n $(reason "$results/meeting.node") ]]; }
refused_by_the_peer() { equal "${established#*,}" 0 && [[ -n $(reason "$results/meeting.peer") ]]; }
meet() { # verdict, node, scene, the storage host's leftid (-: not set), the certificate that it shows, further line of its connection: first the node initiates, then the host
  local verdict=$1 node=$2 scene=$3 leftid=$4 certificate=$5 extra=${6:-} link connection initiator said heard established
  link=("$node" "$scene" "${interface_of[$scene]:-ipsec-storage}")
  connection=$(uuid "${link[@]}")
  addconn storage node <<END
conn node
 left=10.0.0.21
 ${leftid#-}
 leftcert=$certificate
 leftrsasigkey=%cert
 right=${ADDRESS[$node]}
 rightid=%fromcert
 rightrsasigkey=%cert
 ikev2=insist
 keyingtries=1
 type=transport
 auto=add
 $extra
END
  for initiator in "$node" storage; do
    addconn "$node" "$connection" <"$(connection "${link[@]}")"
    said=$(wc -l <"$results/pluto-$node.log") heard=$(wc -l <"$results/pluto-storage.log")
    whack "$initiator" --initiate --name "$([[ $initiator == storage ]] && echo node || echo "$connection")" >"$results/meeting.up" 2>&1
    established=$(security_associations "$node" transport),$(security_associations storage transport)
    tail -n "+$((said + 1))" "$results/pluto-$node.log" >"$results/meeting.node"
    tail -n "+$((heard + 1))" "$results/pluto-storage.log" >"$results/meeting.peer"
    { printf '\n== %s, %s initiates\n' "$*" "$initiator"; cat "$results"/meeting.*; } >>"$results/meetings.log"
    check "${about[$scene]}, $initiator initiates: ${leftid/#-/no leftid}, certificate $certificate${extra:+, $extra}: ${verdict//_/ }" "$verdict"
    case $verdict in refused) echo "#    $(reason "$results/meeting.node")" ;; refused_by_the_peer) echo "#    $(reason "$results/meeting.peer")" ;; esac
    whack "$node" --delete --name "$connection" >/dev/null 2>&1
    whack storage --terminate --name node >/dev/null 2>&1
  done
  whack storage --delete --name node >/dev/null 2>&1
}

meet accepted worker-0 cluster       leftid=@storage.example.com  storage
meet accepted worker-0 cluster       leftid=%fromcert             storage
meet accepted worker-0 cluster       -                            storage
meet refused  worker-0 cluster       leftid=@storage.example.com  impostor
meet refused  worker-0 cluster       leftid=@impostor.example.com impostor
meet refused  worker-0 cluster       leftid=@storage.example.com  stranger
meet refused  worker-0 cluster       leftid=@storage.example.com  storage-cn
meet accepted worker-0 by-address    -                            storage-address
meet accepted worker-0 by-address    leftid=%fromcert             storage-address
meet accepted worker-0 by-address    leftid=@storage.example.com  storage-both
meet refused  worker-0 by-address    -                            impostor
meet refused  worker-0 by-address    -                            storage
meet refused  worker-0 by-address    -                            storage-address-as-name
meet accepted worker-0 any-of-the-ca leftid=%fromcert             impostor
meet refused  worker-0 any-of-the-ca leftid=%fromcert             stranger
lap 'identities measured'

# --- certificates under an intermediate
meet refused_by_the_peer worker-1 chain leftid=@storage.example.com storage # which has the root alone, and a node does not send the intermediate
stop storage
cp "$LAB"/databases-with-intermediate/*.db /run/storage/root/var/lib/ipsec/nss/
pluto storage
meet accepted worker-1 chain             leftid=@storage.example.com storage-under-intermediate
meet refused  worker-0 cluster           leftid=@storage.example.com storage-under-intermediate
meet accepted worker-0 cluster           leftid=@storage.example.com storage-under-intermediate sendca=issuer
meet refused  worker-2 intermediate-only leftid=@storage.example.com storage-under-intermediate
lap 'chains measured'

# --- one certificate for many nodes, at a peer that nobody told so
stop worker-2
give worker-2 cluster
pluto worker-2
addconn storage nodes <<END
conn nodes
 left=10.0.0.21
 leftid=@storage.example.com
 leftcert=storage-under-intermediate
 sendca=issuer
 leftrsasigkey=%cert
 right=%any
 rightid=%fromcert
 rightrsasigkey=%cert
 ikev2=insist
 type=transport
 auto=add
END
served() { ip -n storage xfrm state | sed -n 's/^src \(.*\) dst 10.0.0.21$/\1/p'; }
serves_the_first() { served | grep -x 10.0.0.11; }
up worker-0 cluster ipsec-storage >"$results/shared.up"
check 'control: the peer has a tunnel with the first node' equal "$(served)" 10.0.0.11
up worker-2 cluster ipsec-storage >>"$results/shared.up"
check "a second node with the same certificate takes the first one's tunnel away, at a peer with uniqueids=yes" eventually 20 not serves_the_first
check 'and has its own' equal "$(served)" 10.0.0.13
lap 'one certificate for two nodes measured'
