import { execFile, spawnSync } from 'child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { promisify } from 'util';
import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import { ApiDocument, ApiStandIn } from './api-stand-in';
import { requireTools } from './tools';
import {
  IpsecClusterConfig,
  IpsecClusterConfigProps,
  IpsecEncapsulation,
  IpsecMode,
  IpsecWarnings,
  MtuMigration,
  OpenShiftVersion,
} from '../../src';

requireTools({ kubectl: 'kubectl (https://pkgs.k8s.io)' });

/** The Network object of a cluster, as the operator fills it. */
const cluster = (ipsecConfig: object, migration?: object) => ({
  apiVersion: 'operator.openshift.io/v1',
  kind: 'Network',
  metadata: { name: 'cluster' },
  spec: {
    clusterNetwork: [{ cidr: '10.128.0.0/14', hostPrefix: 23 }],
    defaultNetwork: {
      type: 'OVNKubernetes',
      ovnKubernetesConfig: {
        genevePort: 6081,
        mtu: 1400,
        gatewayConfig: { ipForwarding: 'Restricted', routingViaHost: true },
        ipsecConfig,
      },
    },
    ...(migration ? { migration } : {}),
  },
});

let directory: string;
beforeEach(() => directory = mkdtempSync(join(tmpdir(), 'patch-')));
afterEach(() => rmSync(directory, { recursive: true }));

function config(props: Partial<IpsecClusterConfigProps>): IpsecClusterConfig {
  const app = new App();
  IpsecWarnings.of(app).silence();
  return new IpsecClusterConfig(new Chart(app, 'c'), 'cluster', {
    mode: IpsecMode.DISABLED,
    openshiftVersion: OpenShiftVersion.of('4.19'),
    ...props,
  });
}

/** The object after the command was run by a shell, with an `oc` that patches a file by a real kubectl in place of the cluster. */
function patched(before: object, command: string): { status: number | null; spec: any } {
  const file = join(directory, 'network.json');
  writeFileSync(file, JSON.stringify(before));
  writeFileSync(join(directory, 'oc'), `#!/bin/sh
[ "$1 $2 $3" = 'patch networks.operator.openshift.io cluster' ] && shift 3 || exit 9
kubectl patch --local -f ${file} -o json "$@" >${file}.new && mv ${file}.new ${file}
`);
  chmodSync(join(directory, 'oc'), 0o755);
  const { status } = spawnSync('sh', ['-c', command], {
    env: { ...process.env, PATH: `${directory}:${process.env.PATH}` },
    encoding: 'utf8',
  });
  return { status, spec: JSON.parse(readFileSync(file, 'utf8')).spec };
}

test('setting a mode leaves the rest of the object alone', () => {
  const { status, spec } = patched(
    cluster({ mode: 'Disabled' }),
    config({ mode: IpsecMode.EXTERNAL, routingViaHost: true }).ocPatchCommand(),
  );
  expect(status).toBe(0);
  expect(spec).toEqual(cluster({ mode: 'External' }).spec);
});

test('leaving mode Full takes its options out, and sets the rest', () => {
  const { status, spec } = patched(
    cluster({ mode: 'Full', full: { encapsulation: 'Always' } }),
    config({ removeFullOptions: true, routingViaHost: false }).ocPatchCommand(),
  );
  expect(status).toBe(0);
  expect(spec.defaultNetwork.ovnKubernetesConfig.ipsecConfig).toEqual({ mode: 'Disabled' });
  expect(spec.defaultNetwork.ovnKubernetesConfig.gatewayConfig).toEqual({ ipForwarding: 'Restricted', routingViaHost: false });
});

test('the JSON patch changes nothing where there are no options to take out', () => {
  const before = cluster({ mode: 'Full' });
  const { status, spec } = patched(before, config({ removeFullOptions: true }).ocPatchCommand());
  expect(status).not.toBe(0);
  expect(spec).toEqual(before.spec);
});

test('the merge patch alone would take the options out as well', () => {
  const command = 'oc patch networks.operator.openshift.io cluster --type=merge -p '
    + `'${JSON.stringify(config({ removeFullOptions: true }).mergePatch())}'`;
  expect(
    patched(cluster({ mode: 'Full', full: { encapsulation: 'Auto' } }), command).spec.defaultNetwork.ovnKubernetesConfig.ipsecConfig,
  ).toEqual({ mode: 'Disabled' });
});

test('a migration comes in, and goes with the new MTU in one patch', () => {
  const mtuMigration = MtuMigration.forIpsec({ machineMtu: 1500 });
  const started = patched(cluster({ mode: 'Disabled' }), config({ mtuMigration }).ocPatchCommand());
  expect(started.spec.migration).toEqual({ mtu: { network: { from: 1400, to: 1354 }, machine: { to: 1500 } } });
  const ended = patched(
    cluster({ mode: 'Disabled' }, started.spec.migration),
    config({ mtuMigration: mtuMigration.finalized() }).ocPatchCommand(),
  );
  expect(ended.spec.migration).toBeUndefined();
  expect(ended.spec.defaultNetwork.ovnKubernetesConfig.mtu).toBe(1354);
});

describe('a plain apply of the manifest', () => {
  let standIn: ApiStandIn;
  beforeAll(async () => standIn = await ApiStandIn.start());
  afterAll(() => standIn.stop());

  /** What `kubectl apply` sends for a manifest, where the object on the cluster was last written by someone else. */
  async function sent(construct: IpsecClusterConfig, before: object): Promise<any> {
    standIn.reset([before as ApiDocument]);
    writeFileSync(join(directory, 'config'), standIn.kubeconfig);
    writeFileSync(join(directory, 'manifest.yaml'), Yaml.stringify(ApiObject.of(construct).toJson()));
    const env = { ...process.env, KUBECONFIG: join(directory, 'config'), HOME: directory };
    await promisify(execFile)('kubectl', ['apply', '--validate=false', '-f', join(directory, 'manifest.yaml')], { env });
    return standIn.patches[0].spec;
  }

  const applied = (props: Partial<IpsecClusterConfigProps>, before: ReturnType<typeof cluster>) => ({
    ...before,
    metadata: {
      ...before.metadata,
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(ApiObject.of(config(props)).toJson()) },
    },
  });

  test('ends a migration that the manifest before has started', async () => {
    const mtuMigration = MtuMigration.forIpsec({ machineMtu: 1500 });
    const before = applied(
      { mtuMigration },
      cluster({ mode: 'Disabled' }, { mtu: { network: { from: 1400, to: 1354 }, machine: { to: 1500 } } }),
    );
    const spec = await sent(config({ mtuMigration: mtuMigration.finalized() }), before);
    expect(spec).toEqual({ migration: null, defaultNetwork: { ovnKubernetesConfig: { mtu: 1354 } } });
  });

  test('takes the options of mode Full out that the manifest before had', async () => {
    const before = applied(
      { mode: IpsecMode.FULL, encapsulation: IpsecEncapsulation.AUTO },
      cluster({ mode: 'Full', full: { encapsulation: 'Auto' } }),
    );
    expect(await sent(config({}), before)).toEqual({
      defaultNetwork: { ovnKubernetesConfig: { ipsecConfig: { mode: 'Disabled', full: null } } },
    });
  });

  test.each([{}, { removeFullOptions: true }])('leaves them where someone else has set them, which the API refuses: %j', async (props) => {
    const spec = await sent(config(props), cluster({ mode: 'Full', full: { encapsulation: 'Auto' } }));
    expect(spec).toEqual({ defaultNetwork: { ovnKubernetesConfig: { ipsecConfig: { mode: 'Disabled' } } } });
  });
});
