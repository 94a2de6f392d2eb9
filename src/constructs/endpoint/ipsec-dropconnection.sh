#!/bin/bash
# Takes the VPN connections of one name down and removes them from NetworkManager, whoever made them: a keyfile, NMState or a person.
#   IPSEC_CONNECTION   the name
# Nothing else is touched: a connection of another kind may have the name. With nothing to remove, it changes nothing.
set -euo pipefail

name=${IPSEC_CONNECTION:?is not set}
of_name() { # the UUIDs, of which there may be several
  local list uuid type id
  list=$(nmcli --terse --fields UUID,TYPE,NAME connection show) || return
  while IFS=: read -r uuid type id; do
    [[ $type == vpn && $id == "$name" ]] && printf '%s\n' "$uuid"
  done <<<"$list"
  return 0
}

found=$(of_name)
for uuid in $found; do
  # What is not up can't be taken down, and is removed all the same.
  nmcli --wait 10 connection down uuid "$uuid" || :
  nmcli --wait 10 connection delete uuid "$uuid"
  echo "removed the connection $name ($uuid)"
done
left=$(of_name)
[[ -z $left ]] || { echo "the connection $name is there still: $left" >&2; exit 1; }
echo "there is no connection $name"
