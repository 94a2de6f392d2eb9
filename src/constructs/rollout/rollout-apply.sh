#!/bin/sh
# Applies the files of an IPsec rollout, which lie beside it, in order; waits after each for what the next one needs; stops at the
# first failure. It can be run again at any time: what is there already is applied again, which changes nothing.
#   APPLY_TIMEOUT    seconds to wait for one thing; 7200 unless set, because every node of a pool may reboot meanwhile
#   APPLY_INTERVAL   seconds between two looks; 10 unless set
#   APPLY_FORCE      yes takes fields over that another tool manages, instead of stopping at the conflict
#   OC               the command that asks the cluster; oc unless set
# Exit status: 0 everything is applied, 1 it stopped.
set -eu
export LC_ALL=C
timeout=${APPLY_TIMEOUT:-7200} interval=${APPLY_INTERVAL:-10} oc=${OC:-oc}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
reason='' extension=k8s.yaml

say() { printf '%-5s %s\n' "$1" "$2"; }
stop() {
  say STOP "$1" >&2
  exit 1
}

for seconds in "$timeout" "$interval"; do
  case $seconds in '' | *[!0-9]*) stop "APPLY_TIMEOUT and APPLY_INTERVAL ('$seconds') must be whole numbers of seconds" ;; esac
done
command -v "$oc" >/dev/null || stop "the command '$oc' is not there: install the OpenShift CLI, or name it with OC"

# The file of a chart, or its folder. Its number may change when the app does, the rest of its name does not.
find_chart() {
  for found in "$here"/[0-9][0-9][0-9][0-9]-"$1.$extension" "$here/$1.$extension" "$here"/[0-9][0-9][0-9][0-9]-"$1" "$here/$1"; do
    if [ -e "$found" ]; then return; fi
  done
  stop "there is no file of $1 beside this script: synthesize the app into this folder again"
}

# Server-side apply leaves fields alone that the file does not name.
apply() {
  find_chart "$1"
  say APPLY "${found##*/}"
  if [ "${APPLY_FORCE:-no}" = yes ]; then set -- --force-conflicts; else set --; fi
  "$oc" apply --server-side "$@" -f "$found" ||
    stop "${found##*/} is not applied. Where another tool manages a field, let one of the two have it, or set APPLY_FORCE=yes to take it over"
}

# Runs a question until it is answered with 0. 1 is not yet, 2 takes a person: it is asked twice, because operators report
# failures that their next try mends. The question leaves the reason behind.
wait_for() {
  what=$1 waited=0 failures=0
  shift
  say WAIT "for $what"
  while :; do
    status=0
    "$@" || status=$?
    case $status in
      0) break ;;
      2) failures=$((failures + 1)) ;;
      *) failures=0 ;;
    esac
    [ "$failures" -lt 2 ] || stop "$what: $reason"
    [ "$waited" -lt "$timeout" ] || stop "$what: not within $timeout s; $reason"
    sleep "$interval"
    waited=$((waited + interval))
  done
  say OK "$what"
}

# Asks for an object into $answer.
get() {
  answer=$("$oc" get "$@" 2>&1 </dev/null) && return
  reason="the cluster said: $(printf '%s\n' "$answer" | tail -n 1)"
  return 1
}
has() { printf '%s\n' "$answer" | grep -qxF -- "$1"; }
conditions='{range .status.conditions[*]}{.type}={.status}{"\n"}{end}'

kind_exists() {
  get customresourcedefinition "$1" -o jsonpath="$conditions" || return
  if has Established=True; then return; fi
  reason="its kind is not established yet"
  return 1
}

deployment_available() {
  get deployment "$2" -n "$1" -o jsonpath="$conditions" || return
  if has Available=True; then return; fi
  reason="deployment $2 is not available yet"
  return 1
}

value() { printf '%s\n' "$answer" | sed -n "s/^$1=//p"; }

# On every node that it is for. What is zero may be left out of a status.
daemonset_ready() {
  get daemonset "$2" -n "$1" -o jsonpath='{"generation="}{.metadata.generation}{"\nobserved="}{.status.observedGeneration}{"\nwanted="}{.status.desiredNumberScheduled}{"\nupdated="}{.status.updatedNumberScheduled}{"\nready="}{.status.numberReady}{"\n"}' || return
  reason="its controller has not looked at it yet"
  [ "$(value observed)" = "$(value generation)" ] || return 1
  updated=$(value updated) ready=$(value ready) wanted=$(value wanted)
  reason="${ready:-0} of ${wanted:-0} pods are ready: oc describe pods -n $1 says why"
  [ "${updated:-0}" = "${wanted:-0}" ] && [ "${ready:-0}" = "${wanted:-0}" ]
}

get_pool() {
  get machineconfigpool "$1" -o jsonpath="{range .spec.configuration.source[*]}wanted={.name}{\"\\n\"}{end}{range .status.configuration.source[*]}current={.name}{\"\\n\"}{end}paused={.spec.paused}{\"\\n\"}$conditions" || return
  reason="it is degraded: see oc describe machineconfigpool $1"
  ! has Degraded=True || return 2
}

# Rendered for the pool, which may be paused.
pool_rendered() {
  pool=$1
  shift
  get_pool "$pool" || return
  for name in "$@"; do
    reason="$name is not rendered yet"
    has "wanted=$name" || return 1
  done
}

# On all nodes of the pool. Updated alone is true as well before the operator has begun.
pool_updated() {
  pool=$1
  shift
  get_pool "$pool" || return
  reason="it is paused, and takes no change before it is unpaused"
  ! has paused=true || return 2
  for name in "$@"; do
    reason="$name is not on all nodes yet"
    has "current=$name" || return 1
  done
  reason="its nodes are being updated"
  has Updated=True || return 1
}

policy_available() {
  get nodenetworkconfigurationpolicy "$1" -o jsonpath="$conditions" || return
  reason="no node matches its selector"
  ! has Ignored=True || return 2
  reason="it is degraded: see oc get nodenetworkconfigurationenactment -l nmstate.io/policy=$1"
  ! has Degraded=True || return 2
  reason="its nodes are being configured"
  has Available=True || return 1
}

job_complete() {
  get job "$2" -n "$1" -o jsonpath="$conditions" || return
  reason="it failed: see oc logs -n $1 job/$2"
  ! has Failed=True || return 2
  reason="it is running"
  has Complete=True || return 1
}

# A Job can't be changed, and one that is through would not run again.
delete_job() {
  "$oc" delete job "$2" -n "$1" --ignore-not-found || stop "job $2 of an earlier run can't be deleted"
}

# While an MTU migration is announced, and only then, the operator writes a script for it onto every node.
nodes_prepared() {
  get machineconfigpool -o jsonpath='{range .items[*]}{.metadata.name}{"\n"}{end}' || return
  all=$answer
  for pool in $all; do
    pool_updated "$pool" || return
    get machineconfigpool "$pool" -o jsonpath='{.status.configuration.name}' || return
    get machineconfig "$answer" -o json || return
    reason="pool $pool has no nodes that are prepared for it yet"
    printf '%s\n' "$answer" | grep -q mtu-migration || return 1
  done
  reason="there is no pool"
  [ -n "$all" ]
}

# Done once: to announce a migration again that has ended would begin another one.
migrate_mtu() {
  get network.config.openshift.io cluster -o jsonpath='{.status.clusterNetworkMTU}' || stop "MTU migration: $reason"
  if [ "$answer" = "$2" ]; then
    say OK "the cluster network has an MTU of $2 already"
    return
  fi
  apply "$1"
  wait_for "all pools to be prepared for an MTU of $2" nodes_prepared
}
