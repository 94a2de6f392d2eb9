#!/bin/sh
# Looks at a cluster the way the OpenShift documentation has a person do it, and says what it found, one line a step.
#   IPSEC_MODE                Disabled, External or Full
#   IPSEC_POOLS               the MachineConfigPools; master has the extension of its own name, every other pool the worker's
#   IPSEC_RENDERED            pool/MachineConfig: what must be in a pool's configuration besides, and on its nodes; may be none
#   IPSEC_POLICIES            the NodeNetworkConfigurationPolicies of the tunnels, which may be none
#   IPSEC_DATABASE            yes: in mode Full, look into OVN's northbound database through the pods of ovnkube-node
#   IPSEC_CONNECTIONS         connections that nodes must encrypt, by the script that IpsecMonitoring brings to them; may be none. Each is
#                             NAME@LABELS for the nodes that have all of KEY=VALUE,KEY=VALUE (NAME@ for every node), once for each such
#                             choice; or NAME, for those nodes of all with the script that have the connection
#   IPSEC_FINGERPRINTS        the SHA-256 of the certificates that nodes may have for them, in hexadecimal; none: any
#   IPSEC_TIMEOUT             seconds in which all of it ends, and for which it waits for what is still under way; 0 looks once
#   IPSEC_INTERVAL            seconds between two looks
#   OC                        the command that asks the cluster: oc or kubectl
#   IPSEC_TERMINATION_LOG     where a pod leaves its last words
# Exit status: 0 all is well, 1 something is wrong or not done in time, 2 the cluster could not be asked, or nothing is set to ask.
# Nothing is well for lack of an answer: each OK stands on what the cluster said of that pool, policy or node.
set -fu
export LC_ALL=C
mode=${IPSEC_MODE:-} pools=${IPSEC_POOLS:-} policies=${IPSEC_POLICIES:-} database=${IPSEC_DATABASE:-no} rendered=${IPSEC_RENDERED:-}
timeout=${IPSEC_TIMEOUT:-0} interval=${IPSEC_INTERVAL:-15} oc=${OC:-oc}
connections=${IPSEC_CONNECTIONS:-} fingerprints=${IPSEC_FINGERPRINTS:-}
ovn=openshift-ovn-kubernetes mco=openshift-machine-config-operator
# What one question may take, so that one that hangs leaves time for the others; and what one look may take, where there is but one.
question_seconds=60 look_seconds=100

# The last line of each template, which an answer has only if it is whole.
whole=answered=whole
conditions='{{with .status}}{{range .conditions}}{{.type}}={{.status}} {{with .message}}{{printf "%.300q" .}}{{end}}
{{end}}{{end}}'
pool_fields="{{with .spec}}paused={{with .paused}}{{.}}{{end}}
{{with .configuration}}wanted={{.name}}
{{end}}{{end}}{{with .status}}machines={{.machineCount}}
updated={{.updatedMachineCount}}
{{with .configuration}}current={{.name}}
{{range .source}}source={{.name}}
{{end}}{{end}}{{end}}$conditions
$whole"
policy_fields="generation={{.metadata.generation}}
$conditions
$whole"
holding='{{range .conditions}}{{if eq .status "True"}} {{.type}} {{with .message}}{{printf "%.300q" .}}{{end}}{{end}}{{end}}'
generation='{{with .policyGeneration}}{{.}}{{else}}0{{end}}'
enactment_fields="{{range .items}}enactment={{.metadata.name}}{{with .status}} $generation$holding{{end}}
{{end}}$whole"
ready='{{range .status.conditions}}{{if and (eq .type "Ready") (eq .status "True")}} ready{{end}}{{end}}'
pod_fields="{{range .items}}pod={{.metadata.name}}$ready
{{end}}$whole"

daemon_fields="{{range .items}}pod={{.metadata.name}} {{.spec.nodeName}}$ready
{{end}}$whole"
# A blank before each label and behind the last: neither a key nor a value has any.
node_fields="{{range .items}}node={{.metadata.name}}{{range \$key, \$value := .metadata.labels}} {{\$key}}={{\$value}}{{end}} 
{{end}}$whole"
# Runs on the node, whose shell expands it, and always ends well: whether the check did is in its last line.
# shellcheck disable=SC2016
prove='/usr/local/bin/ipsec-check.sh prove "$1" 2>&1; echo "status=$?"'

# OK it is as it should be; WAIT it is under way; FAIL it takes a person; ERROR the cluster did not answer.
say() { printf '%-5s %s\n' "$1" "$2"; }

is_number() { case $1 in '' | *[!0-9]* | 0?* | ??????????*) return 1 ;; esac; }
is_name() { case $1 in '' | [!a-z0-9]* | *[!a-z0-9.-]*) return 1 ;; esac; }

# What can't be verified as it is set; the cluster is not asked then.
refuse_settings() {
  case $mode in
    Disabled | External | Full) ;;
    *) say ERROR "IPSEC_MODE ('$mode') must be Disabled, External or Full" ;;
  esac
  case $pools in
    *[![:space:]]*) ;;
    *) say ERROR "IPSEC_POOLS ('$pools') must name at least one MachineConfigPool, such as worker" ;;
  esac
  for name in $pools $policies; do
    is_name "$name" ||
      say ERROR "'$name' in IPSEC_POOLS or IPSEC_POLICIES can't be an object's name: lower-case letters, digits, '-' and '.'"
  done
  for entry in $rendered; do
    { is_name "${entry%%/*}" && is_name "${entry#*/}"; } ||
      say ERROR "'$entry' in IPSEC_RENDERED must be a pool and a MachineConfig, such as worker/99-worker-import-certs"
  done
  for entry in $connections; do
    case ${entry%%@*} in
      '' | *[!A-Za-z0-9:_.-]*) say ERROR "'$entry' in IPSEC_CONNECTIONS can't be a connection: letters, digits, '-', '_', '.' and ':'" ;;
    esac
    case $entry in
      *@*[!A-Za-z0-9/_.,=-]*) say ERROR "'$entry' in IPSEC_CONNECTIONS can't choose nodes: KEY=VALUE, with ',' between them, behind the '@'" ;;
    esac
  done
  case $database in
    yes | no) ;;
    *) say ERROR "IPSEC_DATABASE ('$database') must be yes or no" ;;
  esac
  is_number "$timeout" || say ERROR "IPSEC_TIMEOUT ('$timeout') must be a whole number of seconds, 0 to look once"
  { is_number "$interval" && [ "$interval" -gt 0 ]; } ||
    say ERROR "IPSEC_INTERVAL ('$interval') must be a whole number of seconds, at least 1"
  for tool in date grep sed sleep sort tail timeout tr "$oc"; do
    command -v "$tool" >/dev/null || say ERROR "the command '$tool' is not there: use an image that has it"
  done
}

# Asks the cluster into $answer, within the time that is left; says why it could not, in the name of $1.
ask() {
  what=$1
  shift
  seconds=$((deadline - $(date +%s)))
  [ "$seconds" -le "$question_seconds" ] || seconds=$question_seconds
  if [ "$seconds" -le 0 ]; then
    say ERROR "$what: not asked, because the time is over"
    return 1
  fi
  answer=$(exec 2>&1 </dev/null; timeout -s KILL "$seconds" "$oc" "$@" || exit) && return
  failed_with=$?
  problem=$(last_words)
  case $failed_with-$problem in
    124-* | 137-* | 143-*) say ERROR "$what: no answer within $seconds s" ;;
    *NotFound*) say FAIL "$what: not found" ;;
    *Forbidden*) say ERROR "$what: $(missing_right)" ;;
    *"doesn't have a resource type"*) say FAIL "$what: the cluster does not know this kind; is its operator installed?" ;;
    *) say ERROR "$what: ${problem:-no answer}" ;;
  esac
  return 1
}
# What the API server says of a right that is not there, in as few words; where it says it otherwise, its own words.
missing_right() {
  right='.*User "\([^"]*\)" cannot \([a-z]*\) resource "\([^"]*\)" in API group "\([^"]*\)"'
  short=$(printf '%s\n' "$answer" | tail -n 1 | tr -d '[:cntrl:]' |
    sed -n "s/$right in the namespace \"\([^\"]*\)\".*/\2 \3.\4 in namespace \5 (\1)/p; s/$right.*/\2 \3.\4 (\1)/p" | sed 's/\. / /')
  if [ -n "$short" ]; then printf 'no right to %s' "$short"; else printf '%s' "$problem"; fi
}
last_words() { printf '%.300s' "$(printf '%s\n' "$answer" | tail -n 1 | tr -d '[:cntrl:]')"; }

# Asks for objects by a template.
get() {
  about=$1
  shift
  ask "$about" get "$@" || return
  if printf '%s\n' "$answer" | grep -qxF "$whole"; then return 0; fi
  say_unread "$about"
  return 1
}
say_unread() {
  unread=$(last_words)
  if [ -n "$unread" ]; then unread="an answer that can't be read: $unread"; fi
  say ERROR "$1: ${unread:-an empty answer}"
}
field() { printf '%s\n' "$answer" | sed -n "s/^$1=//p"; }
is() { printf '%s\n' "$answer" | grep -q "^$1=True"; }
message() { field "$1" | sed 's/^[A-Za-z]* *//'; }

look_at_pool() {
  get "pool $1" machineconfigpools.machineconfiguration.openshift.io "$1" -o "go-template=$pool_fields" || return
  machines=$(field machines) updated=$(field updated) wanted=$(field wanted) current=$(field current)
  pool="pool $1: $updated of $machines machines updated"
  if is Degraded; then
    say FAIL "$pool, degraded: $(message Degraded)"
  elif [ "$(field paused)" = true ]; then
    say FAIL "$pool, paused: it takes no change before it is unpaused"
  elif ! is_number "$machines" || ! is_number "$updated"; then
    say WAIT "pool $1: has no count of machines yet"
  elif [ "$machines" -eq 0 ]; then
    say FAIL "pool $1: has no machines, so there is nothing to verify; leave it out unless machines belong in it"
  elif is Updated && [ "$updated" -eq "$machines" ] && [ -n "$wanted" ] && [ "$wanted" = "$current" ]; then
    say OK "$pool"
  else
    say WAIT "$pool, updating to $wanted"
  fi
  look_at_extension "$1"
  look_at_rendered "$1"
}

# A pool is updated as well before the operator has rendered what was applied: the names tell the two apart.
look_at_rendered() {
  for entry in $rendered; do
    [ "${entry%%/*}" = "$1" ] || continue
    if field source | grep -qxF "${entry#*/}"; then
      say OK "pool $1: has ${entry#*/}"
    else
      say WAIT "pool $1: has no ${entry#*/} yet"
    fi
  done
}

look_at_extension() {
  case $1 in master) extension=80-ipsec-master-extensions ;; *) extension=80-ipsec-worker-extensions ;; esac
  if [ -z "$(field source)" ]; then
    say WAIT "pool $1: has no rendered configuration yet"
    return
  fi
  if field source | grep -qxF "$extension"; then found=in; else found=missing; fi
  case $found-$mode in
    in-Disabled) say WAIT "pool $1: still has $extension, which the network operator removes" ;;
    missing-Disabled) say OK "pool $1: has no $extension" ;;
    in-*) say OK "pool $1: has $extension" ;;
    *) say WAIT "pool $1: has no $extension yet; the network operator adds it in mode $mode" ;;
  esac
}

look_at_policy() {
  get "policy $1" nodenetworkconfigurationpolicies.nmstate.io "$1" -o "go-template=$policy_fields" || return
  generation=$(field generation) nodes=0
  if is Degraded; then
    say FAIL "policy $1: degraded: $(message Degraded)"
  elif is Ignored; then
    say FAIL "policy $1: no node matches its selector"
  elif is Available; then
    # kubernetes-nmstate says "2/2 nodes successfully configured".
    nodes=$(message Available | sed -n 's|^"\([0-9]\{1,6\}\)/\([0-9]\{1,6\}\) nodes .*|\2|p')
    case $nodes in
      '') say WAIT "policy $1: available, but does not say on how many nodes" ;;
      0) say FAIL "policy $1: no node matches its selector" ;;
      *) say OK "policy $1: available" ;;
    esac
  else
    say WAIT "policy $1: in progress"
  fi
  look_at_enactments "$1"
}

# One enactment is one policy on one node. Those of an earlier generation of the policy tell nothing of this one.
look_at_enactments() {
  get "enactments of policy $1" nodenetworkconfigurationenactments.nmstate.io -l "nmstate.io/policy=$1" \
    -o "go-template=$enactment_fields" || return
  field enactment | while read -r name of condition detail; do
    node=${name%".$1"}
    if [ -z "$condition" ]; then
      say WAIT "policy $1 on $node: not begun"
    elif [ "$of" != "$generation" ]; then
      say WAIT "policy $1 on $node: not begun with its latest change"
    else
      say_enactment "$1 on $node" "$condition" "$detail"
    fi
  done
  found=$(field enactment | grep -c .)
  [ "$found" -ge "${nodes:-0}" ] || say WAIT "policy $1: enactments of $found nodes, of $nodes"
}
say_enactment() {
  case $2 in
    Available) say OK "policy $1: available" ;;
    Failing) say FAIL "policy $1: failing: $3" ;;
    Aborted) say FAIL "policy $1: aborted, because another node failed" ;;
    *) say WAIT "policy $1: $2" ;;
  esac
}

# Each node has a northbound database of its own, which its pod of ovnkube-node writes.
look_at_database() {
  get "pods of ovnkube-node" pods -n "$ovn" -l app=ovnkube-node -o "go-template=$pod_fields" || return
  answered_pods=$(field pod)
  [ -n "$answered_pods" ] || say WAIT "northbound database: there is no pod of ovnkube-node"
  printf '%s\n' "$answered_pods" | while read -r pod ready; do
    [ -n "$pod" ] || continue
    if [ -z "$ready" ]; then
      say WAIT "northbound database in $pod: the pod is not ready"
    elif ask "northbound database in $pod" exec -q -n "$ovn" "$pod" -- ovn-nbctl --no-leader-only get nb_global . ipsec; then
      if printf '%s\n' "$answer" | grep -qx true; then
        say OK "northbound database in $pod: ipsec is true"
      else
        said=$(last_words)
        say WAIT "northbound database in $pod: ipsec is ${said:-not set}, not true"
      fi
    fi
  done
}

# Each node is asked through its machine-config-daemon, whose pod sees the whole node.
look_at_connections() {
  get "pods of machine-config-daemon" pods -n "$mco" -l k8s-app=machine-config-daemon -o "go-template=$daemon_fields" || return
  daemons=$(field pod)
  [ -n "$daemons" ] || say WAIT "connections: there is no pod of machine-config-daemon"
  labelled=
  case $connections in
    *@*)
      get nodes nodes -o "go-template=$node_fields" || return
      labelled=$(printf '%s\n' "$answer" | sed -n 's/^node=//p')
      ;;
  esac
  for name in $(printf '%s\n' "$connections" | tr -s '[:space:]' '\n' | sed 's/@.*//' | sort -u); do
    case " $connections " in
      *[[:space:]]"$name"@*) look_at_chosen "$name" ;;
      *) look_at_all "$name" ;;
    esac
  done
}
# On every node that is chosen the connection must be encrypted; the others are not asked.
look_at_chosen() {
  chosen=$(for entry in $connections; do
    [ "${entry%%@*}" != "$1" ] || choose "${entry#*@}"
  done | sort -u)
  [ -n "$chosen" ] || say FAIL "connection $1: no node has the labels that its endpoint selects"
  for host in $chosen; do
    found=$(printf '%s\n' "$daemons" | grep -F " $host" | sed -n "s/^\([^ ]*\) $(literal "$host")\( ready\)*$/\1\2/p" | tail -n 1)
    case $found in
      *' ready') look_at_connection "$1" "${found% ready}" "$host" chosen ;;
      '') say WAIT "connection $1 on $host: there is no pod of machine-config-daemon to ask with" ;;
      *) say WAIT "connection $1 on $host: the pod to ask with is not ready" ;;
    esac
  done
}
# The nodes that have all of the labels.
choose() {
  among=$labelled
  for label in $(printf '%s' "$1" | tr , ' '); do among=$(printf '%s\n' "$among" | grep -F " $label "); done
  printf '%s\n' "$among" | sed -n 's/ .*//p'
}
literal() { printf '%s' "$1" | sed 's/[.]/[.]/g'; }
# Which nodes have the connection stands in no manifest: those that say so are proven, and one of them there must be.
look_at_all() {
  proofs=$(printf '%s\n' "$daemons" | while read -r pod host ready; do
    [ -n "$pod" ] || continue
    if [ -n "$ready" ]; then
      look_at_connection "$1" "$pod" "$host" any
    else
      say WAIT "connection $1 on $host: the pod to ask with is not ready"
    fi
  done)
  if [ -n "$proofs" ]; then printf '%s\n' "$proofs"; else say FAIL "connection $1: none of the nodes has it"; fi
}
look_at_connection() {
  ask "connection $1 on $3" exec -q -n "$mco" "$2" -c machine-config-daemon -- chroot /rootfs /bin/sh -c "$prove" prove "$1" || return
  subnets=$(printf '%s\n' "$answer" | sed -n 's/^encrypted //p' | tr '\n' ' ')
  why=$(printf '%s\n' "$answer" | grep -v '^status=' | tail -n 1 | tr -d '[:cntrl:]')
  case $4-$(field status) in
    *-0)
      if [ -n "$subnets" ]; then
        say OK "connection $1 on $3: the kernel encrypts for ${subnets% }"
      elif [ "$4" = chosen ]; then
        say WAIT "connection $1 on $3: the node does not have it, though its labels are those of the endpoint"
      fi
      ;;
    *-1) say WAIT "connection $1 on $3: $(printf '%s\n' "$answer" | sed -n "s/^$1: //p" | tr '\n' ';' | sed 's/;$//; s/;/; /g')" ;;
    # A pool that is not asked for has no script, and a node of a pool may not have it yet.
    any-127) ;;
    # The status stands in each whole answer; a client may lose what comes before it listens.
    *-) say_unread "connection $1 on $3" ;;
    chosen-127) say WAIT "connection $1 on $3: the node has no ipsec-check.sh: the MachineConfig of IpsecMonitoring is not on it yet" ;;
    *)
      case $why in
        *'the MachineConfig of IpsecMonitoring writes it') say WAIT "connection $1 on $3: the MachineConfig of IpsecMonitoring on the node does not have it yet" ;;
        *) say FAIL "connection $1 on $3: can't be looked at: $why" ;;
      esac
      ;;
  esac
  [ -n "$fingerprints" ] || return 0
  printf '%s\n' "$answer" | sed -n 's/^certificate //p' | while read -r nickname found; do
    case " $fingerprints " in
      *" $found "*) say OK "connection $1 on $3: certificate $nickname is the one in the manifests" ;;
      *) say WAIT "connection $1 on $3: certificate $nickname is not the one in the manifests" ;;
    esac
  done
}

look() {
  for pool_name in $pools; do look_at_pool "$pool_name"; done
  for policy_name in $policies; do look_at_policy "$policy_name"; done
  if [ "$mode" = Full ] && [ "$database" = yes ]; then look_at_database; fi
  if [ -n "$connections" ]; then look_at_connections; fi
}

has() { printf '%s\n' "$report" | grep -q "^$1"; }
lines() { printf '%s\n' "$report" | grep -c "$1"; }
all_is_well() { checks=$(lines '^OK ') && [ "$checks" -eq "$(lines '')" ]; }

# What fails is looked at twice, because operators report failures that their next try mends. A look that the time cuts off says
# less than the one before it, which then counts.
watch() {
  started=$(date +%s) waited=0 failed=no
  if [ "$timeout" -gt 0 ]; then deadline=$((started + timeout)); else deadline=$((started + look_seconds)); fi
  while :; do
    before=$report waited_before=$waited
    waited=$(($(date +%s) - started))
    report=$(look)
    ! all_is_well || break
    remaining=$((deadline - $(date +%s)))
    if [ "$remaining" -le 0 ] && [ -n "$before" ]; then
      report=$before waited=$waited_before
      break
    fi
    if [ "$timeout" -eq 0 ] || [ "$remaining" -le "$interval" ]; then break; fi
    if has FAIL; then
      [ "$failed" = no ] || break
      failed=yes
    else
      failed=no
    fi
    sleep "$interval"
  done
}

report=$(refuse_settings)
if [ -n "$report" ]; then
  problems=$report
  status=2 words='IPsec could not be verified, because it is not set what to verify, or with what'
else
  watch
  problems=$(printf '%s\n' "$report" | grep '^[WFE]')
  if all_is_well; then
    status=0 words="IPsec verified in mode $mode: all $checks checks passed"
  elif has '[WF]'; then
    status=1 words="IPsec in mode $mode is not as it should be after $waited s"
  elif has 'ERROR .*: no right to'; then
    status=2 words="IPsec in mode $mode could not be verified, because rights are missing"
  else
    status=2 words="IPsec in mode $mode could not be verified, because the cluster did not answer"
  fi
fi

printf '%s\n' "$report"
echo "$words"
# Each right once, with the question who has it.
say_who_may() {
  asked='|'
  printf '%s\n' "$problems" | sed -n 's/^ERROR .*: no right to \([a-z]* [^ ]*\)\(.*\) (.*)$/\1\2/p' | while read -r verb resource _ _ namespace; do
    question="$verb $resource${namespace:+ -n $namespace}"
    case $asked in *"|$question|"*) continue ;; esac
    asked="$asked$question|"
    echo "To see who may: oc adm policy who-can $question"
  done
}
case $problems in *': no right to '*) say_who_may ;; esac
log=${IPSEC_TERMINATION_LOG:-/dev/termination-log}
# Kubernetes takes 4096 bytes.
if [ -w "$log" ]; then
  printf '%.4000s' "$words
${problems:+$problems
}" >"$log"
fi
exit "$status"
