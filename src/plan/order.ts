import type { DisruptionPolicies } from './disruption-policies';
import type { Facts, PoolPlan } from './model';
import { roleOfSelector } from './nodes';
import { changeOf, actionText } from './pool-change';
import type { TunnelPlan } from './tunnels';
import { bytesOf } from '../documents/machine-config/machine-configs';
import { NODE_DISRUPTION_MINOR } from '../openshift/node-disruption';

/** Days before its end from which a new certificate is told as short-lived. */
const SOON = 30;

/** What goes wrong where everything is applied at once, or is wrong already; each with what to do instead. */
export function orderProblems(facts: Facts): string[] {
  return [
    ...refusals(facts), ...migratedAtOnce(facts), ...leftBehind(facts), ...inTheWay(facts), ...moved(facts), ...unread(facts),
    ...ignoredPolicies(facts),
    ...policiesTooLate(facts), ...switchedOff(facts), ...tooEarly(facts),
    ...withoutCertificate(facts),
    ...certificateDates(facts), ...otherAuthorities(facts), ...inClear(facts),
  ];
}

function refusals({ pools }: Facts): string[] {
  return pools
    .filter(({ refused }) => refused)
    .map(
      ({ pool, causes }) =>
        `Pool ${pool} will be degraded: the Machine Config Operator refuses to change `
        + `${listed(causes.filter(({ action }) => action === 'Refused').map(({ path, object }) => `${path} (${object})`))} on running `
        + 'nodes. Leave it as it is, or make new nodes.',
    );
}

/** The operator takes the end for the wish that nothing is migrated, and the MTU of all nodes must have changed by then. */
function migratedAtOnce({ after }: Facts): string[] {
  return after.mtu.isStartedAndEnded ? ['NEW starts an MTU migration and ends it. Apply the start alone (spec.migration of Network/cluster), '
    + 'wait until every pool is updated (oc get mcp), and apply the rest then: every node reboots for the start, and for the end.'] : [];
}

function leftBehind({ tunnels }: Facts): string[] {
  return tunnels
    .filter(({ change }) => change === 'stays-behind')
    .map((tunnel) => (tunnel.delivery === 'keyfile' ? keyfileLeft(tunnel) : policyLeft(tunnel)));
}

function policyLeft({ policy, interface: name, nodes, left }: TunnelPlan): string {
  if (left === 'interface') {
    return `Policy '${policy}' no longer has tunnel ${name}, which stays behind on ${nodes}: NMState takes down only what a policy calls `
      + "'state: absent'. Keep the interface in it with that, and take it out once it is applied.";
  }
  if (left === 'nodes') {
    return `Tunnel ${name} has policies of single nodes now, and stays behind on ${nodes}: NMState takes down only what a policy calls `
      + "'state: absent'. Write one with that for those nodes alone, by a label that none but they have, and delete it once it is applied.";
  }
  return `Policy '${policy}' is gone, and its tunnel ${name} stays behind on ${nodes}: NMState takes down only what a policy calls `
    + "'state: absent'. Keep the policy with that, and delete it once it is applied.";
}

/** The kernel has one policy for a pair of subnets, and libreswan gives it to the connection that came first. */
function inTheWay({ tunnels }: Facts): string[] {
  const key = ({ nodes, peer, protects, local }: TunnelPlan) => JSON.stringify([nodes, peer, [...protects].sort(), [...local].sort()]);
  const left = new Map(tunnels.filter(({ change }) => change === 'stays-behind').map((tunnel) => [key(tunnel), tunnel]));
  return tunnels.filter(({ change }) => change === 'comes-up').flatMap((tunnel) => {
    const old = left.get(key(tunnel));
    return old && old.protects.length > 0 ? [`Tunnel ${tunnel.interface} does not come up on ${tunnel.nodes} while ${old.interface}, which protects the same, `
      + 'is there: take that down first.'] : [];
  });
}

function keyfileLeft({ policy, interface: name, nodes }: TunnelPlan): string {
  return `MachineConfig '${policy}' no longer has the keyfile of tunnel ${name}, which stays behind on ${nodes} until they reboot: nothing `
    + `reboots them, and NetworkManager keeps up what is up. Take it down on each node: nmcli connection down ${name}.`;
}

/** Policy and keyfile write one file: what comes second finds what the first has left. */
function moved({ tunnels }: Facts): string[] {
  return tunnels.flatMap(({ formerly, policy, interface: name, nodes }) => {
    if (!formerly) return [];
    return formerly.delivery === 'nmstate'
      ? [`Tunnel ${name} (${nodes}) moves from policy '${formerly.policy}' to a keyfile in MachineConfig '${policy}'. Delete the policy `
        + "before the MachineConfig is applied, without 'state: absent': a policy that is applied to a keyfile of the Machine Config Operator "
        + 'changes it, and the operator then calls the node degraded.']
      : [`Tunnel ${name} (${nodes}) moves from the keyfile in MachineConfig '${formerly.policy}' to policy '${policy}'. Apply the policy when `
        + 'the pool is updated (oc get mcp): before, it changes the keyfile, and the Machine Config Operator calls the node degraded.'];
  });
}

function unread({ tunnels }: Facts): string[] {
  return tunnels.filter(({ waits }) => waits).map(({ policy, interface: name, nodes }) =>
    `The keyfile of tunnel ${name} in MachineConfig '${policy}' changes and no node reboots for it: ${nodes} keep the tunnel as it was, until `
      + 'they reboot or someone has NetworkManager read the file '
      + `(nmcli connection load, then nmcli connection down ${name}; nmcli connection up ${name}).`);
}

/** Who wrote policies counts on them, and releases that don't know them take the object all the same, or prune it. */
function ignoredPolicies(facts: Facts): string[] {
  const { release: { version, hasDisruptionPolicies } } = facts;
  if (hasDisruptionPolicies !== false) return [];
  const promised = decidedBy(facts, facts.after.written, facts.after.policies);
  return promised.length === 0 ? [] : [
    `OpenShift ${version!.toString()} ignores the node disruption policies of MachineConfiguration 'cluster', which come with `
      + `4.${NODE_DISRUPTION_MINOR}: with them it would be ${listed(promised)}.`,
  ];
}

/** The pools for which it makes a difference whether some disruption policies decide or others, with what the first ones say. */
export function decidedBy({ before, after, pools }: Facts, some: DisruptionPolicies, others: DisruptionPolicies): string[] {
  return pools.flatMap(({ pool, changed, refused }) => {
    if (!changed || refused) return [];
    const [one, other] = [some, others].map((policies) =>
      changeOf(before.pools.rendered(pool), after.pools.rendered(pool), policies).actions.map(actionText));
    return one.join() === other.join() ? [] : [`${pool} (${one.join(', ') || 'nothing'})`];
  });
}

/** Disruption policies count once their status shows them, and not before. */
function policiesTooLate(facts: Facts): string[] {
  const sooner = decidedBy(facts, facts.before.policies, facts.after.policies);
  return sooner.length === 0
    ? []
    : [
      "The node disruption policies of MachineConfiguration 'cluster' change together with what they are for. Until its status shows "
          + `them, the old ones decide for ${listed(sooner)}. Apply it first, and wait until its status.observedGeneration is `
          + 'its metadata.generation.',
    ];
}

function switchedOff({ mode, after, tunnels }: Facts): string[] {
  if (!mode || after.mode.isOn) return [];
  const live = tunnels.filter(({ change }) => change !== 'goes-down');
  return live.length === 0 ? [] : [`Mode ${mode.after} takes libreswan from the nodes while ${listed(live.map(named))} `
    + `${live.length === 1 ? 'is' : 'are'} not absent: traffic then leaves in clear. Take the tunnels down first (state: absent), `
    + 'then switch IPsec off.'];
}

/** Policies that are applied before the nodes have what they need fail, and NMState tells so for as long. A keyfile comes with it. */
function tooEarly({ mode, after, tunnels, certificates }: Facts): string[] {
  const coming = tunnels.filter(({ change, delivery }) => delivery === 'nmstate' && (change === 'comes-up' || change === 'restarts'));
  if (coming.length === 0) return [];
  const libreswan = mode !== undefined && after.mode.isOn && (mode.before === 'Disabled');
  const fresh = certificates.filter(({ change }) => change === 'added' || change === 'replaced');
  const wanted = (own: typeof fresh) => {
    const known = new Set(own.map(({ nickname }) => nickname));
    return [...new Set(coming.flatMap(({ certificate }) => certificate !== undefined && known.has(certificate) ? [certificate] : []))];
  };
  const names = wanted(fresh.filter(({ after: shown }) => shown?.secret === undefined));
  const ofSecrets = wanted(fresh.filter(({ after: shown }) => shown?.secret !== undefined));
  const needs = [...libreswan ? ['libreswan'] : [], ...names.map((name) => `certificate ${name}`)];
  return [
    ...ofSecrets.length === 0 ? [] : [`${listed(coming.map(named))} ${coming.length === 1 ? 'needs' : 'need'} certificate ${listed(ofSecrets)}, `
      + 'which a DaemonSet imports. Apply the policies when its pods are ready (oc get daemonset).'],
    ...needs.length === 0 ? [] : [
      `${listed(coming.map(named))} ${coming.length === 1 ? 'needs' : 'need'} ${listed(needs)}, `
          + `which reach${needs.length === 1 ? 'es' : ''} `
          + 'the nodes only with the rollout of their pool. Apply the policies after the pools are updated (oc get mcp).',
    ],
  ];
}

function withoutCertificate({ certificates, tunnels, after }: Facts): string[] {
  const others = new Set([...after.set.certificateImports.all, ...after.set.daemonSetImports].map(({ nickname }) => nickname));
  const gone = new Set(
    certificates.filter(({ change, nickname }) => change === 'removed' && !others.has(nickname)).map(({ nickname }) => nickname),
  );
  const bereft = tunnels.filter(
    ({ certificate, change }) => change !== 'goes-down' && change !== 'stays-behind' && certificate !== undefined && gone.has(certificate),
  );
  return bereft.length === 0 ? [] : [`${listed(bereft.map(named))} still ${bereft.length === 1 ? 'uses' : 'use'} certificate `
    + `${listed([...new Set(bereft.map(({ certificate }) => certificate!))])}, whose import is taken away. It stays in the database of `
    + 'nodes that have it, and new nodes never get it.'];
}

function certificateDates({ certificates }: Facts): string[] {
  return certificates.flatMap(({ pool, nickname, before, after }) => {
    if (after?.daysLeft === undefined) return [];
    const what = `The new certificate ${nickname} of pool ${pool}`;
    if (after.daysLeft < 0) return [`${what} has expired on ${day(after.notAfter!)}, and libreswan does not load it.`];
    if (before?.notAfter !== undefined && after.notAfter! < before.notAfter) {
      return [`${what} ends on ${day(after.notAfter!)}, before the one that it replaces (${day(before.notAfter)}).`];
    }
    return after.daysLeft < SOON ? [`${what} has ${after.daysLeft} days left.`] : [];
  });
}

/** Nodes are updated one by one, and peers by their own administrators: for a while both CAs are in use. */
function otherAuthorities({ certificates, authorities }: Facts): string[] {
  const gone = new Map<string, string[]>();
  for (const { subject, pool } of authorities.filter(({ change }) => change === 'removed')) gone.set(subject, [...gone.get(subject) ?? [], pool]);
  const issuers = new Map<string, string[]>();
  for (const { nickname, before, after } of certificates) {
    if (before?.issuer === undefined || after?.issuer === undefined || before.issuer === after.issuer) continue;
    issuers.set(after.issuer, [...new Set([...issuers.get(after.issuer) ?? [], nickname])]);
  }
  return [
    ...[...gone].map(([subject, pools]) => `CA ${subject} is no longer imported in pool ${listed(pools)}: from then on nodes refuse a peer whose `
      + 'certificate is of it. Import both CAs until every peer has a certificate of another.'),
    ...[...issuers].map(([issuer, nicknames]) => `The new certificate ${listed(nicknames)} is of another CA than the one before it, ${issuer}: peers refuse `
      + 'it until they have that CA. Give it to them first.'),
  ];
}

/** After a reboot a tunnel comes back when NMState applies its policy again, some minutes after traffic begins. */
function inClear({ pools, tunnels, after }: Facts): string[] {
  const guarding = guardsOf(after.set);
  const poolsOf = new Map<string, string[]>();
  for (const pool of pools.filter(({ reboots }) => reboots > 0)) {
    const own = tunnels.filter((tunnel) => ['stays', 'renews', 'restarts'].includes(tunnel.change) && mayReach(tunnel, pool));
    if (own.length === 0 || after.pools.of(pool.pool).some(({ name }) => guarding.has(name))) continue;
    const what = `${listed([...new Set(own.map(named))])} ${own.length === 1 ? 'protects' : 'protect'}`;
    poolsOf.set(what, [...poolsOf.get(what) ?? [], pool.pool]);
  }
  return [...poolsOf].map(([what, names]) => `While nodes of ${names.length === 1 ? 'pool' : 'pools'} ${listed(names)} come back from their `
    + `reboot, what ${what} leaves in clear until the tunnel is up again. No guard (IpsecGuard) in these manifests holds it back.`);
}

/** The MachineConfigs that have a guard of the firewall: packets that no tunnel takes are dropped. */
function guardsOf({ machineConfigs }: Facts['after']['set']): ReadonlySet<string> {
  const isGuard = ({ files, units }: typeof machineConfigs[number]) =>
    files.some((file) => bytesOf(file)?.includes('ipsec missing')) || units.some(({ text }) => text.includes('ipsec missing'));
  return new Set(machineConfigs.filter(isGuard).map(({ subject }) => subject.name ?? ''));
}

/** Where the nodes of a tunnel are named or labelled, they may be of any pool. */
function mayReach({ selector }: TunnelPlan, { pool }: PoolPlan): boolean {
  const role = roleOfSelector(selector);
  return role === undefined || role === pool || role === 'worker' && pool !== 'master';
}

/** What a pause of pools saves, in sentences. */
export function savings({ pools, after, fileOf }: Facts): string[] {
  const documents = new Map(after.set.machineConfigs.map(({ subject }) => [`MachineConfig/${subject.name ?? ''}`, subject.document]));
  const waiting = pools.filter(({ paused, changed }) => paused && changed).map(({ pool }) => pool);
  const meanwhile: string[] = [];
  const apart = new Map<string, { readonly pools: string[]; readonly objects: readonly string[]; readonly times: number }>();
  for (const { pool, paused, reboots, causes } of pools) {
    const objects = [...new Set(causes.filter(({ action }) => action === 'Reboot').map(({ object }) => object))];
    // What is in one file is applied in one go, and rendered together; what an operator writes comes later.
    const times = new Set(objects.map((object) => fileOf.get(documents.get(object)) ?? object)).size;
    if (paused || reboots === 0 || times < 2) continue;
    if (after.pools.isPausedMeanwhile(pool)) {
      meanwhile.push(pool);
      continue;
    }
    const kind = `${objects.length} ${times} ${objects.some(isOfOperator)}`;
    const known = apart.get(kind);
    if (known) known.pools.push(pool);
    else apart.set(kind, { pools: [pool], objects, times });
  }
  return [
    ...waiting.length === 0 ? [] : [`${poolNames(waiting)} ${waiting.length === 1 ? 'is' : 'are'} paused: `
      + 'nothing happens to the nodes before that ends.'],
    ...meanwhile.length === 0 ? [] : [`${poolNames(meanwhile)} ${meanwhile.length === 1 ? 'is' : 'are'} paused meanwhile by these manifests, `
      + 'applied in the order of their files: each node reboots once.'],
    ...[...apart.values()].map(({ pools: names, objects, times }) => `${poolNames(names)}: `
      + `${names.length === 1 ? listed(objects) : `${objects.length} objects each (${listed(objects)} for ${names[0]})`}, `
      + `applied ${times < objects.length ? 'file by file' : 'apart'}, reboot each node up to ${times} times. Paused until all are rendered, it reboots once: `
      + `${pauseCommand(names.filter((name) => !after.pools.isPaused(name)))}`
      + `${objects.some(isOfOperator) ? '. The network operator writes its MachineConfig a while after the Network object is applied: wait for it before the pause ends.' : ''}`),
  ];
}

function isOfOperator(object: string): boolean {
  return object.startsWith('Network/');
}

function poolNames(names: readonly string[]): string {
  return `Pool${names.length === 1 ? '' : 's'} ${listed(names)}`;
}

function pauseCommand(pools: readonly string[]): string {
  return `oc patch mcp ${pools.join(' ')} --type merge -p '{"spec":{"paused":true}}'`;
}

function named({ interface: name, nodes }: TunnelPlan): string {
  return `${name} (${nodes})`;
}

/** At most so many are named; the others are counted. */
const MOST = 4;

function listed(names: readonly string[]): string {
  const shown = names.length > MOST ? [...names.slice(0, MOST), `${names.length - MOST} more`] : names;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`;
}

/** The day of a time in ISO 8601. */
export function day(time: string): string {
  return time.slice(0, 10);
}
