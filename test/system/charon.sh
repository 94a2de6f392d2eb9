#!/bin/bash
# Loads swanctl.conf files into a strongSwan of its own, and prints what it says of them. Root of its own, network of its own.
#   charon.sh SWANCTL_FOLDER CERTIFICATES_FOLDER   (*.pem and *.key there, ca.pem the CA)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if [[ -z ${INSIDE:-} ]]; then
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  # shellcheck source-path=SCRIPTDIR source=../e2e/strongswan.sh
  . "$here/../e2e/strongswan.sh"
  get_strongswan "$scratch"
  INSIDE=$strongswan ROOT=$scratch unshare --mount --net --pid --fork --kill-child "$0" "$@"
  exit
fi
mount -t tmpfs tmpfs "$ROOT"
mkdir -p "$ROOT"/{layer,upper,work,root}
cp -a "$INSIDE/." "$ROOT/layer/"
swanctl=$ROOT/layer/etc/swanctl
mkdir -p "$swanctl"/{conf.d,x509,x509ca,private}
cp "$1"/*.swanctl.conf "$swanctl/conf.d/"
for key in "$2"/*.key; do
  name=$(basename "$key" .key)
  cp "$2/$name.pem" "$swanctl/x509/"
  cp "$key" "$swanctl/private/$name.pem"
done
cp "$2/ca.pem" "$swanctl/x509ca/"
mount -t overlay overlay -o "lowerdir=$ROOT/layer:/,upperdir=$ROOT/upper,workdir=$ROOT/work" "$ROOT/root"
mount -t tmpfs tmpfs "$ROOT/root/run"
mount -t proc proc "$ROOT/root/proc"
mount --bind /dev "$ROOT/root/dev"
inside() { chroot "$ROOT/root" "$@"; }
inside /usr/sbin/charon-systemd >/dev/null 2>&1 &
for ((i = 0; i < 200; i++)); do
  ! inside swanctl --stats >/dev/null 2>&1 || break
  sleep 0.1
done
inside swanctl --load-all --noprompt 2>&1 | grep -v '^plugin '
inside swanctl --list-conns 2>/dev/null
