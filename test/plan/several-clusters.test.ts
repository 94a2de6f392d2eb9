import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { file, machineConfig, network, tunnel } from './manifests';
import { call } from '../cli/in-process';
import { runExample } from '../examples/run-example';

const folder = mkdtempSync(join(tmpdir(), 'plan-clusters-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let sides = 0;

/** One side: objects by the path of their file. */
function side(files: { readonly [path: string]: readonly object[] }): string {
  const root = join(folder, `side-${sides++}`);
  mkdirSync(root);
  for (const [path, objects] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  }
  return root;
}

function plan(before: string, after: string, ...args: string[]) {
  const { code, stdout, stderr } = call(['plan', before, after, ...args]);
  return { code, stdout, stderr };
}

interface Cluster {
  readonly cluster: string;
  readonly pools: readonly { readonly pool: string; readonly nodes: number; readonly actions: string[] }[];
  readonly tunnels: readonly { readonly change: string }[];
}

function clusters(before: string, after: string, ...args: string[]): (readonly [string, string[], string[]])[] {
  const { clusters: all } = JSON.parse(plan(before, after, '--format', 'json', ...args).stdout) as { clusters: Cluster[] };
  return all.map(({ cluster, pools, tunnels }) => [
    cluster,
    pools.map(({ pool, nodes, actions }) => `${pool} ${nodes} ${actions.join()}`),
    tunnels.map(({ change }) => change),
  ]);
}

const own = (content: string) => machineConfig({ files: [file('/etc/own', content)] });

describe('the fleet of the example', () => {
  const fleet = runExample('fleet').folder;
  const after = join(folder, 'fleet');
  beforeAll(() => {
    cpSync(join(fleet, 'dist'), after, { recursive: true });
    const berlin = join(after, 'berlin');
    const [endpoints] = readdirSync(berlin).filter((name) => name.includes('endpoints'));
    writeFileSync(join(berlin, endpoints), readFileSync(join(berlin, endpoints), 'utf8').replace('type: ipsec', 'type: ipsec\n        state: absent'));
  });

  test('has a plan for each cluster that something happens to, and the names of the others', () => {
    expect(plan(join(fleet, 'dist'), after, '--nodes', 'worker=6')).toEqual({
      code: 0,
      stderr: '',
      stdout: `== Cluster berlin ==

Nodes
  master  nothing
  worker  nothing  (6 nodes)

Tunnels
  goes down     ipsec-storage  worker-0.berlin.example.com -> storage.example.com (192.0.2.10/32)

Not known
  - Whether the cluster is as OLD says, and what else is in it: MachineConfigs that are in neither are taken to
    stay as they are.
  - The peers: whether they take what changes.

Nothing happens to clusters oslo, paris
`,
    });
  });

  test('is one document in JSON, with every cluster', () => {
    expect(clusters(join(fleet, 'dist'), after, '--nodes', 'worker=6,paris/worker=2').map(([name, pools, fates]) => [name, pools[pools.length - 1], fates]))
      .toEqual([
        ['berlin', 'worker 6 ', ['goes-down']], ['oslo', 'worker 6 ', ['stays']], ['paris', 'worker 2 ', ['stays']],
      ]);
  });

  test('is the same when one cluster is planned by itself', () => {
    const { stdout } = plan(join(fleet, 'dist/berlin'), join(after, 'berlin'), '--nodes', 'worker=6');
    expect(plan(join(fleet, 'dist'), after, '--nodes', 'worker=6').stdout).toContain(stdout);
  });

  test.each(['svg', 'html', 'mermaid'])('is one %s', (format) => {
    const { stdout, code } = plan(join(fleet, 'dist'), after, '--format', format);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Cluster berlin')]);
    expect(stdout).toContain('Nothing happens to clusters oslo, paris');
    expect(stdout).not.toContain('Cluster oslo');
  });
});

test('a cluster that comes or goes with its folder is planned against nothing', () => {
  const before = side({ 'clusters/paris/a.json': [network('External'), tunnel('a')], 'clusters/oslo/a.json': [network('External'), tunnel('a')] });
  const after = side({ 'clusters/paris/a.json': [network('External'), tunnel('a')], 'clusters/rome/a.json': [network('External'), tunnel('a')] });
  expect(clusters(before, after).map(([name, , fates]) => [name, fates])).toEqual([
    ['oslo', ['stays-behind']], ['paris', ['stays']], ['rome', ['comes-up']],
  ]);
});

test('folders that share no object are those of one cluster, and so are a folder and one in it', () => {
  const before = side({ 'network/a.json': [network('External')], 'tunnels/b.json': [tunnel('a')] });
  expect(plan(before, before).stdout).not.toContain('Cluster');
  const base = side({ 'a.json': [own('one')], 'more/b.json': [own('one')] });
  expect(plan(base, base).stdout).not.toContain('Cluster');
});

test('what stands beside the folders of clusters is named as of none', () => {
  const before = side({ 'one/a.json': [own('one')], 'two/a.json': [own('one')] });
  const after = side({ 'one/a.json': [own('two')], 'two/a.json': [own('one')], 'rest.json': [tunnel('a')] });
  expect(clusters(before, after)).toEqual([
    ['(no cluster named)', [], ['comes-up']], ['one', ['worker null Reboot'], []], ['two', ['worker null '], []],
  ]);
});

test('objects that name their clusters are those of several, in one file too', () => {
  const work = (cluster: string, content: string) => ({
    apiVersion: 'work.open-cluster-management.io/v1',
    kind: 'ManifestWork',
    metadata: { name: 'ipsec', namespace: cluster },
    spec: { workload: { manifests: [own(content)] } },
  });
  const before = side({ 'hub.json': [work('paris', 'one'), work('oslo', 'one')] });
  const after = side({ 'hub.json': [work('paris', 'one'), work('oslo', 'two')] });
  expect(clusters(before, after)).toEqual([['oslo', ['worker null Reboot'], []], ['paris', ['worker null '], []]]);
});

test.each([
  [['--nodes', 'rome/worker=1'], "'--nodes' names cluster 'rome', and the clusters are 'one', 'two'"],
  [['--openshift-version', 'rome=4.16'], "'--openshift-version' names cluster 'rome', and the clusters are 'one', 'two'"],
])('%j is bad usage', (args, message) => {
  const both = side({ 'one/a.json': [own('one')], 'two/a.json': [own('one')] });
  expect(plan(both, both, ...args)).toEqual({ code: 2, stdout: '', stderr: `openshift-ipsec plan: ${message}\n` });
});

test('one cluster has no name to be named by', () => {
  const one = side({ 'a.json': [own('one')] });
  expect(plan(one, one, '--nodes', 'paris/worker=1')).toEqual({
    code: 2,
    stdout: '',
    stderr: "openshift-ipsec plan: '--nodes' names cluster 'paris', and OLD and NEW are for one cluster: leave its name out\n",
  });
});
