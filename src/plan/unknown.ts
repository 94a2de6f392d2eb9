import { DisruptionPolicies } from './disruption-policies';
import type { Facts } from './model';
import { roleOfSelector } from './nodes';
import { decidedBy } from './order';
import { isPlaceholder } from '../documents/placeholders';
import { at, text } from '../documents/values';
import { NODE_DISRUPTION_MINOR } from '../openshift/node-disruption';

const STANDARD_POOLS = ['master', 'worker', 'arbiter'];

/** What the two folders don't show, so that nobody takes the plan for more than it is. */
export function unknowns(facts: Facts): string[] {
  const { pools, before, after } = facts;
  const touched = pools.filter(({ changed }) => changed);
  return [
    ...counts(facts),
    ...touched.filter(({ pool }) => !STANDARD_POOLS.includes(pool) && !after.pools.has(pool))
      .map(({ pool }) => `What pool ${pool} selects: its MachineConfigPool is not in NEW, `
        + 'and it is taken to have its own MachineConfigs and those of worker.'),
    ...roleless(facts),
    ...releaseUnknown(facts),
    ...before.mode.mode === undefined && after.mode.isOn ? ['Whether IPsec is on already: OLD has no Network object, '
      + 'and it is taken to be off.'] : [],
    ...locked(facts),
    ...removed(facts),
    ...beforeKeyfiles(facts),
    ...nodesOfKeyfiles(facts),
    ...nodesAmong(facts),
    ...oldIgnition(facts),
    ...touched.some(({ reboots, actions }) => reboots > 0 || actions.includes('Drain')) ? ['How long drains take: '
      + 'pods whose PodDisruptionBudget does not let them go hold a node up.'] : [],
    'Whether the cluster is as OLD says, and what else is in it: MachineConfigs that are in neither are taken to stay as they are.',
    ...facts.tunnels.some(({ change }) => change !== 'stays') ? ['The peers: whether they take what changes.'] : [],
  ];
}

function counts({ pools }: Facts): string[] {
  const missing = pools.filter(({ changed, nodes }) => changed && nodes === undefined).map(({ pool }) => pool);
  return missing.length === 0
    ? []
    : [
      `How many nodes ${missing.length === 1 ? 'pool' : 'pools'} ${missing.join(', ')} ${missing.length === 1 ? 'has' : 'have'}: `
          + `say so with ${missing.map((pool) => `--nodes ${pool}=…`).join(' ')}.`,
    ];
}

function roleless({ before, after }: Facts): string[] {
  const all = [...before.set.machineConfigs, ...after.set.machineConfigs].filter(({ role }) => role === undefined);
  const names = [...new Set(all.map(({ subject }) => subject.name ?? '(no name)'))];
  if (names.length === 0) return [];
  const nodePool = all.some(({ subject }) => subject.ofNodePool);
  const why = nodePool ? 'they are for the node pools of a hosted cluster, which has no MachineConfigPools'
    : all.some(({ subject }) => isPlaceholder(at(subject.object.metadata, 'labels'))) ? 'the label of their role is still to be filled in' : 'no label says their role';
  return [
    `Which nodes take MachineConfig ${names
      .slice(0, 4)
      .map((name) => `'${name}'`)
      .join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''}: ${why}.`,
  ];
}

function locked({ certificates }: Facts): string[] {
  return certificates.filter(({ after, change }) => change !== 'removed' && after?.notAfter === undefined)
    .map(({ nickname, pool, after }) => after?.secret === undefined
      ? `When certificate ${nickname} of pool ${pool} ends: its bundle does not open without a password.`
      : `Which certificate ${nickname} of pool ${pool} is: a DaemonSet takes it from Secret ${after.secret}, whose content stands in no manifest.`);
}

/** Some tools delete what is no longer there, and some do not. */
function removed({ before, after }: Facts): string[] {
  const kept = new Set(after.set.machineConfigs.map(({ subject }) => subject.name));
  const gone = before.set.machineConfigs.filter(({ subject }) => !kept.has(subject.name)).map(({ subject }) => subject.name ?? '(no name)');
  return gone.length === 0
    ? []
    : [
      `Whether ${gone
        .slice(0, 4)
        .map((name) => `MachineConfig '${name}'`)
        .join(', ')}${gone.length > 4 ? ` and ${gone.length - 4} more` : ''} `
          + `${gone.length === 1 ? 'is' : 'are'} deleted from the cluster: ${gone.length === 1 ? 'it is' : 'they are'} taken to be, `
          + `and 'oc apply' without pruning leaves ${gone.length === 1 ? 'it' : 'them'}.`,
    ];
}

/** Which release it is, where that decides whether nodes reboot. */
function releaseUnknown(facts: Facts): string[] {
  if (facts.release.hasDisruptionPolicies !== undefined) return [];
  const without = decidedBy(facts, DisruptionPolicies.EARLY, facts.after.policies);
  return without.length === 0 ? [] : [
    `Whether the cluster has OpenShift 4.${NODE_DISRUPTION_MINOR} or later, as it is taken to have: earlier releases know no node disruption `
      + `policies, and it would be ${without.slice(0, 4).join(', ')}${without.length > 4 ? ` and ${without.length - 4} more` : ''}. `
      + 'Say so with --openshift-version 4.…, or have its ClusterVersion among the manifests.',
  ];
}

/** The operator keeps what it wrote over, and puts it back; the unit of `state: absent` takes that away. */
function beforeKeyfiles({ tunnels, after }: Facts): string[] {
  const gone = tunnels.filter(({ delivery, change }) => delivery === 'keyfile' && change === 'goes-down');
  if (gone.length === 0) return [];
  const absent = new Set(after.set.machineConfigs.flatMap(({ units }) => units.map(({ name }) => name)));
  const names = [...new Set(gone.map(({ interface: name }) => name))].filter((name) => !absent.has(`ipsec-absent-${name}.service`));
  return names.length === 0 ? [] : [
    `Whether nodes had ${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''} before the keyfile, from a `
      + 'policy of NMState: the Machine Config Operator then puts that back. An endpoint with state ABSENT takes both away.',
  ];
}

/** What a host or a label is of stands in no manifest. */
function nodesOfKeyfiles({ tunnels }: Facts): string[] {
  const taken = tunnels.filter(({ delivery, formerly, selector }) =>
    delivery === 'keyfile' && formerly && Object.keys(selector).length > 0 && roleOfSelector(selector) === undefined);
  const nodes = [...new Set(taken.map((tunnel) => `${tunnel.nodes} (${tunnel.interface})`))];
  return nodes.length === 0 ? [] : [
    `Whether ${nodes.slice(0, 4).join(', ')}${nodes.length > 4 ? ` and ${nodes.length - 4} more` : ''} ${nodes.length === 1 ? 'is' : 'are'} `
      + 'of the pool whose MachineConfig has the keyfile: on nodes of another pool the tunnel stays behind.',
  ];
}

/** Whether a host has a role or a label stands in no manifest either. */
function nodesAmong({ tunnels }: Facts): string[] {
  const groups = new Map<string, Set<string>>();
  for (const { interface: name, nodes, among } of tunnels) {
    if (!among) continue;
    const otherwise = among.side === 'after' ? 'the tunnel stays behind' : 'the tunnel is a new one';
    const sentence = `of ${among.nodes === 'all nodes' ? 'the nodes' : `the ${among.nodes}`} that ${name} ${among.side === 'after' ? 'has now' : 'had before'}, `
      + `as taken here: on another node ${otherwise}.`;
    groups.set(sentence, (groups.get(sentence) ?? new Set()).add(nodes));
  }
  return [...groups].map(([sentence, all]) => {
    const nodes = [...all];
    return `Whether ${nodes.slice(0, 4).join(', ')}${nodes.length > 4 ? ` and ${nodes.length - 4} more` : ''} ${nodes.length === 1 ? 'is' : 'are'} ${sentence}`;
  });
}

function oldIgnition({ after }: Facts): string[] {
  const names = after.set.machineConfigs
    .filter(({ config }) => text(at(config, 'ignition', 'version'))?.startsWith('2.'))
    .map(({ subject }) => subject.name ?? '(no name)');
  return names.length === 0
    ? []
    : [
      `What the operator makes of MachineConfig ${names
        .slice(0, 4)
        .map((name) => `'${name}'`)
        .join(', ')}: it is Ignition 2, and compared as it is written.`,
    ];
}
