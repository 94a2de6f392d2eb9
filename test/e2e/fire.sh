# shellcheck shell=bash disable=SC2154 # sourced by acts
# A node with a pod that sends to what is behind its peers while something happens to the tunnels, and a look for what of it is in clear.
#   NODE        the node
#   SCENE       the scene whose connections and guard it has
#   INTERFACES  its connections
#   FROM, TO    the network namespaces that send, and to what
#   FIRE        seconds that it sends for; `on`: as long as it takes
#   LATE        seconds that an answer may take
#   FURTHER     a further line of the connections, at both ends
STORAGE=10.0.0.21 SUBNET=198.51.100.1
NODE=worker-0 SCENE=guarded INTERFACES=(ipsec-storage ipsec-gateway) FROM=(worker-0 pod) TO=("$STORAGE" "$SUBNET")
/run/modprobe -a nf_tables nft_ct nft_limit nft_log nf_log_syslog nft_chain_nat nft_masq nft_xfrm 2>/dev/null
echo 1 >/proc/sys/net/netfilter/nf_log_all_netns

behind_gateway() {
  ip -n gateway link add behind type dummy
  ip -n gateway addr add $SUBNET/24 dev behind
  ip -n gateway link set behind up
}
pod() { # pod, node, address, the node's address for it: behind its node, which masquerades what it sends, as OVN-Kubernetes does with routingViaHost
  ip netns add "$1"
  ip -n "$2" link add to-pod type veth peer name eth0 netns "$1"
  ip -n "$2" addr add "$4/23" dev to-pod
  ip -n "$2" link set to-pod up
  ip -n "$1" addr add "$3/23" dev eth0
  ip -n "$1" link set lo up
  ip -n "$1" link set eth0 up
  ip -n "$1" route add default via "$4"
  in_net "$2" sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0
  in_net "$2" nft 'table ip nat { chain out { type nat hook postrouting priority 100; ip saddr 10.128.0.0/14 oifname eth0 masquerade; }; }'
}
database_of() { # scene: what was imported on the host
  cp "$LAB/scenes/$1/root/nss/"*.db "$LAB/scenes/$1/root/nss/pkcs11.txt" "/run/$NODE/root/var/lib/ipsec/nss/"
}

guarded_node_and_peers() { # libreswan runs on all three, and there is no tunnel yet
  local each
  machine worker-0 "$LAB/scenes/guarded/root"
  database_of guarded
  peer storage
  peer gateway
  behind_gateway
  pod pod worker-0 10.128.0.7 10.128.0.1
  for each in worker-0 storage gateway; do pluto "$each"; done
  serve_all
  lap 'machines are up'
}
said() { grep -cE "$1" "$results/pluto-$NODE.log" || true; } # pattern: how often the node's libreswan has said so
WRONG='peer certificate subjectAltName extension does not match ID_FQDN'

# --- what the units do, with their own commands
unit_of() { echo "/run/$NODE/root/etc/systemd/system/ipsec-$1.service"; } # guard | autoconnect
guard() { # on | off
  local setting=ExecStart
  [[ $1 == on ]] || setting=ExecStop
  # shellcheck disable=SC2046 # words of a command
  on "$NODE" $(sed -n "s/^$setting=-\\?//p" "$(unit_of guard)") 2>/dev/null
  [[ $1 == on ]] || ! on "$NODE" nft list table inet ipsec_guard >/dev/null 2>&1
}
autoconnect() { # its log is the results'
  on "$NODE" env PATH="$E2E:$PATH" LAB_CONNECTIONS="$LAB/scenes/$SCENE/nodes/$NODE" IPSEC_CONNECTIONS="${INTERFACES[*]}" \
    IPSEC_INTERVAL=2 IPSEC_GRACE=4 \
    setsid bash -c "echo \$\$ >/run/keeper; exec $(sed -n 's/^ExecStart=//p' "$(unit_of autoconnect)")" >>"$results/autoconnect.log" 2>&1 &
}
end_autoconnect() { kill -TERM -- "-$(<"/run/$NODE/root/run/keeper")"; } # with all that it started, as systemd does
restart_libreswan() { stop_pluto "$NODE"; flush; pluto "$NODE"; } # as systemctl restart ipsec does it, ExecStopPost and all
stop_pluto() {
  whack "$1" --shutdown >/dev/null 2>&1
  eventually 60 not whack "$1" --status >/dev/null 2>&1
}
flush() { ip -n "$NODE" xfrm policy flush; ip -n "$NODE" xfrm state flush; }

serve_all() {
  serve storage " type=transport
 ${FURTHER:-}"
  serve gateway " type=tunnel
 leftsubnet=198.51.100.0/24
 ${FURTHER:-}"
}
up_all() {
  local interface
  for interface in "${INTERFACES[@]}"; do
    { cat "$(connection "$NODE" "$SCENE" "$interface")"; echo " ${FURTHER:-}"; } |
      on "$NODE" ipsec auto --replace --config - "$(uuid "$NODE" "$SCENE" "$interface")" >>"$results/load.log" 2>&1
    on "$NODE" timeout 60 ipsec auto --up "$(uuid "$NODE" "$SCENE" "$interface")" >>"$results/up.log" 2>&1
  done
}
down_all() { local interface; for interface in "${INTERFACES[@]}"; do down "$NODE" "$SCENE" "$interface"; done; }
are_up() { equal "$(whack "$NODE" --trafficstatus 2>/dev/null | grep -c type=ESP)" "${#INTERFACES[@]}"; }

# --- the wire: echo requests alone, since an unreachable carries a copy of what it is about
CLEAR="icmp[icmptype] == icmp-echo and (dst host $STORAGE or dst net 198.51.100.0/24)"
fire() { # seconds, or `on`: the node and its pod, at both peers
  local from to count=(-w 300)
  [[ $1 == on ]] || count=(-c $(($1 * 5)))
  pings=()
  for from in "${FROM[@]}"; do
    for to in "${TO[@]}"; do
      # shellcheck disable=SC2086 # words
      nsenter "--net=/run/netns/$from" ping -q -i0.2 "${count[@]}" -W"${LATE:-3}" ${PING:-} -p "$MARKER" "$to" >"$results/fire-$from-$to.log" 2>&1 &
      pings+=($!)
    done
  done
}
during() { # name, command…: while the pings run
  local name=$1 pings=()
  shift
  rm -f "$results"/fire-*.log
  under_fire() {
    fire "${FIRE:-4}"
    sleep 0.5
    "$@"
    [[ ${FIRE:-} != on ]] || { sleep 1; kill -INT "${pings[@]}"; }
    wait "${pings[@]}"
  }
  capture "$name" "$NODE" under_fire "$@"
}
sent() { sed -nE 's/^([0-9]+) packets transmitted.*/\1/p' "$results"/fire-*.log | awk '{ n += $1 } END { print n }'; }
in_clear() { packets "$1" "$CLEAR"; }
some_in_clear() { (($(in_clear "$1") > 0)); }
none_in_clear() { equal "$(in_clear "$1")" 0; }
answered_all() { for log in "$results"/fire-*.log; do grep -q ' 0% packet loss' "$log" || { cat "$log"; return 1; }; done; }

# What brings tunnels up, which something then happens to: they are there, or the scene would be another one.
UP_BEFORE=' tunnels interface_again carried '
before_it() { # what it is, what comes before, with or without the guard
  $2
  [[ $UP_BEFORE != *" $2 "* ]] || check "control: $1: the tunnels are up before, $3 the guard" eventually 30 are_up
}
scene() { # what it is, what comes before, what happens meanwhile: without the guard and with it
  local what=$1 before=$2 meanwhile=$3 name=${1//[^a-zA-Z0-9]/-} LATE=1
  [[ $ACT != guard ]] || wanted "$name" || return 0
  guard off
  before_it "$what" "$before" without
  during "$name-off" "$meanwhile"
  check "control: $what: without the guard there is traffic in clear" some_in_clear "$name-off"
  guard on
  before_it "$what" "$before" with
  during "$name-on" "$meanwhile"
  check "$what: with the guard not a packet is in clear" none_in_clear "$name-on"
  echo "#    echo requests in clear: $(in_clear "$name-off") without, $(in_clear "$name-on") with the guard"
}
nothing() { :; }
tunnels() { down_all; up_all; }
