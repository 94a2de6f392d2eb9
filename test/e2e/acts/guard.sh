# shellcheck shell=bash disable=SC2154 # sourced by guest.sh
# What leaves a node when a tunnel fails, without the guard (control) and with it; and what brings tunnels back.
/run/modprobe -a nf_tables nft_ct nft_limit nft_log nf_log_syslog nft_chain_nat nft_masq nft_xfrm 2>/dev/null
echo 1 >/proc/sys/net/netfilter/nf_log_all_netns
STORAGE=10.0.0.21 SUBNET=198.51.100.1
machine worker-0 "$LAB/scenes/guarded/root"
cp "$LAB/scenes/guarded/root/nss/"*.db "$LAB/scenes/guarded/root/nss/pkcs11.txt" /run/worker-0/root/var/lib/ipsec/nss/
peer storage
peer gateway
ip -n gateway link add behind type dummy
ip -n gateway addr add $SUBNET/24 dev behind
ip -n gateway link set behind up

# A pod behind its node, which masquerades what it sends, as OVN-Kubernetes does with routingViaHost.
ip netns add pod
ip -n worker-0 link add to-pod type veth peer name eth0 netns pod
ip -n worker-0 addr add 10.128.0.1/23 dev to-pod
ip -n worker-0 link set to-pod up
ip -n pod addr add 10.128.0.7/23 dev eth0
ip -n pod link set lo up
ip -n pod link set eth0 up
ip -n pod route add default via 10.128.0.1
ip netns exec worker-0 sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0
ip netns exec worker-0 nft add table ip nat
ip netns exec worker-0 nft 'add chain ip nat out { type nat hook postrouting priority 100; }'
ip netns exec worker-0 nft add rule ip nat out ip saddr 10.128.0.0/14 oifname eth0 masquerade

# --- what the units do, with their own commands
unit=/run/worker-0/root/etc/systemd/system/ipsec-guard.service
guard() { # on | off
  local setting=ExecStart
  [[ $1 == on ]] || setting=ExecStop
  # shellcheck disable=SC2046 # words of a command
  on worker-0 $(sed -n "s/^$setting=-\\?//p" "$unit") 2>/dev/null
  [[ $1 == on ]] || ! on worker-0 nft list table inet ipsec_guard >/dev/null 2>&1
}
autoconnect() {
  on worker-0 env PATH="$E2E:$PATH" LAB_CONNECTIONS="$LAB/scenes/guarded/nodes/worker-0" IPSEC_INTERVAL=2 IPSEC_GRACE=4 \
    setsid bash -c "echo \$\$ >/run/keeper; exec $(sed -n 's/^ExecStart=//p' "${unit/guard/autoconnect}")" >>"$results/autoconnect.log" 2>&1 &
}
end_autoconnect() { kill -TERM -- "-$(<"/run/worker-0/root/run/keeper")"; } # with all that it started, as systemd does
stop_pluto() {
  whack "$1" --shutdown >/dev/null 2>&1
  eventually 60 not whack "$1" --status >/dev/null 2>&1
}
flush() { ip -n worker-0 xfrm policy flush; ip -n worker-0 xfrm state flush; }
restart_libreswan() { stop_pluto worker-0; flush; pluto worker-0; } # as systemctl restart ipsec does it, ExecStopPost and all

serve_all() {
  serve storage ' type=transport'
  serve gateway ' type=tunnel
 leftsubnet=198.51.100.0/24'
}
for each in worker-0 storage gateway; do pluto "$each"; done
serve_all
lap 'machines are up'

up_all() { # [further line]
  local interface
  for interface in ipsec-storage ipsec-gateway; do
    { cat "$(connection worker-0 guarded "$interface")"; [[ -z ${1:-} ]] || echo " $1"; } |
      on worker-0 ipsec auto --replace --config - "$(uuid worker-0 guarded "$interface")" >>"$results/load.log" 2>&1
    on worker-0 timeout 60 ipsec auto --up "$(uuid worker-0 guarded "$interface")" >>"$results/up.log" 2>&1
  done
}
down_all() { for interface in ipsec-storage ipsec-gateway; do down worker-0 guarded "$interface"; done; }
are_up() { equal "$(on worker-0 ipsec whack --trafficstatus 2>/dev/null | grep -c type=ESP)" 2; }

# --- the wire: echo requests alone, since an unreachable carries a copy of what it is about
CLEAR="icmp[icmptype] == icmp-echo and (dst host $STORAGE or dst net 198.51.100.0/24)"
fire() { # seconds: the node and its pod, at both peers
  local from to
  pings=()
  for from in worker-0 pod; do
    for to in $STORAGE $SUBNET; do
      ip netns exec "$from" ping -q -i0.2 -c$(($1 * 5)) -W3 -p "$MARKER" "$to" >"$results/fire-$from-$to.log" 2>&1 &
      pings+=($!)
    done
  done
}
during() { # name, command…: while four pings run
  local name=$1 pings=()
  shift
  under_fire() { fire "${FIRE:-4}"; sleep 0.5; "$@"; wait "${pings[@]}"; }
  capture "$name" worker-0 under_fire "$@"
}
in_clear() { packets "$1" "$CLEAR"; }
some_in_clear() { (($(in_clear "$1") > 0)); }
none_in_clear() { equal "$(in_clear "$1")" 0; }
answered_all() { for log in "$results"/fire-*.log; do grep -q ' 0% packet loss' "$log" || { cat "$log"; return 1; }; done; }

scene() { # what it is, what comes before, what happens meanwhile: without the guard and with it
  local what=$1 before=$2 meanwhile=$3 name=${1//[^a-z]/-}
  guard off
  $before
  during "$name-off" "$meanwhile"
  check "control: $what: without the guard there is traffic in clear" some_in_clear "$name-off"
  guard on
  $before
  during "$name-on" "$meanwhile"
  check "$what: with the guard not a packet is in clear" none_in_clear "$name-on"
  echo "#    echo requests in clear: $(in_clear "$name-off") without, $(in_clear "$name-on") with the guard"
}
nothing() { :; }
wrong_certificate() { down_all; certificate=impostor serve_all; }
refusing() { down_all; peers_delete; }
peers_leave() { down_all; stop_pluto storage; stop_pluto gateway; }
peers_come() { pluto storage; pluto gateway; serve_all; }
try() {
  local interface
  for interface in ipsec-storage ipsec-gateway; do
    load worker-0 guarded "$interface"
    on worker-0 timeout 3 ipsec auto --up "$(uuid worker-0 guarded "$interface")" >>"$results/try.log" 2>&1
  done
}
terminate() {
  local interface
  for interface in ipsec-storage ipsec-gateway; do
    whack worker-0 --terminate --name "$(uuid worker-0 guarded "$interface")" >/dev/null 2>&1
  done
}
peers_delete() { for each in storage gateway; do whack "$each" --delete --name nodes >/dev/null 2>&1; done; }
tunnels_again() { serve_all; tunnels; }
tunnels() { down_all; up_all; }
kill_pluto() {
  kill -KILL "$(on worker-0 cat /run/pluto/pluto.pid)"
  sleep 1
  flush
  rm -f /run/worker-0/root/run/pluto/pluto.*
  pluto worker-0
}

# --- a tunnel that is up is not in the guard's way
guard off
up_all
check 'control: both tunnels are up' are_up
guard on
during up nothing
check 'up: every ping of the node and its pod is answered, in transport and in tunnel mode' answered_all
check 'up: not a packet is in clear' none_in_clear up
check 'up: there is ESP' test "$(packets up esp)" -gt 100
down_all
up_all
check 'the guard lets IKE through: tunnels come up under it' are_up
during under nothing
check 'under the guard: every ping is answered' answered_all
down_all
up_all encapsulation=yes
during nat-t nothing
check 'ESP in UDP (NAT traversal): every ping is answered under the guard' answered_all
check 'ESP in UDP: not a packet is in clear' none_in_clear nat-t
check 'ESP in UDP: it is on the wire' test "$(packets nat-t 'udp port 4500')" -gt 100
down_all
lap 'tunnels under the guard'

scene 'no security association yet' down_all nothing
journal() { dmesg | grep -c 'ipsec-guard drops, leaving in clear: .*DST=10.0.0.21'; }
check 'the journal has a line about it' test "$(journal)" -gt 0
check 'and not one for each packet' test "$(dmesg | grep -c 'ipsec-guard drops')" -lt 60
counted() { on worker-0 nft list chain inet ipsec_guard leaving | sed -n 's/.*counter packets \([0-9]*\) .*/\1/p'; }
check 'the counter of the table says how many' test "$(counted)" -gt 30
from_peer() { ip netns exec storage ping -q -c5 -i0.2 -W1 10.0.0.11; }
guard off
check 'control: without the guard the peer reaches the node in clear' from_peer
guard on
check 'the peer does not reach the node in clear' not from_peer
scene 'peer with a wrong certificate' wrong_certificate try
scene 'peer refuses' refusing try
serve_all
scene 'peer absent' peers_leave try
peers_come
lap 'peers that are not there'
scene 'association deleted mid-ping' tunnels down_all # as NetworkManager takes a connection down
# libreswan 4.10 holds these packets back itself, whoever guards: there is no control to show.
tunnels_again
FIRE=8 during deleted-by-peer peers_delete
check 'association deleted by a peer that wants none again: with the guard not a packet is in clear' none_in_clear deleted-by-peer
serve_all
scene 'xfrm flushed' tunnels flush
FIRE=12 scene 'restart of libreswan' tunnels restart_libreswan
FIRE=12 scene 'pluto killed and started again' tunnels kill_pluto
lap 'tunnels that fail'

# --- and back by themselves, with the guard on
down_all
on worker-0 rm -rf /run/nmcli
autoconnect
check 'boot: autoconnect brings both tunnels up with no command given' eventually 120 are_up
end_autoconnect
on worker-0 ipsec whack --showstates >"$results/states" 2>&1
back() { restart_libreswan; autoconnect; eventually 120 are_up; } # systemd starts it again with libreswan
FIRE=25 during restart back
check 'restart of libreswan: autoconnect brings both tunnels back' eventually 120 are_up
check 'restart of libreswan: not a packet was in clear meanwhile' none_in_clear restart
terminate
check 'control: the associations are gone' not are_up
check 'associations that are gone: autoconnect brings them back' eventually 120 are_up
flush
in_kernel() { equal "$(security_associations worker-0 transport) $(security_associations worker-0 tunnel)" '2 2'; }
check 'control: the kernel has none' not in_kernel
check 'xfrm flushed: autoconnect brings the tunnels back' eventually 120 in_kernel
stop_pluto storage
terminate
one_is_up() { equal "$(on worker-0 ipsec whack --trafficstatus 2>/dev/null | grep -c type=ESP)" 1; }
check 'peer absent: the other tunnel is up' eventually 120 one_is_up
pluto storage
serve storage ' type=transport'
check 'peer absent: its tunnel is up when it is back' eventually 150 are_up
during end nothing
check 'in the end every ping is answered' answered_all
end_autoconnect
echo "#    $(grep -c . "$results/autoconnect.log") lines of autoconnect"
