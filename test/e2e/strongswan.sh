# shellcheck shell=bash
# Debian's strongSwan, sourced: unpacked into the cache, because its packages can't be installed beside libreswan's.
STRONGSWAN_PACKAGES=(charon-systemd libstrongswan libstrongswan-standard-plugins strongswan-libcharon strongswan-swanctl)
strongswan=${XDG_CACHE_HOME:-$HOME/.cache}/cdk8s-openshift-ipsec/strongswan

# Nothing is fetched where it is there. Its libraries besides its own are those of libreswan, systemd and openssl.
get_strongswan() { # scratch folder
  local scratch=$1 package unpacked
  [[ ! -d $strongswan ]] || return 0
  mkdir -p "$scratch/strongswan" "$(dirname "$strongswan")"
  unpacked=$(mktemp -d "$strongswan.XXXXXX")
  (cd "$scratch/strongswan" && { apt-get download -qq "${STRONGSWAN_PACKAGES[@]}" || { apt-get update -qq && apt-get download -qq "${STRONGSWAN_PACKAGES[@]}"; }; }) \
    >"$scratch/strongswan.log" 2>&1 ||
    { cat "$scratch/strongswan.log" >&2; rm -rf "$unpacked"; return 2; }
  for package in "$scratch"/strongswan/*.deb; do dpkg-deb -x "$package" "$unpacked"; done
  rm -rf "${unpacked:?}/lib" # units for systemd; the folder would take the place of a link in a root that this is laid over
  chmod 755 "$unpacked"
  mv -T "$unpacked" "$strongswan" 2>/dev/null || rm -rf "$unpacked" # another run was first
}
