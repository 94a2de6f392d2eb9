#!/bin/bash
# Keeps IPsec connections of NetworkManager up. NetworkManager starts none by itself, and says of one that is gone that it is
# activated: what counts is that libreswan has a security association for it.
#   IPSEC_CONNECTIONS   names of the connections, between blanks; all IPsec connections where it is empty
#   IPSEC_INTERVAL      seconds between two looks
#   IPSEC_GRACE         seconds that a connection may be without an association, since somebody else may be at it
#   IPSEC_FIRST_WAIT    seconds until a failed connection is tried again, doubled with each further failure
#   IPSEC_LONGEST_WAIT  seconds that it is never longer than
set -uo pipefail
export LC_ALL=C

interval=${IPSEC_INTERVAL:-15} grace=${IPSEC_GRACE:-10} first_wait=${IPSEC_FIRST_WAIT:-5} longest_wait=${IPSEC_LONGEST_WAIT:-300}
declare -A missing_since=() failures=() not_before=() attempt=() kind=() name_of=() subnet_of=()
declare -a uuids=()

log() { printf 'ipsec-autoconnect: %s\n' "$*"; }

# The clock of the machine may jump when time is first set after a boot; this one does not.
uptime_seconds() { read -r now _ </proc/uptime; now=${now%.*}; }

wanted() { # name
  [[ -z ${IPSEC_CONNECTIONS:-} || " $IPSEC_CONNECTIONS " == *" $1 "* ]]
}

# "ondemand" or "start" for a connection of libreswan, "other" for another VPN; asked once, and again after each attempt, for it does not
# change under one UUID without the connection going down.
look_at() { # uuid
  local service data
  [[ -z ${kind[$1]:-} ]] || return 0
  service=$(nmcli -g vpn.service-type connection show uuid "$1" 2>/dev/null) || return 0
  data=$(nmcli -g vpn.data connection show uuid "$1" 2>/dev/null) || return 0
  if [[ $service != org.freedesktop.NetworkManager.libreswan ]]; then kind[$1]=other
  elif [[ $data =~ nm-connect-mode\ *=\ *ondemand ]]; then kind[$1]=ondemand
  else kind[$1]=start; fi
  if [[ $data =~ (^|[\ ,])rightsubnet\ *=\ *([^\ ,]+) ]]; then subnet_of[$1]=${BASH_REMATCH[2]}; fi
}

# Sets uuids[] and name_of[] to the connections that are to be up. nmcli writes a colon in a name with a backslash before it.
find_connections() {
  local uuid type name
  uuids=() name_of=()
  while IFS=: read -r uuid type name; do
    name=${name//\\/}
    if [[ $type != vpn ]] || ! wanted "$name"; then continue; fi
    look_at "$uuid"
    [[ ${kind[$uuid]:-other} != other ]] || continue
    uuids+=("$uuid")
    name_of[$uuid]=$name
  done < <(nmcli -t -f UUID,TYPE,NAME connection show 2>/dev/null)
}
# libreswan's name of a connection is NetworkManager's UUID; what is behind it tells one of several subnets or peers.
has() { # status, uuid
  [[ $1 =~ \"$2(/[^\"]*)?\" ]]
}

# A connection on demand has an association when there is traffic: it is well as soon as libreswan knows it and the kernel waits for it.
is_well() { # uuid
  if [[ ${kind[$1]} == ondemand ]]; then has "$known" "$1" && is_awaited "$1"; else has "$associations" "$1" && is_in_kernel "$1"; fi
}

# Whether the kernel holds back what is for the connection's subnet, or sends it through. A subnet that is not as the kernel writes it
# has any policy.
is_awaited() { # uuid
  local subnet=${subnet_of[$1]:-}
  ((kernel_answers)) || return 0
  if [[ $subnet =~ ^([0-9]+\.){3}[0-9]+/[0-9]+$ ]]; then [[ $kernel_subnets == *" $subnet "* ]]; else [[ $kernel_subnets == *[^\ ]* ]]; fi
}

# Somebody may have flushed what libreswan believes in. What can't be read says nothing against it.
is_in_kernel() { # uuid
  local line told=0
  ((kernel_answers)) || return 0
  ((kernel_policies)) || return 1
  while IFS= read -r line; do
    has "$line" "$1" || continue
    while [[ $line =~ esp\.0*([0-9a-f]+)@ ]]; do
      told=1
      [[ $kernel_spis != *" ${BASH_REMATCH[1]} "* ]] || return 0
      line=${line#*"${BASH_REMATCH[0]}"}
    done
  done <<<"$states"
  ((told == 0))
}

ask_kernel() {
  local policies
  kernel_answers=1
  policies=$(ip xfrm policy 2>/dev/null) || true
  kernel_policies=$(grep -c 'tmpl ' <<<"$policies") || true
  kernel_subnets=" $(awk '$1 == "src" { subnet = $4 } $1 == "dir" && $2 == "out" { printf "%s ", subnet }' <<<"$policies")"
  # Of the associations, which have their keys with them, nothing but the numbers is kept.
  kernel_spis=" $(ip xfrm state 2>/dev/null | sed -nE 's/.*proto esp spi 0x0*([0-9a-f]+) .*/\1/p' | tr '\n' ' ') " || kernel_answers=0
}

ask_libreswan() {
  local uuid
  associations=$(timeout 10 ipsec whack --trafficstatus 2>/dev/null) || associations=''
  states=$(timeout 10 ipsec whack --showstates 2>/dev/null) || states=''
  known=''
  for uuid in "${uuids[@]}"; do
    [[ ${kind[$uuid]} == ondemand ]] || continue
    known=$(timeout 10 ipsec whack --status 2>/dev/null) || known=''
    break
  done
}

state_of() { nmcli -g GENERAL.STATE connection show uuid "$1" 2>/dev/null; } # uuid

# "Already active" is all that NetworkManager says to an activation of what it takes for active, so it is taken down first.
bring_up() { # uuid, name
  local said
  if [[ $(state_of "$1") == activated* ]]; then
    log "$2 is activated for NetworkManager and has no security association: down and up"
    nmcli --wait 30 connection down uuid "$1" >/dev/null 2>&1
  fi
  if said=$(nmcli --wait 60 connection up uuid "$1" 2>&1); then log "$2 is up"; return 0; fi
  log "$2 does not come up: ${said//$'\n'/ }"
  return 1
}

# Each connection has its own process, so that a peer that is away holds up no other connection.
start_attempt() { # uuid
  bring_up "$1" "${name_of[$1]}" &
  attempt[$1]=$!
  unset "kind[$1]" "subnet_of[$1]"
}

# Several nodes that lost the same peer do not come back in the same second.
postpone() { # uuid
  local wait=$longest_wait count=${failures[$1]:-0}
  if ((count < 16 && first_wait << count < longest_wait)); then wait=$((first_wait << count)); fi
  failures[$1]=$((count + 1))
  not_before[$1]=$((now + wait + RANDOM % (wait / 4 + 1)))
}

# False while the attempt runs.
end_attempt() { # uuid
  local process=${attempt[$1]:-}
  [[ -n $process ]] || return 0
  ! kill -0 "$process" 2>/dev/null || return 1
  unset "attempt[$1]"
  if wait "$process"; then missing_since[$1]=$now; fi
  # Also after what NetworkManager calls a success: without an association in the end it was none.
  postpone "$1"
}

forget() { unset "missing_since[$1]" "failures[$1]" "not_before[$1]"; } # uuid

care_for() { # uuid
  end_attempt "$1" || return 0
  if is_well "$1"; then
    forget "$1"
    return 0
  fi
  # This run began with the start of the node, of libreswan or of NetworkManager: what is missing then, nobody else is at.
  : "${missing_since[$1]:=$((is_first_look ? now - grace : now))}"
  ((now - missing_since[$1] >= grace && now >= ${not_before[$1]:-0})) || return 0
  case $(state_of "$1") in activating* | deactivating*) return 0 ;; esac
  start_attempt "$1"
}

rest() {
  sleep "$interval" &
  wait $! || true
}

trap 'exit 0' TERM INT
is_first_look=1
while :; do
  find_connections
  ask_libreswan
  ask_kernel
  uptime_seconds
  for uuid in "${uuids[@]}"; do
    care_for "$uuid"
  done
  is_first_look=0
  rest
done
