# shellcheck shell=bash disable=SC2154 # sourced by acts
# What changes on worker-0 while it runs, as the Machine Config Operator does it by a node disruption policy.
# The import asks NetworkManager, whose part the lab's stand-in plays; what it is told is kept.
told=$results/nmcli-calls
: >"$told"
mount --bind "$results" "/run/worker-0/root/mnt"
cat >/run/worker-0/root/usr/local/bin/nmcli <<END
#!/bin/bash
echo "\$*" >>/mnt/nmcli-calls
LAB_CONNECTIONS=$LAB/scenes/rotating/nodes/worker-0 exec $E2E/nmcli "\$@"
END
chmod +x /run/worker-0/root/usr/local/bin/nmcli
nm() { on worker-0 /usr/local/bin/nmcli --wait 60 connection up uuid "$(uuid worker-0 rotating "$1")"; } # interface

run_unit() { # unit: its command with its environment, and nothing else
  local unit=/run/worker-0/root/etc/systemd/system/$1 environment command
  mapfile -t environment < <(sed -n 's/^Environment=//p' "$unit")
  command=$(sed -n 's/^ExecStart=//p' "$unit")
  environment+=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin)
  on worker-0 env -i "${environment[@]}" "$command" >>"$results/import-worker-0.log" 2>&1
}
# What the Machine Config Operator does: it writes what has changed, and then has the actions of each changed path done, files in an
# order of chance and units last. (There is no systemd to be reloaded here.)
roll() { # scene
  local from=$LAB/scenes/$1/root to=/run/worker-0/root path action unit files=() units=()
  while read -r path; do
    ! cmp -s "$from/$path" "$to/$path" || continue
    if [[ $path == etc/systemd/* ]]; then units+=("/$path"); else files+=("/$path"); fi
  done < <(cd "$from" && find . -type f ! -name .ignition-result.json ! -name 20-ignition.preset -printf '%P\n') # Ignition's own
  lay worker-0 "$1"
  mapfile -t files < <(shuf -e "${files[@]}")
  for path in "${files[@]}" "${units[@]}"; do
    grep -q "^$path " "$LAB/scenes/$1/policy" || { echo "no policy for $path: the node reboots"; return 1; }
    echo "$1: $path" >>"$results/rolled"
    while read -r _ action unit; do
      [[ $action != Restart ]] || run_unit "$unit" || return 1
    done < <(grep "^$path " "$LAB/scenes/$1/policy")
  done
}
