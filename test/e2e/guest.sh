#!/bin/bash
# PID 1 of the guest. E2E (this folder), LAB (PKI and scenes), KERNEL (the folder of its modules), STRONGSWAN (where it is unpacked)
# ACT (what to play) and ONLY (which scenes of it, as patterns with commas between them; all, where it is empty) come from the kernel's
# command line. The guest's root is an image of the host's packages, read-only; each machine is a network namespace with an overlay of it.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C HOME=/root
# openssl x509 would read all CAs of the host each time, and none of them counts here.
export SSL_CERT_FILE=/dev/null SSL_CERT_DIR=/dev/null
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs tmpfs /run
ln -sfn /proc/self/fd /dev/fd
results=/run/results
mkdir -p "$results" /run/host
finish() {
  cp "$results"/* /run/host/
  echo "# $(cut -d' ' -f1 /proc/uptime) s: end of $ACT"
  sync
  echo o >/proc/sysrq-trigger
  sleep 30
}
trap finish EXIT
mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288 results /run/host

printf '#!/bin/sh\nexec modprobe -d "%s" "$@"\n' "$KERNEL" >/run/modprobe
chmod +x /run/modprobe
echo /run/modprobe >/proc/sys/kernel/modprobe
/run/modprobe -a esp4 gcm xfrm_user veth bridge overlay seqiv echainiv authenc ctr ghash-generic drbg dummy || echo 'FAIL the modules of the kernel'

lap() { echo "# $(cut -d' ' -f1 /proc/uptime) s: $*"; }
whack() { local name=$1; shift; on "$name" /usr/libexec/ipsec/whack "$@"; }
check() { # what, command…
  local what=$1
  shift
  if "$@" >>"$results/checks.log" 2>&1; then echo "ok   $what"; else echo "FAIL $what"; fi
}
not() { ! "$@"; }
wanted() { # scene: whether it is to be played
  local pattern patterns
  [[ -n ${ONLY:-} ]] || return 0
  IFS=, read -ra patterns <<<"$ONLY"
  # shellcheck disable=SC2053 # they are patterns
  for pattern in "${patterns[@]}"; do [[ $1 != $pattern ]] || return 0; done
  return 1
}
equal() { [[ $1 == "$2" ]] || { echo "expected '$2', got '$1'"; return 1; }; }
eventually() { # seconds, command…
  local until=$((SECONDS + $1))
  shift
  until "$@"; do ((SECONDS < until)) || return 1; sleep 0.2; done
}

# --- machines on one wire

declare -A ADDRESS=([worker-0]=10.0.0.11 [worker-1]=10.0.0.12 [worker-2]=10.0.0.13 [storage]=10.0.0.21 [gateway]=10.0.0.22)
HOSTS='127.0.0.1 localhost
10.0.0.21 storage.example.com
10.0.0.22 gateway.example.com'

# One program less than 'ip netns exec' and 'chroot' are, each time. What is to be killed is started by nsenter itself.
in_net() { nsenter "--net=/run/netns/$1" "${@:2}"; } # machine, command…

ip netns add wire
ip -n wire link add wire type bridge
ip -n wire addr add 10.0.0.1/24 dev wire
ip -n wire link set wire up
ip -n wire route add 198.51.100.0/24 via "${ADDRESS[gateway]}"
in_net wire sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.wire.send_redirects=0

on() { in_net "$1" "--root=/run/$1/root" "--wd=/run/$1/root" "${@:2}"; }
machine() { # name, folder with what Ignition wrote
  local name=$1 root=/run/$1/root
  mkdir -p "/run/$name"
  mount -t tmpfs tmpfs "/run/$name"
  mkdir -p "/run/$name/upper" "/run/$name/work" "$root"
  mount -t overlay -o "lowerdir=/,upperdir=/run/$name/upper,workdir=/run/$name/work" overlay "$root"
  [[ -z ${2:-} ]] || cp -a "$2"/. "$root/"
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs tmpfs "$root/run"
  mkdir -p "$root/run/pluto" "$root/var/lib/ipsec/nss"
  mount -t tmpfs tmpfs "$root/var/lib/ipsec/nss" # NSS can't open a new database on the overlay
  echo "$HOSTS" >"$root/etc/hosts"
  printf 'config setup\n uniqueids=%s\n' "${uniqueids:-no}" >"$root/etc/ipsec.conf"
  ip netns add "$name"
  ip -n "$name" link set lo up
  ip -n wire link add "to-$name" type veth peer name eth0 netns "$name"
  ip -n wire link set "to-$name" master wire up
  ip -n "$name" addr add "${ADDRESS[$name]}/24" dev eth0
  ip -n "$name" link set eth0 up
  ip -n "$name" route add default via 10.0.0.1
}
peer() { # name; its database has every certificate that it may show
  machine "$1"
  cp "$LAB"/databases/*.db "$LAB"/databases/pkcs11.txt "/run/$1/root/var/lib/ipsec/nss/"
}
pluto() {
  on "$1" /usr/libexec/ipsec/pluto --config /etc/ipsec.conf --nofork --stderrlog --rundir /run/pluto --no-dnssec >>"$results/pluto-$1.log" 2>&1 &
  eventually 60 whack "$1" --listen >/dev/null 2>&1 || echo "FAIL pluto on $1 starts"
}

serve() { # peer, further lines: a peer as its administrator sets it up, for all nodes
  local here=${ADDRESS[$1]}
  on "$1" ipsec auto --replace --config - nodes >"$results/serve-$1.log" 2>&1 <<END
conn nodes
 left=$here
 leftid=@$1.example.com
 leftcert=${certificate:-$1}
 leftsendcert=always
 leftrsasigkey=%cert
 right=%any
 rightid=%fromcert
 rightrsasigkey=%cert
 rightca=${trusts:-%same}
 ikev2=insist
 auto=add
$2
END
}

# --- what happens on a node

NSS=sql:/var/lib/ipsec/nss
lay() { # node, scene: the Machine Config Operator writes the scene's files
  cp -a "$LAB/scenes/$2/root/." "/run/$1/root/"
}
boot_import() { # node: what systemd runs for the synthesized unit, with the unit's environment and nothing else
  local unit=/run/$1/root/etc/systemd/system/ipsec-import.service environment command
  ! grep -q '^LoadCredential' "$unit" || { echo 'credentials are systemd'"'"'s, and there is none here'; return 1; }
  mapfile -t environment < <(sed -n 's/^Environment=//p' "$unit")
  command=$(sed -n 's/^ExecStart=//p' "$unit")
  on "$1" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin "${environment[@]}" "$command" >>"$results/import-$1.log" 2>&1
}
fingerprints() { # node, nickname: of every certificate under it
  on "$1" certutil -L -d "$NSS" -n "$2" -a 2>/dev/null | awk -v command='openssl x509 -noout -fingerprint -sha256' '{ print | command } /END CERT/ { close(command) }'
}
fingerprint_of() { openssl x509 -in "$LAB/pki/$1.pem" -noout -fingerprint -sha256; }
connection() { echo "$LAB/scenes/$2/nodes/$1/$3.conn"; } # node, scene, interface
uuid() { sed -n 's/^conn //p' "$(connection "$@")"; }
load() { on "$1" ipsec auto --replace --config - "$(uuid "$@")" <"$(connection "$@")" >>"$results/load-$1.log" 2>&1; }
up() { # node, scene, interface: as NetworkManager does it; prints what libreswan says
  load "$@"
  on "$1" timeout 90 ipsec auto --up "$(uuid "$@")" 2>&1
}
route() { # node, scene, interface: a connection on demand, as NetworkManager does it
  load "$@"
  on "$1" timeout 90 ipsec auto --route "$(uuid "$@")" 2>&1
}
down() { on "$1" ipsec auto --delete "$(uuid "$@")" >/dev/null 2>&1; }

# --- what happens on the wire

capture() { # name, machine, command…: everything that passes the machine's port meanwhile
  local file=$results/$1.pcap port=to-$2 tcpdump log=$results/tcpdump-$1.log # its own: an earlier one says "listening" too soon
  shift 2
  nsenter --net=/run/netns/wire tcpdump --immediate-mode -Z root -i "$port" -U -w "$file" 2>"$log" &
  tcpdump=$!
  eventually 30 grep -q 'listening on' "$log"
  "$@"
  sleep 0.3
  kill "$tcpdump"
  wait "$tcpdump" 2>/dev/null
}
MARKER=43414e4152592d43414e415259 # CANARY-CANARY
marked_ping() { on "$1" ping -q -c3 -i0.2 -W10 -p "$MARKER" "$2" >"$results/ping-$1-$2.log" 2>&1; } # node, address
answered() { grep -q '3 received' "$results/ping-$1-$2.log"; }
packets() { tcpdump -Z root -nr "$results/$1.pcap" "$2" 2>/dev/null | wc -l; } # capture, filter
readable() { grep -aq CANARY-CANARY "$results/$1.pcap"; }
spis_on_wire() { tcpdump -Z root -nr "$results/$1.pcap" esp 2>/dev/null | sed -n 's/.*spi=\(0x[0-9a-f]*\).*/\1/p' | sort -u; } # capture
spis_in_kernel() { ip -n "$1" xfrm state | sed -n 's/.*proto esp spi \(0x[0-9a-f]*\).*/\1/p' | sort -u; } # machine
security_associations() { # machine, mode; those without keys are only asked for
  ip -n "$1" xfrm state | awk -v mode="mode $2" '/^src/ { wanted = 0 } index($0, mode) { wanted = 1 } wanted && /^\t(aead|enc) / { n++ } END { print n + 0 }'
}

lap "$ACT begins on $(uname -r)"
# shellcheck source=/dev/null
. "$E2E/acts/$ACT.sh"
