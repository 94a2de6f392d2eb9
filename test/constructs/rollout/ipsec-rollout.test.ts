import { accessSync, constants, mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart, YamlOutputType } from 'cdk8s';
import { filledRollout, importByDaemonSet, written } from './filled';
import {
  CertImportMachineConfig, IpsecClusterConfig, IpsecMode, IpsecRollout, IpsecRolloutProps, IpsecWarnings, MtuMigration, OpenShiftVersion,
} from '../../../src';
import { checkInputs } from '../../../src/check/check';
import { bundle, caCertificates } from '../certificates/fixtures';

let outdir: string;
beforeEach(() => outdir = mkdtempSync(join(tmpdir(), 'rollout-')));
afterEach(() => rmSync(outdir, { recursive: true }));

const stems = () => readdirSync(outdir).sort().map((name) => name.replace(/-c[0-9a-f]+(?=\.|$)/, ''));
const migration = () => MtuMigration.forIpsec({ machineMtu: 1500 });

describe('the charts', () => {
  test('are numbered files in the order in which they are applied, whatever was written first', () => {
    filledRollout({ outdir }).app.synth();
    expect(stems()).toEqual([
      '0000-ipsec-operator.k8s.yaml', '0001-ipsec-nmstate.k8s.yaml', '0002-ipsec-certificates.k8s.yaml', '0003-ipsec-mode.k8s.yaml',
      '0004-ipsec-endpoints.k8s.yaml', '0005-ipsec-verification.k8s.yaml',
    ]);
  });

  test('are there only from when they are asked for, and the order of asking decides nothing', () => {
    const rollout = new IpsecRollout(new App(), 'ipsec', { pools: ['worker'] });
    expect(rollout.charts).toEqual([]);
    const [endpoints, operator, mode] = [rollout.endpoints, rollout.operator, rollout.mode];
    expect(rollout.endpoints).toBe(endpoints);
    expect(rollout.charts).toEqual([operator, mode, endpoints]);
  });

  test('have the pause around what changes the nodes, and the migration before everything', () => {
    const { app } = filledRollout({ outdir }, { pause: true, mtuMigration: migration() }, migration().finalized());
    app.synth();
    expect(Object.keys(written(app))).toEqual([
      'migration',
      'operator',
      'nmstate',
      'pause',
      'certificates',
      'mode',
      'unpause',
      'endpoints',
      'verification',
    ]);
    expect(readFileSync(join(outdir, readdirSync(outdir).sort()[0]), 'utf8')).toBe(`apiVersion: operator.openshift.io/v1
kind: Network
metadata:
  name: cluster
spec:
  migration:
    mtu:
      machine:
        to: 1500
      network:
        from: 1400
        to: 1354
`);
  });

  test.each<[string, Partial<IpsecRolloutProps>, MtuMigration | undefined]>([
    ['plain', {}, undefined], ['with a pause', { pause: true }, undefined],
    ['with a migration', { mtuMigration: migration() }, migration().finalized()],
  ])('have nothing to complain about, %s, neither at synthesis nor in a check of the files', (_, props, mtuMigration) => {
    const { app } = filledRollout({ outdir }, props, mtuMigration);
    app.synth();
    expect(IpsecWarnings.of(app).list()).toEqual([]);
    const inputs = readdirSync(outdir).map((name) => ({ name, text: readFileSync(join(outdir, name), 'utf8') }));
    const { findings, problems } = checkInputs(inputs);
    expect([findings.map(({ rule, message }) => `${rule}: ${message}`), problems]).toEqual([[], []]);
  });
});

describe('waiting', () => {
  test('is for each MachineConfig by name, and then for the update', () => {
    const { rollout } = filledRollout({ outdir });
    const until = (name: string) =>
      "until oc get machineconfigpool worker -o jsonpath='{.status.configuration.source[*].name}' | tr ' ' '\\n' "
      + `| grep -qxF -- ${name}; do sleep 10; done`;
    expect(rollout.waitCommand().split('\n')).toEqual([
      until('99-worker-import-certs'), until('80-ipsec-worker-extensions'),
      'oc wait machineconfigpool/worker --for=condition=Updated=True --timeout=2h',
    ]);
    expect(rollout.unpauseWaitCommand()).toBe(':');
  });

  test('are for the pods that bring a certificate as well', () => {
    const { rollout, cluster } = filledRollout({ outdir });
    importByDaemonSet(rollout.mode, cluster);
    expect(rollout.waitCommand().split('\n').slice(2)).toEqual([
      'oc wait machineconfigpool/worker --for=condition=Updated=True --timeout=2h',
      'oc rollout status daemonset/ipsec-cert-import-gateway -n ipsec --timeout=2h',
    ]);
  });

  test('before the end of a pause is for what is rendered, which the nodes do not have yet', () => {
    const { rollout } = filledRollout({ outdir }, { pause: true });
    expect(rollout.unpauseWaitCommand().split('\n').map((line) => line.replace(/^.*jsonpath='(\S+)'.* -- (\S+); .*$/, '$1 $2'))).toEqual([
      '{.spec.configuration.source[*].name} 99-worker-import-certs', '{.spec.configuration.source[*].name} 80-ipsec-worker-extensions',
    ]);
  });
});

describe('the script', () => {
  test('has a call for each file, and a wait before whatever needs one', () => {
    const { rollout } = filledRollout({ outdir }, { pause: true, mtuMigration: migration() }, migration().finalized());
    const [, calls] = rollout.applyScript().split("\nextension='k8s.yaml'\n");
    expect(calls.replace(/-c[0-9a-f]{7}/g, '')).toBe(`say NEED 'the password of the bundle left_server, which nothing here brings, and without which it is not imported: \
/etc/pki/ipsec/left_server.password on each node of role master, worker'
migrate_mtu 'ipsec-migration' '1354'
apply 'ipsec-operator'
wait_for 'the NMState operator' kind_exists 'nmstates.nmstate.io'
apply 'ipsec-nmstate'
apply 'ipsec-pause'
apply 'ipsec-certificates'
apply 'ipsec-mode'
wait_for 'pool worker to be rendered' pool_rendered 'worker' '99-worker-import-certs' '80-ipsec-worker-extensions'
apply 'ipsec-unpause'
wait_for 'pool worker to be updated' pool_updated 'worker' '99-worker-import-certs' '80-ipsec-worker-extensions'
wait_for 'the kind of the policies' kind_exists 'nodenetworkconfigurationpolicies.nmstate.io'
wait_for 'the webhook of the policies' deployment_available 'openshift-nmstate' 'nmstate-webhook'
apply 'ipsec-endpoints'
wait_for 'policy ipsec-storage' policy_available 'ipsec-storage'
delete_job 'openshift-gitops' 'ipsec-verification'
apply 'ipsec-verification'
wait_for 'job ipsec-verification' job_complete 'openshift-gitops' 'ipsec-verification'
say OK 'everything is applied'
`);
  });

  test('asks for each password once, for all roles that need it, and for none where there is none', () => {
    const { rollout, cluster } = filledRollout({ outdir });
    const props = { cluster, caCertificates, bundle: bundle({ friendlyName: 'gw' }), nodePasswordFile: '/etc/credstore.encrypted/gw.password', nodePasswordEncrypted: true };
    for (let i = 0; i < 10; i++) new CertImportMachineConfig(rollout.certificates, `gw-${i}`, { ...props, roles: [`pool-${i}`], nickname: 'gw' });
    new CertImportMachineConfig(rollout.certificates, 'open', {
      cluster, caCertificates, bundle: bundle({ password: '', friendlyName: 'open' }), roles: ['worker'], nickname: 'open', acceptPrivateKeyInManifest: true,
    });
    expect(rollout.applyScript().split('\n').filter((line) => line.startsWith('say NEED '))).toEqual([
      "say NEED 'the password of the bundle left_server, which nothing here brings, and without which it is not imported: "
        + "/etc/pki/ipsec/left_server.password on each node of role master, worker'",
      "say NEED 'the password of the bundle gw, encrypted for the node, which nothing here brings, and without which it is not imported: "
        + "/etc/credstore.encrypted/gw.password on each node of role pool-0, pool-1, pool-2, pool-3, pool-4, pool-5, pool-6, pool-7 and 2 more'",
    ]);
  });

  test('is written beside the files, executable', () => {
    const { app, rollout } = filledRollout({ outdir });
    app.synth();
    rollout.writeApplyScript();
    accessSync(join(outdir, 'apply.sh'), constants.X_OK);
    expect(readFileSync(join(outdir, 'apply.sh'), 'utf8')).toBe(rollout.applyScript());
  });

  test('needs files by chart', () => {
    const { rollout } = filledRollout({ outdir, yamlOutputType: YamlOutputType.FILE_PER_APP });
    expect(() => rollout.applyScript()).toThrow(
      new Error(
        "'yamlOutputType' of the app must be FILE_PER_CHART or FOLDER_PER_CHART_FILE_PER_RESOURCE, "
          + 'because a rollout is applied chart by chart: leave it out',
      ),
    );
  });
});

test.each<[string, Partial<IpsecRolloutProps>, string]>([
  ['no pool', { pools: [] }, "'pools' (an empty list) must name at least one MachineConfigPool, such as 'worker'"],
  ['a pool twice', { pools: ['worker', 'worker'] }, "'pools' has 'worker' twice: name it once"],
  [
    'a paused control plane',
    { pools: ['master'], pause: true },
    "'pools' has 'master', the control plane, whose kubelets get no new certificates while it is paused: "
      + "name compute pools only, or say why in 'controlPlaneReason'",
  ],
  ['a reason for nothing', { controlPlaneReason: 'a lab' }, "'controlPlaneReason' is given, but 'pause' is not true: leave it out"],
  [
    'the end of a migration',
    { mtuMigration: migration().finalized() },
    "'mtuMigration' (the end of a migration) must be its start, MtuMigration.forIpsec(…) or "
      + ".start(…): the end goes to the IpsecClusterConfig in 'mode'",
  ],
  [
    'a misspelt prop',
    { paused: true } as object,
    "'paused' is no prop of IpsecRollout, and would have no effect: write 'pause', if that is meant",
  ],
])('%s is refused', (_, props, message) => {
  expect(() => new IpsecRollout(new App(), 'ipsec', { pools: ['worker'], ...props })).toThrow(new Error(`ipsec: ${message}`));
});

test('a migration that nothing ends is refused', () => {
  const { app } = filledRollout({ outdir }, { mtuMigration: migration() });
  expect(() => app.synth()).toThrow(
    "ipsec: 'mtuMigration' starts a migration to 1354 that nothing in 'mode' ends: give 'mtuMigration: migration.finalized()' "
      + 'to an IpsecClusterConfig there',
  );
});

test('a certificate that comes by a DaemonSet before libreswan is refused, since its pods would not be ready before the stage after', () => {
  const { app, rollout, cluster } = filledRollout({ outdir });
  importByDaemonSet(rollout.certificates, cluster);
  expect(() => app.synth()).toThrow(
    "[ipsec] ipsec/certificates/import: a CertImportDaemonSet in 'certificates' comes before 'mode', which brings libreswan to the nodes: "
      + "its pods are ready only then, and Argo CD and Flux would wait for them before they apply 'mode', for ever; "
      + "give it the rollout's 'mode' as scope",
  );
});

test('where nothing in the rollout brings libreswan, a DaemonSet may come with the certificates', () => {
  const app = new App({ outdir });
  const cluster = new IpsecClusterConfig(new Chart(app, 'there'), 'cluster', { mode: IpsecMode.FULL, openshiftVersion: OpenShiftVersion.of('4.18') });
  const rollout = new IpsecRollout(app, 'ipsec', { pools: ['worker'] });
  importByDaemonSet(rollout.certificates, cluster);
  expect(() => app.synth()).not.toThrow();
});
