#!/bin/sh
# Looks at a cluster the way the OpenShift documentation has a person do it, and says what it found, one line a step.
#   IPSEC_MODE                Disabled, External or Full
#   IPSEC_POOLS               the MachineConfigPools; master has the extension of its own name, every other pool the worker's
#   IPSEC_POLICIES            the NodeNetworkConfigurationPolicies of the tunnels, which may be none
#   IPSEC_DATABASE            yes: in mode Full, look into OVN's northbound database through a pod of ovnkube-node
#   IPSEC_TIMEOUT             seconds to wait for what is still under way; 0 looks once
#   IPSEC_INTERVAL            seconds between two looks
#   OC                        the command that asks the cluster: oc or kubectl
#   IPSEC_TERMINATION_LOG     where a pod leaves its last words
# Exit status: 0 all is well, 1 something is wrong or not done in time, 2 the cluster could not be asked.
set -u
export LC_ALL=C
mode=${IPSEC_MODE:?} timeout=${IPSEC_TIMEOUT:-0} interval=${IPSEC_INTERVAL:-15} oc=${OC:-oc}
ovn=openshift-ovn-kubernetes

conditions='{{with .status}}{{range .conditions}}{{.type}}={{.status}} {{with .message}}{{printf "%.300q" .}}{{end}}
{{end}}{{end}}'
pool_fields="{{with .spec}}paused={{with .paused}}{{.}}{{end}}
{{with .configuration}}wanted={{.name}}
{{end}}{{end}}{{with .status}}machines={{.machineCount}}
updated={{.updatedMachineCount}}
{{with .configuration}}current={{.name}}
{{range .source}}source={{.name}}
{{end}}{{end}}{{end}}$conditions"
enactment_fields='{{range .items}}{{.metadata.name}}{{with .status}}{{range .conditions}}{{if eq .status "True"}} {{.type}} {{with .message}}{{printf "%.300q" .}}{{end}}{{end}}{{end}}{{end}}
{{end}}'
pod_fields='{{range .items}}{{.metadata.name}}{{range .status.conditions}}{{if and (eq .type "Ready") (eq .status "True")}} ready{{end}}{{end}}
{{end}}'

# OK it is as it should be; WAIT it is under way; FAIL it takes a person; ERROR the cluster did not answer.
say() { printf '%-5s %s\n' "$1" "$2"; }

# Asks the cluster into $answer; says why it could not, in the name of $1.
ask() {
  what=$1
  shift
  answer=$("$oc" "$@" 2>/dev/null) && return
  problem=$("$oc" "$@" 2>&1 >/dev/null | tail -n 1)
  case $problem in
    *NotFound*) say FAIL "$what: not found" ;;
    *"doesn't have a resource type"*) say FAIL "$what: the cluster does not know this kind; is its operator installed?" ;;
    *) say ERROR "$what: ${problem:-no answer}" ;;
  esac
  return 1
}
field() { printf '%s\n' "$answer" | sed -n "s/^$1=//p"; }
is() { printf '%s\n' "$answer" | grep -q "^$1=True"; }
message() { field "$1" | sed 's/^[A-Za-z]* *//'; }

look_at_pool() {
  ask "pool $1" get machineconfigpools.machineconfiguration.openshift.io "$1" -o "go-template=$pool_fields" || return
  pool="pool $1: $(field updated) of $(field machines) machines updated"
  if is Degraded; then
    say FAIL "$pool, degraded: $(message Degraded)"
  elif [ "$(field paused)" = true ]; then
    say FAIL "$pool, paused: it takes no change before it is unpaused"
  elif is Updated && [ "$(field wanted)" = "$(field current)" ]; then
    say OK "$pool"
  else
    say WAIT "$pool, updating to $(field wanted)"
  fi
  look_at_extension "$1"
}

look_at_extension() {
  case $1 in master) extension=80-ipsec-master-extensions ;; *) extension=80-ipsec-worker-extensions ;; esac
  if printf '%s\n' "$answer" | grep -qxF "source=$extension"; then found=in; else found=missing; fi
  case $found-$mode in
    in-Disabled) say WAIT "pool $1: still has $extension, which the network operator removes" ;;
    missing-Disabled) say OK "pool $1: has no $extension" ;;
    in-*) say OK "pool $1: has $extension" ;;
    *) say WAIT "pool $1: has no $extension yet; the network operator adds it in mode $mode" ;;
  esac
}

look_at_policy() {
  ask "policy $1" get nodenetworkconfigurationpolicies.nmstate.io "$1" -o "go-template=$conditions" || return
  if is Degraded; then
    say FAIL "policy $1: degraded: $(message Degraded)"
  elif is Ignored; then
    say FAIL "policy $1: no node matches its selector"
  elif is Available; then
    say OK "policy $1: available"
  else
    say WAIT "policy $1: in progress"
  fi
  ask "enactments of policy $1" get nodenetworkconfigurationenactments.nmstate.io -l "nmstate.io/policy=$1" -o "go-template=$enactment_fields" || return
  printf '%s\n' "$answer" | while read -r name condition detail; do
    [ -n "$name" ] || continue
    node=${name%".$1"}
    case $condition in
      Available) say OK "policy $1 on $node: available" ;;
      Failing) say FAIL "policy $1 on $node: failing: $detail" ;;
      Aborted) say FAIL "policy $1 on $node: aborted, because another node failed" ;;
      *) say WAIT "policy $1 on $node: ${condition:-not begun}" ;;
    esac
  done
}

look_at_database() {
  ask "pods of ovnkube-node" get pods -n "$ovn" -l app=ovnkube-node -o "go-template=$pod_fields" || return
  pod=$(printf '%s\n' "$answer" | sed -n 's/ ready$//p' | head -n 1)
  if [ -z "$pod" ]; then
    say WAIT "northbound database: no pod of ovnkube-node is ready"
  elif ask "northbound database in $pod" exec -n "$ovn" "$pod" -- ovn-nbctl --no-leader-only get nb_global . ipsec; then
    case $answer in
      true) say OK "northbound database in $pod: ipsec is true" ;;
      *) say WAIT "northbound database in $pod: ipsec is ${answer:-not set}, not true" ;;
    esac
  fi
}

look() {
  for pool_name in ${IPSEC_POOLS:-}; do look_at_pool "$pool_name"; done
  for policy_name in ${IPSEC_POLICIES:-}; do look_at_policy "$policy_name"; done
  if [ "$mode" = Full ] && [ "${IPSEC_DATABASE:-}" = yes ]; then look_at_database; fi
}

has() { printf '%s\n' "$report" | grep -q "^$1"; }

# What fails is looked at twice, because operators report failures that their next try mends.
failed=no waited=0
while :; do
  report=$(look)
  has '[WFE]' || break
  [ "$waited" -lt "$timeout" ] || break
  if has FAIL; then
    [ "$failed" = no ] || break
    failed=yes
  else
    failed=no
  fi
  sleep "$interval"
  waited=$((waited + interval))
done

printf '%s\n' "$report"
if ! has '[WFE]'; then
  status=0 words="IPsec verified in mode $mode: all $(printf '%s\n' "$report" | grep -c .) checks passed"
elif has '[WF]'; then
  status=1 words="IPsec in mode $mode is not as it should be after $waited s"
else
  status=2 words="IPsec in mode $mode could not be verified, because the cluster did not answer"
fi
echo "$words"
log=${IPSEC_TERMINATION_LOG:-/dev/termination-log}
if [ -w "$log" ]; then
  { echo "$words"; printf '%s\n' "$report" | grep '^[WFE]'; } | head -c 4000 >"$log"
fi
exit "$status"
