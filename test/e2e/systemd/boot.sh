#!/bin/bash
# Boots systemd as process 1 of a machine of the lab, with only the units of its folder /run/units, or $UNITS. Run in the machine's network
# namespace under: unshare --pid --fork --kill-child --mount --cgroup --ipc --uts. Its argument: the machine's root, whose /etc/hostname counts.
set -euo pipefail

root=$1
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
for folder in tmp var/log; do mount -t tmpfs tmpfs "$root/$folder"; done
exec chroot "$root" env -i container=lab SYSTEMD_UNIT_PATH="${UNITS:-/run/units}" PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --system --unit=lab.target --show-status=false --log-target=null
