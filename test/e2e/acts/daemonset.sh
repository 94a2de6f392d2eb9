# shellcheck shell=bash disable=SC2034,SC2154 # sourced by guest.sh
# A certificate that a Secret brings: the program of the DaemonSet's pod runs beside the node, whose root it has, and follows the Secret.
# Nothing of the certificate comes by a MachineConfig; the connection is the same.
machine worker-0 "$LAB/scenes/cluster/root"
rm -f /run/worker-0/root/etc/pki/certs/left_server.p12 /run/worker-0/root/etc/pki/ipsec/left_server.password
peer storage

told=$results/nmcli-calls
: >"$told"
mount --bind "$results" "/run/worker-0/root/mnt"
cat >/run/worker-0/root/usr/local/bin/nmcli <<END
#!/bin/bash
echo "\$*" >>/mnt/nmcli-calls
LAB_CONNECTIONS=$LAB/scenes/cluster/nodes/worker-0 exec $E2E/nmcli "\$@"
END
chmod +x /run/worker-0/root/usr/local/bin/nmcli
nm() { on worker-0 /usr/local/bin/nmcli --wait 60 connection up uuid "$(uuid worker-0 cluster "$1")"; } # interface

# What kubelet does: all keys of a Secret change in one step.
version=0
secret() { # certificate, private key
  local folder=..$((++version))
  mkdir -p "/run/secret/$folder"
  cp "$LAB/pki/$1.pem" "/run/secret/$folder/tls.crt"
  cp "$LAB/pki/${2:-$1}.key" "/run/secret/$folder/tls.key"
  cp "$LAB/pki/ca.pem" "/run/secret/$folder/ca.crt"
  ln -s "$folder" /run/secret/..data_tmp
  mv -T /run/secret/..data_tmp /run/secret/..data
}
mkdir -p /run/secret /run/memory
pod() { # what: a command of the container, with its environment but for where things are
  local environment
  mapfile -t environment <"$LAB/daemonset/environment"
  in_net worker-0 env -i PATH="$PATH" "${environment[@]}" IPSEC_HOST=/run/worker-0/root IPSEC_MOUNT=/run/secret \
    IPSEC_MEMORY=/run/memory IPSEC_INTERVAL=5 bash "$LAB/daemonset/ipsec-from-secret.sh" "$1"
}
ready() { pod ready; }
# The probe is dear on an emulated processor: it is asked once the node has what it asks for.
record=/run/worker-0/root/run/ipsec-from-secret/left_server.imported
recorded() { [[ $(cut -d ' ' -f 2 "$record") == "$(openssl x509 -in "$LAB/pki/$1.pem" -outform DER | sha256sum | cut -d ' ' -f 1)" ]]; } 2>/dev/null
no_key_of() { # certificate: no line of its private key is in what the node has written anywhere but in memory
  local line
  line=$(sed -n 5p "$LAB/pki/$1.key")
  [[ ${#line} == 64 ]] && ! grep -rqF "$line" /run/worker-0/upper /run/worker-0/root/var/lib/ipsec/nss
}

pod follow >"$results/pod.log" 2>&1 &
check 'before the Secret: the pod is not ready' not ready
secret nodes
check 'the Secret comes: it is imported' eventually 600 recorded nodes
check 'the Secret comes: the pod is ready' eventually 60 ready
check 'the Secret comes: exactly its certificate is in the database' equal "$(fingerprints worker-0 left_server)" "$(fingerprint_of nodes)"
check 'the Secret comes: no private key is on the disk' no_key_of nodes
lap 'imported'

for each in worker-0 storage; do pluto "$each"; done
serve storage ' type=transport'
check 'the connection comes up with it' nm ipsec-storage
capture first storage marked_ping worker-0 10.0.0.21
check 'pings are answered' answered worker-0 10.0.0.21
check '6 ESP packets are on the wire' equal "$(packets first 'esp and host 10.0.0.11')" 6
check 'no packet is in clear' equal "$(packets first icmp)" 0
check 'nothing is readable' not readable first
lap 'ESP with the first certificate'

name_in() { openssl x509 -in "$LAB/pki/$1.pem" -noout -subject -nameopt sname,sep_comma_plus_space | sed 's/^[a-z]*=//'; } # certificate
seen() { # bits, certificate: whether the storage host has authenticated a node by it
  grep "authenticated peer '$1-bit " "$results/pluto-storage.log" | grep -qF "peer certificate '$(name_in "$2")'"
}
imported() { equal "$(fingerprints worker-0 left_server)" "$(fingerprint_of "$1")"; } # certificate
calls() { grep -c "connection $1 uuid $(uuid worker-0 cluster ipsec-storage)" "$told"; }

: >"$told"
before=$(spis_in_kernel storage)
check 'control: the peer has not seen the renewed certificate' not seen 3072 nodes-again
secret nodes-again
check 'renewed Secret: it is imported' eventually 600 recorded nodes-again
check 'renewed Secret: the pod is ready' eventually 60 ready
check 'renewed Secret: the peer sees the new certificate' eventually 60 seen 3072 nodes-again
check 'renewed Secret: the tunnel has new keys' not equal "$(spis_in_kernel storage)" "$before"
check 'renewed Secret: NetworkManager was told once' equal "$(calls down) $(calls up)" '1 1'
capture second storage marked_ping worker-0 10.0.0.21
check 'renewed Secret: 6 ESP packets are on the wire' equal "$(packets second 'esp and host 10.0.0.11')" 6
check 'renewed Secret: no packet is in clear' equal "$(packets second icmp)" 0
check 'renewed Secret: no private key is on the disk' no_key_of nodes-again
lap 'ESP with the renewed certificate'

: >"$told"
before=$(spis_in_kernel storage)
says() { grep -q "$1; the node keeps its certificate\$" /run/memory/status; } # reason
secret nodes nodes-again
check 'broken Secret: the pod says why' eventually 600 says 'its private key is not that of its first certificate'
check 'broken Secret: the pod is not ready' not ready
check 'broken Secret: the certificate stays' imported nodes-again
check 'broken Secret: the tunnel has its keys' equal "$(spis_in_kernel storage)" "$before"
check 'broken Secret: NetworkManager was told nothing' equal "$(grep -cE 'connection (up|down)' "$told")" 0

rm -rf /run/secret/..data
mkdir /run/secret/..0
ln -s ..0 /run/secret/..data
check 'deleted Secret: the pod says so' eventually 60 says 'does not exist'
check 'deleted Secret: the certificate stays' imported nodes-again
capture third storage marked_ping worker-0 10.0.0.21
check 'deleted Secret: 6 ESP packets are on the wire' equal "$(packets third 'esp and host 10.0.0.11')" 6
