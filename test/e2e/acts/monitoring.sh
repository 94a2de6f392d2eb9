# shellcheck shell=bash disable=SC2154 # sourced by guest.sh
# Who watches the tunnel: systemd as process 1 of the node, the units of IpsecMonitoring as Ignition wrote them, D-Bus, and a real node
# exporter that is asked as Prometheus asks it. libreswan is restarted, first with nothing that brings the tunnel back, then with it.
machine worker-0 "$LAB/scenes/watched/root"
cp "$LAB/scenes/watched/root/nss/"*.db "$LAB/scenes/watched/root/nss/pkcs11.txt" /run/worker-0/root/var/lib/ipsec/nss/
peer storage
pluto storage
serve storage ' type=transport'

node=/run/worker-0/root
echo worker-0 >"$node/etc/hostname" # systemd gives the machine its name, and checks are for nodes by their names
mkdir -p "$node/run/units" "$node/run/dbus"
cp -a "$E2E/systemd/units/." "$node/run/units/"
cp "$node"/etc/systemd/system/ipsec-{check,clear}@*.* "$node/etc/systemd/system/ipsec-autoconnect.service" "$node/run/units/"
mkdir "$node/run/units/timers.target.wants" "$node/run/units/ipsec-autoconnect.service.d"
ln -s '../ipsec-check@ipsec-storage.timer' "$node/run/units/timers.target.wants/"
printf '[Service]\nEnvironment=IPSEC_INTERVAL=2 IPSEC_GRACE=4\n' >"$node/run/units/ipsec-autoconnect.service.d/lab.conf"
sed -n "s/^ *- \(.*\)/UNITS='\\1'/p" "$LAB/cluster-monitoring-config.yaml" >"$node/run/units/node-exporter.environment" # what the cluster is told to watch
cat >"$node/usr/local/bin/nmcli" <<END
#!/bin/bash
LAB_CONNECTIONS=$LAB/scenes/watched/nodes/worker-0 exec $E2E/nmcli "\$@"
END
chmod +x "$node/usr/local/bin/nmcli"

nsenter --net=/run/netns/worker-0 unshare --pid --fork --kill-child --mount --cgroup --ipc --uts "$E2E/systemd/boot.sh" "$node" \
  >"$results/systemd.log" 2>&1 &
inside() { # command…
  local process
  process=$(pgrep -f "systemd --system --unit=lab.target" | head -n 1)
  nsenter --target "$process" --pid --mount --net --uts --ipc --cgroup chroot "$node" "$@"
}
metrics() { inside /usr/bin/busybox wget -qO- http://127.0.0.1:9100/metrics 2>/dev/null; }
state() { metrics | sed -n "s/^node_systemd_unit_state{name=\"ipsec-$1@ipsec-storage.service\",state=\"failed\".*} //p"; } # check | clear
is() { [[ $(state "$1") == "$2" ]]; }
well() { is check 0 && is clear 0; }
carries() { [[ $(security_associations worker-0 transport) == 2 ]]; }
well_again() { carries && well; }
exporter() { metrics | grep -q '^node_scrape_collector_success{collector="systemd"} 1'; }
believed() { [[ $(inside /usr/local/bin/nmcli -g GENERAL.STATE connection show uuid "$(uuid worker-0 watched ipsec-storage)") == activated ]]; }
bring_up() { inside /usr/local/bin/nmcli --wait 60 connection up uuid "$(uuid worker-0 watched ipsec-storage)"; }

check 'node exporter answers, and has reached systemd over D-Bus' eventually 120 exporter
check 'libreswan runs under systemd' eventually 120 inside systemctl is-active --quiet ipsec.service
lap 'systemd, D-Bus, libreswan and node exporter run'
inside systemctl start ipsec-check@ipsec-storage.service # the first look is five minutes after a boot; the timer goes on from here
check 'before the tunnel: the unit is reported as failed' eventually 60 is check 1
check 'and that packets leave in clear, too' eventually 60 is clear 1
check 'NetworkManager brings the tunnel up' bring_up
check 'tunnel: the timer looks again, and neither unit is failed' eventually 90 well
metrics >"$results/metrics-up"

inside systemctl restart ipsec.service
check 'restart of ipsec: NetworkManager still calls the connection active' believed
check 'restart of ipsec without autoconnect: ipsec-check@ipsec-storage.service is reported as failed' eventually 90 is check 1
check 'restart of ipsec without autoconnect: ipsec-clear@ipsec-storage.service is reported as failed' eventually 90 is clear 1
metrics >"$results/metrics-down"
says_why() { inside /usr/local/bin/ipsec-check.sh tunnel ipsec-storage | grep -q 'no ESP policy with security associations for 10.0.0.21/32'; }
check 'by hand the script says why' says_why
lap 'the failed unit was seen'

inside systemctl start ipsec-autoconnect.service
check 'autoconnect: the units are well again' eventually 120 well
inside systemctl restart ipsec.service
check 'restart of ipsec with autoconnect: the units are well again by themselves' eventually 150 well_again
metrics >"$results/metrics-recovered"
inside systemctl --no-pager status '*' >"$results/systemd-status.log" 2>&1
