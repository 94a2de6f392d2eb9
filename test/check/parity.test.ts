import { App, Chart } from 'cdk8s';
import * as fc from 'fast-check';
import {
  CertImportMachineConfig, CertRemovalMachineConfig, DpdAction, EndpointState, ExternalIpsecEndpoint, FileContents, FileMode, Ikev2,
  ImportScript, IpsecCertificate, IpsecClusterConfig, IpsecConnectionType, IpsecEncapsulation, IpsecIngressFirewall, IpsecMode,
  IpsecTunnelRemoval, IpsecWarnings, MachineConfig, MachineConfigPoolPause, MachineConfigProps, NodeSelection, OpenShiftVersion,
  PeerIdentity, Platform, SendCertificate,
} from '../../src';
import { checkInputs } from '../../src/check/check';
import type { JudgeOptions } from '../../src/documents/facts';
import * as judging from '../../src/synthesis/judge-manifests';
import { bundle, ca, caCertificates, PASSWORD } from '../constructs/certificates/fixtures';
import { makeLeaf, testKey } from '../pki';

jest.mock('../../src/synthesis/judge-manifests', () => {
  const real = jest.requireActual('../../src/synthesis/judge-manifests');
  const { judgeWritten: alone, judgeTogether: together, refuseTogether: refuse } = real;
  return { ...real, judgeWritten: jest.fn(alone), judgeTogether: jest.fn(together), refuseTogether: jest.fn(refuse) };
});
const { judgeWritten, judgeTogether, refuseTogether } = judging as jest.Mocked<typeof judging>;
const real = jest.requireActual('../../src/synthesis/judge-manifests');

type EndpointProps = ConstructorParameters<typeof ExternalIpsecEndpoint>[2];
type Build = (chart: Chart) => void;
interface Target extends JudgeOptions { readonly version: OpenShiftVersion }

/** Severity and rule of each thing that is said. */
type Said = readonly string[];

/** What constructs say: the rules that they throw with, or what they warn of and the synthesis refuses. */
function saidByConstructs(build: Build): Said | 'refused an argument' {
  const app = new App();
  IpsecWarnings.of(app).silence();
  try {
    build(new Chart(app, 'chart'));
  } catch (error) {
    const ids = idsIn((error as Error).message);
    return ids.length > 0 ? ids : 'refused an argument';
  }
  const errors = refusedBy(() => app.node.validate());
  return unique([...errors, ...IpsecWarnings.of(app).list().map(({ ruleId }) => `warning ${ruleId}`)]);
}

/** The rules that a synthesis throws with. */
function refusedBy(validate: () => unknown): string[] {
  try {
    validate();
    return [];
  } catch (error) {
    return idsIn((error as Error).message);
  }
}

function idsIn(message: string): string[] {
  return unique(message.split('\n').flatMap((line) => /\(([a-z0-9-]+)\)$/.exec(line)?.[1] ?? []).map((id) => `error ${id}`));
}

/** What check says of the objects as they would have been, had no rule spoken. */
function saidByCheck(build: Build, target: Target): Said | 'refused an argument' {
  judgeWritten.mockReturnValue([]);
  judgeTogether.mockReturnValue([]);
  refuseTogether.mockReturnValue(undefined);
  try {
    const app = new App();
    IpsecWarnings.of(app).silence();
    const chart = new Chart(app, 'chart');
    try {
      build(chart);
    } catch {
      return 'refused an argument';
    }
    const text = chart.toJson().map((object: unknown) => JSON.stringify(object)).join('\n---\n');
    const { findings, problems } = checkInputs([{ name: 'app.yaml', text }], target);
    expect(problems).toEqual([]);
    return unique(findings.map(({ rule, severity }) => `${severity} ${rule}`));
  } finally {
    judgeWritten.mockImplementation(real.judgeWritten);
    judgeTogether.mockImplementation(real.judgeTogether);
    refuseTogether.mockImplementation(real.refuseTogether);
  }
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort();
}

/** How many builds were compared, and how many of them something was said of: a property over silence proves nothing. */
const compared = { all: 0, spoken: 0 };

/** A manifest may leave out what the cluster has, and check warns of it; a construct asks for it. */
const UNSTATED = 'error network-routing-via-host';

/**
 * A construct throws at the first object that a rule calls an error, so that it says less than check of all objects, never anything else.
 */
function agree(build: Build, target: Target): void {
  const own = saidByConstructs(build);
  if (own === 'refused an argument') return;
  const checked = saidByCheck(build, target);
  if (checked === 'refused an argument') return;
  compared.all++;
  if (checked.length > 0) compared.spoken++;
  const errors = (said: Said) => said.filter((one) => one.startsWith('error') && one !== UNSTATED);
  if (errors(own).length > 0 || own.includes(UNSTATED)) {
    expect(errors(checked)).toEqual(expect.arrayContaining([...errors(own)]));
  } else {
    expect(own).toEqual(checked);
  }
}

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 1 });
const rarely = <T>(values: fc.Arbitrary<T>) => fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: values });
const VERSIONS = ['4.14', '4.15', '4.16', '4.16.12', '4.18', '4.19', '4.19.22', '4.20', '4.21', '4.22'];
const version = fc.constantFrom(...VERSIONS).map((text) => OpenShiftVersion.of(text));

const clusterProps = fc.record({
  mode: fc.constantFrom(...Object.values(IpsecMode)),
  openshiftVersion: version,
  platform: maybe(fc.constantFrom(...Object.values(Platform))),
  routingViaHost: maybe(fc.boolean()),
  encapsulation: rarely(fc.constantFrom(...Object.values(IpsecEncapsulation))),
  removeFullOptions: rarely(fc.boolean()),
  hostedControlPlane: rarely(fc.boolean()),
  rhelComputeNodes: rarely(fc.boolean()),
});

const host = fc.constantFrom(
  'storage.example.com',
  '192.0.2.10',
  '2001:db8::1',
  'localhost',
  '127.0.0.1',
  '%any',
  '10.1.2.300',
  'worker-0.example.com',
  'a_b.example.com',
);
const id = fc.constantFrom(
  '@storage.example.com',
  '@192.0.2.10',
  '192.0.2.10',
  'storage',
  'CN=x,O=y',
  'CN=x, O=y',
  '%fromcert',
  '%any',
  '2001:db8::1',
);
const subnet = fc.constantFrom('192.0.2.10/32', '10.1.2.0/24', '10.1.2.3/24', '10.1.2.3', '0.0.0.0/0', '2001:db8::/64', 'x');
const endpointProps = fc.record({
  nodes: fc.constantFrom(
    NodeSelection.hostname('worker-0.example.com'), NodeSelection.hostnames(['a.example.com', 'b.example.com']),
    NodeSelection.role('worker'),
    NodeSelection.labels({ zone: 'a' }), NodeSelection.labels({ 'node-role.kubernetes.io/worker': '' }), NodeSelection.all(),
  ),
  interfaceName: fc.constantFrom('ipsec-storage', 'ipsec0', 'br-ex', 'ovs-system', 'IPSEC'),
  host,
  type: fc.constantFrom(...Object.values(IpsecConnectionType)),
  remoteSubnet: maybe(subnet),
  localSubnet: rarely(subnet),
  left: rarely(fc.constantFrom('192.0.2.1', '%defaultroute', '%any', '%ens2f0', '127.0.0.1', 'node.example.com', 'a b', '::1')),
  leftid: rarely(id),
  peerIdentity: rarely(id.chain((text) => {
    try {
      return fc.constant(text === '%fromcert' ? PeerIdentity.fromCertificate() : PeerIdentity.of(text));
    } catch {
      return fc.constant(undefined);
    }
  })),
  state: rarely(fc.constantFrom(...Object.values(EndpointState))),
  ikev2: rarely(fc.constantFrom(...Object.values(Ikev2))),
  ike: rarely(fc.constantFrom('aes256-sha2;dh20', 'aes256-sha1;modp1024', 'aes256gcm16', 'aes_gcm256', '', 'a b')),
  esp: rarely(fc.constantFrom('aes_gcm256', 'aes_gcm256-sha2_256', '3des-md5')),
  ikelifetime: rarely(fc.constantFrom('8h', '30d', 'long', '8 hours')),
  salifetime: rarely(fc.constantFrom('1h', '25h')),
  dpddelay: rarely(fc.constantFrom(30, 60, 1.5, -1)),
  dpdtimeout: rarely(fc.constantFrom(30, 120)),
  dpdaction: rarely(fc.constantFrom(...Object.values(DpdAction))),
  ipsecInterface: rarely(fc.constantFrom('yes', 'no', 3, 'true')),
  authby: rarely(fc.constantFrom('rsasig', 'ecdsa', 'secret', 'null')),
  leftrsasigkey: rarely(fc.constantFrom('%cert', '%none')),
  leftmodecfgclient: rarely(fc.boolean()),
  requireIdOnCertificate: rarely(fc.boolean()),
  nmAutoDefaults: rarely(fc.boolean()),
  rightcert: rarely(fc.constantFrom('peer', 'ü')),
  rightca: rarely(fc.constantFrom('%same', 'O="x"')),
  leftsendcert: rarely(fc.constantFrom(...Object.values(SendCertificate))),
  leftprotoport: rarely(fc.constant('tcp/22')),
  rightsubnets: rarely(fc.constantFrom(['10.1.2.0/24', '10.1.3.0/24'], ['10.1.2.3/24'])),
  libreswanExtra: rarely(fc.constantFrom({ pfs: 'yes' }, { pfs: 'a b' })),
  policyName: rarely(fc.constantFrom('storage', 'a'.repeat(70), 'Storage')),
  maxUnavailable: rarely(fc.constantFrom(1, '10%', 0, '2')),
});

const certificates = [
  bundle(), bundle({ friendlyName: 'other' }), bundle({ identity: makeLeaf({ ca, cn: 'ovs_x' }) }),
  bundle({ identity: makeLeaf({ ca, days: -1 }) }),
  bundle({ identity: makeLeaf({ ca, days: 5 }) }), bundle({ identity: makeLeaf({ ca, keyUsage: [2] }) }),
  bundle({ identity: makeLeaf({ ca, hash: 'sha1' }) }),
  bundle({ identity: makeLeaf({ ca, cn: 'a'.repeat(65) }) }), bundle({ identity: makeLeaf({ ca, key: testKey('ec', 'parity') }) }),
];

describe('constructs and check say the same', () => {
  afterAll(() => {
    expect(compared.spoken / compared.all).toBeGreaterThan(0.3);
    expect(compared.spoken / compared.all).toBeLessThan(1);
  });

  test('of a cluster and an endpoint', () => {
    fc.assert(fc.property(clusterProps, endpointProps, (cluster, { libreswanExtra, ...endpoint }) => {
      agree((chart) => {
        const network = new IpsecClusterConfig(chart, 'cluster', cluster);
        new ExternalIpsecEndpoint(chart, 'storage', {
          cluster: network,
          certificate: IpsecCertificate.fromNickname('left_server'),
          ...endpoint,
          ...libreswanExtra ? { libreswanExtra } : {},
        } as EndpointProps);
      }, { version: cluster.openshiftVersion, ...cluster });
    }), { numRuns: 300 });
  });

  test('of an endpoint on a cluster that can have it, one wrong thing at a time', () => {
    fc.assert(fc.property(version.filter(({ minor }) => minor > 14), endpointProps, fc.nat(), (openshiftVersion, given, n) => {
      const keys = Object.keys(given) as (keyof typeof given)[];
      const key = keys[n % keys.length];
      agree((chart) => {
        const cluster = new IpsecClusterConfig(chart, 'cluster', { mode: IpsecMode.EXTERNAL, openshiftVersion, routingViaHost: true });
        new ExternalIpsecEndpoint(chart, 'storage', {
          cluster,
          certificate: IpsecCertificate.fromNickname('left_server'),
          nodes: NodeSelection.hostname('worker-0.example.com'),
          interfaceName: 'ipsec-storage',
          host: 'storage.example.com',
          remoteSubnet: '192.0.2.10/32',
          type: IpsecConnectionType.TUNNEL,
          ...{ [key]: given[key] },
        } as EndpointProps);
      }, { version: openshiftVersion });
    }), { numRuns: 600 });
  });

  test('of a MachineConfig', () => {
    const unit = fc.record({
      name: fc.constantFrom('x.service', 'y.timer'),
      enabled: fc.boolean(),
      contents: fc.constantFrom(
        '[Service]\nExecStart=/usr/local/bin/x\n',
        '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n',
        '[Service]\nExecStart=/usr/bin/pk12util -W secret -i /etc/x.p12 -d /etc/ipsec.d\n',
      ),
    });
    const file = fc.record({
      path: fc.constantFrom('/etc/x', '/usr/local/bin/x', '/usr/bin/x', '/run/machine-config-daemon-force', '/etc/ipsec.d/x.secrets'),
      contents: fc.constantFrom('x', ': PSK "abc"\n', '-----BEGIN PRIVATE KEY-----\n').map((text) => FileContents.fromText(text)),
      mode: fc.constantFrom('0644', '0755').map((mode) => FileMode.of(mode)),
    });
    const props: fc.Arbitrary<Pick<MachineConfigProps, 'role' | 'files' | 'units' | 'extensions' | 'fips'>> = fc.record({
      role: fc.constantFrom('worker', 'workers', 'infra'),
      files: fc.uniqueArray(file, { selector: ({ path }) => path, maxLength: 2 }),
      units: fc.uniqueArray(unit, { selector: ({ name }) => name, maxLength: 2 }),
      extensions: fc.constantFrom(undefined, ['ipsec'], ['strongswan'], ['kernel-devel']),
      fips: rarely(fc.boolean()),
    });
    fc.assert(fc.property(version, props, (openshiftVersion, given) => {
      agree((chart) => {
        // Check says nothing of everyday objects where nothing has to do with IPsec.
        new IpsecTunnelRemoval(chart, 'gone', {
          cluster: new IpsecClusterConfig(chart, 'cluster', { mode: IpsecMode.FULL, openshiftVersion }),
          nodes: NodeSelection.role('worker'),
          interfaceName: 'ipsec-old',
        });
        new MachineConfig(chart, 'config', { openshiftVersion, name: '99-worker-x', ...given });
      }, { version: openshiftVersion });
    }), { numRuns: 300 });
  });

  test('of an import and its removal', () => {
    const props = fc.record({
      roles: fc.subarray(['master', 'worker', 'infra', 'Worker'], { minLength: 1 }),
      certificate: fc.nat({ max: certificates.length - 1 }),
      importScript: fc.constantFrom(undefined, ImportScript.ROTATION_SAFE),
    });
    fc.assert(fc.property(props, ({ certificate, ...given }) => {
      const openshiftVersion = OpenShiftVersion.of('4.16');
      agree((chart) => {
        const cluster = new IpsecClusterConfig(chart, 'cluster', { mode: IpsecMode.EXTERNAL, openshiftVersion });
        new CertImportMachineConfig(chart, 'certs', {
          cluster,
          caCertificates,
          nodePasswordFile: '/etc/pki/ipsec/password',
          bundle: certificates[certificate],
          ...given,
        });
        new CertRemovalMachineConfig(chart, 'removal', { cluster, roles: given.roles, nickname: 'old' });
      }, { version: openshiftVersion, passwords: [Buffer.from(PASSWORD)] });
    }), { numRuns: 60 });
  });

  test('of firewalls and pauses', () => {
    const firewall = fc.record({
      firewallName: fc.constantFrom('a', 'b'),
      firstOrder: fc.constantFrom(1, 2, 10),
      peers: fc.constantFrom('192.0.2.7/32', '192.0.2.0/24').map((peer) => [peer]),
    });
    fc.assert(
      fc.property(
        fc.array(firewall, { maxLength: 3 }),
        fc.subarray(['worker', 'infra', 'workers']),
        fc.boolean(),
        (firewalls, pools, paused) => {
          const openshiftVersion = OpenShiftVersion.of('4.16');
          agree(
            (chart) => {
              const cluster = new IpsecClusterConfig(chart, 'cluster', { mode: IpsecMode.FULL, openshiftVersion });
              firewalls.forEach(
                (props, i) =>
                  new IpsecIngressFirewall(chart, `f${i}`, {
                    cluster,
                    nodes: NodeSelection.role('worker'),
                    interfaces: ['ens2f0'],
                    ...props,
                  }),
              );
              if (pools.length > 0) new MachineConfigPoolPause(chart, 'pause', { pools, paused });
            },
            { version: openshiftVersion },
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});
