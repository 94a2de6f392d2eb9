# shellcheck shell=bash disable=SC2154 # sourced by guest.sh
# Connections that a MachineConfig brings as keyfiles: one that waits for the first packet while the peer is away, and one that starts.
machine worker-0
cp "$LAB/scenes/cluster/root/nss/"*.db "$LAB/scenes/cluster/root/nss/pkcs11.txt" /run/worker-0/root/var/lib/ipsec/nss/ # the same certificate
peer storage
peer gateway
ip -n gateway link add behind type dummy
ip -n gateway addr add 198.51.100.1/24 dev behind
ip -n gateway link set behind up
pluto worker-0
lap 'libreswan runs on the node alone'
on_demand=(worker-0 keyfile ipsec-storage)
started=(worker-0 keyfile ipsec-gateway)
command_of() { cat "$LAB/scenes/keyfile/nodes/$1/$3.command"; }
requests() { packets "$1" "icmp[icmptype] == icmp-echo and src host 10.0.0.11"; } # capture: answers and unreachables hold copies
ping_storage() { ping_of worker-0 10.0.0.21; }
ping_of() { on "$1" ping -q -c3 -i0.2 -W2 -p "$MARKER" "$2" >"$results/ping-$1-$2.log" 2>&1; }

# --- control: what the captures below must not show
check 'the plugin waits for the first packet of the one, and starts the other' equal "$(command_of "${on_demand[@]}") $(command_of "${started[@]}")" 'route up'
capture before storage ping_storage
check 'control: without the connection 3 requests are on the wire in clear' equal "$(requests before)" 3
check 'control: a connection that starts fails where the peer is away' not up "${started[@]}"
capture failed gateway ping_of worker-0 198.51.100.1
check 'control: after that 3 requests are on the wire in clear' equal "$(requests failed)" 3

# --- on demand, with the peer away
check 'on demand: activation succeeds though the peer is away' route "${on_demand[@]}"
check 'on demand: no SA is there' equal "$(security_associations worker-0 transport)" 0
capture waiting storage ping_storage
check 'on demand: not one request is on the wire in clear' equal "$(requests waiting)" 0
check 'on demand: the marker is not readable' not readable waiting
check 'on demand: the node calls the peer instead' test "$(packets waiting 'udp port 500 and src host 10.0.0.11')" -ge 1

# --- the peers come
for each in storage gateway; do pluto "$each"; done
serve storage ' type=transport'
serve gateway ' leftsubnet=198.51.100.0/24'
tunnel_is_up() { ping_storage; answered worker-0 10.0.0.21; }
capture coming storage eventually 90 tunnel_is_up
check 'on demand: traffic flows when the peer is there, with no command given' tunnel_is_up
check 'on demand: not one request was in clear on the way' equal "$(requests coming)" 0
capture flowing storage ping_storage
check 'on demand: 6 ESP packets on the wire' equal "$(packets flowing 'esp and host 10.0.0.11')" 6
check 'on demand: no packet in clear' equal "$(packets flowing icmp)" 0
lap 'the connection on demand carries traffic'

up "${started[@]}" >"$results/started.up"
check 'started: a Child SA in tunnel mode to the subnet' grep -q 'established Child SA.*IPsec tunnel .*198.51.100.0-198.51.100.255' "$results/started.up"
capture started gateway ping_of worker-0 198.51.100.1
check 'started: 6 ESP packets on the wire' equal "$(packets started 'esp and host 10.0.0.11')" 6
check 'started: no packet in clear' equal "$(packets started icmp)" 0

# --- removal: what ipsec-dropconnection.sh has NetworkManager do
down "${on_demand[@]}"
check 'absent: no SA is left on the node' eventually 30 equal "$(security_associations worker-0 transport)" 0
capture absent storage ping_storage
check 'absent: traffic is in clear again' readable absent
