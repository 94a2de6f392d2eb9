#!/bin/bash
# Makes libreswan's NSS database hold exactly one certificate and key under a nickname, from a PKCS#12 bundle, and the CAs of a PEM file.
#   IPSEC_NICKNAME        the nickname, which is the bundle's friendly name
#   IPSEC_PKCS12, IPSEC_CA   the bundle; the CA certificates to trust for it
#   IPSEC_PASSWORD_FILE   password of the bundle; unset: systemd's credential <nickname>.password, and without that the empty password
#   IPSEC_NSS_DIR         the database; IPSEC_NSS_PASSWORD_FILE its own password (FIPS); IPSEC_WAIT seconds to wait while it is locked
# Where libreswan runs already, it is told of a certificate or CA that changed, and the connections that use the certificate start anew.
# Killed at any moment, it is finished by the next run; on a failure it undoes what it did. `main`, at the end, tells the order.
source "${0%/*}/nss.sh"

p12=${IPSEC_PKCS12:-/etc/pki/certs/left_server.p12}
ca=${IPSEC_CA:-/etc/pki/certs/ca.pem}
password=${IPSEC_PASSWORD_FILE:-}
credential=${CREDENTIALS_DIRECTORY:-/nonexistent}/$nick.password
secret=  # the password of the scratch database
undo=()  # commands that take back what was done, the last one first
leaf=    # sha256 of the bundle's certificate
anchors= # sha256 of each certificate of the CA file
# There from before the first write until the last connection is renewed. Its lines are those that wait: name, and whether it was up.
due=$nss/.ipsec-addcert-renew.$nick

gone() { :; } # what is replaced is not worth a line

# --- before the database is touched

check_files() {
  local file
  for file in "$p12" "$ca" ${auth:+"$auth"}; do [[ -s $file ]] || die "$file is missing or empty"; done
  [[ -n $password || ! -e $credential ]] || password=$credential
  if [[ $password != "$credential" ]]; then remark_on_readers "$password"; fi
  remark_on_readers "$auth"
}

# Until the extension with libreswan is on the node, nothing is wrong. Its boot, and any start of ipsec.service, runs this again.
wait_for_libreswan() {
  if have certutil || have ipsec; then return; fi
  say "libreswan is not installed yet, $nick is imported at the first start with it"
  exit 0
}

# However the script ends: takes back what was done, the last step first. A step's command was kept quoted for eval.
finish() {
  trap '' INT TERM HUP
  while ((${#undo[@]})); do
    eval "${undo[-1]}" || true
    unset 'undo[-1]'
  done
  rm -rf "$tmp"
}
on_failure() { printf -v "undo[${#undo[@]}]" '%q ' "$@"; }
nothing_to_undo() { undo=(); }

# A change of name that is taken back on failure.
rename() { on_failure cert "$nss" --rename -n "$2" --new-n "$1" && cert "$nss" --rename -n "$1" --new-n "$2"; }

# A run that was cut off between taking the old certificate's nickname away and giving it to the new one: the old one gets it back.
give_nickname_back() {
  local name
  [[ -z $(under "$nick") ]] || return 0
  while read -r name; do rename "$name" "$nick"; done < <(below "ipsec-old/$nick")
  nothing_to_undo
}

# What matters for this import: the input files, and the entries of the database that are the nickname's or in the list $1
# (sha256, trust). A CA that is listed without trust may have any, which someone else gave it.
state() {
  sha256sum "$p12" "$ca"
  NICK=$nick awk -F'[\t ]' -v list="$1" '
    function ours(name) {
      if (index(name, "ipsec-new/" nick "/") == 1 || index(name, "ipsec-old/" nick "/") == 1) return 1
      return name == nick || name == "CA" && nick == "left_server"
    }
    BEGIN {
      nick = ENVIRON["NICK"]
      while ((getline <list) > 0) if ($3 == "") want[$1] = $2 # the lines of a note that have a third field are no CAs
    }
    $1 in want { print $1, want[$1] == ",," ? ",," : $2, ""; next }
    ours($3) { print $1, $2, $3 }' "$tmp/found" | sort
}
write_note() { cat >"$nss/.ipsec-addcert-new" && mv "$nss/.ipsec-addcert-new" "$note"; } # in one step: never half a note
up_to_date() { [[ -e $note && $(state "$note") == "$(<"$note")" ]] && cert "$nss" -V -n "$nick" -u I >"$tmp/output"; }

# --- 1. what is wrong with the inputs shows in a scratch database

# One command on the scratch database. Its password is known to this process alone, so a kill leaves no key that anyone could read. It is
# 24 bytes of chance, to which NSS need not apply SHA-256 ten thousand times for each key that it reads or writes.
stage() { NSS_MAX_MP_PBE_ITERATION_COUNT=1000 "$1" -d "sql:$tmp/stage" "$2" <(echo "$secret") "${@:3}" </dev/null 2>"$tmp/error"; }

open_bundle() {
  local keys name
  step="use $tmp"
  mkdir "$tmp/stage"
  secret=Aa1+$(openssl rand -base64 24)
  stage certutil -f -N
  step="open $p12 (wrong password, or a damaged file)"
  [[ -z $password || -r $password ]] || die "the password file $password is missing"
  [[ -s $password ]] || password=$tmp/none # pk12util takes an empty line for the empty password, but refuses an empty file
  stage pk12util -k -i "$p12" -w "$password" >"$tmp/output"
  keys=$(stage certutil -f -K | grep -c '^<') || true
  look "$tmp/stage"
  IFS=$'\t' read -r leaf _ name < <(awk '$2 ~ /u/' "$tmp/found") || true
  [[ $keys == 1 && -n $leaf ]] || die "$p12 must hold exactly one private key with its certificate, it holds $keys"
  [[ $name == "$nick" ]] || die "$p12 has the friendly name '$name', not '$nick': make it again with openssl pkcs12 -export -name $nick"
  [[ $(common_name "$leaf") != ovs_* ]] ||
    die "the certificate of $p12 has a common name that begins with ovs_, reserved for pod-to-pod IPsec"
}

# Reads the CA file as OpenSSL does, and refuses what OpenSSL would pass over without a word: any boundary that is not a
# certificate's and alone on its line.
read_cas() {
  local shas unread line
  step="read $ca"
  line=$(awk '
    { sub(/[ \t\r\f\v]+$/, "") }
    toupper($0) !~ /-----(BEGIN|END)|-[ \t]*(BEGIN|END)[ \t_-]*((X509|TRUSTED|NEW) )?CERTIFICATE/ { next }
    /^-----BEGIN (X509 )?CERTIFICATE-----$/ && !inside { inside = NR; kind = $0; sub(/BEGIN/, "END", kind); next }
    $0 == kind && inside { inside = 0; next }
    { exit bad = NR }
    END { if (bad || inside) print bad ? bad : inside }' "$ca") || true
  [[ -z $line ]] || die "line $line of $ca is no line -----BEGIN CERTIFICATE----- alone, or has no end: \
the file must hold certificates and, around them, text without such dashes (openssl storeutl -certs $ca shows what is read)"
  split "$ca"
  [[ -z $unread ]] || die "the certificate on line $unread of $ca is damaged: OpenSSL cannot read it"
  [[ -n $shas ]] || die "$ca holds no certificate"
  anchors=$shas
}

# Lists in $tmp/wanted the CAs that belong in the database: those of the file with trust, those that are only in the bundle without.
want_cas() {
  awk -v leaf="$leaf" -v anchors="$anchors" '
    BEGIN { for (n = split(anchors, sha, " "); n; n--) print sha[n], "CT,C,C" }
    $1 != leaf && !index(anchors, $1) { print $1, ",," }' "$tmp/found" | sort -u >"$tmp/wanted"
  signed_by "$ca" -untrusted <(pem <"$tmp/found") "$tmp/pem/$leaf" ||
    die "the certificate of $p12 fails against $ca: $(grep -m1 -o 'Error loading.*\|depth lookup: .*' "$tmp/output")"
}

# --- 2. new entries come in beside the old ones, then take their place

# Someone else's certificate or key under the nickname stays, and the import ends here. The nickname of the documented script is
# this script's to take over; and where this script imported before, there is a note with entries.
refuse_strangers() {
  local theirs name key option=-D with="-d sql:$nss${IPSEC_NSS_PASSWORD_FILE:+ -f $auth}"
  name=$(name_of "$leaf")
  [[ -z $name || $name == "$nick" || $name == ipsec-*/"$nick"/* ]] || made_up "$leaf" "$name" ||
    die "the certificate of $p12 is in the database as '$name'"
  if [[ $nick == left_server ]] || grep -qs , "$note"; then return 0; fi
  theirs=$(under "$nick")
  if [[ -n $theirs && $theirs != "$leaf" ]]; then
    # -F deletes a certificate with its key, and -D one that has none.
    if NICK=$nick awk -F'\t' '$3 == ENVIRON["NICK"] && $2 ~ /u/ { found = 1 } END { exit !found }' "$tmp/found"; then option=-F; fi
    die "the database has a certificate '$nick' that this script did not import (sha256 ${theirs//$'\n'/ }): choose another nickname, \
or give it up with certutil $option -n $nick $with and start the import again"
  fi
  lone_keys >"$tmp/lone"
  read -r key <"$tmp/lone" || return 0
  die "the database has a key '$nick' without certificate that this script did not import: choose another nickname, \
or give it up with certutil -F -k $key $with and start the import again"
}

# From now on no other nickname's import removes the CAs that this one needs, now or until now.
note_cas() { cat "$tmp/wanted" "$tmp/noted" | awk 'NF < 4 && $2 ~ /,/ { print $1, $2 }' | sort -u | write_note; }

# Whether the certificate, or the CAs that are trusted for it, will be others than they were: those of the note, and without one those of
# the database. What only comes back, or is wrapped anew, is none.
changes() {
  local was
  [[ $(under "$nick") == "$leaf" ]] || return 0
  was=$(trusted_in "$tmp/noted")
  if [[ -n $was ]]; then [[ $was != "$(trusted_in "$tmp/wanted")" ]]; return; fi
  awk -F'[\t ]' '
    NR == FNR { if ($2 ~ /C/) trusted[$1]; next }
    $2 ~ /C/ && !($1 in trusted) { new = 1 }
    END { exit !new }' "$tmp/found" "$tmp/wanted"
}
trusted_in() { awk 'NF == 2 && $2 ~ /^[CTPcpu]*C[CTPcpu]*,/ { print $1 }' "$1" | sort -u; } # a list's certificates; other lines name files

note_renewal() {
  [[ ! -e $due ]] || return 0
  on_failure rm -f "$due"
  : >"$due"
}

# What the documented script left: CAs under the nickname CA, and what pk12util named itself when a renewal had another subject.
take_over_documented() {
  local sha trust name
  [[ $nick == left_server ]] || return 0
  while IFS=$'\t' read -r sha trust name; do
    [[ $trust == *u* && $sha != "$leaf" ]] || continue
    if of_documented "$sha" "$name"; then rename "$name" "ipsec-new/$nick/$sha"; fi
  done <"$tmp/found"
  while [[ -n $(under CA) ]]; do
    rename CA "ipsec-ca/$$.${#undo[@]}"
    look "$nss"
  done
}

# A CA that is there under someone's nickname is used as it is.
add_cas() {
  local sha trust name new
  while read -r sha trust; do
    name=$(name_of "$sha") new=ipsec-ca/${sha:0:16}
    if [[ -z $name ]]; then
      on_failure cert "$nss" -D -n "$new"
      cert "$nss" -A -n "$new" -t "$trust" -i "$tmp/pem/$sha"
    elif [[ $name == ipsec-ca/* ]] || made_up "$sha" "$name"; then
      [[ $name == "$new" ]] || rename "$name" "$new"
      [[ $trust == ,, ]] || cert "$nss" -M -n "$new" -t "$trust"
    fi
  done <"$tmp/wanted"
}

# The certificate first: pk12util then finds all certificates there, adds the key alone, and makes up no nickname.
add_certificate() {
  local new=ipsec-new/$nick/$leaf
  if [[ -z $(name_of "$leaf") ]]; then
    on_failure drop "$new"
    cert "$nss" -A -n "$new" -t ,, -i "$tmp/pem/$leaf"
  fi
  run pk12util -d "sql:$nss" -k "$auth" -i "$p12" -w "$password" >"$tmp/output"
}

# Every other certificate leaves the nickname, then the new one takes it. There may be several, of which one --rename takes one.
give_nickname() {
  look "$nss"
  until [[ $(under "$nick") == "$leaf" ]]; do
    if [[ -n $(under "$nick") ]]; then rename "$nick" "ipsec-old/$nick/$$.${#undo[@]}"; else rename "$(name_of "$leaf")" "$nick"; fi
    look "$nss"
  done
}

prove() {
  step="verify $nick with its key"
  grep -q "^$leaf"$'\t[^\t]*u' "$tmp/found"
  cert "$nss" -V -n "$nick" -u I >"$tmp/output"
}

# --- 3. now the old ones can go

clean_up() {
  local name
  step="clean up the database in $nss"
  nothing_to_undo
  write_note <"$tmp/wanted"
  while read -r name; do drop "$name"; done < <(below "ipsec-new/$nick" && below "ipsec-old/$nick")
  drop_unused_cas < <(below ipsec-ca)
  look "$nss"
  drop_lone_keys
  state "$tmp/wanted" | write_note
}

# --- 4. a libreswan that runs takes the new ones

whack() { timeout 20 ipsec whack "$@" </dev/null >"$tmp/output" 2>"$tmp/error"; }

# NSS inside libreswan may read a copy of the database, which it makes anew when ten seconds have passed. It takes to a copy where it found
# the folder slow, for a moment, as libreswan started. Until then libreswan would go on with the old certificate, or have the new one
# without its key. So this waits until libreswan lists what was imported, and no longer than a copy lasts.
wait_for_nss() {
  local sha until=$((SECONDS + 12))
  for sha in $(under "$nick") $(trusted_in "$note"); do openssl x509 -noout -serial -in "$tmp/pem/$sha"; done >"$tmp/serials"
  until lists_imported; do ((SECONDS < until)) || return 0; sleep 1; done
}
lists_imported() { # the first serial with its key, under the nickname, and those of the CAs
  whack --listcerts || return 1
  cp "$tmp/output" "$tmp/listed"
  whack --listcacerts || return 1
  NICK=$nick awk '
    function plain(serial) { sub(/^(0x|serial=)0*/, "", serial); return tolower(serial) }
    FNR == NR { if (FNR == 1) wanted = plain($0); else cas[plain($0)]; next }
    / - SN: 0x/ { serial = plain($NF); ours = index($0, " End certificate \"" ENVIRON["NICK"] "\" ") }
    / CA certificate "/ { delete cas[serial] }
    / has private key/ && ours && serial == wanted { has_key = 1 }
    END { for (serial in cas) exit 1; exit !has_key }' "$tmp/serials" "$tmp/listed" "$tmp/output"
}

# What libreswan has read it keeps: certificates until it is told, and version 4 its CAs until five minutes after the last time that it
# needed them, unless that event is triggered. (It goes on trusting a CA that is gone, until it is started again.)
reread() {
  whack --rereadcerts || true
  [[ $(ipsec --version 2>/dev/null) != *ibreswan\ 4.* ]] || whack --impair trigger:FREE_ROOT_CERTS || true
}

# Adds to $due the connections that libreswan has loaded with this certificate; those that carry traffic are up.
list_connections() {
  whack --status || true
  cp "$tmp/output" "$tmp/status"
  whack --trafficstatus || true
  NICK=$nick awk -v due="$due" -v traffic="$tmp/output" '
    FILENAME == due { known[$1]; print; next }
    split($0, part, "\"") < 3 { next }
    { name = part[2]; sub(/\/.*/, "", name) } # one of several subnets
    FILENAME == traffic { up[name]; next }
    index($0, " mycert=" ENVIRON["NICK"] ";") && !(name in known) { known[name]; print name, name in up ? "up" : "down" }
  ' "$due" "$tmp/output" "$tmp/status" >"$due.new"
  mv "$due.new" "$due"
}

# Its connections are named by their UUIDs.
of_network_manager() {
  [[ $1 =~ ^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$ ]] && have nmcli || return 1
  [[ $(nmcli -g vpn.service-type connection show uuid "$1" 2>/dev/null) == *.libreswan ]]
}
start_anew() { # name, seconds: NetworkManager loads the connection anew, which takes another subject too, and refuses one that is up
  nmcli --wait 30 connection down uuid "$1" >"$tmp/output" 2>&1 || true
  nmcli --wait "$2" connection up uuid "$1" >"$tmp/output" 2>"$tmp/error"
}
initiate_anew() { # name
  whack --terminate --name "$1" || true
  timeout "$patience" ipsec whack --initiate --name "$1" </dev/null >"$tmp/output" 2>"$tmp/error"
}

renew_connection() { # name, up or down
  local how=(initiate_anew "$1")
  if of_network_manager "$1"; then
    if [[ $2 == down ]]; then start_anew "$1" 0 || true; return 0; fi
    how=(start_anew "$1" 60)
  elif [[ $2 == down ]]; then
    return 0 # it has been reread
  fi
  on_failure "${how[@]}"
  if ! "${how[@]}" && ! "${how[@]}"; then
    nothing_to_undo
    die "connection $1 was up, and does not come up with the certificate $(under "$nick")"
  fi
  nothing_to_undo
}

# One after the other: where one that was up fails, the others keep what they have, and the next run begins with it.
renew() {
  local name was
  [[ -e $due ]] || return 0
  step="renew the connections of $nick"
  # A libreswan that starts later reads the database itself.
  if ! have ipsec || ! whack --status; then rm -f "$due"; return 0; fi
  exec 9>&- # other nicknames may be imported meanwhile
  wait_for_nss
  reread
  list_connections
  while read -r name was <&3; do
    renew_connection "$name" "$was"
    say "connection $name renewed"
    sed 1d "$due" >"$due.new"
    mv "$due.new" "$due"
  done 3< <(cat "$due")
  rm -f "$due"
}

main() {
  check_settings
  wait_for_libreswan
  require_tools certutil pk12util
  check_files
  step="make $nss"
  mkdir -p "$nss"
  lock 'another import'
  trap finish EXIT
  trap fail ERR
  trap 'exit 143' INT TERM HUP
  make_scratch

  step="read $nss"
  heal
  look "$nss"
  give_nickname_back
  if up_to_date; then
    say "$nick is up to date"
    renew
    exit 0
  fi
  cp "$tmp/found" "$tmp/before"

  open_bundle
  read_cas
  want_cas

  step="write the database in $nss"
  cp "$tmp/before" "$tmp/found"
  refuse_strangers
  if [[ -e $note ]]; then cp "$note" "$tmp/noted"; else : >"$tmp/noted"; fi
  if changes; then note_renewal; fi
  note_cas
  take_over_documented
  add_cas
  add_certificate
  give_nickname
  prove

  clean_up
  say "$nick imported, certificate $leaf"
  renew
}
main
