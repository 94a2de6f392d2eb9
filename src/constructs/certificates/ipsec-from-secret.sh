#!/bin/bash
# Keeps the certificate of a Secret in the NSS database of the node that this pod runs on, for as long as it runs.
#   ipsec-from-secret.sh follow   looks at the Secret again and again, and has the node import what changed
#   ipsec-from-secret.sh ready    fails, with the reason in one line, while the node's certificate is not the Secret's
#   ipsec-from-secret.sh alive    fails once `follow` has done nothing for a quarter of an hour
#   IPSEC_SECRET, IPSEC_NAMESPACE   the Secret, for what is said of it, and to ask the API for it
#   IPSEC_MOUNT        the folder where it is mounted; unset: the API is asked with `oc`
#   IPSEC_CERTIFICATE_KEY, IPSEC_PRIVATE_KEY_KEY   its keys with PEM; or IPSEC_PKCS12_KEY and IPSEC_PASSWORD_KEY with a bundle
#   IPSEC_CA_KEY       its key with CAs; IPSEC_MORE_CAS a file with others
#   IPSEC_NICKNAME     the certificate's nickname
#   IPSEC_NODE, IPSEC_NODE_LABEL   the node, and the label that it gets after an import; unset: none
#   IPSEC_REMOVE       yes: a Secret that is deleted takes the certificate from the node
#   IPSEC_HOST         the node's root; IPSEC_MEMORY a folder in memory; IPSEC_INTERVAL, IPSEC_RETRY seconds
# The Secret is in this pod's memory, and in the memory of a process on the node, and nowhere else: ipsec-from-secret-node.sh.

set -uo pipefail
umask 077
export LC_ALL=C

here=${0%/*}
self=${0##*/} self=${self%.sh}
memory=${IPSEC_MEMORY:-/run/ipsec-from-secret}
export TMPDIR=$memory # where bash writes what stands after <<<: a key may be in it, and the pod's root can't be written
host=${IPSEC_HOST:-/host}
interval=${IPSEC_INTERVAL:-10}
retry=${IPSEC_RETRY:-60}
secret="Secret $IPSEC_NAMESPACE/$IPSEC_SECRET"
nick=$IPSEC_NICKNAME
ca_key=${IPSEC_CA_KEY:-ca.crt}
if [[ -n ${IPSEC_PKCS12_KEY:-} ]]; then
  public=("$IPSEC_PKCS12_KEY") private=${IPSEC_PASSWORD_KEY:-} # by the first an import is known, the second is never looked at here
else
  public=("${IPSEC_CERTIFICATE_KEY:-tls.crt}") private=${IPSEC_PRIVATE_KEY_KEY:-tls.key}
fi
from=   # the folder with the Secret's content
told=   # what was said last
tried=  # the digest of what was tried last, and when
tried_at=0
settled= # the digest of what is in the database, with the label on the node

say() { echo "$self: $*"; }
report() { # what stands in the way, or nothing; the log has it once
  echo "$1" >"$memory/status.new" && mv "$memory/status.new" "$memory/status"
  if [[ -n $1 && $1 != "$told" ]]; then say "$1"; fi
  told=$1
}

# Runs ipsec-from-secret-node.sh in the node's root, with the node's tools and nothing of this pod's environment. With `unshared`
# it has mounts of its own, which end with it.
on_node() {
  local own_mounts=()
  if [[ $1 == unshared ]]; then own_mounts=(unshare --mount --propagation private); shift; fi
  timeout -k 30 300 chroot "$host" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C \
    IPSEC_NICKNAME="$nick" "${own_mounts[@]}" /bin/bash -c "$(<"$here/ipsec-from-secret-node.sh")" ipsec-from-secret-node "$@"
}

# --- the Secret

# Sets $from. 0: the Secret is there; 1: there is none; 2: nobody can say, and $why tells the reason.
find_secret() {
  if [[ -n ${IPSEC_MOUNT:-} ]]; then find_mounted; else find_by_api; fi
}

# kubelet changes all keys in one step, by a link. A Secret that is gone leaves an empty folder.
find_mounted() {
  from=$(readlink -f "$IPSEC_MOUNT/..data") || from=
  [[ -n $from && -n $(ls -A "$from" 2>/dev/null) ]]
}

find_by_api() {
  local answer key value new=$memory/secret.new
  # shellcheck disable=SC2016 # these are variables of the template
  answer=$(oc get secret "$IPSEC_SECRET" -n "$IPSEC_NAMESPACE" --ignore-not-found --request-timeout=20s -o go-template='{{.kind}}
{{range $key, $value := .data}}{{$key}} {{$value}}
{{end}}' 2>"$memory/error") || {
    why=$(tail -n 1 "$memory/error")
    why="$secret cannot be read: ${why:-the API server gave no reason}"
    return 2
  }
  if [[ $answer != Secret* ]]; then
    rm -rf "$memory/secret" "$memory/digest"
    return 1
  fi
  rm -rf "$new"
  mkdir "$new"
  while read -r key value; do
    case $key in
      "${public[0]}" | "$private" | "$ca_key") base64 -d <<<"$value" >"$new/$key" ;;
    esac
  done <<<"${answer#*$'\n'}"
  rm -rf "$memory/secret"
  mv "$new" "$memory/secret"
  from=$memory/secret
  digest >"$memory/digest.new" && mv "$memory/digest.new" "$memory/digest"
}

# The content that was seen last. While the API is away it is what there is.
seen() {
  if [[ -n ${IPSEC_MOUNT:-} ]]; then find_mounted; else from=$memory/secret; [[ -d $from ]]; fi
}
# Its digest, for `ready`, which runs while `follow` writes: what is mounted changes in one step, and so does this file.
seen_digest() {
  if [[ -n ${IPSEC_MOUNT:-} ]]; then find_mounted && digest; else cat "$memory/digest" 2>/dev/null; fi
}

cas() { # the CAs of the Secret, and others; each file with a line end, because a PEM boundary must begin a line
  local file
  for file in "$from/$ca_key" "${IPSEC_MORE_CAS:-}"; do
    if [[ -s $file ]]; then cat "$file"; echo; fi
  done
}

# Tells one content from another by what is public in it, or encrypted.
digest() {
  local sum
  sum=$({ cat "$from/${public[0]}"; echo; cas; } 2>/dev/null | sha256sum)
  echo "${sum%% *}"
}

missing_key() { # the first key that the Secret should have and has not
  local key
  for key in "${public[0]}" ${private:+"$private"}; do [[ -s $from/$key ]] || { echo "$key"; return 0; }; done
  return 1
}

# --- the node

import() { # says what the node says; of a failure $why has the last line
  local line said status=0 kind=pem
  if [[ -n ${IPSEC_PKCS12_KEY:-} ]]; then kind=${private:+pkcs12-with-password}; kind=${kind:-pkcs12}; fi
  said=$(on_node unshared import "$kind" "$1" "$(<"$here/ipsec-addcert.sh")" \
    3<"$from/${private:-${public[0]}}" 4<"$from/${public[0]}" 5< <(cas) 2>&1) || status=$?
  ((status != 124)) || said+=$'\nthe import took more than 300 s'
  why=${said##*$'\n'} why=${why#ipsec-addcert: }
  ((status == 0)) || return "$status"
  while read -r line; do say "${line#ipsec-addcert: }"; done <<<"$said"
}

# What is left to do after an import. The label stays when a later import fails: the node still has a certificate then.
settle() {
  if [[ -n ${IPSEC_NODE_LABEL:-} && $settled != "$1" ]] && ! why=$(on_node label "$IPSEC_NODE" "$IPSEC_NODE_LABEL" 2>&1); then
    report "the certificate is imported, but the node cannot be labelled $IPSEC_NODE_LABEL: ${why##*$'\n'}"
    return
  fi
  settled=$1
  report ''
}

remove() {
  if [[ ${IPSEC_REMOVE:-} != yes ]]; then
    report "$secret does not exist; the node keeps its certificate"
  elif why=$(on_node remove "$(<"$here/ipsec-removecert.sh")" 2>&1); then
    report "$secret does not exist; $nick is removed from the node"
  else
    report "$secret does not exist, and $nick cannot be removed: ${why##*$'\n'}"
  fi
}

# --- one look

look() {
  local status=0 now key kept='the node keeps its certificate'
  why=
  find_secret || status=$?
  case $status in
    0) complained= ;;
    1) tried=; remove; return ;;
    2) if seen; then complain "$why"; else report "$why"; return; fi ;;
  esac
  if key=$(missing_key); then report "$secret has no key $key; $kept"; return; fi
  if [[ -z $(cas) ]]; then report "$secret has no key $ca_key, and no other CA is given; $kept"; return; fi
  now=$(digest)
  if on_node have "$now" 2>/dev/null; then settle "$now"; return; fi
  if [[ $tried == "$now" && $((SECONDS - tried_at)) -lt $retry ]]; then return; fi
  tried=$now tried_at=$SECONDS settled=
  if import "$now"; then
    settle "$now"
  else
    report "$secret cannot be imported: ${why:-the node gave no reason}; $kept"
  fi
}

complained=
complain() { if [[ $1 != "$complained" ]]; then say "$1"; fi; complained=$1; } # of what does not stand in the way

follow() {
  trap 'exit 0' TERM INT
  mkdir -p "$memory"
  echo "$secret has not been looked at yet" >"$memory/status"
  while :; do
    look
    touch "$memory/alive"
    sleep "$interval" &
    wait $!
  done
}

ready() {
  local now reason=
  { read -r reason <"$memory/status"; } 2>/dev/null
  if ! now=$(seen_digest); then echo "${reason:-$secret has not been looked at yet}"; return 1; fi
  if ! on_node have "$now" 2>/dev/null; then echo "${reason:-the certificate on the node is not that of $secret}"; return 1; fi
  if [[ $reason == *'cannot be labelled'* ]]; then echo "$reason"; return 1; fi
}

alive() { [[ $(($(date +%s) - $(stat -c %Y "$memory/alive"))) -lt 900 ]]; }

case ${1:-} in
  follow | ready | alive) "$1" ;;
  *) echo "$self: say follow, ready or alive" >&2; exit 2 ;;
esac
