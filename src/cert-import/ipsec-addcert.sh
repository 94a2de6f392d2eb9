#!/bin/bash
# Brings libreswan's NSS database to hold exactly one certificate and key under a nickname, from a PKCS#12 bundle, and the CAs of a PEM file.
#   IPSEC_NICKNAME           the nickname, which the bundle carries as its friendly name
#   IPSEC_PKCS12, IPSEC_CA   the bundle; the CA certificates that the node is to trust for it
#   IPSEC_PASSWORD_FILE      password of the bundle; unset: systemd's credential <nickname>.password, and without that the empty one
#   IPSEC_NSS_DIR            the database; IPSEC_NSS_PASSWORD_FILE its own password (FIPS); IPSEC_WAIT seconds to wait while it is locked
# Others own entries of the same database and write while this runs: files are never copied back, each step is undone or finished by the next run.
# Nicknames it keeps for itself: ipsec-ca/<sha256>/<user>[/<user>…] (NSS has a certificate once, so its users are in the name), ipsec-new/, ipsec-old/.
set -Eeuo pipefail
umask 077
export LC_ALL=C
nick=${IPSEC_NICKNAME:-left_server} p12=${IPSEC_PKCS12:-/etc/pki/certs/left_server.p12} ca=${IPSEC_CA:-/etc/pki/certs/ca.pem}
nss=${IPSEC_NSS_DIR:-/var/lib/ipsec/nss} patience=${IPSEC_WAIT:-30} credential=${CREDENTIALS_DIRECTORY:-/nonexistent}/$nick.password
password=${IPSEC_PASSWORD_FILE:-} auth=${IPSEC_NSS_PASSWORD_FILE:-} tmp=${TMPDIR:-/run}/ipsec-addcert.$nick stamp=$nss/.ipsec-addcert.$nick undo=() step=
die() { echo "ipsec-addcert: $*" >&2; exit 1; }
log() { echo "ipsec-addcert: $*"; }
finish() {
  local status=$? i
  trap '' INT TERM HUP
  for ((i = ${#undo[@]} - 1; i >= 0; i--)); do eval "${undo[i]}" || true; done
  rm -rf "$tmp"
  exit "$status"
}
on_failure() { printf -v "undo[${#undo[@]}]" '%q ' "$@"; }
# One NSS command. A database locked by another writer looks like a broken one to NSS, so these errors are tried again.
run() {
  local until=$((SECONDS + patience))
  until "$@" </dev/null 2>"$tmp/error"; do
    ((SECONDS < until)) && grep -qE 'SEC_ERROR_(BAD_DATABASE|PKCS11_GENERAL_ERROR|BUSY|IO)' "$tmp/error" || return 1
    sleep 0.2
  done
}
cert() { run certutil -d "sql:$1" -f "$auth" "${@:2}"; }
bundle() { run pk12util -d "sql:$1" -k "$auth" -i "$p12" -w "$password" >"$tmp/output"; }
rename() { cert "$nss" --rename -n "$1" --new-n "$2"; }
drop() { cert "$nss" -F -n "$1" || cert "$nss" -D -n "$1"; } # NSS keeps the key while another certificate uses it
# Keeps each certificate of a PEM text as $tmp/pem/<sha256> and prints these names.
split() {
  local line body='' sha
  while IFS= read -r line || [[ -n $line ]]; do
    [[ $line != *-BEGIN\ CERTIFICATE-* ]] || body=''
    body+=${line%$'\r'}$'\n'
    [[ $line == *-END\ CERTIFICATE-* ]] || continue
    openssl x509 -outform DER <<<"$body" >"$tmp/der" 2>"$tmp/error"
    sha=$(sha256sum <"$tmp/der")
    printf '%s' "$body" >"$tmp/pem/${sha%% *}"
    echo "${sha%% *}"
  done
}
# Lists the certificates of a database in $tmp/found, one a line: sha256, trust, nickname.
look() {
  local trust name
  cert "$1" -L >"$tmp/list"
  sed -nE '5,$s/^(.*[^ ]) +([^ ]+) *$/\2 \1/p' "$tmp/list" | sort -u -k2 >"$tmp/names"
  while read -r trust name; do
    cert "$1" -L -n "$name" -a >"$tmp/one" || continue
    split <"$tmp/one" >"$tmp/shas"
    awk -v rest="$trust $name" '{ print $1, rest }' "$tmp/shas"
  done <"$tmp/names" >"$tmp/found"
}
name_of() { awk -v sha="$1" '$1 == sha { $1 = $2 = ""; print substr($0, 3); exit }' "$tmp/found"; }
under() { awk -v name="$1" '{ sha = $1; $1 = $2 = "" } substr($0, 3) == name { print sha }' "$tmp/found"; }
ours() { awk -v p="$1/" -v n="/$nick/" '{ $1 = $2 = ""; $0 = substr($0, 3) } index($0, p) == 1 && index($0 "/", n)' "$tmp/found" | sort -u; }
users() { case $1 in CA) echo left_server ;; ipsec-ca/*) tr / '\n' <<<"${1#ipsec-ca/*/}" ;; *) ;; esac; }
ca_name() { echo "ipsec-ca/${1:0:16}/$(sort -u | paste -sd/)"; }
subject() { openssl x509 -in "$tmp/pem/$1" -noout -subject -issuer -nameopt multiline,utf8,-esc_msb; }
# The nickname that pk12util makes up when the wanted one is taken or missing: common name, organisation of the issuer.
made_up() { subject "$1" | awk '/^issuer/ { i = 1 } { v = $0; sub(/^[^=]*= /, "", v) } /commonName/ && !i { c = v } /organizationName/ && i { o = v } END { print c " - " o }'; }
# The inputs, and what the database holds for the nickname.
state() {
  sha256sum <"$p12" && sha256sum <"$ca"
  awk -v n="$nick" '{ t = $1 " " $2; $1 = $2 = ""; $0 = substr($0, 3) } index("/" $0 "/", "/" n "/") || $0 == "CA" { sub(/\/.*/, ""); print t, $0 }' "$tmp/found" | sort
}

[[ $nick =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ && $nick != ovs_* && $nick != CA ]] || die "nickname '$nick' must be letters, digits, '.', '_', '-', and not CA or ovs_…"
for file in "$p12" "$ca" ${auth:+"$auth"}; do [[ -s $file ]] || die "$file is missing or empty"; done
mkdir -p "$nss"
exec 9>"$nss/.ipsec-addcert.lock"
flock -w "$patience" 9 || die "another import has held $nss for more than $patience s"
trap finish EXIT
trap 'exit 143' INT TERM HUP
trap '((BASH_SUBSHELL)) || die "cannot $step: $(sed -n "1s/^[a-z0-9]*: //p" "$tmp/error")"' ERR
rm -rf "$tmp" && mkdir -p "$tmp/pem" "$tmp/stage" && echo >"$tmp/none"
[[ -n $auth ]] || { auth=/etc/ipsec.d/nsspassword && [[ -s $auth ]]; } || auth=$tmp/none

step="read the database in $nss"
[[ -e $nss/cert9.db ]] || cert "$nss" -N
look "$nss"
[[ -n $(under "$nick") ]] || ours ipsec-old | while read -r name; do rename "$name" "$nick"; done
