# shellcheck shell=bash disable=SC2034 # run.sh reads what is set here
# The lab's machine, sourced: QEMU with Debian's own kernel, which has all that a node's kernel has and is the same on every host.
# Where /dev/kvm answers, the host's CPU runs it; elsewhere QEMU translates every instruction, so that nothing depends on that CPU.
#   LAB_ACCELERATOR  kvm or tcg; what answers, otherwise
#   LAB_KVM          the device of KVM, /dev/kvm otherwise
machine=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
KERNEL_PACKAGE=linux-image-amd64
# No AMX and no AVX, whatever the host has, so a guest is the same everywhere; AES and carry-less multiplication, which ESP wants.
CPU_MODEL=Westmere
# What the acts run, besides what each Debian has.
GUEST_PACKAGES=(busybox-static dash iproute2 iputils-ping kmod libnss3-tools libreswan mawk mount nftables openssl procps systemd tcpdump)
KVM_ANSWERS_IN=8 # seconds to the first process, which a working one takes two for

# Puts Debian's kernel, with its modules, into a folder of the cache. The folder is in $kernel, what boots in $kernel_image. Nothing is
# fetched where it is there.
get_kernel() { # cache, scratch folder
  kernel=$(cached_kernel "$1")
  [[ -n $kernel ]] || fetch_kernel "$@"
  kernel_image=$kernel/boot/vmlinux
  [[ -e $kernel_image ]] || unpack_kernel
}
# Without the program in front of it that unpacks it: emulated, that takes four seconds for each guest. Where the packed kernel stands in
# the file, the boot protocol of x86 says: setup_sects, payload_offset and payload_length, whose last four bytes are the length unpacked.
unpack_kernel() {
  local packed sectors offset length
  packed=$(echo "$kernel"/boot/vmlinuz-*)
  number_at() { od -An "-t$1" -j "$2" -N "${1#u}" "$packed" | tr -d ' '; }
  sectors=$(number_at u1 $((0x1f1))) offset=$(number_at u4 $((0x248))) length=$(number_at u4 $((0x24c)))
  offset=$((offset + (sectors + 1) * 512))
  head -c "$((offset + length - 4))" "$packed" | tail -c "+$((offset + 1))" | xz -dc >"$kernel_image.new"
  mv "$kernel_image.new" "$kernel_image"
}
fetch_kernel() { # cache, scratch folder
  local cache=$1 scratch=$2 package release unpacked
  package=$(kernel_package)
  if [[ -z $package ]]; then apt-get update -qq && package=$(kernel_package); fi
  [[ -n $package ]] || { echo "no package $KERNEL_PACKAGE in the sources of apt: the lab needs those of Debian 12" >&2; return 2; }
  unpacked=$cache/unpacking
  rm -rf "$unpacked"
  mkdir -p "$unpacked"
  (cd "$unpacked" && { apt-get download -qq "$package" || { apt-get update -qq && apt-get download -qq "$package"; }; }) \
    >"$scratch/kernel.log" 2>&1 ||
    { cat "$scratch/kernel.log" >&2; return 2; }
  # What a machine of virtual devices can use: a sixth of the package.
  dpkg-deb --fsys-tarfile "$unpacked"/*.deb | tar -x -C "$unpacked" --wildcards './boot/vmlinuz-*' './lib/modules/*/modules.*' \
    './lib/modules/*/kernel/'{arch,crypto,lib,net} './lib/modules/*/kernel/drivers/'{virtio,char/hw_random,block/virtio_blk.ko} \
    './lib/modules/*/kernel/fs/'{9p,autofs,ext4,fscache,jbd2,mbcache.ko,netfs,overlayfs} './lib/modules/*/kernel/drivers/net/*.ko'
  rm "$unpacked"/*.deb
  release=$(ls "$unpacked/lib/modules")
  depmod -b "$unpacked" "$release"
  kernel=$cache/kernel-$release
  mv "$unpacked" "$kernel"
}
cached_kernel() { find "$1" -maxdepth 1 -name 'kernel-*' | sort -V | tail -n 1; } # cache
kernel_package() { apt-cache depends "$KERNEL_PACKAGE" 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' || true; }

# The initramfs has busybox and the modules between a kernel and its root. Its path is in $initramfs.
make_initramfs() { # scratch folder
  local root=$1/initramfs module
  mkdir -p "$root"/{bin,dev,modules,proc,root}
  cp "$(command -v busybox)" "$root/bin/busybox"
  install "$machine/init" "$root/init"
  modprobe -d "$kernel" -S "${kernel##*/kernel-}" --show-depends -a virtio_pci virtio_blk ext4 crc32c_generic 9pnet_virtio 9p virtio_rng overlay |
    awk '$1 == "insmod" && !seen[$2]++ { print $2 }' |
    while read -r module; do
      cp "$module" "$root/modules/"
      echo "${module##*/}" >>"$root/modules/order"
    done
  initramfs=$1/initramfs.gz
  (cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1) >"$initramfs"
}

# The root of the guests, an image that all of them read: what Debian's packages have installed on the host, its /etc, and further folders,
# each where the host has it. A share of the host's root would do, but each file that a program opens is three questions to the host then,
# a third of what the lab takes. What Debian's packages have can be laid out beside whatever else is done.
lay_root_out() { # scratch folder
  local root=$1/root
  mkdir "$root"
  packaged_files | tar -C / --no-recursion -c -T - | tar -C "$root" -x
  mkdir -p "$root"/{dev,mnt,proc,root,run,sys,tmp,var/lib,var/log,var/tmp}
  ln -s /run "$root/var/run"
}
# Its path is in $root_image.
make_root_image() { # scratch folder, folder of the host…
  local root=$1/root folder
  for folder in "${@:2}"; do
    mkdir -p "$root$folder"
    cp -a "$folder/." "$root$folder/"
  done
  root_image=$1/root.img
  mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$root" "$root_image" 1G
  rm -rf "$root"
}
# What belongs to the packages that a guest needs, and to those that these need. The links are those that dpkg does not know (/bin, awk, sh).
packaged_files() {
  local packages
  mapfile -t packages < <(
    { printf '%s\n' "${GUEST_PACKAGES[@]}" && dpkg-query -W -f '${Essential} ${Package}\n' | sed -n 's/^yes //p'; } |
      xargs apt-cache depends --recurse --installed --no-{recommends,suggests,conflicts,breaks,replaces,enhances} | grep '^[a-z]' | sort -u
  )
  {
    dpkg-query -L "${packages[@]}" 2>/dev/null || true # some are virtual, and have no files
    find /etc -xdev
    find /bin /sbin /lib /lib64 /usr/{bin,sbin} -maxdepth 1 -type l
  } | grep -vE '^/(boot|dev|proc|run|sys|tmp|var)|^/usr/share/(bash-completion|doc|i18n|info|lintian|locale|man|zoneinfo)/|^/?$|^/\.$' |
    sed -E 's#^/(bin|sbin|lib|lib64)/#/usr/\1/#; s#^/##' | sort -u |
    while read -r file; do [[ ! -e /$file && ! -L /$file ]] || echo "$file"; done # some were not installed, such as manuals
}

# Sets ${command[@]}, which runs a guest to its end with its console on standard output.
machine_command() { # accelerator, words of the kernel's command line (NAME=value reaches INIT's environment), options of QEMU…
  # Emulation is twice as fast where addresses stay, because QEMU translates code once for each address, and where no mitigation
  # changes page tables at every system call. Nobody attacks the guest, whose kernel need not clear what it gives out, nor ask AppArmor or
  # count memory for groups at each step: a third of what it does.
  local quick='mitigations=off norandmaps init_on_alloc=0 apparmor=0 audit=0 cgroup_disable=memory'
  command=(qemu-system-x86_64 -machine q35 -bios qboot.rom -accel "$1" -cpu "$CPU_MODEL" -smp 1 -m 768 -nodefaults -no-user-config
    -display none -serial stdio -no-reboot -device virtio-rng-pci -kernel "$kernel_image" -initrd "$initramfs"
    -append "console=ttyS0 quiet loglevel=1 panic=-1 $quick $2" "${@:3}")
}
share() { echo "local,mount_tag=$1,path=$2,security_model=none,multidevs=remap"; } # tag, folder

# Sets $accelerator, and $because to what speaks for it. A device that exists may not work, so a kernel has to boot on it.
choose_accelerator() { # scratch folder
  local device=${LAB_KVM:-/dev/kvm}
  case ${LAB_ACCELERATOR:-} in
    kvm | tcg) accelerator=$LAB_ACCELERATOR because='LAB_ACCELERATOR says so' ;;
    '')
      if [[ ! -r $device || ! -w $device ]]; then
        accelerator=tcg because="there is no $device to use"
      elif kvm_answers "$1/kvm.log"; then
        accelerator=kvm because="a kernel boots on $device"
      else
        accelerator=tcg because="no kernel boots on $device in $KVM_ANSWERS_IN s"
      fi ;;
    *) echo "LAB_ACCELERATOR ('$LAB_ACCELERATOR') must be kvm or tcg, or not set: then kvm is taken where it answers" >&2; return 2 ;;
  esac
}
kvm_answers() { # log
  machine_command kvm ''
  (timeout --signal=KILL "$KVM_ANSWERS_IN" "${command[@]}" || true) </dev/null >"$1" 2>&1
  grep -aq 'ready: ' "$1"
}
