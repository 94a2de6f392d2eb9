#!/bin/bash
# Takes a certificate with its key, and the CAs that were imported for it alone, out of libreswan's NSS database.
#   IPSEC_NICKNAME   the certificate's nickname
#   IPSEC_NSS_DIR    the database; IPSEC_NSS_PASSWORD_FILE its own password (FIPS); IPSEC_WAIT seconds to wait while it is locked
# The counterpart of ipsec-addcert.sh: it knows that script's entries (ipsec-ca/, ipsec-new/, ipsec-old/), its lock and the files .ipsec-addcert.<nickname>,
# which say whose CAs are whose. Of what the documented script left it takes the CA, and what pk12util named by itself for a certificate of that CA.
# Everything else in the database stays. A run that was cut off is finished by the next one; with nothing left to take, it changes nothing.
set -Eeuo pipefail
umask 077
export LC_ALL=C
nick=${IPSEC_NICKNAME:-left_server} nss=${IPSEC_NSS_DIR:-/var/lib/ipsec/nss} auth=${IPSEC_NSS_PASSWORD_FILE:-} patience=${IPSEC_WAIT:-30}
stamp=$nss/.ipsec-addcert.$nick tmp=${TMPDIR:-/run}/ipsec-removecert.$nick step=
die() { echo "ipsec-removecert: $*" >&2; exit 1; }
run() { # one NSS command; to NSS a database that another writer has locked looks like a broken one, so these errors are tried again
  local end=$((SECONDS + patience)) locked='SEC_ERROR_(BAD_DATABASE|PKCS11_GENERAL_ERROR|BUSY|IO)'
  until "$@" </dev/null 2>"$tmp/error"; do { ((SECONDS < end)) && grep -qE "$locked" "$tmp/error" && sleep 0.2; } || return 1; done
}
cert() { run certutil -d "sql:$nss" -f "$auth" "$@"; }
log() { echo "ipsec-removecert: $*"; }
finish() {
  local status=$?
  rm -rf "$tmp" && exit "$status"
}
drop() { # NSS keeps the key while another certificate uses it
  { [[ $2 == *u* ]] && cert -F -n "$1"; } || cert -D -n "$1"
  log "removed $1"
}
list_keys() { cert -K >"$tmp/keys" || grep -q 'no keys found' "$tmp/error"; } # fails, unlike a list of certificates, on a wrong password
split() { # keeps each certificate of a PEM text as $tmp/pem/<sha256>, and prints these names
  local file sha
  rm -f "$tmp"/pem/new.*
  awk -v file="$tmp/pem/new." '/-BEGIN CERT/ { n++ } n { print > (file n) } /-END CERT/ { close(file n) }'
  for file in "$tmp"/pem/new.*; do
    sha=$(openssl x509 -in "$file" -outform DER | sha256sum)
    mv "$file" "$tmp/pem/${sha%% *}" && echo "${sha%% *}"
  done
}
look() { # lists the certificates of the database in $tmp/found: sha256, trust, nickname
  cert -L >"$tmp/list"
  sed -nE '5,$s/^(.*[^ ]) +([^ ]+) *$/\2 \1/p' "$tmp/list" | sort -u -k2 | while read -r trust name; do
    if cert -L -n "$name" -a >"$tmp/one"; then split <"$tmp/one" | awk -v OFS='\t' -v t="$trust" -v n="$name" '{ print $1, t, n }'; fi
  done >"$tmp/found"
}
common_name() { openssl x509 -in "$tmp/pem/$1" -noout -subject -nameopt multiline,utf8,-esc_msb | sed -n 's/^ *commonName *= //p' | tail -n1; }
made_up() { # by pk12util, for a certificate of the documented script's CA whose nickname was taken
  [[ $2 == "$(common_name "$1") - "* ]] || return 1
  openssl verify -no-CApath -no-CAstore -partial_chain -no_check_time -CAfile "$tmp/documented" "$tmp/pem/$1" >"$tmp/output" 2>&1
}
used_by_others() { grep -q "^$1" "$tmp/listed"; }

[[ $nick =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ && $nick != ovs_* && $nick != CA ]] || die "nickname '$nick' must be letters, digits, . _ - and not CA or ovs_"
if [[ ! -e $nss/cert9.db ]]; then log "there is no database in $nss" && exit 0; fi
[[ -z $auth || -s $auth ]] || die "$auth is missing or empty"
exec 9>"$nss/.ipsec-addcert-lock"
flock -w "$patience" 9 || die "an import has held $nss for more than $patience s"
trap finish EXIT
trap 'exit 143' INT TERM HUP
trap '((BASH_SUBSHELL)) || die "cannot $step: $(sed -n "s/^[a-z0-9]*: //p" "$tmp/error" | tail -n1)"' ERR
rm -rf "$tmp" && mkdir -p "$tmp/pem" && echo >"$tmp/none"
[[ -n $auth ]] || { auth=/etc/ipsec.d/nsspassword && [[ -s $auth ]]; } || auth=$tmp/none

step="read the database in $nss"
look
list_keys
step="take $nick out of $nss"
: >"$tmp/documented"
if [[ $nick == left_server ]]; then
  awk -F'\t' '$3 == "CA" { print $1 }' "$tmp/found" | while read -r sha; do cat "$tmp/pem/$sha"; done >"$tmp/documented"
fi
while IFS=$'\t' read -r sha trust name; do
  if [[ $name == "$nick" || $name == ipsec-new/"$nick"/* || $name == ipsec-old/"$nick"/* ]]; then
    drop "$name" "$trust"
  elif [[ -s $tmp/documented && $trust == *u* ]] && made_up "$sha" "$name"; then
    drop "$name" "$trust"
  fi
done <"$tmp/found"

step="take the keys of $nick out of $nss"
look
while read -r sha _; do openssl x509 -in "$tmp/pem/$sha" -noout -pubkey; done <"$tmp/found" >"$tmp/public"
list_keys
while read -r id; do # keys without a certificate; a request shows the public half, its third line is key alone
  cert -R -k "$id" -s CN=key -a >"$tmp/request" || continue
  public=$(openssl req -in "$tmp/request" -noout -pubkey | sed -n 3p)
  if ! grep -qxF "$public" "$tmp/public"; then cert -F -k "$id" && log "removed a key of $nick"; fi
done < <(sed -nE "s/^<.*> +[a-z]+ +([0-9a-f]+) +(${nick//./\\.}|ipsec-(new|old)\/${nick//./\\.}\/.*)\$/\1/p" "$tmp/keys")

step="take the CAs of $nick out of $nss"
rm -f "$stamp"
cat "$nss"/.ipsec-addcert.* >"$tmp/listed" 2>"$tmp/error" || : # there may be no other certificate
while IFS=$'\t' read -r sha trust name; do
  [[ $name == ipsec-ca/* || $name$nick == CAleft_server ]] || continue
  if ! used_by_others "$sha"; then drop "$name" "$trust"; elif ! used_by_others "$sha C" && [[ $name == ipsec-ca/* ]]; then cert -M -n "$name" -t ,,; fi
done <"$tmp/found"

step="verify that $nick is gone from $nss"
look
awk -F'\t' -v nick="$nick" '$3 == nick { exit 1 }' "$tmp/found"
log "$nick is not in $nss"
