#!/bin/bash
# fake-node.sh ROOT COMMAND…: runs the command where ROOT is mounted as the root of a node, as a pod has it at /host. The node has the
# programs of this machine, a /run in memory, and its own /var, which is what would be on its disk. The pod can write to no folder but those
# beside ROOT, since its own root is read-only. Needs a mount namespace.
set -euo pipefail
root=$1 pod=${1%/*}
shift
mount --make-rprivate /
mount --bind "$pod" "$pod"
mount --bind "$root" "$root"
mkdir -p "$root"/{usr,etc,proc,dev,run,tmp,var/lib/ipsec/nss,var/lib/kubelet,bin-of-node}
for link in bin sbin lib lib64; do [[ -e $root/$link ]] || ln -s "usr/$link" "$root/$link"; done
for folder in usr etc; do mount --bind "/$folder" "$root/$folder"; mount -o remount,ro,bind "$root/$folder"; done
for folder in proc dev; do mount --rbind "/$folder" "$root/$folder"; done
mount -t tmpfs tmpfs "$root/run"
mount --bind "$root/bin-of-node" "$root/usr/local/bin"
for folder in /tmp /var/tmp; do mount --rbind "$folder" "$folder"; mount -o remount,ro,bind "$folder"; done
exec "$@"
