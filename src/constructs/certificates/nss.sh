# shellcheck shell=bash
# What ipsec-addcert.sh and ipsec-removecert.sh have in common. Each is delivered as one file, with this text in place of its `source` line.
# Of libreswan's database they own: certificates and keys under the nickname, ipsec-new/<nickname>/ and ipsec-old/<nickname>/, which
# stand for it during a change; the CAs under ipsec-ca/; the files .ipsec-addcert-lock, .ipsec-addcert-lock.<nickname>,
# .ipsec-addcert-new, the note .ipsec-addcert.<nickname> of the last import, and .ipsec-addcert-renew.<nickname> while connections wait.
# Everything else is somebody else's, who may write while this runs: so no file of the database is ever copied back.

set -Eeuo pipefail # -E: functions and subshells have the traps too
umask 077
export LC_ALL=C # sed and awk take any byte, and sort sorts alike everywhere
# No CA of the node counts here, and openssl x509 would read all of them each time, which is most of what it does.
export SSL_CERT_FILE=/dev/null SSL_CERT_DIR=/dev/null

self=${0##*/} self=${self%.sh}
nick=${IPSEC_NICKNAME:-left_server}
nss=${IPSEC_NSS_DIR:-/var/lib/ipsec/nss}
auth=${IPSEC_NSS_PASSWORD_FILE:-}
patience=${IPSEC_WAIT:-30}
note=$nss/.ipsec-addcert.$nick
# systemd removes the unit's RUNTIME_DIRECTORY however the script ends.
tmp=${RUNTIME_DIRECTORY:-${TMPDIR:-/run}}/$self.$nick
step='begin'      # what is under way, for the message of a failure
declare -A known  # fingerprints of what certutil printed before

say() { echo "$self: $*"; }
die() { say "$*" >&2; exit 1; }

# A command failed: the message has the first thing that a tool said, or that there is no space left, of which NSS says nothing.
fail() {
  local folder said
  ((BASH_SUBSHELL == 0)) || return 0 # the shell around it fails as well, and says it once
  for folder in "$tmp" "$nss"; do
    said=$({ printf '%65536s' '' >"$folder/.ipsec-addcert-new" && rm -f "$folder/.ipsec-addcert-new"; } 2>&1) ||
      die "cannot $step: $folder cannot be written: ${said##*: }"
  done
  said=$(sed -n '/^[a-z0-9]*: /{s///p;q;}' "$tmp/error")
  die "cannot $step: ${said:-no tool said why}"
}

check_settings() {
  [[ $nick =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ && $nick != ovs_* && $nick != CA ]] ||
    die "nickname '$nick' must be letters, digits, . _ - and not CA or ovs_"
  [[ $patience =~ ^[0-9]{1,5}$ ]] || die "IPSEC_WAIT '$patience' must be a number of seconds"
}

have() { command -v "$1" >/dev/null; }

require_tools() { # before anything is written
  local tool missing=()
  for tool in awk cat cp flock grep mkdir mv openssl rm sed sha256sum sleep sort stat tac timeout "$@"; do
    have "$tool" || missing+=("$tool")
  done
  ((${#missing[@]} == 0)) || die "${missing[*]} missing in $PATH, install what brings it (certutil and pk12util: nss-tools)"
}

remark_on_readers() { # a file with a password
  local mode
  mode=$(stat -L -c %a "$1" 2>/dev/null) || return 0
  # 044 is the right to read of the group and of all others. The number is octal.
  (((8#$mode & 8#044) == 0)) || say "remark: others than the owner can read the password in $1 (mode $mode), chmod 400 $1" >&2
}

# Two runs of one nickname would meet in its scratch folder and in what waits to be renewed: its own lock, which comes first, is held to the
# end. That of the database may be given back before.
lock() { # $1: who else may have it
  exec 8>"$nss/.ipsec-addcert-lock.$nick" 9>"$nss/.ipsec-addcert-lock"
  wait_for_lock 8 "$1 of $nick has not ended for $patience s"
  wait_for_lock 9 "$1 has held $nss for more than $patience s"
}
wait_for_lock() {
  local status=0
  flock -w "$patience" "$1" || status=$?
  ((status != 1)) || die "$2" # 1: it has waited in vain
  ((status == 0)) || die "cannot lock $nss/.ipsec-addcert-lock"
}

# A folder of its own for notes, and a database in it that looks at certificates, never at keys.
make_scratch() {
  local said
  said=$({ rm -rf "$tmp" && mkdir -p "$tmp/pem" "$tmp/copy" && echo >"$tmp/none" && printf '%131072s' '' >"$tmp/error"; } 2>&1) ||
    die "cannot use $tmp: ${said##*: }"
  : >"$tmp/error"
  if [[ -z $auth ]]; then auth=/etc/ipsec.d/nsspassword; [[ -s $auth ]] || auth=$tmp/none; fi
  step="use $tmp"
  cert "$tmp/copy" -N
}

# Runs one command on the node's database. To NSS a database that another writer has locked looks like a broken one: these errors
# are tried again.
run() {
  local end=$((SECONDS + patience)) locked='SEC_ERROR_(BAD_DATABASE|PKCS11_GENERAL_ERROR|BUSY|IO)'
  until "$@" </dev/null 2>"$tmp/error"; do
    ((SECONDS < end)) && grep -qE "$locked" "$tmp/error" || return 1
    sleep 0.2
  done
}

cert() { # a database's folder, certutil's arguments
  case $1 in
    "$nss") run certutil -d "sql:$1" -f "$auth" "${@:2}" ;;
    "$tmp/copy") certutil -d "sql:$1" -f "$tmp/none" "${@:2}" </dev/null 2>"$tmp/error" ;;
    *) stage certutil -f "${@:2}" ;;
  esac
}

# A power cut in the middle of a write leaves a journal, with which nobody can read the database. SQLite takes the half write back as
# soon as the database is opened for writing (-X), and only then. NSS makes what is missing of it then, but for its password, even the
# empty one, without which it takes no key: -N sets it, where whoever made the database was cut off before, or nobody has made it yet.
# Where somebody else has set it meanwhile, -N sets it anew, to what -@ says, and without -@ to the empty one.
heal() {
  cert "$nss" -L -X >"$tmp/output"
  if grep -q 'needs user init' "$tmp/output"; then cert "$nss" -N -@ "$auth" >"$tmp/output"; fi
}

# Whether somebody is writing a database's certificates. A journal that is empty or begins with a zero byte is of a write that had not
# begun when the power went, or has ended: the database is whole, and SQLite leaves the file there.
being_written() {
  local byte=
  { IFS= read -r -d '' -n 1 byte <"$1/cert9.db-journal"; } 2>/dev/null || true
  [[ -n $byte ]]
}

# Copies the certificates of a database, without keys, and lists them in $tmp/list. Tried again when someone wrote meanwhile.
copy() {
  local end=$((SECONDS + patience))
  while :; do
    cp "$1/cert9.db" "$tmp/copy/"
    cert "$1" -L >"$tmp/list"
    if ! being_written "$1" && [[ $(sha256sum <"$1/cert9.db") == "$(sha256sum <"$tmp/copy/cert9.db")" ]]; then return 0; fi
    ((SECONDS < end)) || die "others have written $1 without a pause for $patience s"
    sleep 0.2
  done
}

# Cuts a PEM file into certificates, kept as $tmp/pem/<sha256>, and sets $shas to their names, separated by blanks. Text around them
# is passed over, and, as OpenSSL does it, blanks at the end of a line. Sets $unread to the line of the first one that OpenSSL cannot read.
split() {
  local file sha
  shas='' unread=''
  rm -f "$tmp"/pem/new.*
  awk -v to="$tmp/pem/new." '
    { sub(/[ \t\r\f\v]+$/, "") }
    /^-----BEGIN (X509 )?CERTIFICATE-----$/ { file = sprintf("%s%07d", to, NR); $0 = "-----BEGIN CERTIFICATE-----" }
    /^-----END (X509 )?CERTIFICATE-----$/ { if (file) print "-----END CERTIFICATE-----" >file; close(file); file = "" }
    file { print >file }' "$1"
  for file in "$tmp"/pem/new.*; do
    [[ -e $file ]] || return 0 # there is none
    if ! sha=$(openssl x509 -in "$file" -outform DER 2>"$tmp/error" | sha256sum); then
      unread=$((10#${file##*.}))
      return 0
    fi
    mv "$file" "$tmp/pem/${sha%% *}"
    shas+=${shas:+ }${sha%% *}
  done
}

# Lists the certificates of a database in $tmp/found, one a line: sha256, trust, nickname, with tabs between.
# For a nickname, NSS prints every certificate of its subject, also those under other nicknames. So each nickname that printed several
# is deleted from the copy before the next one is asked; what it printed and no later nickname prints any more was its own.
look() {
  # shellcheck disable=SC2034 # split sets unread; a certificate out of the database can be read
  local trust name text shas unread
  copy "$1"
  while read -r trust name; do
    cert "$tmp/copy" -L -n "$name" -a >"$tmp/one" || continue # gone with another line of its name
    text=$(<"$tmp/one")
    if [[ -z ${known[$text]:-} ]]; then split "$tmp/one"; known[$text]=$shas; fi
    printf '%s\t%s\t%s\n' "${known[$text]}" "$trust" "$name"
    [[ ${known[$text]} != *' '* ]] || cert "$tmp/copy" -D -n "$name"
  done < <(sed -nE '5,$s/^(.*[^ ]) +([^ ]+) *$/\2 \1/p' "$tmp/list") >"$tmp/shown"
  tac "$tmp/shown" | awk -F'\t' '{
    n = split($1, sha, " ")
    for (i = 1; i <= n; i++) if (!(sha[i] in seen)) { seen[sha[i]]; print sha[i] FS $2 FS $3 }
  }' >"$tmp/found"
}

name_of() { awk -F'\t' -v sha="$1" '$1 == sha { print $3 }' "$tmp/found"; }             # the nickname of a certificate
under() { NAME=$1 awk -F'\t' '$3 == ENVIRON["NAME"] { print $1 }' "$tmp/found"; }       # the certificates under a nickname
below() { NAME=$1/ awk -F'\t' 'index($3, ENVIRON["NAME"]) == 1 { print $3 }' "$tmp/found"; } # the nicknames that begin so

pem() { # prints the certificates whose fingerprints are first on the lines of its input
  local sha
  while read -r sha _; do cat "$tmp/pem/$sha"; done
}

common_name() { # the last one of the subject
  openssl x509 -in "$tmp/pem/$1" -noout -subject -nameopt multiline,utf8,-esc_msb | sed -n 's/^ *commonName *= //p' | sed -n '$p'
}
made_up() { [[ $2 == "$(common_name "$1") - "* ]]; } # whether pk12util made up the nickname, because the right one was taken or missing
signed_by() { openssl verify -no-CApath -no-CAstore -partial_chain -CAfile "$1" "${@:2}" >"$tmp/output" 2>&1; }
of_documented() { # sha256, nickname: whether pk12util named it for the documented script, whose CA is still there and signed it
  [[ $nick == left_server && -n $(under CA) ]] && made_up "$1" "$2" && signed_by <(under CA | pem) -no_check_time "$tmp/pem/$1"
}
ours() { [[ $1 == "$nick" || $1 == ipsec-new/"$nick"/* || $1 == ipsec-old/"$nick"/* ]]; } # whether a nickname or label is this import's

drop() { # a nickname: its certificate and key go; -F takes only a certificate that has a key, and NSS keeps a key that others use
  cert "$nss" -F -n "$1" || true
  if cert "$nss" -L -n "$1" >"$tmp/output"; then cert "$nss" -D -n "$1"; fi
  gone "$1"
}

on_one_line() { awk '!/^-/ { printf "%s", $0 } END { print "" }'; } # what is between the boundaries of a PEM text

# Lists the keys in $tmp/keys. Unlike a list of certificates it fails on a wrong password, and also when there are none.
list_keys() { cert "$nss" -K >"$tmp/keys" || grep -q 'no keys found' "$tmp/keys" "$tmp/error"; }

# Prints the ids of this nickname's keys that have no certificate. certutil -K tells a key's label, which is no proof: so a
# certificate request, signed with the key and thrown away, shows its public half, which is looked for among those of all
# certificates in $tmp/found.
lone_keys() {
  local sha id label public
  while read -r sha _; do openssl x509 -in "$tmp/pem/$sha" -noout -pubkey | on_one_line; done <"$tmp/found" >"$tmp/public"
  list_keys
  while read -r id label; do
    ours "$label" || continue
    cert "$nss" -R -k "$id" -s CN=key -a >"$tmp/request" || continue
    public=$(openssl req -in "$tmp/request" -noout -pubkey | on_one_line)
    if ! grep -qxF "$public" "$tmp/public"; then echo "$id"; fi
  done < <(sed -nE 's/^<[^>]*> +[a-zA-Z]+ +([0-9a-f]+) +(.*[^ ]) *$/\1 \2/p' "$tmp/keys")
}

drop_lone_keys() {
  local id
  lone_keys >"$tmp/lone"
  while read -r id; do
    cert "$nss" -F -k "$id"
    gone "a key of $nick"
  done <"$tmp/lone"
}

# Whether the note of any import has a line that begins so.
noted() { grep -qs "^$1" "$nss"/.ipsec-addcert.*; }

# CAs that no import's file holds any more go; those that are left only in a chain lose their trust.
drop_unused_cas() { # which nicknames, one a line
  local name sha
  while read -r name; do
    sha=$(under "$name")
    if ! noted "$sha"; then cert "$nss" -D -n "$name"; gone "$name"
    elif ! noted "$sha C"; then cert "$nss" -M -n "$name" -t ,,; fi
  done
}
