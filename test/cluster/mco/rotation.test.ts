import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Testing } from 'cdk8s';
import { judgeChange } from './judge';
import {
  CaBundle, CertificateRotation, CertImportMachineConfig, CertRemovalMachineConfig, IpsecClusterConfig, IpsecMode, IpsecWarnings,
  OpenShiftVersion, Pkcs12Bundle,
} from '../../../src';
import { makeCa, makeLeaf, makePkcs12 } from '../../pki';

const PASSWORD = 's3cret';
const PASSWORD_FILE = join(mkdtempSync(join(tmpdir(), 'rotation-')), 'password');
writeFileSync(PASSWORD_FILE, PASSWORD);
const ca = makeCa();
const nextCa = makeCa({ cn: 'Next CA' });
const leaf = makeLeaf({ ca });
const renewedLeaf = makeLeaf({ ca, cn: 'node1-new.example.com' });

/** What an app writes for the nodes of `worker`, and the policy beside it. */
interface Cluster {
  readonly machineConfigs: any[];
  readonly policy: object;
}

interface Change {
  readonly renewed?: boolean;
  readonly cas?: string;
  /** The file of the password, which stands in the unit. */
  readonly passwordFile?: string;
  readonly nicknames?: readonly string[];
  /** In the place of all imports. */
  readonly removed?: boolean;
}

function cluster({ renewed, cas = ca.pem, passwordFile, nicknames = ['left_server'], removed }: Change = {}): Cluster {
  const chart = Testing.chart();
  IpsecWarnings.of(chart).silence();
  const target = new IpsecClusterConfig(chart, 'cluster', {
    mode: IpsecMode.EXTERNAL,
    openshiftVersion: OpenShiftVersion.of('4.18'),
    routingViaHost: true,
  });
  const imports = removed ? [] : nicknames.map((nickname) => new CertImportMachineConfig(chart, nickname, {
    cluster: target,
    roles: ['worker'],
    caCertificates: CaBundle.fromPem(cas),
    bundle: bundleOf(nickname, renewed === true, passwordFile),
    nickname,
    ...passwordFile === undefined ? { acceptPrivateKeyInManifest: true } : { nodePasswordFile: passwordFile },
  }));
  const removals = removed
    ? nicknames.map((nickname) => new CertRemovalMachineConfig(chart, nickname, { cluster: target, roles: ['worker'], nickname }))
    : [];
  new CertificateRotation(chart, 'rotation', { cluster: target, certificates: imports, removals });
  const objects = Testing.synth(chart);
  return {
    machineConfigs: objects.filter(({ kind }) => kind === 'MachineConfig'),
    policy: objects.find(({ kind }) => kind === 'MachineConfiguration'),
  };
}

const bundles = new Map<string, string>();
/** Bytes that are the same for the same certificate, as a file in Git has them. */
function bundleOf(nickname: string, renewed: boolean, passwordFile: string | undefined): Pkcs12Bundle {
  const key = [nickname, renewed, passwordFile !== undefined].join();
  const password = passwordFile === undefined ? '' : PASSWORD;
  if (!bundles.has(key)) {
    bundles.set(key, makePkcs12({ identity: renewed ? renewedLeaf : leaf, friendlyName: nickname, password }).toString('base64'));
  }
  return Pkcs12Bundle.fromBase64(bundles.get(key)!, password === '' ? {} : { passwordFile: PASSWORD_FILE });
}

function withScript(machineConfigs: any[]): any[] {
  const copy = structuredClone(machineConfigs);
  for (const file of copy[0].spec.config.storage.files) if (file.path.endsWith('.sh')) file.contents = { source: 'data:,%23!/bin/sh' };
  return copy;
}

function withMode(machineConfigs: any[]): any[] {
  const copy = structuredClone(machineConfigs);
  for (const file of copy[0].spec.config.storage.files) if (file.path.endsWith('.p12')) file.mode = 0o600;
  return copy;
}

/** What brings libreswan to the nodes. */
const EXTENSION = {
  apiVersion: 'machineconfiguration.openshift.io/v1',
  kind: 'MachineConfig',
  metadata: { name: '80-ipsec-worker-extensions', labels: { 'machineconfiguration.openshift.io/role': 'worker' } },
  spec: { config: { ignition: { version: '3.4.0' } }, extensions: ['ipsec'] },
};

const BASE = cluster();
const RESTART = ['DaemonReload', 'Restart ipsec-import.service'];
/** For the unit that watches the files, which itself starts anew. */
const WATCH = ['DaemonReload', 'Restart ipsec-import.path', 'Restart ipsec-import.service'];
const P12 = '/etc/pki/certs/left_server.p12';
const CA = '/etc/pki/certs/ca.pem';
const SCRIPT = '/usr/local/bin/ipsec-addcert.sh';
const UNIT = 'ipsec-import.service';
const PATH_UNIT = 'ipsec-import.path';

describe('with the policy of CertificateRotation', () => {
  test.each<[string, any[], any[], string[], string[]?]>([
    ['bundle', BASE.machineConfigs, cluster({ renewed: true }).machineConfigs, [P12]],
    ['CA', BASE.machineConfigs, cluster({ cas: ca.pem + nextCa.pem }).machineConfigs, [CA]],
    ['script', BASE.machineConfigs, withScript(BASE.machineConfigs), [SCRIPT]],
    ['mode of the bundle', BASE.machineConfigs, withMode(BASE.machineConfigs), [P12]],
    [
      'unit',
      cluster({ passwordFile: '/etc/pki/ipsec/a' }).machineConfigs,
      cluster({ passwordFile: '/etc/pki/ipsec/b' }).machineConfigs,
      [PATH_UNIT, UNIT],
      [...WATCH, ...RESTART],
    ],
  ])('a changed %s restarts the import, and no node is drained', (_, before, after, changed, actions = RESTART) => {
    expect(judgeChange(before, after, BASE.policy)).toEqual({ changed, actions, drain: false });
  });

  test('everything changed at once restarts it several times, and each time with the unit read before', () => {
    const after = withScript(cluster({ renewed: true, cas: nextCa.pem + ca.pem, passwordFile: '/etc/pki/ipsec/a' }).machineConfigs);
    expect(judgeChange(BASE.machineConfigs, after, BASE.policy))
      .toEqual({
        changed: [CA, P12, SCRIPT, PATH_UNIT, UNIT],
        actions: [...RESTART, ...RESTART, ...RESTART, ...WATCH, ...RESTART],
        drain: false,
      });
  });

  test('nothing changed does nothing', () => {
    expect(judgeChange(BASE.machineConfigs, cluster().machineConfigs, BASE.policy)).toEqual({ drain: false });
  });

  test('a certificate of another nickname leaves this one alone', () => {
    const both = { nicknames: ['left_server', 'b'] };
    const { machineConfigs, policy } = cluster(both);
    const after = [machineConfigs[0], cluster({ ...both, renewed: true }).machineConfigs[1]];
    expect(judgeChange(machineConfigs, after, policy)).toEqual({
      changed: ['/etc/pki/certs/b.p12'],
      actions: ['DaemonReload', 'Restart ipsec-import-b.service'],
      drain: false,
    });
    const [first, second] = [withScript([machineConfigs[0]])[0], withScript([machineConfigs[1]])[0]];
    expect(judgeChange(machineConfigs, [first, second], policy).actions).toEqual([
      'DaemonReload',
      'Restart ipsec-import.service',
      'Restart ipsec-import-b.service',
    ]);
  });

  test('the extension that brings libreswan reboots the node all the same', () => {
    expect(judgeChange(BASE.machineConfigs, [...BASE.machineConfigs, EXTENSION], BASE.policy)).toEqual({
      changed: ['operating system'],
      actions: ['Reboot'],
      drain: true,
    });
  });
});

describe('without it', () => {
  test.each<[string, any[]]>([
    ['bundle', cluster({ renewed: true }).machineConfigs],
    ['CA', cluster({ cas: ca.pem + nextCa.pem }).machineConfigs],
    ['script', withScript(BASE.machineConfigs)],
    ['unit', cluster({ passwordFile: '/etc/pki/ipsec/a' }).machineConfigs],
    ['extension', [...BASE.machineConfigs, EXTENSION]],
  ])('a changed %s reboots the node', (_, after) => {
    const { actions, drain } = judgeChange(BASE.machineConfigs, after);
    expect([actions, drain]).toEqual([['Reboot'], true]);
  });

  test('one path without a policy reboots the node, as disruption-policy-incomplete says', () => {
    const policy: any = structuredClone(BASE.policy);
    policy.spec.nodeDisruptionPolicy.files = policy.spec.nodeDisruptionPolicy.files.filter(({ path }: any) => path !== CA);
    expect(judgeChange(BASE.machineConfigs, cluster({ renewed: true }).machineConfigs, policy).actions).toEqual(RESTART);
    expect(judgeChange(BASE.machineConfigs, cluster({ renewed: true, cas: nextCa.pem + ca.pem }).machineConfigs, policy).actions).toEqual([
      'Reboot',
    ]);
  });
});

describe('what the rules call an error', () => {
  const onBundle = (path: string, actions: object[]) => ({
    apiVersion: 'operator.openshift.io/v1',
    kind: 'MachineConfiguration',
    metadata: { name: 'cluster' },
    spec: { nodeDisruptionPolicy: { files: [{ path, actions }] } },
  });
  const renewed = cluster({ renewed: true }).machineConfigs;

  test('a relative path matches nothing', () => {
    expect(judgeChange(BASE.machineConfigs, renewed, onBundle(P12.slice(1), [{ type: 'None' }])).actions).toEqual(['Reboot']);
  });

  test('an empty list of actions does nothing at all', () => {
    expect(judgeChange(BASE.machineConfigs, renewed, onBundle(P12, []))).toEqual({ changed: [P12], drain: false });
  });

  test('a folder counts for what is in it, and the longest path decides', () => {
    expect(judgeChange(BASE.machineConfigs, renewed, onBundle('/etc/pki/certs/', [{ type: 'None' }])).actions).toEqual(['None']);
  });
});

describe('an import that is taken away', () => {
  const removal = cluster({ removed: true });

  test('reboots the node where its removal takes its place and the rotation does not know it', () => {
    expect(judgeChange(BASE.machineConfigs, removal.machineConfigs, BASE.policy).actions).toEqual(['Reboot']);
  });

  test('is removed without a reboot where the rotation has the removal', () => {
    const { actions, drain } = judgeChange(BASE.machineConfigs, removal.machineConfigs, removal.policy);
    expect([new Set(actions), drain]).toEqual([new Set(['DaemonReload', 'Restart ipsec-remove.service']), false]);
  });

  test('whose policy was left would restart a unit that is gone, which disruption-policy-unit says', () => {
    expect(judgeChange(BASE.machineConfigs, [], BASE.policy).actions).toEqual([...RESTART, ...RESTART, ...RESTART, ...WATCH, ...RESTART]);
  });

  test('reboots the node once its policy is gone', () => {
    expect(judgeChange(BASE.machineConfigs, []).actions).toEqual(['Reboot']);
  });
});
