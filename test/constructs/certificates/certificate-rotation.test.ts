import { mkdirSync, mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Chart, Testing } from 'cdk8s';
import { bundle, caCertificates, leaf } from './fixtures';
import {
  CertificateRotation, CertificateRotationProps, CertImportMachineConfig, CertImportMachineConfigProps, CertRemovalMachineConfig,
  HostCertificates, ImportScript, IpsecCertificate, IpsecClusterConfig, IpsecWarnings,
} from '../../../src';
import { makePkcs12 } from '../../pki';
import { externalCluster, quietChart } from '../endpoint/fixtures';

const ROLES = ['master', 'worker'];

/** An app with imports by their nicknames and roles, and the rotation of all of them. */
class Scene {
  public readonly chart: Chart = quietChart();
  public readonly cluster: IpsecClusterConfig;

  public constructor(version = '4.18') {
    this.cluster = externalCluster(this.chart, version);
  }

  public import(nickname: string, roles = ROLES, props: Partial<CertImportMachineConfigProps> = {}) {
    return new CertImportMachineConfig(this.chart, `import-${nickname}-${roles.join()}`, {
      cluster: this.cluster,
      roles,
      caCertificates,
      bundle: bundle({ friendlyName: nickname }),
      nickname,
      nodePasswordFile: '/etc/pki/ipsec/left_server.password',
      ...props,
    });
  }

  public rotation(props: Partial<CertificateRotationProps>) {
    return new CertificateRotation(this.chart, 'rotation', { cluster: this.cluster, certificates: [], ...props });
  }

  public get policy() {
    return Testing.synth(this.chart).find(({ kind }) => kind === 'MachineConfiguration').spec.nodeDisruptionPolicy;
  }

  /** What a change of a file or unit does, in a word each. */
  public get actions() {
    const { files, units } = this.policy;
    return Object.fromEntries([...files, ...units].map(({ path, name, actions }: any) => (
      [path ?? name, actions.map(({ type, restart }: any) => (restart ? `${type} ${restart.serviceName}` : type)).join(', ')])));
  }

  public get warnings() {
    Testing.synth(this.chart);
    return IpsecWarnings.of(this.chart).list().map(({ ruleId, message }) => `${ruleId}: ${message}`);
  }
}

const RESTART = 'DaemonReload, Restart ipsec-import.service';
const WATCH = 'DaemonReload, Restart ipsec-import.path, Restart ipsec-import.service';
const RESTART_B = 'DaemonReload, Restart ipsec-import-b.service';

describe('the rotation of certificates', () => {
  test('is the MachineConfiguration of the cluster, with nothing but the policy for what the import writes', () => {
    const scene = new Scene();
    const { apiObject } = scene.rotation({ certificates: [scene.import('left_server')] });
    const actions = [{ type: 'DaemonReload' }, { type: 'Restart', restart: { serviceName: 'ipsec-import.service' } }];
    expect(apiObject.toJson()).toEqual({
      apiVersion: 'operator.openshift.io/v1',
      kind: 'MachineConfiguration',
      metadata: { name: 'cluster' },
      spec: {
        nodeDisruptionPolicy: {
          files: ['/etc/pki/certs/ca.pem', '/etc/pki/certs/left_server.p12', '/usr/local/bin/ipsec-addcert.sh'].map((path) => ({
            path,
            actions,
          })),
          units: [
            { name: 'ipsec-import.service', actions },
            {
              name: 'ipsec-import.path',
              actions: [actions[0], { type: 'Restart', restart: { serviceName: 'ipsec-import.path' } }, actions[1]],
            },
          ],
        },
      },
    });
    expect(scene.warnings).toEqual([]);
  });

  test('covers every file and unit that the import writes', () => {
    const scene = new Scene();
    const certs = scene.import('storage');
    scene.rotation({ certificates: [certs] });
    const { storage, systemd } = certs.machineConfigs[0].toJson().spec.config;
    const written = [...storage.files.map(({ path }: any) => path), ...systemd.units.map(({ name }: any) => name)];
    expect(Object.keys(scene.actions).sort()).toEqual(written.sort());
  });

  test('restarts with the script what all nodes with the script have', () => {
    const scene = new Scene();
    scene.rotation({ certificates: [scene.import('left_server'), scene.import('b')] });
    expect(scene.actions).toEqual({
      '/etc/pki/certs/ca.pem': RESTART,
      '/etc/pki/certs/left_server.p12': RESTART,
      'ipsec-import.path': WATCH,
      'ipsec-import.service': RESTART,
      '/etc/pki/certs/b-ca.pem': RESTART_B,
      '/etc/pki/certs/b.p12': RESTART_B,
      'ipsec-import-b.path': 'DaemonReload, Restart ipsec-import-b.path, Restart ipsec-import-b.service',
      'ipsec-import-b.service': RESTART_B,
      '/usr/local/bin/ipsec-addcert.sh': 'DaemonReload, Restart ipsec-import.service, Restart ipsec-import-b.service',
    });
  });

  test.each([
    ['some nodes have one of two', [['left_server', ['master', 'worker']], ['b', ['worker']]], RESTART],
    ['no unit is on all nodes', [['left_server', ['master']], ['b', ['worker']]], 'None'],
    ['nodes of a custom pool have what worker has', [['left_server', ['worker']], ['b', ['infra']]], RESTART],
    ['nodes of the control plane have not', [['left_server', ['worker']], ['b', ['master']], ['c', ['infra']]], 'None'],
    ['two imports of one name are one unit', [['left_server', ['worker']], ['left_server', ['master']]], RESTART],
  ] as [string, [string, string[]][], string][])('a changed script: %s', (_, imports, wanted) => {
    const scene = new Scene();
    scene.rotation({ certificates: imports.map(([nickname, roles]) => scene.import(nickname, roles)) });
    expect(scene.actions['/usr/local/bin/ipsec-addcert.sh']).toBe(wanted);
    expect(scene.warnings.filter((warning) => warning.startsWith('disruption-policy'))).toEqual([]);
  });

  test('takes the certificates of hosts as one', () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'rotation-')), 'hosts');
    mkdirSync(folder);
    for (const host of ['worker-0', 'worker-1']) {
      writeFileSync(join(folder, `${host}.p12`), makePkcs12({ identity: leaf, friendlyName: 'left_server', password: '' }));
    }
    const scene = new Scene();
    const certs = new HostCertificates(scene.chart, 'hosts', {
      cluster: scene.cluster,
      folder,
      caCertificates,
      acceptPrivateKeyInManifest: true,
    });
    scene.rotation({ certificates: [certs] });
    expect(scene.actions).toEqual({
      '/etc/pki/certs/ca.pem': RESTART,
      '/etc/pki/certs/left_server.p12': RESTART,
      '/usr/local/bin/ipsec-addcert.sh': RESTART,
      'ipsec-import.path': WATCH,
      'ipsec-import.service': RESTART,
    });
  });

  test('keeps the reasons of what is acknowledged', () => {
    const scene = new Scene();
    const { apiObject } = scene.rotation({
      certificates: [scene.import('left_server')],
      acknowledge: { 'disruption-policy-unit': 'it comes with the image' },
    });
    expect(apiObject.toJson().metadata).toEqual({
      name: 'cluster',
      annotations: { 'ipsec.cdk8s.io/acknowledge.disruption-policy-unit': 'it comes with the image' },
    });
  });
});

describe('a removal in the rotation', () => {
  const removalIn = (scene: Scene, nickname: string) =>
    new CertRemovalMachineConfig(scene.chart, `remove-${nickname}`, { cluster: scene.cluster, roles: ROLES, nickname });

  test('is restarted when the files and the unit of its import go', () => {
    const scene = new Scene();
    scene.rotation({ removals: [removalIn(scene, 'left_server')] });
    const remove = 'DaemonReload, Restart ipsec-remove.service';
    expect(scene.actions).toEqual({
      '/etc/pki/certs/ca.pem': remove,
      '/etc/pki/certs/left_server.p12': remove,
      '/usr/local/bin/ipsec-addcert.sh': remove,
      '/usr/local/bin/ipsec-removecert.sh': remove,
      'ipsec-import.path': remove,
      'ipsec-import.service': remove,
      'ipsec-remove.service': remove,
    });
    expect(scene.warnings).toEqual([]);
  });

  test('leaves the script to the imports that stay', () => {
    const scene = new Scene();
    scene.rotation({ certificates: [scene.import('b')], removals: [removalIn(scene, 'left_server')] });
    expect(scene.actions['/usr/local/bin/ipsec-addcert.sh']).toBe(RESTART_B);
    expect(scene.actions['/etc/pki/certs/left_server.p12']).toBe('DaemonReload, Restart ipsec-remove.service');
    expect(scene.warnings).toEqual([]);
  });

  test('of a certificate that is renewed too is refused', () => {
    const scene = new Scene();
    expect(() =>
      scene.rotation({
        certificates: [scene.import('left_server', ['worker'])],
        removals: [new CertRemovalMachineConfig(scene.chart, 'r', { cluster: scene.cluster, roles: ['infra'] })],
      }),
    ).toThrow(
      "test/rotation: 'removals' has 'left_server', which 'certificates' has too: "
        + 'a change of its files can restart the import or the removal, not both; name it once',
    );
  });
});

describe('a rotation is refused', () => {
  const refused: [string, string, (scene: Scene) => Partial<CertificateRotationProps>, string][] = [
    ['below 4.17', '4.16.30', (scene) => ({ certificates: [scene.import('left_server')] }),
      "'nodeDisruptionPolicy' is supported from 4.17 on: the API of OpenShift 4.16.30 drops it, "
        + 'and every change of a certificate reboots the nodes; '
        + 'upgrade to 4.17 or later, or leave the policy out, and a renewed certificate reboots the nodes one by one '
        + '(disruption-policy-version)'],
    [
      'without a certificate',
      '4.17',
      () => ({}),
      "'certificates' (an empty list) must name what is renewed, such as [certs]; without any certificate leave the rotation out",
    ],
    ['of what others bring', '4.17', () => ({ certificates: [IpsecCertificate.fromNickname('other')] }),
      "'certificates' has 'other', which is no CertImportMachineConfig or HostCertificates: "
        + 'a certificate that other means bring to the nodes is renewed by them, without a reboot; leave it out'],
    ['with the documented script', '4.17', (scene) => ({
      certificates: [scene.import('left_server', ROLES, {
        importScript: ImportScript.DOCUMENTED,
        bundle: bundle({ password: '' }),
        nodePasswordFile: undefined,
        acceptPrivateKeyInManifest: true,
      })],
    }), "'certificates' has 'left_server', which is imported with ImportScript.DOCUMENTED: run again, "
      + 'that script leaves the old certificate in use; use ImportScript.ROTATION_SAFE'],
    [
      'for another cluster',
      '4.17',
      (scene) => ({
        certificates: [
          scene.import('left_server', ['worker'], { cluster: externalCluster(new Chart(scene.chart.node.root, 'second'), '4.17') }),
        ],
      }),
      "'cluster' is not the cluster of 'left_server', which is 'second/cluster': each cluster has a rotation of its own",
    ],
    [
      'with more than the API takes',
      '4.17',
      (scene) => ({ certificates: Array.from({ length: 25 }, (_, i) => scene.import(`n${i}`, ['worker'])) }),
      "'certificates' has 25 nicknames, whose files and units need 51 policies, and the API takes 50: "
        + 'leave out those that may reboot the nodes when they are renewed',
    ],
    [
      'of what is no certificate',
      '4.17',
      () => ({ certificates: ['left_server' as any] }),
      "'certificates' (the list 'left_server') must be a list of certificates, such as [certs]",
    ],
  ];

  test.each(refused)('%s', (_, version, props, message) => {
    const scene = new Scene(version);
    expect(() => scene.rotation(props(scene))).toThrow(new Error(`test/rotation: ${message}`));
  });

  test('a second time', () => {
    const scene = new Scene();
    const certificates = [scene.import('left_server')];
    scene.rotation({ certificates });
    new CertificateRotation(scene.chart, 'again', { cluster: scene.cluster, certificates });
    expect(() => Testing.synth(scene.chart)).toThrow('object-duplicate');
  });
});

test('24 certificates on the same nodes are as many as the API takes; their script waits for the next renewal', () => {
  const scene = new Scene();
  scene.rotation({ certificates: Array.from({ length: 24 }, (_, i) => scene.import(`n${i}`, ['worker'])) });
  expect(scene.policy.files).toHaveLength(49);
  expect(scene.actions['/usr/local/bin/ipsec-addcert.sh']).toBe('None');
});
