#!/bin/bash
# What ipsec-from-secret.sh has the node do, in the node's root, with the node's tools.
#   import pem DIGEST ADDCERT          imports what is open as 3, the private key; 4, the certificates; 5, the CAs
#   import pkcs12 DIGEST ADDCERT       imports what is open as 4, a bundle; 5, the CAs
#   import pkcs12-with-password …      the same, with the bundle's password as 3
#   have DIGEST                        whether the database has what was imported with this digest
#   remove REMOVECERT                  takes the certificate out of the database
#   label NODE KEY=VALUE               labels the node by kubelet's own right, which is to label this node alone
# ADDCERT and REMOVECERT are the texts of ipsec-addcert.sh and ipsec-removecert.sh.
# The bundle for the import, with a password of its own, stands in a tmpfs that this process alone sees: killed at any moment, it is gone.

set -Eeuo pipefail
umask 077

nick=$IPSEC_NICKNAME
nss=${IPSEC_NSS_DIR:-/var/lib/ipsec/nss}
folder=/run/ipsec-from-secret
work=$folder/$nick           # where the tmpfs is
record=$folder/$nick.imported # digest and certificate of the last import, until the next boot

die() { echo "$*" >&2; exit 1; }

make_work() {
  mkdir -p "$work"
  mount -n -t tmpfs -o size=16m,mode=0700,nosuid,nodev,noexec ipsec-from-secret "$work" || die "no tmpfs can be mounted on $work"
  export TMPDIR=$work
}

# A bundle that another program made, whose friendly name, if any, is another one. The second try is for ciphers of old.
open_pkcs12() {
  local password=pass: legacy
  if [[ $1 == pkcs12-with-password ]]; then password=file:/dev/fd/3; fi
  cat <&4 >"$work/given.p12"
  for legacy in '' -legacy; do
    convert -nocerts tls.key && convert '-clcerts -nokeys' own.crt && convert '-cacerts -nokeys' others.crt && break
  done
  [[ -s $work/tls.key && -e $work/others.crt ]] || die 'its PKCS#12 bundle does not open: the password is wrong, or the bundle is damaged'
  cat "$work/own.crt" "$work/others.crt" >"$work/tls.crt"
  exec 3<"$work/tls.key"
}
convert() { # what, to which file
  # shellcheck disable=SC2086 # several words, and none
  openssl pkcs12 -in "$work/given.p12" -passin "$password" $legacy -nodes $1 -out "$work/$2" 2>"$work/error" </dev/null
}

judge_pair() {
  local of_key of_certificate
  of_certificate=$(openssl x509 -in "$work/tls.crt" -noout -pubkey 2>"$work/error") || die 'it has no certificate in PEM, or a damaged one'
  of_key=$(openssl pkey -in /dev/fd/3 -passin pass: -pubout 2>"$work/error" </dev/null) ||
    die 'it has no private key in PEM, an encrypted one, or a damaged one'
  [[ $of_key == "$of_certificate" ]] || die 'its private key is not that of its first certificate'
}

make_bundle() {
  local password
  password=$(openssl rand -base64 24)
  echo "$password" >"$work/password"
  openssl pkcs12 -export -name "$nick" -in "$work/tls.crt" -inkey /dev/fd/3 -out "$work/secret.p12" \
    -keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256 -passout fd:7 7< <(echo "$password") 2>"$work/error" </dev/null ||
    die "no bundle can be made of it: $(head -n 1 "$work/error")"
}

import() {
  local kind=$1 digest=$2 addcert=$3 leaf
  have_tools || die 'libreswan is not installed on the node yet'
  make_work
  if [[ $kind == pem ]]; then cat <&4 >"$work/tls.crt"; else open_pkcs12 "$kind"; fi
  cat <&5 >"$work/ca.crt"
  judge_pair
  leaf=$(openssl x509 -in "$work/tls.crt" -outform DER | sha256sum)
  make_bundle
  exec 3<&- 4<&- 5<&-
  rm -f "$work/tls.key"
  rm -f "$record" # what is in the database until the import is over, nobody can say
  IPSEC_PKCS12=$work/secret.p12 IPSEC_CA=$work/ca.crt IPSEC_PASSWORD_FILE=$work/password RUNTIME_DIRECTORY=$work \
    /bin/bash -c "$addcert" ipsec-addcert.sh
  rm -f "$work/secret.p12" "$work/password"
  echo "$digest ${leaf%% *}" >"$record.new"
  mv "$record.new" "$record"
}

have_tools() { command -v certutil >/dev/null && command -v pk12util >/dev/null; }

# The note of ipsec-addcert.sh says under which nickname it left the certificate; the database, that it is there.
have() {
  local digest leaf
  read -r digest leaf <"$record"
  [[ $digest == "$1" ]] && grep -qE "^$leaf [^ ]*u[^ ]* " "$nss/.ipsec-addcert.$nick" && [[ $'\n'$(printed)$'\n' == *$'\n'$leaf$'\n'* ]]
}

printed() { # the fingerprints of what the database has under the nickname's subject
  local line text=
  while read -r line; do
    text+=$line$'\n'
    [[ $line == -----END* ]] || continue
    openssl x509 -outform DER <<<"$text" | sha256sum | cut -d ' ' -f 1
    text=
  done < <(certutil -L -d "sql:$nss" -n "$nick" -a)
}

remove() {
  mkdir -p "$folder"
  rm -f "$record"
  RUNTIME_DIRECTORY=$folder /bin/bash -c "$1" ipsec-removecert.sh
}

label() { oc --kubeconfig /var/lib/kubelet/kubeconfig --request-timeout=20s label --overwrite node "$1" "$2" >/dev/null; }

"$@"
