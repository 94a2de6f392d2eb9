# shellcheck shell=bash disable=SC2154 # sourced by guest.sh
# A node that boots, with systemd as its first process, its units enabled as their [Install] says, and libreswan's own unit. It pings what is
# behind its peers from the moment on when it has an address, and nobody gives it a command. It loses its power in between.
# shellcheck source=/dev/null
. "$E2E/fire.sh"
machine worker-0 "$LAB/scenes/guarded/root"
peer storage
peer gateway
behind_gateway
for each in storage gateway; do pluto "$each"; done
serve_all

node=/run/worker-0/root
OURS=(ipsec-import.service ipsec-import.path ipsec-guard.service ipsec-autoconnect.service)
THEIRS=(NetworkManager.service ipsec.service fire.service)
printf ' dnssec-enable=no\n logfile=/var/tmp/pluto.log\n' >>"$node/etc/ipsec.conf"
cat >"$node/usr/local/bin/nmcli" <<END
#!/bin/bash
LAB_CONNECTIONS=$LAB/scenes/guarded/nodes/worker-0 exec $E2E/nmcli "\$@"
END
cp "$E2E/systemd/node/nm-stops.sh" "$node/usr/local/bin/"
chmod +x "$node/usr/local/bin/"{nmcli,nm-stops.sh}
# What this machine itself has there is none of the node's.
rm -rf "$node/etc/systemd/system"
mkdir -p "$node/etc/systemd/system"
cp -a "$LAB/scenes/guarded/root/etc/systemd/system/." "$node/etc/systemd/system/"
cp -a "$E2E/systemd/node/units/." "$node/etc/systemd/system/"
cp "$node/lib/systemd/system/ipsec.service" "$node/etc/systemd/system/"
enable() { systemctl --root="$node" enable "$@" >>"$results/enabled" 2>&1; }

units() { # without those that are named
  local unit
  rm -rf "$node"/etc/systemd/system/*.{wants,requires}
  for unit in "${OURS[@]}" "${THEIRS[@]}"; do [[ " $* " == *" $unit "* ]] || enable "$unit"; done
}
power_off() {
  [[ -z ${systemd:-} ]] || { kill -KILL "$systemd"; wait "$systemd"; } 2>/dev/null
  systemd= first_process=
  eventually 20 not pgrep -f 'systemd --system --unit=lab.target'
}
# Nothing of the last time is left but the disk: memory, the tables of the kernel and addresses are gone.
power_on() {
  power_off
  umount -l "$node/run"
  mount -t tmpfs tmpfs "$node/run"
  mkdir -p "$node/run/pluto"
  ip netns del worker-0
  eventually 20 not ip -n wire link show to-worker-0 >/dev/null 2>&1
  ip netns add worker-0
  ip -n wire link add to-worker-0 type veth peer name eth0 netns worker-0
  ip -n wire link set to-worker-0 master wire up
}
begins() {
  UNITS=/etc/systemd/system nsenter --net=/run/netns/worker-0 unshare --pid --fork --kill-child --mount --cgroup --ipc --uts "$E2E/systemd/boot.sh" "$node" \
    >"$results/systemd.log" 2>&1 &
  systemd=$!
}
inside() { # command…
  [[ -d /proc/${first_process:-none}/ns ]] || first_process=$(pgrep -f 'systemd --system --unit=lab.target' | head -n 1)
  nsenter --target "$first_process" --pid --mount --net --uts --ipc --cgroup chroot "$node" "$@"
}
runs() { inside systemctl is-active --quiet "$1" 2>/dev/null; } # unit
pings() { on worker-0 ping -q -c3 -i0.2 -W5 "$1" 2>/dev/null | grep -q ' 3 received'; } # address
answered_both() { pings "$STORAGE" && pings "$SUBNET"; }
goes_on() { sleep 3; } # so that what would leave then is seen, too
come_up() { begins; eventually 300 answered_both; goes_on; }
in_database() { inside certutil -L -d "$NSS" | sort; }

# --- control: a node as the documentation has it, with its certificate imported and no more
units ipsec-guard.service ipsec-autoconnect.service
alone() { begins; eventually 180 runs ipsec.service; sleep 20; }
power_on
capture alone worker-0 alone
check 'control: without guard and autoconnect libreswan runs' runs ipsec.service
check 'control: the import ran at boot' grep -q '^left_server .*u,u,u' <(in_database)
check 'control: no tunnel comes up by itself' not are_up
check 'control: what the node sends leaves in clear' some_in_clear alone
echo "#    echo requests in clear: $(in_clear alone)"
on worker-0 rm -rf /var/lib/ipsec/nss/cert9.db /var/lib/ipsec/nss/key4.db /var/lib/ipsec/nss/pkcs11.txt
lap 'a node without guard and autoconnect'

# --- the first boot with them, and the second
units
for boot in first second; do
  power_on
  [[ $boot == first ]] || before=$database
  capture "$boot" worker-0 come_up
  check "$boot boot: both tunnels are up, with no command given" are_up
  check "$boot boot: every ping of the end is answered" answered_both
  check "$boot boot: not a packet was in clear" none_in_clear "$boot"
  check "$boot boot: there is ESP of the node" test "$(packets "$boot" 'esp and src host 10.0.0.11')" -gt 20
  dropped() { inside nft list chain inet ipsec_guard leaving | sed -n 's/.*counter packets \([0-9]*\) .*/\1/p'; }
  check "$boot boot: control: the guard had something to drop before" test "$(dropped)" -gt 0
  database=$(in_database)
  lap "the $boot boot"
done
check 'second boot: the database is what it was' equal "$database" "$before"

keyed() { spis_in_kernel worker-0 | grep -v '^0x0*$' | sort; } # without those that are only asked for
# --- what happens to a node that runs, each time with no command given
happens() { # what, command…: the tunnels are another pair afterwards
  local what=$1 was name=${1//[^a-zA-Z0-9]/-}
  shift
  was=$(keyed)
  another_pair() { are_up && [[ -z $(comm -12 <(keyed) <(echo "$was")) ]] && answered_both; }
  meanwhile() { "$@"; eventually 240 another_pair; goes_on; }
  capture "$name" worker-0 meanwhile "$@"
  check "$what: both tunnels are back by themselves" another_pair
  check "$what: not a packet was in clear" none_in_clear "$name"
}
kill_pluto() { inside systemctl kill --kill-whom=main --signal=KILL ipsec.service; }
happens 'pluto is killed' kill_pluto
check 'pluto is killed: systemd started it again' test "$(inside systemctl show -P NRestarts ipsec.service)" -ge 1
happens 'restart of ipsec.service' inside systemctl restart ipsec.service
happens 'restart of NetworkManager' inside systemctl restart NetworkManager.service
lap 'what happens to a node that runs'
cp "$node/var/tmp/pluto.log" "$results/pluto-worker-0.log" 2>/dev/null
inside systemctl --no-pager status '*' >"$results/systemd-status.log" 2>&1
power_off
