# shellcheck shell=bash disable=SC2153,SC2154 # sourced by guest.sh
# The matrix of docs/peers.md: a node and a storage host that has what the library wrote for it, as libreswan and then as strongSwan. What
# both sides log of each row is in peers-<program>/<row>.{node,peer}.
machine worker-0
machine worker-1
machine worker-2
give() { cp "$LAB/scenes/$2/root/nss/"*.db "$LAB/scenes/$2/root/nss/pkcs11.txt" "/run/$1/root/var/lib/ipsec/nss/"; } # node, scene: its database
give worker-0 cluster
give worker-1 cluster
give worker-2 chain
peer storage
# Two subnets behind the storage host, and a NAT before worker-1.
ip -n storage link add behind type dummy
for address in 198.51.100.1/24 203.0.113.1/24; do ip -n storage addr add "$address" dev behind; done
ip -n storage link set behind up
ip -n wire route replace 198.51.100.0/24 via "${ADDRESS[storage]}"
ip -n wire route add 203.0.113.0/24 via "${ADDRESS[storage]}"
ip -n wire link set to-worker-1 nomaster
ip -n wire addr add 10.9.0.1/24 dev to-worker-1
ip -n worker-1 addr flush dev eth0
ip -n worker-1 addr add 10.9.0.11/24 dev eth0
ip -n worker-1 route replace default via 10.9.0.1
in_net wire nft 'table ip nat { chain source { type nat hook postrouting priority 100; ip saddr 10.9.0.0/24 masquerade; }; }'
# as the comments of the file say
on storage pk12util -d "$NSS" -i "$LAB/pki/storage-under-intermediate.p12" -w "$LAB/pki/password" >/dev/null
on worker-0 pk12util -d "$NSS" -i "$LAB/pki/nodes-pss.p12" -w "$LAB/pki/password" >/dev/null
for node in worker-0 worker-1 worker-2; do pluto "$node"; done
lap 'libreswan runs on the nodes'

PEERS=$LAB/peers
stop() {
  whack "$1" --shutdown >/dev/null 2>&1
  eventually 60 not whack "$1" --status >/dev/null 2>&1
}

# --- the storage host by its program: start, stop, take a file, forget it, call the nodes, its log

charon_log=/run/storage/root/run/charon.log
start_libreswan() {
  printf 'config setup\n\ninclude /etc/ipsec.d/*.conf\n' >/run/storage/root/etc/ipsec.conf
  pluto storage
}
stop_libreswan() { stop storage; }
end_daemon() { ip netns pids storage | xargs -r kill -s "$1"; } # signal: of this machine alone, because all machines share their processes
kill_libreswan() { end_daemon KILL; rm -f /run/storage/root/run/pluto/*; }
conns_of() { sed -n 's/^conn //p' "$PEERS/$1/"*.ipsec.conf; }
take_libreswan() { # connection
  local name
  cp "$PEERS/$1/"*.ipsec.conf /run/storage/root/etc/ipsec.d/storage.conf
  for name in $(conns_of "$1"); do on storage /usr/libexec/ipsec/addconn --config /etc/ipsec.conf "$name"; done
}
forget_libreswan() { local name; for name in $(conns_of "$1"); do whack storage --delete --name "$name"; done; }
call_libreswan() { whack storage --initiate --name "$(conns_of "$1" | head -n 1)"; }
log_of_libreswan() { cat "$results/pluto-storage.log"; }

start_strongswan() {
  on storage /usr/sbin/charon-systemd >>"$results/charon.log" 2>&1 &
  eventually 60 on storage swanctl --stats >/dev/null 2>&1 || echo 'FAIL charon on storage starts'
}
stop_strongswan() { end_daemon TERM; eventually 30 not on storage swanctl --stats >/dev/null 2>&1; }
kill_strongswan() { end_daemon KILL; rm -f /run/storage/root/run/charon.vici; }
take_strongswan() { # connection
  cp "$PEERS/$1/"*.swanctl.conf /run/storage/root/etc/swanctl/conf.d/storage.conf
  on storage swanctl --load-all --noprompt
}
forget_strongswan() { on storage swanctl --terminate --force --timeout 5 --ike "$(conns_of "$1" | head -n 1)"; }
call_strongswan() { on storage swanctl --initiate --timeout 30 --child "$(conns_of "$1" | head -n 1)"; }
log_of_strongswan() { cat "$charon_log"; }
lay_strongswan() {
  local certificate swanctl=/run/storage/root/etc/swanctl
  cp -a "$STRONGSWAN/." /run/storage/root/
  printf 'charon {\n filelog {\n  lab {\n   path = /run/charon.log\n   default = 1\n   flush_line = yes\n  }\n }\n}\n' \
    >/run/storage/root/etc/strongswan.d/lab.conf
  mkdir -p "$swanctl"/{conf.d,x509,x509ca,private}
  for certificate in storage storage-address storage-under-intermediate storage-cn storage-pss impostor stranger; do
    cp "$LAB/pki/$certificate.pem" "$swanctl/x509/"
    cp "$LAB/pki/$certificate.key" "$swanctl/private/$certificate.pem"
  done
  cp "$LAB/pki/ca.pem" "$LAB/pki/intermediate.pem" "$swanctl/x509ca/"
}

# --- a row

declare -A SAID
links() { find "$PEERS/$1/nodes/worker-0" -name '*.conn' | sort; } # connection: of the node's side
id_of() { sed -n 's/^conn //p' "$1"; }
add_link() { on "$node" /usr/libexec/ipsec/addconn --config - "$(id_of "$1")" <"$1"; } # file of a connection
begin() { # row, node: what both say from here on is the row's
  row=$1
  node=$2
  SAID=([node]=$(wc -l <"$results/pluto-$node.log") [peer]=$("log_of_$program" | wc -l))
}
end() {
  tail -n "+$((SAID[node] + 1))" "$results/pluto-$node.log" >"$results/peers-$program-$row.node"
  "log_of_$program" | tail -n "+$((SAID[peer] + 1))" >"$results/peers-$program-$row.peer"
}
node_calls() { # connection
  local link
  for link in $(links "$1"); do
    add_link "$link"
    on "$node" timeout 15 /usr/libexec/ipsec/whack --initiate --name "$(id_of "$link")"
  done >>"$results/peers-calls.log" 2>&1
}
node_waits() { local link; for link in $(links "$1"); do add_link "$link"; done; }
clean() { # the node's connection, the peer's
  local link machine
  for link in $(links "$1"); do whack "$node" --delete --name "$(id_of "$link")"; done
  "forget_$program" "$2"
  for machine in "$node" storage; do ip -n "$machine" xfrm state flush; ip -n "$machine" xfrm policy flush; done
} >>"$results/peers-clean.log" 2>&1
keyed() { echo "$(($(security_associations "$1" transport) + $(security_associations "$1" tunnel)))"; } # machine
pings() { local address; for address in "$@"; do marked_ping "$node" "$address"; done; }
carries() { # addresses: ESP on the wire, and nothing else of it
  local file=$program-$row wanted=$((6 * $#)) address
  capture "$file" storage pings "$@"
  for address in "$@"; do
    answered "$node" "$address" || { echo "no answer of $address"; return 1; }
  done
  if [[ $node == worker-1 ]]; then # in UDP, beside what keeps the NAT open
    (($(packets "$file" 'udp port 4500 and len > 60') >= wanted)) || { echo "fewer than $wanted packets in UDP"; return 1; }
  else
    equal "$(packets "$file" esp)" "$wanted" || return 1
  fi
  equal "$(packets "$file" icmp)" 0 && not readable "$file"
}
up() { # row, node, connection of the node, connection of the peer, address…: the node calls
  wanted "$1" || return 0
  begin "$1" "$2"
  "take_$program" "$4" >>"$results/peers-take.log" 2>&1
  node_calls "$3"
  check "$program, $row: ESP on the wire, nothing in clear" carries "${@:5}"
  end
  clean "$3" "$4"
}
told() { # side: its log has the signs that the library explains
  local fragment told=0
  while read -r fragment; do
    grep -qF "$fragment" "$results/peers-$program-$row.$1" || { echo "not in the log: $fragment"; return 1; }
    told=1
  done < <(sed -n "s/^$row $program $1 //p" "$LAB/signs")
  ((told))
}
explained() {
  local side
  for side in node peer; do
    ! grep -q "^$row $program $side " "$LAB/signs" || check "$program, $row: the $side's log says why" told "$side"
  done
}
down() { # row, node, connection of the node, connection of the peer: refused, and both say why
  wanted "$1" || return 0
  begin "$1" "$2"
  "take_$program" "$4" >>"$results/peers-take.log" 2>&1
  node_calls "$3"
  check "$program, $row: no security association" equal "$(keyed "$node")" 0
  end
  explained
  clean "$3" "$4"
}

peer_calls() {
  begin peer-calls worker-0
  "take_$program" fixed >>"$results/peers-take.log" 2>&1
  node_waits fixed >>"$results/peers-calls.log" 2>&1
  "call_$program" fixed >>"$results/peers-calls.log" 2>&1
  check "$program, $row: ESP on the wire, nothing in clear" carries 198.51.100.1
  end
  clean fixed fixed
}
rekey() {
  begin rekey worker-0
  "take_$program" short >>"$results/peers-take.log" 2>&1
  node_calls short
  check "$program, $row: ESP on the wire before" carries 198.51.100.1
  first=$(spis_in_kernel worker-0)
  rekeyed() {
    ! grep -qxF "$first" <(spis_in_kernel worker-0) || return 1
    tail -n "+$((SAID[node] + 1))" "$results/pluto-worker-0.log" | grep -qE 'rekeyed #?[0-9]* ?IKE SA|rekeyed IKE SA|replacing IKE SA'
  }
  check "$program, $row: both SAs are new within 70 s" eventually 70 rekeyed
  check "$program, $row: ESP on the wire after" carries 198.51.100.1
  end
  clean short short
}
restart() {
  begin restart worker-0
  "take_$program" probed >>"$results/peers-take.log" 2>&1
  node_calls probed
  check "$program, $row: ESP on the wire before" carries 198.51.100.1
  "kill_$program"
  ip -n storage xfrm state flush
  ip -n storage xfrm policy flush
  sleep 1
  "start_$program"
  "take_$program" probed >>"$results/peers-take.log" 2>&1
  back() { in_net worker-0 ping -q -c1 -W1 198.51.100.1 >/dev/null && (($(keyed storage) > 0)); }
  SECONDS=0
  check "$program, $row: the tunnel is back within 90 s" eventually 90 back
  echo "#    $program: back after $SECONDS s"
  check "$program, $row: ESP on the wire after" carries 198.51.100.1
  end
  clean probed probed
}
one_of_two() { # what a host with libreswan makes of two tunnels of a node of any address
  begin subnets-from-anywhere worker-0
  take_libreswan subnets-from-anywhere >>"$results/peers-take.log" 2>&1
  node_calls subnets-from-anywhere
  check "$program, $row: one of the two alone" equal "$(keyed worker-0)" 2
  end
  explained
  clean subnets-from-anywhere subnets-from-anywhere
}

matrix() {
  up   transport            worker-0 transport transport 10.0.0.21
  up   tunnel               worker-0 tunnel tunnel 10.0.0.21
  up   subnet               worker-0 subnet subnet 198.51.100.1
  up   subnets              worker-0 subnets subnets 198.51.100.1 203.0.113.1
  up   named-node           worker-0 named-node named-node 198.51.100.1
  up   by-address           worker-0 by-address by-address 198.51.100.1
  up   by-subject           worker-0 by-subject by-subject 198.51.100.1
  up   known-subject        worker-0 known-subject known-subject 198.51.100.1
  up   intermediate         worker-2 subnet under-intermediate 198.51.100.1
  up   pss-signed           worker-0 pss-signed pss-signed 198.51.100.1
  up   cnsa                 worker-0 cnsa cnsa 198.51.100.1
  up   cnsa-last            worker-0 cnsa cnsa-last 198.51.100.1
  up   fips                 worker-0 fips fips 198.51.100.1
  up   fips-last            worker-0 fips fips-last 198.51.100.1
  up   gcm                  worker-0 gcm gcm 198.51.100.1
  up   cbc                  worker-0 cbc cbc 198.51.100.1
  up   several-algorithms   worker-0 several-algorithms several-algorithms 198.51.100.1
  up   nat                  worker-1 nat nat 198.51.100.1
  lap "$program: what should be up is measured"

  if [[ $program == strongswan ]]; then
    up subnets-from-anywhere worker-0 subnets-from-anywhere subnets-from-anywhere 198.51.100.1 203.0.113.1
  elif wanted subnets-from-anywhere; then
    one_of_two
  fi
  down mode                 worker-0 transport tunnel
  down id-type              worker-0 by-address subnet
  down id-not-in-certificate worker-0 subnet impostor
  down no-san               worker-0 subnet no-san
  down unknown-issuer       worker-0 subnet stranger
  down node-id              worker-0 subnet other-subject
  down weak                 worker-0 weak gcm
  down proposals            worker-0 cbc gcm
  down peer-narrower        worker-0 subnet narrow
  if [[ $program == libreswan ]]; then down peer-wider worker-0 subnet wide; else up peer-wider worker-0 subnet wide 198.51.100.1; fi
  down nat-unknown          worker-1 subnet subnet
  lap "$program: faults measured"

  for row in peer-calls rekey restart; do ! wanted $row || "${row//-/_}"; done
  lap "$program: the rest is measured"
}

for program in ${PROGRAMS:-libreswan strongswan}; do
  [[ $program == libreswan ]] || lay_strongswan
  "start_$program"
  matrix
  "stop_$program"
done
