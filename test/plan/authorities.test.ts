import { Chart, Testing } from 'cdk8s';
import { planned, tunnel } from './manifests';
import { CaBundle, CertImportDaemonSet, CertImportMachineConfig, NodeSecret, Pkcs12Bundle } from '../../src';
import { htmlPlan } from '../../src/plan/reporters/html';
import { jsonPlan } from '../../src/plan/reporters/json';
import { textPlan } from '../../src/plan/reporters/text';
import { externalCluster, quietChart } from '../constructs/endpoint/fixtures';
import { makeCa, makeLeaf, makePkcs12 } from '../pki';

const [one, other] = ['One', 'Other'].map((cn) => makeCa({ cn }));
const leafOf = (ca: typeof one) => makeLeaf({ ca, days: 100, keyUsage: [0] });
const [old, renewed, moved] = [leafOf(one), leafOf(one), leafOf(other)];

/** What imports a certificate of a CA on workers. */
function imported(leaf: typeof old, cas: readonly (typeof one)[], roles = ['worker']): object[] {
  const chart = quietChart();
  new CertImportMachineConfig(chart, 'certs', {
    cluster: externalCluster(chart, '4.18'),
    roles,
    caCertificates: CaBundle.fromPem(cas.map(({ pem }) => pem).join('')),
    bundle: Pkcs12Bundle.fromBase64(makePkcs12({ identity: leaf, friendlyName: 'left_server' }).toString('base64')),
    acceptPrivateKeyInManifest: true,
  });
  return Testing.synth(chart).filter(({ kind }) => kind === 'MachineConfig');
}

function fromSecret(name: string): object[] {
  const chart = new Chart(quietChart(), 'daemon', { namespace: 'ipsec' });
  new CertImportDaemonSet(chart, 'certs', {
    cluster: externalCluster(quietChart(), '4.18'), roles: ['worker'], secret: NodeSecret.shared(name), nickname: 'left_server',
  });
  return Testing.synth(chart);
}

describe('certificate authorities', () => {
  test('that leave and come are told with their days, and what to do before', () => {
    const plan = planned([...imported(old, [one]), tunnel('a')], [...imported(moved, [other]), tunnel('a')], { worker: 1 });
    expect(plan.authorities.map(({ pool, subject, change }) => [pool, subject, change])).toEqual([
      ['worker', 'CN=One,O=Test', 'removed'], ['worker', 'CN=Other,O=Test', 'added'],
    ]);
    const words = ['CA on worker: no longer imported: CN=One,O=Test', 'CA on worker: new: CN=Other,O=Test ('];
    for (const line of words) expect(textPlan(plan, false)).toContain(`  ${line}`);
    expect(htmlPlan(plan)).toContain('<td>worker</td><td>CA</td><td>no longer imported: CN=One,O=Test</td>');
    expect(JSON.parse(jsonPlan(plan)).authorities[1]).toMatchObject({ pool: 'worker', subject: 'CN=Other,O=Test', change: 'added', daysLeft: expect.any(Number) });
    expect(plan.warnings.filter((warning) => warning.includes('CA'))).toEqual([
      'CA CN=One,O=Test is no longer imported in pool worker: from then on nodes refuse a peer whose certificate is of it. Import both CAs until every '
        + 'peer has a certificate of another.',
      'The new certificate left_server is of another CA than the one before it, CN=Other,O=Test: peers refuse it until they have that CA. Give it to '
        + 'them first.',
    ]);
  });

  test('beside the old one is the way to go', () => {
    const plan = planned(imported(old, [one]), imported(renewed, [one, other]), { worker: 1 });
    expect(plan.authorities.map(({ subject, change }) => [subject, change])).toEqual([['CN=Other,O=Test', 'added']]);
    expect(plan.warnings).toEqual([]);
  });

  test('stay where a certificate is renewed, and where a pool comes or goes nothing is said of them', () => {
    expect(planned(imported(old, [one]), imported(renewed, [one])).authorities).toEqual([]);
    expect(planned([], imported(old, [one])).authorities).toEqual([]);
    expect(planned(imported(old, [one]), []).authorities).toEqual([]);
  });

  test('of two pools are one line', () => {
    const roles = ['master', 'worker'];
    const plan = planned(imported(old, [one], roles), imported(old, [one, other], roles));
    expect(textPlan(plan, false)).toContain('  CA on master, worker: new: CN=Other,O=Test (');
  });
});

test('a certificate of the same name and end is told by its fingerprint', () => {
  const plan = planned(imported(old, [one]), imported(renewed, [one]));
  expect(textPlan(plan, false).replace(/\s+/g, ' ')).toMatch(
    / becomes another one of the same name and end: SHA-256 [0-9A-F]{16} becomes [0-9A-F]{16} /,
  );
});

describe('a certificate that a DaemonSet takes from a Secret', () => {
  const uses = tunnel('a');

  test('is no import that is taken away, and takes the place of the one before', () => {
    const plan = planned([...imported(old, [one]), uses], [...fromSecret('left-server'), uses], { worker: 1 });
    expect(plan.warnings.join()).not.toContain('taken away');
    expect(textPlan(plan, false).replace(/\s+/g, ' ')).toMatch(/left_server on worker: .* becomes what Secret ipsec\/left-server holds /);
    expect(plan.tunnels.map(({ change }) => change)).toEqual(['renews']);
    expect(plan.unknown).toContain(
      'Which certificate left_server of pool worker is: a DaemonSet takes it from Secret ipsec/left-server, whose content stands in no manifest.',
    );
  });

  test('is another one where it is another Secret, and no node reboots for it', () => {
    const plan = planned([...fromSecret('a'), uses], [...fromSecret('b'), uses], { worker: 1 });
    expect(plan.certificates.map(({ change, before, after }) => [change, before!.secret, after!.secret])).toEqual([['replaced', 'ipsec/a', 'ipsec/b']]);
    expect(plan.pools.map(({ reboots }) => reboots)).toEqual([0]);
    expect(planned([...fromSecret('a'), uses], [...fromSecret('a'), uses]).certificates).toEqual([]);
  });

  test('has to be there before a tunnel that comes with it', () => {
    expect(planned([], [...fromSecret('a'), uses]).warnings).toEqual([
      'a (worker-0) needs certificate left_server, which a DaemonSet imports. Apply the policies when its pods are ready (oc get daemonset).',
    ]);
  });
});

test('pools for which the same is to be looked out for are named in one sentence', () => {
  const roles = ['infra', 'worker'];
  const everywhere = { ...tunnel('a'), spec: { ...(tunnel('a') as { spec: object }).spec, nodeSelector: {} } };
  const [before, after] = [old, renewed].map((leaf) => [...imported(leaf, [one], roles), everywhere]);
  const plan = planned(before, after, { worker: 1, infra: 1 });
  expect(plan.warnings).toEqual([
    'While nodes of pools infra and worker come back from their reboot, what a (all nodes) protects leaves in clear until the tunnel is up '
      + 'again. No guard (IpsecGuard) in these manifests holds it back.',
  ]);
});
