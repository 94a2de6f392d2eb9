# shellcheck shell=bash disable=SC2034,SC2154 # sourced by guest.sh
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

# --- removal: the script of state ABSENT, by the command of its unit; the connection is there still, as the operator puts back what was there
lay worker-0 keyfile-absent
absent() {
  local unit=/run/worker-0/root/etc/systemd/system/ipsec-absent-ipsec-storage.service environment
  mapfile -t environment < <(sed -n 's/^Environment=//p' "$unit")
  on worker-0 env -i PATH="$E2E:$PATH" LAB_CONNECTIONS="$LAB/scenes/keyfile/nodes/worker-0" "${environment[@]}" "$(sed -n 's/^ExecStart=//p' "$unit")"
}
listed() { on worker-0 env LAB_CONNECTIONS="$LAB/scenes/keyfile/nodes/worker-0" "$E2E/nmcli" -t -f UUID,TYPE,NAME connection show | sed 's/.*://' | sort | tr '\n' ' '; }
check 'control: absent: NetworkManager has both connections' equal "$(listed)" 'ipsec-gateway ipsec-storage '
check 'absent: the unit succeeds' absent
check 'absent: NetworkManager has the other connection alone' equal "$(listed)" 'ipsec-gateway '
check 'absent: the unit succeeds once more, with nothing to do' absent
check 'absent: no SA is left on the node' eventually 30 equal "$(security_associations worker-0 transport)" 0
capture absent storage ping_storage
check 'absent: traffic is in clear again' readable absent

# --- on demand, under the guard: what libreswan holds back itself, and what it does not any more once it has been started anew
check 'absent: the other connection carries traffic still' ping_of worker-0 198.51.100.1
down "${started[@]}"
rm -rf /run/worker-0/root/run/nmcli-gone
# shellcheck source=/dev/null
. "$E2E/fire.sh"
SCENE=keyfile INTERFACES=(ipsec-storage) TO=("$STORAGE")
pod pod worker-0 10.128.0.7 10.128.0.1
lay worker-0 keyfile
waiting() { down_all; route "${on_demand[@]}" >>"$results/route.log"; }
pinged() { in_net pod ping -q -c1 -W1 "$STORAGE" >/dev/null && on worker-0 ping -q -c1 -W1 "$STORAGE" >/dev/null; }
carried() { waiting; eventually 60 pinged; }
stop_pluto storage
guard off
waiting
during demand-away-off nothing
echo "#    on demand, peer absent, no guard: $(in_clear demand-away-off) of $(sent) echo requests in clear"
guard on
ip -n worker-0 xfrm state flush # what the kernel has asked for it asks for again half a minute later, and here at once
waiting
during demand-away nothing
check 'on demand under the guard, peer absent: not a packet is in clear, of the node and its pod' none_in_clear demand-away
check 'on demand under the guard, peer absent: the node calls the peer' test "$(packets demand-away 'udp port 500 and src host 10.0.0.11')" -ge 1
pluto storage
serve storage ' type=transport'
capture demand-comes worker-0 eventually 120 pinged
check 'on demand under the guard: traffic flows when the peer is there, with no command given' pinged
check 'on demand under the guard: not one request was in clear on the way' none_in_clear demand-comes
during demand-flows nothing
check 'on demand under the guard: every ping of the node and its pod is answered' answered_all
check 'on demand under the guard: there is ESP' test "$(packets demand-flows esp)" -ge 40
check 'on demand under the guard: not a packet is in clear' none_in_clear demand-flows
lap 'on demand under the guard'
scene 'on demand, xfrm flushed' carried flush
FIRE=12 scene 'on demand, restart of libreswan' carried restart_libreswan

# --- and back by itself
check 'control: on demand, nobody has brought it back' not pinged
autoconnect
during demand-autoconnect eventually 120 pinged
check 'on demand, restart of libreswan: autoconnect brings it back' pinged
check 'on demand, restart of libreswan: not a packet was in clear meanwhile' none_in_clear demand-autoconnect
flush
check 'control: on demand, flushed: the kernel has nothing' equal "$(ip -n worker-0 xfrm policy | grep -c tmpl)" 0
check 'on demand, xfrm flushed: autoconnect brings it back' eventually 120 pinged
told() { grep -c 'ipsec-storage is activated for NetworkManager and has no security association' "$results/autoconnect.log"; }
stop_pluto storage
whack worker-0 --terminate --name "$(uuid "${on_demand[@]}")" >/dev/null 2>&1
sleep 15 # until autoconnect has looked at what is left
before=$(told)
ip -n worker-0 xfrm policy >"$results/policies-waiting"
FIRE=20 during demand-waits nothing
ip -n worker-0 xfrm policy >"$results/policies-called"
check 'on demand, peer absent: autoconnect leaves alone what waits' equal "$(told)" "$before"
check 'on demand, peer absent: not a packet is in clear' none_in_clear demand-waits
pluto storage
serve storage ' type=transport'
check 'on demand, peer absent: traffic flows when it is back' eventually 150 pinged
end_autoconnect
