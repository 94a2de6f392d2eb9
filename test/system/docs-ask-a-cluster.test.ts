import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { AskedCluster } from './asked-cluster';
import { requireTools, scratch, start } from './tools';
import { asksACluster, commandBlocks, inlineCommands } from '../docs/command-blocks';

requireTools({ kubectl: 'kubectl (https://pkgs.k8s.io)' });

const dir = scratch('docs-asks');
const named = (name: string, rest: object = {}, labels = {}) => ({ metadata: { name, labels }, ...rest });
const NODES = ['worker-0.example.com', 'worker-9.example.com'];

/** A cluster that has all that the pages ask for. */
const OBJECTS = {
  'nodes.v1': NODES.map((name) => named(name, {}, { 'node-role.kubernetes.io/worker': '' })),
  'pods.v1': [
    ...NODES.map((nodeName) => ({
      metadata: { name: `import-${nodeName}`, namespace: 'ipsec' },
      spec: { nodeName },
      status: { containerStatuses: [{ state: { terminated: { message: 'OK' } } }] },
    })),
    { metadata: { name: 'nmstate-handler', namespace: 'openshift-nmstate' } },
  ],
  'configmaps.v1': [{ metadata: { name: 'cluster-monitoring-config', namespace: 'openshift-monitoring' }, data: { 'config.yaml': 'nodeExporter: {}\n' } }],
  'jobs.batch/v1': [{ metadata: { name: 'ipsec-verification', namespace: 'ipsec' } }],
  'customresourcedefinitions.apiextensions.k8s.io/v1': [named('nmstates.nmstate.io')],
  'networks.operator.openshift.io/v1': [named('cluster', { spec: { defaultNetwork: { ovnKubernetesConfig: { ipsecConfig: { mode: 'Disabled' } } } } })],
  'networks.config.openshift.io/v1': [named('cluster', { status: { clusterNetworkMTU: 1354 } })],
  'machineconfigurations.operator.openshift.io/v1': [{
    metadata: { name: 'cluster', generation: 2 },
    spec: { nodeDisruptionPolicy: { files: [{ path: '/etc/pki/certs/ca.pem' }] } },
    status: { observedGeneration: 2, nodeDisruptionPolicyStatus: { clusterPolicies: { files: [{ path: '/etc/pki/certs/ca.pem' }] } } },
  }],
  'infrastructures.config.openshift.io/v1': [named('cluster', { status: { platform: 'BareMetal' } })],
  'clusterversions.config.openshift.io/v1': [named('version')],
  'clusteroperators.config.openshift.io/v1': [named('network')],
  'machineconfigs.machineconfiguration.openshift.io/v1': ['80-ipsec-worker-extensions', '99-worker-ipsec-guard', '99-worker-import-certs']
    .map((name) => named(name, {}, { 'machineconfiguration.openshift.io/role': 'worker' })),
  'machineconfigpools.machineconfiguration.openshift.io/v1': ['master', 'worker'].map((name) => named(name, {
    spec: { paused: false, configuration: { name: 'rendered-1' } },
    status: { configuration: { name: 'rendered-1', source: [{ name: '80-ipsec-worker-extensions' }] } },
  })),
  'nodenetworkconfigurationpolicies.nmstate.io/v1': [named('ipsec-storage-worker-0')],
  'nodenetworkconfigurationenactments.nmstate.io/v1beta1': NODES
    .map((node) => named(`${node}.ipsec-storage-worker-0`, {}, { 'nmstate.io/policy': 'ipsec-storage-worker-0' })),
  'nodenetworkstates.nmstate.io/v1beta1': NODES.map((name) => named(name)),
  'clusterserviceversions.operators.coreos.com/v1alpha1': [{ metadata: { name: 'kubernetes-nmstate-operator.4.18.0', namespace: 'openshift-nmstate' } }],
  'packagemanifests.packages.operators.coreos.com/v1': [{ metadata: { name: 'kubernetes-nmstate-operator', namespace: 'ipsec' } }],
  'ingressnodefirewalls.ingressnodefirewall.openshift.io/v1alpha1': [named('ipsec')],
  'policies.policy.open-cluster-management.io/v1': [{ metadata: { name: 'ipsec-mode', namespace: 'policies' } }],
};

/** What the pages have run on a node. The programs themselves are run in the lab and in the tests of the scripts; here the words are held. */
const ON_NODE = [
  'certutil -L -d sql:/var/lib/ipsec/nss',
  'ipsec trafficstatus',
  'ip xfrm state count',
  'ping -c3 -q storage.example.com',
  'journalctl -u ipsec-import.service',
  'journalctl -u ipsec-import.service --since -1h',
  'uptime --since',
  'ls /var/lib/ipsec/nss',
  'nmcli -f NAME connection',
  'ethtool -k ens2f0',
  'tcpdump -c 5 -ni any host 10.1.2.3 and (esp or udp port 4500)',
  '/usr/local/bin/ipsec-check.sh tunnel ipsec-storage',
];

/** The blocks that other tests run, or that nothing here can, by what they begin with, and why. */
const ELSEWHERE: { readonly [start: string]: string } = {
  'docs/keys.md: for node in': 'test/system/password-recipes.test.ts runs it on the roots of nodes',
  'docs/keys.md: oc debug': 'test/system/password-recipes.test.ts runs it on the roots of nodes',
  'docs/tasks/install-the-nmstate-operator.md: oc apply': 'OLM would have to install an operator; apply and wait are run against an API server for first-tunnel.md',
};

/** Names for what the reader fills in. */
const FILLED: { readonly [placeholder: string]: string } = {
  '<node>': 'worker-0.example.com',
  '<pool>': 'worker',
  '<policy>': 'ipsec-storage-worker-0',
  'ingressnodefirewall <name>': 'ingressnodefirewall ipsec',
};

let cluster: AskedCluster;
const bin = join(dir, 'bin');

beforeAll(async () => {
  cluster = await AskedCluster.start(OBJECTS);
  mkdirSync(bin);
  writeFileSync(join(dir, 'kubeconfig'), cluster.kubeconfig);
  writeFileSync(join(dir, 'on-node'), ON_NODE.map((line) => `${line}\n`).join(''));
  // A jsonpath that finds nothing prints nothing; here it is an error. `oc debug` is what kubectl does not have in that form.
  writeFileSync(join(bin, 'oc'), `#!/bin/bash
set -euo pipefail
kubectl() { command kubectl --kubeconfig '${join(dir, 'kubeconfig')}' "$@"; }
if [[ $1 == debug ]]; then
  [[ $2 == node/* && $3 == -- && $4 == chroot && $5 == /host ]] || { echo "no oc debug: $*" >&2; exit 2; }
  kubectl get "$2" >/dev/null
  exec on-node "\${@:6}"
fi
[[ $1 != delete ]] || set -- "$@" --wait=false
[[ $* != *jsonpath* ]] || set -- "$@" --allow-missing-template-keys=false
kubectl "$@"
`, { mode: 0o755 });
  writeFileSync(join(bin, 'on-node'), `#!/bin/bash
grep -qxF -- "$*" '${join(dir, 'on-node')}' || { echo "not known on a node: $*" >&2; exit 127; }
echo "what '$*' prints: esp-hw-offload: on"
`, { mode: 0o755 });
  // What a page has the reader type on the node.
  for (const program of ['journalctl']) writeFileSync(join(bin, program), `#!/bin/sh\nexec on-node ${program} "$@"\n`, { mode: 0o755 });
});
afterAll(() => cluster?.stop());

/** Runs command lines as they stand; each must print something, and no error. */
async function asked(script: string) {
  const env = { PATH: `${bin}:${process.env.PATH}`, HOME: dir };
  const { code, stdout, stderr } = await start('bash', ['--norc', '-euo', 'pipefail', '-c', script], { cwd: dir, env }).done;
  return { code, stderr, prints: stdout.trim() !== '' && !stdout.includes('<none>') || />\s*\S+$/m.test(script) };
}

const GOOD = { code: 0, stderr: '', prints: true };

const BLOCKS = commandBlocks().filter((block) => asksACluster(block) && !/^sh (?:run|cluster|printed)$/.test(block.fence));
const isElsewhere = (text: string) => Object.keys(ELSEWHERE).some((start_) => text.startsWith(start_));
const HERE = BLOCKS.map(({ page, script }): [string, string] => [`${page}: ${script}`, script]).filter(([text]) => !isElsewhere(text));

test('there are blocks that ask a cluster, and each that is said to run elsewhere is there', () => {
  expect(HERE.length).toBeGreaterThan(10);
  const all = BLOCKS.map(({ page, script }) => `${page}: ${script}`);
  expect(Object.keys(ELSEWHERE).filter((text) => !all.some((each) => each.startsWith(text)))).toEqual([]);
});

test.each(HERE)('%s', async (_, script) => expect(await asked(script)).toEqual(GOOD));

test.each(inlineCommands().map(({ page, command }): [string, string] => [`${page}: ${command}`,
  Object.entries(FILLED).reduce((text, [placeholder, name]) => text.replaceAll(placeholder, name), command)]))('%s', async (_, command) => {
  expect(await asked(command)).toEqual(GOOD);
});

test.each([
  ['a resource that there is none of', 'oc get nnces', /doesn't have a resource type "nnces"/],
  ['an option that there is not', 'oc get nodes --selectr=a', /unknown flag: --selectr/],
  ['a name that nothing has', 'oc get mcp workers', /"workers" not found/],
  ['a label that nothing has', 'oc get mc -l role=worker', /No resources found/],
  ['a field that is not there', "oc get mcp worker -o jsonpath='{.spec.pause}'", /pause is not found/],
  ['a field that is to be changed', 'oc patch mcp worker --type=merge -p \'{"spec":{"pause":true}}\'', /spec\.pause is no field/],
  ['a node that is not there', 'oc debug node/worker-7.example.com -- chroot /host uptime --since', /"worker-7\.example\.com" not found/],
  ['a program that is none', 'oc debug node/worker-0.example.com -- chroot /host ipsec trafic', /not known on a node/],
])('%s is an error', async (_, command, message) => {
  const { stderr } = await asked(command);
  expect(stderr).toMatch(message);
});
