#!/bin/bash
# Makes libreswan's NSS database hold exactly one certificate and key under a nickname, from a PKCS#12 bundle, and the CAs of a PEM file.
#   IPSEC_NICKNAME, IPSEC_PKCS12, IPSEC_CA   the nickname, which is the bundle's friendly name; the bundle; the CA certificates to trust for it
#   IPSEC_PASSWORD_FILE   password of the bundle; unset: systemd's credential <nickname>.password, and without that the empty password
#   IPSEC_NSS_DIR         the database; IPSEC_NSS_PASSWORD_FILE its own password (FIPS); IPSEC_WAIT seconds to wait while it is locked
# Others keep entries in the same database and write while this runs, so no file is copied back: each step is undone, or finished by the next run.
# Its own entries: the nickname, ipsec-ca/, ipsec-new/, ipsec-old/. Its own files: .ipsec-addcert.<nickname>, inputs and entries of the last import.
set -Eeuo pipefail; umask 077; export LC_ALL=C
nick=${IPSEC_NICKNAME:-left_server} p12=${IPSEC_PKCS12:-/etc/pki/certs/left_server.p12} ca=${IPSEC_CA:-/etc/pki/certs/ca.pem}
nss=${IPSEC_NSS_DIR:-/var/lib/ipsec/nss} password=${IPSEC_PASSWORD_FILE:-} auth=${IPSEC_NSS_PASSWORD_FILE:-} patience=${IPSEC_WAIT:-30}
credential=${CREDENTIALS_DIRECTORY:-/nonexistent}/$nick.password stamp=$nss/.ipsec-addcert.$nick tmp=${TMPDIR:-/run}/ipsec-addcert.$nick undo=() step="read $nss"
die() { echo "ipsec-addcert: $*" >&2; exit 1; }
fail() { ((BASH_SUBSHELL)) || die "cannot $step: $(sed -n '/^[a-z0-9]*: /{s///p;q}' "$tmp/error")"; }
on_failure() { printf -v "undo[${#undo[@]}]" '%q ' "$@"; }
finish() { trap '' INT TERM HUP; for ((; ${#undo[@]}; )); do eval "${undo[-1]}" || true; unset 'undo[-1]'; done; rm -rf "$tmp"; }
run() { # one NSS command; to NSS a database that another writer has locked looks like a broken one, so these errors are tried again
  local end=$((SECONDS + patience)) locked='SEC_ERROR_(BAD_DATABASE|PKCS11_GENERAL_ERROR|BUSY|IO)|did NOT match'
  until "$@" </dev/null 2>"$tmp/error"; do { ((SECONDS < end)) && grep -qE "$locked" "$tmp/error" && sleep 0.2; } || return 1; done
}
cert() { run certutil -d "sql:$1" -f "$auth" "${@:2}"; }
bundle() { run pk12util -d "sql:$1" -k "$auth" -i "$p12" -w "$password" >"$tmp/output"; }
rename() { on_failure cert "$nss" --rename -n "$2" --new-n "$1" && cert "$nss" --rename -n "$1" --new-n "$2"; }
drop() { cert "$nss" -F -n "$1"; if cert "$nss" -L -n "$1" >"$tmp/output"; then cert "$nss" -D -n "$1"; fi; } # -F takes only those with a key
split() { # keeps each certificate of a PEM text as $tmp/pem/<sha256> and prints these names, all on one line
  awk -v ORS=' ' -v dir="$tmp/pem/" '{ sub(/\r$/, "") } /-BEGIN CERT/ { pem = body = "" } { pem = pem $0 "\n" } !/-/ { body = body $0 } /-END CERT/ {
    gsub(/[^A-Za-z0-9+\/=]/, "", body); c = "echo " body " | base64 -d | sha256sum"; c | getline sha; close(c)
    sub(/ .*/, "", sha); printf "%s", pem > (dir sha); close(dir sha); print sha }'; }
copy() { # asks NSS first, which takes back what a crash left half-written; a copy that differs was made while someone wrote
  certutil -L -d "sql:$1" >"$tmp/list" && rm -rf "$tmp/copy" && mkdir "$tmp/copy" && cp "$1"/*.db "$tmp/copy" &&
    (cd "$tmp/copy" && sha256sum -- *.db) | (cd "$1" && sha256sum --quiet -c >&2) && certutil -L -d "sql:$tmp/copy" >"$tmp/list"; }
names() { sed -nE '5,$s/^(.*[^ ]) +([^ ]+) *$/\2 \1/p' "$tmp/list"; }
look() { # lists the certificates of a database in $tmp/found: sha256, trust, nickname. NSS prints all of one subject for each of its nicknames,
  run copy "$1" # so they are deleted from a copy, and each is the one that later nicknames no longer print
  names | while read -r trust name; do
    cert "$tmp/copy" -L -n "$name" -a >"$tmp/one" || continue
    names=$(split <"$tmp/one") && printf '%s\t%s\t%s\n' "$names" "$trust" "$name"
    [[ $names != *\ ?* ]] || cert "$tmp/copy" -D -n "$name"
  done | tac | awk -F'\t' '{ n = split($1, s, " "); while (n) { if (!(s[n] in seen)) print s[n] FS $2 FS $3; seen[s[n--]] } }' >"$tmp/found"
}
name_of() { awk -F'\t' -v sha="$1" '$1 == sha { print $3 }' "$tmp/found"; }
under() { awk -F'\t' -v name="$1" '$3 == name { print $1 }' "$tmp/found"; }
below() { awk -F'\t' -v prefix="$1/" 'index($3, prefix) == 1 { print $3 }' "$tmp/found"; }
pem() { while read -r sha _; do cat "$tmp/pem/$sha"; done; }
state() { # the inputs, and what the database holds of the nickname and of the certificates that file $1 lists
  sha256sum "$p12" "$ca"
  awk -F'[\t ]' -v nick="$nick" 'FNR == NR { want[$1] = $2; next } $1 in want || $3 == nick || $3 ~ "^ipsec-(new|old)/" || $3 nick == "CAleft_server" {
    print $1, (want[$1] == ",," ? ",," : $2), ($1 in want ? "" : $3) }' "$1" "$tmp/found" | sort; }
keep() { cat >"$nss/.ipsec-addcert-new" && mv "$nss/.ipsec-addcert-new" "$stamp"; }
common_name() { openssl x509 -in "$tmp/pem/$1" -noout -subject -nameopt multiline,utf8,-esc_msb | sed -n 's/^ *commonName *= //p' | tail -n1; }
made_up() { [[ $2 == "$(common_name "$1") - "* ]]; } # by pk12util, when a nickname is taken or missing
signed_by() { openssl verify -no-CApath -no-CAstore -partial_chain -CAfile "$1" "${@:2}" >"$tmp/output" 2>&1; }
[[ $nick =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ && $nick != ovs_* && $nick != CA ]] || die "nickname '$nick' must be letters, digits, . _ - and not CA or ovs_"
for file in "$p12" "$ca" ${auth:+"$auth"}; do [[ -s $file ]] || die "$file is missing or empty"; done
{ mkdir -p "$nss" && exec 9>"$nss/.ipsec-addcert-lock" && flock -w "$patience" 9; } || die "another import has held $nss for more than $patience s"
trap finish EXIT; trap fail ERR; trap 'exit 143' INT TERM HUP
rm -rf "$tmp" && mkdir -p "$tmp/pem" "$tmp/stage" && echo >"$tmp/none" && { [[ -e $stamp ]] || echo >"$stamp"; }
[[ -n $auth ]] || { auth=/etc/ipsec.d/nsspassword && [[ -s $auth ]]; } || auth=$tmp/none
[[ -e $nss/cert9.db ]] || cert "$nss" -N
look "$nss"; cp "$tmp/found" "$tmp/before"
[[ -n $(under "$nick") ]] || for name in $(below "ipsec-old/$nick"); do rename "$name" "$nick"; done # after a run that was cut off
[[ $(state "$stamp") == "$(<"$stamp")" ]] && cert "$nss" -V -n "$nick" -u I >"$tmp/output" && echo "ipsec-addcert: $nick is up to date" && exit 0
# 1. What is wrong with the inputs shows in a scratch database.
undo=() step="open $p12 (wrong password, or a damaged file)"
[[ -n $password || ! -e $credential ]] || password=$credential
[[ -z $password || -r $password ]] || die "the password file $password is missing"
[[ -s $password ]] || password=$tmp/none # pk12util takes an empty line for the empty password, but refuses an empty file
cert "$tmp/stage" -N; bundle "$tmp/stage"
keys=$(cert "$tmp/stage" -K | grep -c '^<') || true
look "$tmp/stage"
IFS=$'\t' read -r leaf _ name < <(awk '$2 ~ /u/' "$tmp/found") || true
[[ $keys == 1 && -n $leaf ]] || die "$p12 must hold exactly one private key with its certificate, it holds $keys"
[[ $name == "$nick" ]] || die "$p12 has the friendly name '$name', not '$nick': make it again with openssl pkcs12 -export -name $nick"
[[ $(common_name "$leaf") != ovs_* ]] || die "the certificate of $p12 has a common name that begins with ovs_, reserved for pod-to-pod IPsec"
step="read $ca" anchors=$(split <"$ca")
[[ -n $anchors ]] || die "$ca holds no certificate"
awk -v leaf="$leaf" -v anchors="$anchors" 'BEGIN { for (n = split(anchors, sha, " "); n; n--) print sha[n], "CT,C,C" }
  $1 != leaf && !index(anchors, $1) { print $1, ",," }' "$tmp/found" >"$tmp/wanted"
signed_by "$ca" -untrusted <(pem <"$tmp/found") "$tmp/pem/$leaf" ||
  die "the certificate of $p12 fails against $ca: $(grep -m1 -o 'Error loading.*\|depth lookup: .*' "$tmp/output")"
# 2. New entries come in beside the old ones, then take their place.
step="write the database in $nss"
mv "$tmp/before" "$tmp/found"
cat "$tmp/wanted" "$stamp" | awk 'NF < 4 && $2 ~ /,/ { print $1, $2 }' | sort -u | keep # from now on no other nickname's import removes these
while IFS=$'\t' read -r sha _ name; do # what the documented script left when it was given a certificate of another subject
  if made_up "$sha" "$name" && signed_by <(under CA | pem) -no_check_time "$tmp/pem/$sha"; then rename "$name" "ipsec-new/$nick/$sha"; fi
done < <(awk -v leaf="$leaf" -v nick="$nick" 'nick == "left_server" && $2 ~ /u/ && $1 != leaf' "$tmp/found")
while [[ $nick == left_server && -n $(under CA) ]]; do rename CA "ipsec-ca/$$.${#undo[@]}"; look "$nss"; done
while read -r sha trust; do
  name=$(name_of "$sha") new=ipsec-ca/${sha:0:16}
  if [[ -z $name ]]; then on_failure cert "$nss" -D -n "$new" && cert "$nss" -A -n "$new" -t "$trust" -i "$tmp/pem/$sha"
  elif [[ $name == ipsec-ca/* ]] || made_up "$sha" "$name"; then
    [[ $name == "$new" ]] || rename "$name" "$new"
    [[ $trust == ,, ]] || cert "$nss" -M -n "$new" -t "$trust"
  fi
done <"$tmp/wanted"
name=$(name_of "$leaf") new=ipsec-new/$nick/$leaf
[[ -z $name || $name == "$nick" || $name == ipsec-*/"$nick"/* ]] || made_up "$leaf" "$name" || die "the certificate of $p12 is in the database as '$name'"
if [[ -z $name ]]; then on_failure drop "$new" && cert "$nss" -A -n "$new" -t ,, -i "$tmp/pem/$leaf"; fi
bundle "$nss" # finds its certificates there, so that it adds the key alone and makes up no nickname
look "$nss"
until [[ $(under "$nick") == "$leaf" ]]; do # every other leaves the nickname, then the new one takes it
  if [[ -n $(under "$nick") ]]; then rename "$nick" "ipsec-old/$nick/$$.${#undo[@]}"; else rename "$(name_of "$leaf")" "$nick"; fi
  look "$nss"
done
step="verify $nick with its key" && grep -q "^$leaf"$'\t[^\t]*u' "$tmp/found"
cert "$nss" -V -n "$nick" -u I >"$tmp/output"
# 3. Now the old ones can go.
undo=() step="clean up the database in $nss"; keep <"$tmp/wanted"
for name in $(below "ipsec-new/$nick") $(below "ipsec-old/$nick"); do drop "$name"; done
for name in $(below ipsec-ca); do
  if ! grep -q "^$(under "$name")" "$nss"/.ipsec-addcert.*; then cert "$nss" -D -n "$name"
  elif ! grep -q "^$(under "$name") C" "$nss"/.ipsec-addcert.*; then cert "$nss" -M -n "$name" -t ,,; fi
done
run copy "$nss" # in the copy every certificate takes its key along; the keys that stay behind have none
names | while read -r _ name; do cert "$tmp/copy" -F -n "$name" || exit 1; done &&
  { cert "$tmp/copy" -K || true; } | sed -nE "s/^<.*> +[a-z]+ +([0-9a-f]+) +($nick|ipsec-new\/.*)\$/\1/p" | while read -r id; do cert "$nss" -F -k "$id"; done
look "$nss"
state "$tmp/wanted" | keep
echo "ipsec-addcert: $nick imported, certificate $leaf"
