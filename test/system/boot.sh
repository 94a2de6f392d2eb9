#!/bin/bash
# Boots systemd as process 1 of namespaces of its own, with only the units of $1/units, on an overlay of this machine's root whose
# changes are in memory: nothing of them is left, and nothing of this machine is started. $1/files is laid over the root.
# $1/nss becomes the node's NSS database, $1/out its folder /run/out. Run under: unshare --pid --fork --kill-child --mount --cgroup --net.
set -euo pipefail

lab=$1
mount --make-rprivate /
memory=$lab/memory root=$lab/memory/root
mkdir -p "$memory"
mount -t tmpfs tmpfs "$memory"
mkdir "$memory/upper" "$memory/work" "$root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$memory/upper,workdir=$memory/work" "$root"

mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
for folder in dev run tmp var/log; do mount -t tmpfs tmpfs "$root/$folder"; done
for device in null zero random urandom full; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"

mkdir -p "$root/run/out" "$root/run/units" "$root/var/lib/ipsec/nss"
mount --bind "$lab/out" "$root/run/out"
mount --bind "$lab/nss" "$root/var/lib/ipsec/nss"
cp -a "$lab/units/." "$root/run/units/"
cp -a "$lab/files/." "$root/"

exec chroot "$root" env -i container=lab SYSTEMD_UNIT_PATH=/run/units PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --system --unit=lab.target --log-target=console
