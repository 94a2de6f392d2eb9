#!/bin/sh
# Looks at the kernel, and at nothing that only says it is well: NetworkManager calls connections active that libreswan has forgotten.
#   ipsec-check.sh tunnel CONNECTION    fails where the kernel does not encrypt for a subnet of the connection, or its certificate has run out
#   ipsec-check.sh prove CONNECTION     the same, and says what it has seen: 'encrypted SUBNET', 'certificate NICKNAME SHA-256'
#   ipsec-check.sh clear CONNECTION     fails where packets for a subnet leave in clear: no policy takes them, and no guard drops them
# What belongs to the connection stands in $IPSEC_CHECK_DIR/CONNECTION, one line a subnet:
#   NODES SUBNET MODE NICKNAME [LOCAL]
#     NODES     the name of a node; * for every node; ? for nodes on which NetworkManager has the connection
#     MODE      always: there must be security associations; ondemand: they come with the first packet, which a policy holds back until then
#     NICKNAME  the certificate in the NSS database
#     LOCAL     the subnet behind the node, where there is one: several connections may lead to one SUBNET from different ones
# Exit status: 0 well, or not for this node; 1 not well; 2 nothing is set to check, or a tool is missing.
set -fu
export LC_ALL=C
directory=${IPSEC_CHECK_DIR:-/etc/ipsec-check} nss=${IPSEC_NSS_DIR:-/var/lib/ipsec/nss}
profiles=${IPSEC_PROFILE_DIR:-/etc/NetworkManager/system-connections} node=${IPSEC_NODE:-$(uname -n)}
what=${1:-} connection=${2:-}

die() { echo "ipsec-check: $1" >&2; exit 2; }

case $what in tunnel | prove | clear) ;; *) die "'$what' must be tunnel, prove or clear" ;; esac
case $connection in '' | *[!A-Za-z0-9:_.-]*) die "'$connection' is no name of a connection" ;; esac
[ -r "$directory/$connection" ] || die "$directory/$connection is not there: the MachineConfig of IpsecMonitoring writes it"
for tool in ip awk uname; do command -v "$tool" >/dev/null || die "the command '$tool' is not there"; done
policies=$(ip xfrm policy) || die "'ip xfrm policy' failed: it needs root"

# The request ids of the kernel's outgoing ESP policies for a subnet, from a local one where that is given. A policy without a template
# lets packets pass in clear.
request_ids() {
  printf '%s\n' "$policies" | awk -v subnet="$1" -v local="$2" '
    $1 == "src" { from = $2; to = $4; out = 0 }
    $1 == "dir" { out = ($2 == "out") }
    $1 == "proto" && $2 == "esp" && out && to == subnet && (local == "" || from == local) { for (i = 3; i < NF; i++) if ($i == "reqid") print $(i + 1) }' | sort -u
}

# How many security associations of a request id there are: one each way. Those that are still asked for have no SPI.
associations() {
  ip xfrm state | awk -v id="$1" '
    $1 == "proto" && $2 == "esp" && $4 != "0x00000000" { for (i = 3; i < NF; i++) if ($i == "reqid" && $(i + 1) == id) count++ }
    END { print count + 0 }'
}

is_encrypted() { # subnet, mode, local subnet
  for id in $(request_ids "$1" "$3"); do
    [ "$2" != ondemand ] || return 0
    [ "$(associations "$id")" -lt 2 ] || return 0
  done
  return 1
}

# Whether one element of the guard's set has the whole subnet.
is_guarded() {
  command -v nft >/dev/null && nft get element inet ipsec_guard guarded "{ ${1%/32} }" >/dev/null 2>&1
}

is_mine() {
  case $1 in
    '*') return 0 ;;
    '?') [ -e "$profiles/$connection.nmconnection" ] ;;
    *) [ "$1" = "$node" ] ;;
  esac
}

# Says why a certificate does not do; nothing where it does.
certificate_problem() {
  for tool in certutil openssl; do
    command -v "$tool" >/dev/null || { echo "the command '$tool' is not there"; return; }
  done
  certificate=$(certutil -L -d "sql:$nss" -n "$1" -a 2>/dev/null </dev/null) || { echo "certificate $1 is not in the NSS database"; return; }
  printf '%s\n' "$certificate" | openssl x509 -noout -checkend 0 >/dev/null 2>&1 || echo "certificate $1 has run out"
}

# The certificate's SHA-256, in hexadecimal.
fingerprint() {
  certutil -L -d "sql:$nss" -n "$1" -a 2>/dev/null </dev/null | openssl x509 -noout -fingerprint -sha256 | sed 's/.*=//; s/://g'
}

say_proof() {
  while read -r nodes subnet mode nickname local; do
    case $nodes in '' | '#'*) continue ;; esac
    is_mine "$nodes" || continue
    ! is_encrypted "$subnet" "$mode" "$local" || echo "encrypted $subnet"
    [ -n "$(certificate_problem "$nickname")" ] || echo "certificate $nickname $(fingerprint "$nickname")"
  done <"$directory/$connection" | sort -u
}

problems=$(while read -r nodes subnet mode nickname local; do
  case $nodes in '' | '#'*) continue ;; esac
  is_mine "$nodes" || continue
  case $what in
    tunnel | prove)
      is_encrypted "$subnet" "$mode" "$local" || echo "the kernel has no ESP policy with security associations for $subnet${local:+ from $local}"
      certificate_problem "$nickname"
      ;;
    clear)
      [ -n "$(request_ids "$subnet" "$local")" ] || is_guarded "$subnet" ||
        echo "packets for $subnet${local:+ from $local} leave in clear: no ESP policy takes them, and no guard drops them"
      ;;
  esac
done <"$directory/$connection" | sort -u)

[ "$what" != prove ] || say_proof
[ -z "$problems" ] || { printf '%s\n' "$problems" | sed "s/^/$connection: /"; exit 1; }
