# shellcheck shell=bash disable=SC2154 # sourced by guest.sh
# What leaves a node when a tunnel fails, without the guard (control) and with it.
# shellcheck source=/dev/null
. "$E2E/fire.sh"
guarded_node_and_peers

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
peers_delete() { for each in storage gateway; do whack "$each" --delete --name nodes >/dev/null 2>&1; done; }
tunnels_again() { serve_all; tunnels; }
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
FURTHER=encapsulation=yes up_all
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
from_peer() { in_net storage ping -q -c5 -i0.2 -W1 10.0.0.11; }
guard off
check 'control: without the guard the peer reaches the node in clear' from_peer
guard on
check 'the peer does not reach the node in clear' not from_peer
REFUSED='NO_PROPOSAL_CHOSEN|AUTHENTICATION_FAILED'
before=$(said "$WRONG")
scene 'peer with a wrong certificate' wrong_certificate try
! wanted peer-with-a-wrong-certificate || check 'control: peer with a wrong certificate: that is why the node has no tunnel' test "$(said "$WRONG")" -gt "$before"
before=$(said "$REFUSED")
scene 'peer refuses' refusing try
! wanted peer-refuses || check 'control: peer refuses: that is why the node has no tunnel' test "$(said "$REFUSED")" -gt "$before"
serve_all
scene 'peer absent' peers_leave try
peers_come
lap 'peers that are not there'
scene 'association deleted mid-ping' tunnels down_all # as NetworkManager takes a connection down
# libreswan 4.10 holds these packets back itself, whoever guards: there is no control to show.
tunnels_again
check 'control: association deleted by a peer: the tunnels are up before' eventually 30 are_up
FIRE=8 during deleted-by-peer peers_delete
check 'association deleted by a peer that wants none again: with the guard not a packet is in clear' none_in_clear deleted-by-peer
serve_all
scene 'xfrm flushed' tunnels flush
FIRE=12 scene 'restart of libreswan' tunnels restart_libreswan
FIRE=12 scene 'pluto killed and started again' tunnels kill_pluto
lap 'tunnels that fail'
