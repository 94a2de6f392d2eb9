#!/bin/bash
# pod-root.sh DIRECTORY [FOLDER:PATH]… -- COMMAND…: runs a command in the root of a pod, which has the programs of this machine, and folders
# mounted at paths. One that is mounted at /host is the root of a node, and has them too. Needs a mount namespace; DIRECTORY is for its use.
set -euo pipefail

pod=$1
shift
mount --make-rprivate /
mkdir -p "$pod"
mount -t tmpfs tmpfs "$pod"

programs() { # the programs of this machine in a root
  local link
  mkdir -p "$1"/{usr,etc,proc,dev,run,tmp,var/lib/systemd}
  for link in bin sbin lib lib64; do ln -sfn "usr/$link" "$1/$link"; done
  mount --bind /usr "$1/usr"
  for folder in proc dev; do mount --rbind "/$folder" "$1/$folder"; done
}

programs "$pod"
while [[ $1 != -- ]]; do
  mkdir -p "$pod${1#*:}"
  mount --bind "${1%%:*}" "$pod${1#*:}"
  if [[ ${1#*:} == /host ]]; then programs "$pod/host"; fi
  shift
done
shift
exec chroot "$pod" "$@"
