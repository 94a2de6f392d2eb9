# shellcheck shell=bash disable=SC2154 # sourced by guest.sh
# What brings the tunnels of a node back by themselves, with the guard on.
# shellcheck source=/dev/null
. "$E2E/fire.sh"
guarded_node_and_peers
guard on

terminate() {
  local interface
  for interface in ipsec-storage ipsec-gateway; do
    whack worker-0 --terminate --name "$(uuid worker-0 guarded "$interface")" >/dev/null 2>&1
  done
}

autoconnect
check 'boot: autoconnect brings both tunnels up with no command given' eventually 120 are_up
end_autoconnect
whack worker-0 --showstates >"$results/states" 2>&1
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
one_is_up() { equal "$(whack worker-0 --trafficstatus 2>/dev/null | grep -c type=ESP)" 1; }
check 'peer absent: the other tunnel is up' eventually 120 one_is_up
pluto storage
serve storage ' type=transport'
check 'peer absent: its tunnel is up when it is back' eventually 150 are_up
before=$(said "$WRONG")
certificate=impostor serve storage ' type=transport'
terminate
says_no() { (($(said "$WRONG") > before)); }
check 'peer with a wrong certificate: autoconnect has it refused' eventually 120 says_no
check 'peer with a wrong certificate: the other tunnel is up' eventually 120 one_is_up
serve storage ' type=transport'
check 'peer with a wrong certificate: its tunnel is up when it is set right' eventually 150 are_up
during end nothing
check 'in the end every ping is answered' answered_all
end_autoconnect
echo "#    $(grep -c . "$results/autoconnect.log") lines of autoconnect"
