#!/bin/bash
# Takes a certificate with its key, and the CAs that were imported for it alone, out of libreswan's NSS database.
#   IPSEC_NICKNAME   the certificate's nickname
#   IPSEC_NSS_DIR    the database; IPSEC_NSS_PASSWORD_FILE its own password (FIPS); IPSEC_WAIT seconds to wait while it is locked
# The counterpart of ipsec-addcert.sh, whose entries and notes it knows. Of what the documented script left it takes the CA, and
# what pk12util named by itself for a certificate of that CA. Everything else stays. A run that was cut off is finished by the next
# one; with nothing to take, it changes nothing.
source "${0%/*}/nss.sh"

gone() { say "removed $1"; }
finish() { rm -rf "$tmp"; }

# The list is from before: a nickname that stands in it twice had two certificates, and loses one each time.
drop_certificates() {
  local sha trust name
  while IFS=$'\t' read -r sha trust name; do
    if ours "$name" || { [[ $trust == *u* ]] && of_documented "$sha" "$name"; }; then drop "$name"; fi
  done <"$tmp/found"
}

# Without the note of this import, its CAs are those that no other note has.
drop_cas() {
  local name
  rm -f "$note" "$nss/.ipsec-addcert-renew.$nick"
  drop_unused_cas < <(below ipsec-ca)
  [[ $nick == left_server ]] || return 0
  while read -r sha; do
    noted "$sha" || drop CA
  done < <(under CA)
}

main() {
  check_settings
  if [[ ! -e $nss/cert9.db ]]; then say "there is no database in $nss"; exit 0; fi
  require_tools certutil
  [[ -z $auth || -s $auth ]] || die "$auth is missing or empty"
  remark_on_readers "$auth"
  lock 'an import'
  trap finish EXIT
  trap fail ERR
  trap 'exit 143' INT TERM HUP
  make_scratch

  step="read the database in $nss"
  heal
  look "$nss"
  list_keys # so that a wrong password shows now

  step="take $nick out of $nss"
  drop_certificates
  step="take the keys of $nick out of $nss"
  look "$nss"
  drop_lone_keys
  step="take the CAs of $nick out of $nss"
  drop_cas

  step="verify that $nick is gone from $nss"
  look "$nss"
  [[ -z $(under "$nick") ]]
  say "$nick is not in $nss"
}
main
