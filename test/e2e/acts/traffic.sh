# shellcheck shell=bash disable=SC2153,SC2154 # sourced by guest.sh
# Three nodes and two peers at once: import, ESP in both modes, renewal, removal.
nodes=(worker-0 worker-1 worker-2)
for node in "${nodes[@]}"; do machine "$node" "$LAB/scenes/cluster/root"; done
peer storage
peer gateway
ip -n gateway link add behind type dummy
ip -n gateway addr add 198.51.100.1/24 dev behind
ip -n gateway link set behind up
lap 'machines are up'

# --- import
check 'Ignition laid the bundle down for root alone' equal "$(stat -c '%a %u' /run/worker-0/root/etc/pki/certs/left_server.p12)" '400 0'
on worker-1 certutil -N -d "$NSS" --empty-password
on worker-1 certutil -A -n ovs_ca -t CT,, -i "$LAB/pki/stranger-ca.pem" -d "$NSS"
on worker-1 pk12util -i "$LAB/pki/ovs.p12" -w "$LAB/pki/password" -d "$NSS" >/dev/null
ovs_entries() { on worker-1 certutil -L -d "$NSS" | grep -i 'ovs'; on worker-1 certutil -K -d "$NSS" | grep -o 'ovs.*'; fingerprints worker-1 ovs_certkey_worker-1; fingerprints worker-1 ovs_ca; }
ovs_entries >"$results/ovs-before"
for node in "${nodes[@]}"; do
  check "$node: the unit's command imports the certificate" boot_import "$node"
  check "$node: exactly the certificate of the bundle is there" equal "$(fingerprints "$node" left_server)" "$(fingerprint_of nodes)"
done
ovs_entries >"$results/ovs-after"
check "control: the cluster's own certificate, key and CA were in worker-1's database" equal "$(grep -c ovs_ "$results/ovs-before")" 3
check "the cluster's own certificates, keys and trust are as before the import" cmp "$results/ovs-before" "$results/ovs-after"
database() { on worker-0 sha256sum /var/lib/ipsec/nss/cert9.db /var/lib/ipsec/nss/key4.db; }
before=$(database)
check 'second boot: the import succeeds' boot_import worker-0
check 'second boot: not a byte of the database changes' equal "$(database)" "$before"
lap 'imported'

# --- control: what the captures below must not show
clear_traffic() { for node in "${nodes[@]}"; do marked_ping "$node" 10.0.0.21; done; marked_ping worker-0 198.51.100.1; }
capture clear storage clear_traffic
check 'control: without IPsec 18 ICMP packets to and from storage are on the wire' equal "$(packets clear 'icmp and host 10.0.0.21')" 18
check 'control: without IPsec the marker is readable' readable clear
capture clear-gateway gateway marked_ping worker-0 198.51.100.1
check 'control: without IPsec the subnet behind the gateway answers in clear' readable clear-gateway
check 'control: 6 ICMP packets to and from that subnet are on the wire' equal "$(packets clear-gateway 'icmp and net 198.51.100.0/24')" 6

# --- tunnels
for each in "${nodes[@]}" storage gateway; do pluto "$each"; done
lap 'libreswan runs on all five'
serve storage ' type=transport'
serve gateway ' type=tunnel
 leftsubnet=198.51.100.0/24
 ike=aes256-sha2_256;dh19,aes256-sha2_512;dh14
 esp=aes_gcm128,aes_gcm256'
for node in "${nodes[@]}"; do
  for interface in ipsec-storage ipsec-gateway; do up "$node" cluster "$interface" >"$results/$node-$interface.up"; done
done
for node in "${nodes[@]}"; do
  said=$results/$node-ipsec-storage.up
  check "$node, storage: authenticated by the storage host's certificate" grep -q "authenticated peer .*using peer certificate '@storage.example.com' issued by CA 'O=Lab, CN=Lab CA'" "$said"
  check "$node, storage: a Child SA in transport mode" grep -q 'established Child SA.*IPsec transport .*AES_GCM_16_256' "$said"
  said=$results/$node-ipsec-gateway.up
  check "$node, gateway: authenticated by the gateway's certificate" grep -q "authenticated peer .*using peer certificate '@gateway.example.com' issued by CA 'O=Lab, CN=Lab CA'" "$said"
  check "$node, gateway: a Child SA in tunnel mode to the subnet behind it" grep -q 'established Child SA.*IPsec tunnel .*198.51.100.0-198.51.100.255' "$said"
  check "$node, gateway: the chosen IKE algorithms are in the SA" grep -q '{cipher=AES_CBC_256 integ=HMAC_SHA2_256_128 prf=HMAC_SHA2_256 group=DH19}' "$said"
  check "$node, gateway: the chosen ESP algorithms are in the SA" grep -q 'xfrm=AES_GCM_16_128-NONE' "$said"
  check "$node, gateway: dead peer detection is in the SA" grep -q 'DPD=active' "$said"
  check "$node: two SAs in each mode in the kernel" equal "$(security_associations "$node" transport) $(security_associations "$node" tunnel)" '2 2'
done
lap 'six tunnels are up'

# What docs/first-tunnel.md shows is this, as it was recorded once; the states' numbers and the time differ each time.
transcript() { # node, address: what libreswan says of the traffic before some pings, and after them
  local command status='ipsec trafficstatus' ping="ping -c3 -q $2"
  for command in "$status" "$ping" "$status"; do
    echo "\$ $command"
    # shellcheck disable=SC2086 # a command and its arguments
    on "$1" $command
  done
}
masked() { sed -E 's/#[0-9]+/#N/; s/add_time=[0-9]+/add_time=N/; s/time [0-9]+ms/time N/; s/^rtt .*/rtt/' "$1"; }
transcript worker-0 10.0.0.21 >"$results/trafficstatus" 2>&1
check 'ipsec trafficstatus says what the documentation shows' cmp <(masked "$results/trafficstatus") <(masked "$E2E/recorded/trafficstatus")

all_nodes_ping() { for node in "${nodes[@]}"; do marked_ping "$node" "$1"; done; }
for each in 'storage 10.0.0.21' 'gateway 198.51.100.1'; do
  read -r name address <<<"$each"
  capture "$name" "$name" all_nodes_ping "$address"
  for node in "${nodes[@]}"; do
    check "$name: $node is answered" answered "$node" "$address"
    check "$name: 6 ESP packets of $node on the wire" equal "$(packets "$name" "esp and host ${ADDRESS[$node]}")" 6
  done
  check "$name: no packet in clear on the wire" equal "$(packets "$name" icmp)" 0
  check "$name: the marker is not readable" not readable "$name"
  check "$name: the SPIs on the wire are those of the peer's kernel" equal "$(spis_on_wire "$name")" "$(spis_in_kernel "$name" | grep -xF "$(spis_on_wire "$name")")"
  check "$name: six SAs carried traffic" equal "$(spis_on_wire "$name" | wc -l)" 6
done
probe_seen() { [[ $(packets probes 'udp port 500 and src host 10.0.0.11') -ge 1 && $(packets probes 'udp port 500 and dst host 10.0.0.11') -ge 1 ]]; }
capture probes gateway eventually 40 probe_seen
check 'dead peer detection: worker-0 probes the silent gateway and is answered' probe_seen
lap 'traffic measured'

# --- renewal: another synthesis with another certificate
lay worker-0 renewed
check 'renewal: the unit succeeds' boot_import worker-0
check 'renewal: exactly the new certificate is there' equal "$(fingerprints worker-0 left_server)" "$(fingerprint_of nodes-renewed)"
check 'renewal: its key is the only one' equal "$(on worker-0 certutil -K -d "$NSS" | grep -c '^<')" 1
down worker-0 cluster ipsec-storage
up worker-0 renewed ipsec-storage >"$results/renewed.up"
check 'renewal: the tunnel comes up' grep -q 'established Child SA' "$results/renewed.up"
check 'renewal: the peer sees the new certificate' grep -q "peer certificate '.*CN=nodes-2.cluster.example.com'" "$results/pluto-storage.log"
capture renewed storage marked_ping worker-0 10.0.0.21
check 'renewal: 6 ESP packets on the wire' equal "$(packets renewed 'esp and host 10.0.0.11')" 6
check 'renewal: the marker is not readable' not readable renewed
lap 'renewed'

# --- removal
check 'state absent: the policy names the connection' test -e "$LAB/scenes/absent/nodes/worker-0/ipsec-storage.absent"
check 'control: the tunnel was up' equal "$(security_associations worker-0 transport)" 2
down worker-0 renewed ipsec-storage # what NetworkManager does as it deletes the connection of that name
check 'state absent: no SA is left on the node' eventually 30 equal "$(security_associations worker-0 transport)" 0
left_on_peer() { ip -n storage xfrm state | grep 10.0.0.11; }
check 'state absent: none is left on the peer' eventually 30 not left_on_peer
check 'state absent: the tunnel to the gateway stays' equal "$(security_associations worker-0 tunnel)" 2
capture absent storage marked_ping worker-0 10.0.0.21
check 'state absent: traffic is in clear again' readable absent
