#!/bin/bash
# The lab: what the library synthesizes, through every real tool between YAML and ESP on the wire. See docs/lab.md.
# Needs root on Debian 12. Closes with "N passed, N failed"; on failure, logs and captures stay in test-reports/e2e (KEEP=1: always).
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
e2e=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$e2e/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/cdk8s-openshift-ipsec/e2e
crds=${CRDS:-$repository/../shared/crds}
reports=$repository/test-reports/e2e
read -ra acts <<<"${ACTS:-keyfile autoconnect guard rotation boot traffic identity}" # those that wait come first, then the longest
GUEST_ENDS_IN=1800 # seconds; a guest that takes them hangs
IGNITION=/usr/lib/dracut/modules.d/30ignition/ignition

((EUID == 0)) || { echo 'the lab needs root: it boots a kernel with machines of its own' >&2; exit 2; }
work=$(mktemp -d /var/tmp/ipsec-lab.XXXXXX) guests=()
report=$work/report
: >"$report"

finish() {
  local status=$?
  ((${#guests[@]} == 0)) || { kill -KILL "${guests[@]}" && wait "${guests[@]}"; } 2>/dev/null || true
  passed=$(grep -c '^ok ' "$report" || true)
  failed=$(grep -c '^FAIL' "$report" || true)
  ((status == 0 || failed > 0)) || { echo 'FAIL the lab plays to its end'; failed=1; }
  ((status || (failed == 0 && passed > 0))) || status=1
  [[ -z ${laying:-} ]] || wait "$laying" || true
  rm -rf "$reports"
  if ((status)) || [[ -n ${KEEP:-} ]]; then
    mkdir -p "$reports"
    cp -r "$work"/*.log "$work"/report "$work"/results "$reports/" 2>/dev/null || true
    echo "logs and captures: $reports" >&2
  fi
  rm -rf "$work"
  lap 'the end'
  echo "$passed passed, $failed failed"
  exit "$status"
}
lap() { printf '# %3d s: %s\n' "$SECONDS" "$*"; }
trap finish EXIT
trap 'exit 130' INT TERM

check() { # what, command…
  local what=$1
  shift
  local log=$work/last-$BASHPID.log
  if "$@" >"$log" 2>&1; then echo "ok   $what"; else echo "FAIL $what"; cat "$log"; fi | tee -a "$report"
}
refused() { # pattern, command…: it fails, and says why
  local pattern=$1
  shift
  local log=$work/refused-$BASHPID.log
  if "$@"; then return 1; fi >"$log" 2>&1
  cat "$log"
  grep -q "$pattern" "$log"
}
silent() { # command…
  local said status=0
  said=$("$@" 2>&1) || status=$?
  echo "$said"
  [[ $status == 0 && -z $said ]]
}

# --- tools; nothing is fetched where all is there

packages=(busybox-static e2fsprogs ignition iproute2 iputils-ping kmod libnss3-tools libreswan nftables openssl procps qemu-system-x86 shellcheck systemd tcpdump util-linux xz-utils)
# The act is played by hand, and what it needs is for nothing else.
further=()
[[ " ${acts[*]} " != *' monitoring '* ]] || further=(dbus-daemon prometheus-node-exporter)
packages+=("${further[@]}")
missing=()
for package in "${packages[@]}"; do dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok' || missing+=("$package"); done
if ((${#missing[@]})); then
  lap "installing ${missing[*]}"
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >"$work/apt.log" 2>&1 || { cat "$work/apt.log" >&2; exit 2; }
fi
mkdir -p "$cache"
judge=$cache/nmstate-judge-$(cat "$e2e/nmstate-judge/Cargo.toml" "$e2e/nmstate-judge/src/main.rs" | sha256sum | cut -c1-16)
if [[ ! -x $judge ]]; then
  command -v cargo >/dev/null || { echo 'cargo not found: the lab builds the crate nmstate with Rust 1.88 or later (https://rustup.rs)' >&2; exit 2; }
  lap 'building the nmstate judge, once'
  cp -r "$e2e/nmstate-judge" "$work/judge"
  cargo build -q --manifest-path "$work/judge/Cargo.toml" --target-dir "$work/target"
  install "$work/target/debug/nmstate-judge" "$judge"
  rm -rf "$work/target" "$work/judge"
fi
[[ ! -d $crds ]] || kubectl_validate=$(cd "$repository" && node_modules/.bin/ts-node --transpile-only --project test/tsconfig.json test/cluster/prepare.ts kubectl-validate)
# shellcheck source-path=SCRIPTDIR source=machine/machine.sh
. "$e2e/machine/machine.sh"
GUEST_PACKAGES+=("${further[@]}")
[[ -n $(cached_kernel "$cache") ]] || lap "fetching $KERNEL_PACKAGE, once"
get_kernel "$cache" "$work"
make_initramfs "$work"
(choose_accelerator "$work" && printf '%s\n%s\n' "$accelerator" "$because" >"$work/accelerator") & # a device that hangs takes its time
choosing=$!
# shellcheck source-path=SCRIPTDIR source=strongswan.sh
. "$e2e/strongswan.sh"
[[ -d $strongswan ]] || lap "fetching strongSwan, once"
get_strongswan "$work"
qemu=$(qemu-system-x86_64 --version | sed -nE 's/^QEMU .*version ([0-9.]+).*/QEMU \1/p')
lay_root_out "$work" &
laying=$!
lap 'tools are there'

no_password_in() { ! grep -rlF "$(<"$lab/pki/password")" "$1"; }

# --- from the library to what lands on a node

lab=$work/lab
cd "$repository"
# Each file is translated by itself, and none is checked: ts-node takes as long for that as all the rest of it does.
code=$work/code
mapfile -t sources < <(find src examples test/e2e -name '*.ts')
node_modules/.bin/esbuild "${sources[@]}" --outbase=. --outdir="$code" --platform=node --format=cjs --target=node20 --log-level=warning
find src \( -name '*.sh' -o -name '*.lua' \) -exec cp --parents -t "$code" {} +
program() { NODE_PATH=$repository/node_modules node "$code/$1.js" "${@:2}"; }
program examples/lab "$lab"
lap 'synthesized'
check 'a common name with ovs_ is refused at synthesis' grep -q "certificate CN 'ovs_worker-0' begins with 'ovs_'" "$lab/refused.txt"
check 'and no manifest of it is written' test ! -e "$lab/scenes/refused/manifests/ipsec.yaml"
check 'no manifest has the password' silent no_password_in "$lab/scenes"

judge_manifests() { # beside the guests, which need nothing of it
  validate() { "$kubectl_validate" --local-crds "$crds" "$@"; }
  for scene in "$lab"/scenes/*; do
    [[ -d $scene/manifests ]] || continue
    cp -r "$scene/manifests" "$work/judged"
    # Rules of Prometheus have no definition here: the API server of test/cluster judges them.
    for file in "$work"/judged/*.yaml; do
      awk -v RS='---\n' '/^apiVersion: monitoring\.coreos\.com\// { next } n++ { printf "---\n" } { printf "%s", $0 }' "$file" >"$work/without"
      mv "$work/without" "$file"
    done
    check "${scene##*/}: the CRDs take every object" validate "$work/judged"
    rm -r "$work/judged"
  done
  sed 's/mode: External/mode: External\n        full: {encapsulation: Always}/' "$lab/scenes/cluster/manifests/ipsec.yaml" >"$work/full.yaml"
  sed 's#node-role.kubernetes.io/worker#a b#' "$lab/scenes/cluster/manifests/ipsec.yaml" >"$work/label.yaml"
  check 'control: the CRDs refuse full in mode External' refused 'full is forbidden when mode is not Full' validate "$work/full.yaml"
  check 'control: the CRDs refuse a label key with a space' refused 'must be valid qualified names' validate "$work/label.yaml"
}
if [[ -d $crds ]]; then
  judge_manifests >"$work/manifests.log" 2>&1 &
  judging=$!
else
  judging=
  echo "# skipped: no CRDs in $crds (CRDS=DIR names them)"
fi

program test/e2e/chain "$lab" "$judge" | tee -a "$report"
program test/e2e/signs >"$lab/signs"
lap 'nmstate has judged'

# Debian's Ignition reads specifications up to 3.3.0, and the configs use nothing newer: the version is lowered in a copy.
mkdir "$work/stubs"
printf '#!/bin/sh\ncat >/dev/null\n' >"$work/stubs/setfiles" # the relabelling at the end of the files stage
chmod +x "$work/stubs/setfiles"
apply_ignition() { # config, root
  local stage
  mkdir -p "$2/etc/selinux"
  printf 'SELINUX=disabled\nSELINUXTYPE=targeted\n' >"$2/etc/selinux/config"
  for stage in fetch files; do
    PATH=$work/stubs:$PATH IGNITION_CONFIG_FILE=$1 "$IGNITION" -platform file -stage "$stage" -root "$2" \
      -config-cache "$1.cache" -state-file "$1.state" -neednet "$1.neednet" -log-to-stdout
  done
  rm -rf "$2/etc/selinux"
}
verify_units() { # root with a copy of the distribution's units, unit…
  mkdir -p "$work/units/usr/lib/systemd"
  cp -a "$1/." "$work/units/"
  cp -a /lib/systemd/system "$work/units/usr/lib/systemd/"
  mkdir -p "$work/units/usr/sbin"
  cp "$(command -v nft)" "$work/units/usr/sbin/nft"
  silent systemd-analyze verify --man=no "--root=$work/units" "${@:2}"
}
lay_out() { # scene
  local scene=$1 name=${1##*/} config
  for config in "$scene"/ignition/*.json; do
    sed -E 's/"version":"3\.[45]\.0"/"version":"3.3.0"/' "$config" >"${config%.json}.ign"
    check "$name: ignition-validate is silent about $(basename "${config%.json}")" silent ignition-validate "${config%.json}.ign"
  done
  for config in "$scene"/ignition/99-worker-*.ign; do
    check "$name: ignition lays the worker's files of $(basename "${config%.ign}") down" apply_ignition "$config" "$scene/root"
  done
  install -D -m 400 "$lab/pki/password" "$scene/root/etc/pki/ipsec/left_server.password" # by whoever keeps the password
}
scenes=("$lab"/scenes/*) layers=()
for ((i = 0; i < $(nproc); i++)); do
  for ((j = i; j < ${#scenes[@]}; j += $(nproc))); do lay_out "${scenes[$j]}"; done &
  layers+=($!)
done
for layer in "${layers[@]}"; do wait "$layer"; done
keyfile=$lab/scenes/keyfile/root/etc/NetworkManager/system-connections/ipsec-storage.nmconnection
check 'keyfile: it is for root alone, or NetworkManager takes none of it' test "$(stat -c '%a %u' "$keyfile")" = '600 0'
check 'systemd-analyze is silent about the units' verify_units "$lab/scenes/guarded/root" ipsec-{import,guard,autoconnect}.service
check 'shellcheck is silent about the scripts' silent shellcheck "$lab/scenes/guarded/root/usr/local/bin/"*.sh

database() { # folder, bundle…: what a peer has, with every certificate that it may show
  local folder=$1 bundle
  mkdir "$folder"
  certutil -N -d "sql:$folder" --empty-password
  certutil -A -d "sql:$folder" -n ca -t CT,C,C -i "$lab/pki/ca.pem"
  for bundle in "${@:2}"; do pk12util -d "sql:$folder" -i "$lab/pki/$bundle.p12" -w "$lab/pki/password" >/dev/null; done
}
database "$lab/databases" gateway storage storage-{both,address,address-as-name,cn,large,pss} impostor stranger
database "$lab/databases-with-intermediate" storage-under-intermediate
import_here() { # scene: the unit's command on this machine, which is faster, for the guests that are about what comes after
  local root=$lab/scenes/$1/root environment
  mapfile -t environment < <(sed -nE "s#^Environment=(IPSEC_[A-Z0-9_]+)=/#\\1=$root/#p; s/^Environment=//p" "$root"/etc/systemd/system/ipsec-import*.service)
  mkdir -p "$root/nss"
  env -i PATH="$PATH" TMPDIR="$work" "${environment[@]}" "IPSEC_NSS_DIR=$root/nss" "$root/usr/local/bin/ipsec-addcert.sh"
}
# The library refuses a CA file without a root; here is why. The same files with such a CA file, put there by hand.
cp -a "$lab/scenes/chain" "$lab/scenes/intermediate-only"
install -m 400 "$lab/pki/intermediate.pem" "$lab/scenes/intermediate-only/root/etc/pki/certs/ca.pem"
check 'chain: the script imports a certificate under an intermediate' import_here chain
check 'chain: the intermediate comes along, and is no anchor of trust' grep -qE '^ipsec-ca/[0-9a-f]+ +,, *$' <(certutil -L -d "sql:$lab/scenes/chain/root/nss")
check 'the script imports a certificate whose CA file is the intermediate alone' import_here intermediate-only
check 'cluster: the script imports its certificate' import_here cluster
signed_with_pss() { openssl x509 -in "$lab/pki/$1.pem" -noout -text | grep -q 'Signature Algorithm: rsassaPss'; }
for name in nodes-pss storage-pss; do check "control: $name is signed with RSASSA-PSS" signed_with_pss "$name"; done
check 'pss-signed: the script imports a certificate that its issuer signed with RSASSA-PSS' import_here pss-signed
for scene in guarded guarded-nat guarded-interface watched; do cp -a "$lab/scenes/cluster/root/nss" "$lab/scenes/$scene/root/nss"; done
check 'guarded-large: the script imports its certificate' import_here guarded-large
lap 'nodes and peers are laid out'
wait "$laying"
make_root_image "$work" "$e2e" "$lab" "$kernel/lib" "$strongswan"
lap 'the root of the guests is made'

# --- the wire

wait "$choosing"
{ read -r accelerator && read -r because; } <"$work/accelerator"
lap "the machine is $qemu with $accelerator, because $because"

# Three guests more than there are processors: two of the acts wait most of their time. With more they would make each other late.
running() {
  local pid n=0
  for pid in "${guests[@]}"; do ! kill -0 "$pid" 2>/dev/null || n=$((n + 1)); done
  echo "$n"
}
for act in "${acts[@]}"; do
  while (($(running) > $(nproc) + 2)); do sleep 1; done
  mkdir -p "$work/results/$act"
  machine_command "$accelerator" "INIT=$e2e/guest.sh E2E=$e2e LAB=$lab KERNEL=$kernel STRONGSWAN=$strongswan ACT=$act ACCELERATOR=$accelerator PROGRAMS=${PROGRAMS:-} ONLY=${ONLY:-}" \
    -drive "file=$root_image,format=raw,if=virtio,readonly=on" -virtfs "$(share results "$work/results/$act")"
  # The first process of a PID namespace takes the others with it: a guest ends with the lab.
  unshare --pid --fork --kill-child=KILL timeout --signal=KILL "$GUEST_ENDS_IN" "${command[@]}" </dev/null >"$work/console-$act.log" 2>&1 &
  guests+=($!)
done
for i in "${!acts[@]}"; do
  act=${acts[$i]}
  wait "${guests[$i]}" || true
  echo "# act $act"
  sed -nE 's/\r$//; /^(ok   |FAIL |# )/p' "$work/console-$act.log" | tee -a "$report"
  grep -aq "end of $act" "$work/console-$act.log" || echo "FAIL act $act plays to its end" | tee -a "$report"
done
if [[ -n $judging ]]; then
  wait "$judging" || echo 'FAIL the manifests are judged' | tee -a "$report"
  cat "$work/manifests.log"
fi
