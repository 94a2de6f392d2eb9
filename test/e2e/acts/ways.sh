# shellcheck shell=bash disable=SC2034,SC2154 # sourced by guest.sh
# The guard, and ways of a tunnel that are not those of most: a NAT before the node, IKE in fragments, an interface of the tunnel's own,
# certificates that are renewed while traffic flows. Each with a control that shows plaintext without the guard.
# shellcheck source=/dev/null
. "$E2E/fire.sh"
uniqueids=no
machine worker-0
machine worker-1
peer storage
peer gateway
behind_gateway
pod pod worker-0 10.128.0.7 10.128.0.1
pod pod-1 worker-1 10.128.2.7 10.128.2.1
database_of guarded
on storage certutil -A -n next-ca -t CT,C,C -i "$LAB/pki/next-ca.pem" -d "$NSS"
for each in worker-0 storage gateway; do pluto "$each"; done
lap 'machines are up'

take() { # scene: its guard is the node's from here on
  SCENE=$1
  lay "$NODE" "$SCENE"
  guard off
}
with_database() { # scene: its certificate alone is the node's
  stop_pluto "$NODE"
  database_of "$1"
  pluto "$NODE"
}

back_by_itself() { # what
  down_all
  rm -rf "/run/$NODE/root/run/nmcli"
  check "control: $1: no tunnel is up" not are_up
  autoconnect
  check "$1: autoconnect brings back what is missing" eventually 150 are_up
  end_autoconnect
}

# --- a NAT before the node
nat() {
  NODE=worker-1 INTERFACES=(ipsec-gateway) FROM=(worker-1 pod-1) TO=("$SUBNET")
  ip -n wire link set to-worker-1 nomaster
  ip -n wire addr add 10.9.0.1/24 dev to-worker-1
  ip -n worker-1 addr flush dev eth0
  ip -n worker-1 addr add 10.9.0.11/24 dev eth0
  ip -n worker-1 route replace default via 10.9.0.1
  in_net wire nft 'table ip nat { chain source { type nat hook postrouting priority 100; ip saddr 10.9.0.0/24 masquerade; }; }'
  database_of guarded-nat
  lay worker-1 guarded-nat
  SCENE=guarded-nat
  pluto worker-1
  serve gateway ' type=tunnel
 leftsubnet=198.51.100.0/24
 rightsubnet=10.9.0.11/32' # behind the NAT
  scene 'NAT, no security association yet' down_all nothing
  scene 'NAT, the tunnel comes up while pings run' down_all up_all
  check 'NAT: the tunnel is up under the guard' are_up
  during nat nothing
  check 'NAT: every ping of the node and its pod is answered' answered_all
  check 'NAT: not a packet is in clear' none_in_clear nat
  check 'NAT: ESP is in UDP' test "$(packets nat 'udp port 4500 and len > 60')" -ge 80
  check 'NAT: the peer sees the address of the NAT' grep -q '^src 10.0.0.1 dst 10.0.0.22' <(ip -n gateway xfrm state)
  check 'NAT: the peer does not see the node' not grep -q '10.9.0.11 dst 10.0.0.22' <(ip -n gateway xfrm state | grep ^src)
  scene 'NAT, association deleted mid-ping' tunnels down_all
  back_by_itself NAT
  stop_pluto worker-1
  lap 'a NAT before the node'
}

# --- IKE that does not fit into one packet
of_ike() { packets "$1" "udp port 500 and udp[24] == 53 and src host $2"; } # capture, address: messages that are fragments of IKE (RFC 7383)
of_ip() { packets "$1" "ip[6:2] & 0x3fff != 0 and ip proto $2 and src host $3"; } # capture, protocol, address: fragments of IP
large() {
  NODE=worker-0 INTERFACES=(ipsec-storage ipsec-gateway) FROM=(worker-0 pod) TO=("$STORAGE" "$SUBNET")
  take guarded-large
  with_database guarded-large
  serve_large
}
serve_large() {
  serve_all
  certificate=storage-large serve storage " type=transport
 ${FURTHER:-}"
}
ike_fragments() {
  large
  scene 'IKE in fragments of its own' down_all up_all
  check 'IKE in fragments: both tunnels are up under the guard' are_up
  check 'IKE in fragments: the node sends them' test "$(of_ike IKE-in-fragments-of-its-own-on 10.0.0.11)" -ge 2
  check 'IKE in fragments: so does the peer that is guarded itself' test "$(of_ike IKE-in-fragments-of-its-own-on 10.0.0.21)" -ge 2
  echo "#    fragments of IKE: $(of_ike IKE-in-fragments-of-its-own-on 10.0.0.11) of the node, $(of_ike IKE-in-fragments-of-its-own-on 10.0.0.21) of the peer"
  during ike-fragments nothing
  check 'IKE in fragments: every ping is answered' answered_all
  check 'IKE in fragments: not a packet is in clear' none_in_clear ike-fragments
  back_by_itself 'IKE in fragments'
  down_all
  lap 'IKE in fragments of its own'
}
mtu_of_all() { # MTU
  local machine
  ip -n wire link set wire mtu "$1"
  for machine in worker-0 storage gateway; do
    ip -n wire link set "to-$machine" mtu "$1"
    ip -n "$machine" link set eth0 mtu "$1"
  done
}
ip_fragments() {
  FURTHER=fragmentation=no
  PING='-s 1000 -M dont'
  large
  mtu_of_all 576
  scene 'IKE in fragments of IP' down_all up_all
  check 'a small MTU: both tunnels are up under the guard' are_up
  check 'a small MTU: IKE of the node is in fragments of IP' test "$(of_ip IKE-in-fragments-of-IP-on 17 10.0.0.11)" -ge 2
  check 'a small MTU: so is that of the peer that is guarded itself' test "$(of_ip IKE-in-fragments-of-IP-on 17 10.0.0.21)" -ge 2
  check 'a small MTU: none is in fragments of its own' equal "$(of_ike IKE-in-fragments-of-IP-on 10.0.0.11)" 0
  echo "#    fragments of UDP: $(of_ip IKE-in-fragments-of-IP-on 17 10.0.0.11) of the node, $(of_ip IKE-in-fragments-of-IP-on 17 10.0.0.21) of the peer"
  during ip-fragments nothing
  check 'a small MTU: every ping of 1000 bytes is answered' answered_all
  check 'a small MTU: not a packet is in clear' none_in_clear ip-fragments
  check 'a small MTU: nor can the marker be read in a fragment' not readable ip-fragments
  down_all
  mtu_of_all 1500
  unset FURTHER PING
  lap 'IKE in fragments of IP'
}

# --- an interface of the tunnel's own: the plugin has NetworkManager make the route, which is made by hand here
interface() {
  NODE=worker-0 INTERFACES=(ipsec-gateway) FROM=(worker-0) TO=("$SUBNET")
  /run/modprobe xfrm_interface
  take guarded-interface
  with_database guarded-interface
  serve_all
  up_by_interface() { up_all; ip -n worker-0 route replace 198.51.100.0/24 dev ipsec7 src 10.0.0.11; }
  interface_again() { down_all; up_by_interface; }
  scene 'interface, before it is there' down_all nothing
  scene 'interface, the tunnel comes up while pings run' down_all up_by_interface
  check 'interface: the tunnel is up under the guard' are_up
  check 'interface: the route leads to it' grep -q 'dev ipsec7' <(ip -n worker-0 route get "$SUBNET")
  during interface nothing
  check 'interface: every ping is answered' answered_all
  check 'interface: not a packet is in clear' none_in_clear interface
  check 'interface: there is ESP' test "$(packets interface esp)" -ge 40
  scene 'interface, taken down with the connection mid-ping' interface_again down_all
  gone() { ip -n worker-0 link del ipsec7; }
  scene 'interface, deleted mid-ping while the tunnel is up' interface_again gone
  interface_again
  guard off
  during interface-flushed flush
  echo "#    flushed, with the route still there: $(in_clear interface-flushed) in clear without the guard"
  down_all
  lap 'an interface of its own'
}

# --- certificates that are renewed, by the commands of the node disruption policy
rotation() {
  NODE=worker-0 INTERFACES=(ipsec-storage ipsec-gateway) FROM=(worker-0 pod) TO=("$STORAGE" "$SUBNET")
  take guarded
  stop_pluto worker-0
  rm -f /run/worker-0/root/var/lib/ipsec/nss/*
  lay worker-0 rotating
  SCENE=rotating
  # shellcheck source=/dev/null
  . "$E2E/rolling.sh"
  for unit in ipsec-import.service ipsec-import-other.service; do check "rotation: $unit imports" run_unit "$unit"; done
  pluto worker-0
  trusts=%any serve_all
  for each in ipsec-storage ipsec-gateway; do check "rotation: $each is up" nm "$each"; done
  FIRE=on
  during rotation-off roll rotating-again
  echo "#    without the guard $(in_clear rotation-off) of $(sent) echo requests are in clear"
  check 'control: rotation: without the guard there is traffic in clear' some_in_clear rotation-off
  guard on
  during rotation-on roll rotating-subject
  echo "#    with the guard $(in_clear rotation-on) of $(sent)"
  check 'rotation: with the guard not a packet is in clear' none_in_clear rotation-on
  check 'rotation: the peer has seen the new certificate' grep -q "peer certificate '.*CN=nodes-2.cluster.example.com'" "$results/pluto-storage.log"
  during rotation-ca roll rotating-ca
  echo "#    with the guard, a renewed CA: $(in_clear rotation-ca) of $(sent)"
  check 'rotation, a renewed CA: with the guard not a packet is in clear' none_in_clear rotation-ca
  check 'rotation, a renewed CA: the peer has seen its certificate' grep -q "CN=nodes-4.cluster.example.com' issued by CA '.*CN=Next CA'" "$results/pluto-storage.log"
  FIRE=4
  during rotated nothing
  check 'rotation: every ping is answered in the end' answered_all
  check 'rotation: in the end not a packet is in clear' none_in_clear rotated
  lap 'renewed certificates'
}

# --- subnets at both ends that nest and cross: which of two connections the kernel prefers
priority_of() { # subnet behind the node, subnet behind the peer: the smaller one wins
  ip -n worker-0 xfrm policy | awk -v pair="src $1 dst $2 " 'index($0, pair) == 1 { found = 1; next } found && /dir out/ { print $4; exit } /^src/ { found = 0 }'
}
routed() { # connection, subnet behind the node, peer, subnet behind the peer
  on worker-0 ipsec auto --replace --config - "$1" >>"$results/nested.log" 2>&1 <<END
conn $1
 left=10.0.0.11
 leftid=%fromcert
 leftcert=left_server
 leftrsasigkey=%cert
 leftsubnet=$2
 right=$3
 rightid=%fromcert
 rightrsasigkey=%cert
 rightsubnet=$4
 ikev2=insist
 type=tunnel
 auto=add
END
  on worker-0 ipsec auto --route "$1" >>"$results/nested.log" 2>&1
}
nested() {
  local wide here there
  NODE=worker-0
  routed wide 10.9.0.0/16 10.0.0.21 10.1.0.0/16
  routed narrow-here 10.9.1.0/24 10.0.0.21 10.1.0.0/16
  routed narrow-there 10.9.0.0/16 10.0.0.22 10.1.2.0/24
  wide=$(priority_of 10.9.0.0/16 10.1.0.0/16) here=$(priority_of 10.9.1.0/24 10.1.0.0/16) there=$(priority_of 10.9.0.0/16 10.1.2.0/24)
  ip -n worker-0 xfrm policy >"$results/nested-policies"
  echo "#    priorities: $wide of the two wide subnets, $here of the narrow one behind the node, $there of the narrow one behind the peer"
  check 'nested: a narrower subnet behind the node wins' test "$here" -lt "$wide"
  check 'nested: a narrower subnet behind the peer wins' test "$there" -lt "$wide"
  check 'crossed: the one whose subnet behind the node is narrower wins' test "$here" -lt "$there"
  for each in wide narrow-here narrow-there; do on worker-0 ipsec auto --delete "$each" >/dev/null 2>&1; done
  lap 'subnets that nest and cross'
}

for each in nested nat ike-fragments ip-fragments interface rotation; do ! wanted "$each" || "${each//-/_}"; done
