import { ApiObject, App, Chart, Testing } from 'cdk8s';
import * as fc from 'fast-check';
import { endpoint, endpointProps, externalCluster, quietChart } from './fixtures';
import {
  ConnectionDelivery, ConnectMode, EndpointState, ExternalIpsecEndpoint, ExternalIpsecEndpointProps, IpsecCertificate, IpsecClusterConfig,
  IpsecConnectionType, IpsecMode, IpsecWarnings, NodeSelection, OpenShiftVersion, PeerIdentity,
} from '../../../src';
import { bytesOf, machineConfigOf } from '../../../src/documents/machine-config/machine-configs';
import { subjectOf } from '../../../src/documents/subjects';
import { readKeyfile } from '../../../src/openshift/keyfile-format';
import { libreswanOption } from '../../../src/openshift/libreswan-options';
import { libreswanValueProblem } from '../../../src/openshift/libreswan-values';

const KEYFILE: Partial<ExternalIpsecEndpointProps> = { delivery: ConnectionDelivery.KEYFILE, nodes: NodeSelection.role('worker') };

/** One endpoint that is delivered by keyfile, and what came out of it. */
function delivered(props: Partial<ExternalIpsecEndpointProps> = {}, version = '4.20.11') {
  const chart = quietChart();
  const construct = new ExternalIpsecEndpoint(chart, 'storage', {
    ...endpointProps(externalCluster(chart, version)),
    ...KEYFILE,
    ...props,
  });
  const manifest = Testing.synth(chart).find(({ kind }) => kind === 'MachineConfig')!;
  const { files, units } = machineConfigOf(subjectOf(manifest, manifest.apiVersion, manifest.kind, { document: manifest, pointer: '' }))!;
  return {
    construct,
    manifest,
    files,
    units,
    text: bytesOf(files[0])!.toString('utf8'),
    warnings: IpsecWarnings.of(chart).list().map(({ ruleId, message }) => `${ruleId}: ${message}`),
  };
}

function vpn(props: Partial<ExternalIpsecEndpointProps> = {}) {
  return Object.fromEntries(readKeyfile(delivered(props).text)!.get('vpn')!);
}

describe('the MachineConfig', () => {
  test('brings the connection to all nodes of the role, for root alone, and in no policy', () => {
    const { construct, manifest, files } = delivered();
    expect(manifest.metadata).toEqual({
      name: '99-worker-ipsec-ipsec-storage',
      labels: { 'machineconfiguration.openshift.io/role': 'worker' },
    });
    expect(files.map(({ path, mode }) => [path, mode])).toEqual([
      ['/etc/NetworkManager/system-connections/ipsec-storage.nmconnection', 0o600],
    ]);
    expect(manifest.spec.config.storage.files[0].overwrite).toBe(true);
    expect(manifest.spec.config.systemd).toBeUndefined();
    expect(construct.machineConfigNames).toEqual(['99-worker-ipsec-ipsec-storage']);
    expect(construct.policyNames).toEqual([]);
    expect(construct.policies).toEqual([]);
    expect(ApiObject.of(construct)).toBe(construct.machineConfigs[0]);
  });

  test('says what the policy says, and can be read by whoever reviews it', () => {
    const { text, manifest } = delivered();
    expect(text).toBe(`[connection]
autoconnect=true
autoconnect-slaves=-1
id=ipsec-storage
type=vpn
uuid=e4051e54-d632-5379-8722-5f9ffe45dfe3

[ipv4]
dhcp-timeout=2147483647
method=disabled

[ipv6]
dhcp-timeout=2147483647
method=disabled

[vpn]
ikev2=insist
left=%defaultroute
leftcert=left_server
leftid=%fromcert
leftmodecfgclient=no
leftrsasigkey=%cert
right=storage.example.com
rightid=@storage.example.com
rightrsasigkey=%cert
rightsubnet=10.1.2.3/32
service-type=org.freedesktop.NetworkManager.libreswan
type=transport
`);
    expect(manifest.spec.config.storage.files[0].contents.source).toContain('leftcert%3Dleft_server%0A');
  });

  test('warns that nothing brings the connection up, and of what a policy would be warned of', () => {
    expect(delivered({ peerIdentity: PeerIdentity.fromCertificate() }).warnings.map((warning) => warning.split(':')[0]).sort())
      .toEqual(['certificate-nickname', 'certificate-shared', 'keyfile-not-started', 'libreswan-certificate-unasked', 'libreswan-peer-unverified']);
  });

  test('keeps what was acknowledged, and what was written on purpose', () => {
    const { manifest, warnings, text } = delivered({
      acknowledge: { 'keyfile-not-started': 'our own unit does' },
      libreswanExtra: { mobike: 'yes', newer: 'x' },
    });
    expect(manifest.metadata.annotations).toEqual({
      'ipsec.cdk8s.io/acknowledge.keyfile-not-started': 'our own unit does', 'ipsec.cdk8s.io/libreswan-extra': 'mobike,newer',
    });
    expect(warnings.filter((warning) => /not-started|extra/.test(warning))).toEqual([
      "libreswan-extra: the libreswan key 'libreswanExtra.newer' is written unchecked: "
        + "where the node's NetworkManager-libreswan does not know it, the connection is refused there; "
        + 'check the key on a node of this version first, and acknowledge it',
    ]);
    expect(text).toContain('\nmobike=yes\nnewer=x\n');
  });

  test.each([
    [NodeSelection.role('control-plane'), 'ipsec0', '99-master-ipsec-ipsec0'],
    [NodeSelection.role('storage'), 'Ipsec_A.b', '99-storage-ipsec-ipsec-a.b'],
    [NodeSelection.role('worker'), 'a-.-b', '99-worker-ipsec-a.b'],
  ])('is named by the pool and the connection', (nodes, interfaceName, name) => {
    const { construct, files } = delivered({ nodes, interfaceName });
    expect(construct.machineConfigNames).toEqual([name]);
    expect(files[0].path).toBe(`/etc/NetworkManager/system-connections/${interfaceName}.nmconnection`);
  });
});

describe('the connection mode', () => {
  test('is one entry more, and the plugin\'s word for it', () => {
    expect(vpn({ connectMode: ConnectMode.ON_DEMAND })).toEqual({ ...vpn(), 'nm-connect-mode': 'ondemand' });
    expect(vpn({ connectMode: ConnectMode.START })).toEqual(vpn());
  });

  test.each(['4.19.22', '4.20.11', '4.21'])('works from %s', (version) => {
    expect(
      delivered({ connectMode: ConnectMode.ON_DEMAND, rightca: '%same' }, version).warnings.filter((warning) => warning.startsWith('libreswan-')),
    ).toEqual([]);
  });

  test.each(['4.18', '4.19.21', '4.20.10'])('is refused for %s', (version) => {
    expect(() => delivered({ connectMode: ConnectMode.ON_DEMAND }, version)).toThrow(
      `test/storage: 'connectMode' needs 4.19.22, 4.20.11, 4.21.0 and later, and the target is ${version}: `
        + 'the nodes of an older release refuse the connection; '
        + 'take it out, or upgrade the cluster first (libreswan-option-version)',
    );
  });

  test('is a warning where only some patch levels have it', () => {
    expect(delivered({ connectMode: ConnectMode.ON_DEMAND }, '4.20').warnings).toContain(
      "libreswan-option-version: 'connectMode' needs 4.19.22, 4.20.11, 4.21.0 and later, and the target is 4.20: "
        + 'the nodes of an older release refuse the connection; '
        + 'state the patch level of the target to have it checked',
    );
  });

  test('can\'t be said to NMState', () => {
    expect(() => endpoint({ connectMode: ConnectMode.ON_DEMAND }, '4.21')).toThrow(
      "test/storage: 'connectMode' (ConnectMode.ON_DEMAND) can't be said to NMState, no release of which knows nm-connect-mode: "
      + 'give delivery: ConnectionDelivery.KEYFILE beside it, or leave it out',
    );
  });
});

describe('state ABSENT', () => {
  test('leaves the keyfile out, and takes the connection down and away at boot', () => {
    const { manifest, files, units, warnings } = delivered({ state: EndpointState.ABSENT });
    expect(manifest.metadata.name).toBe('99-worker-ipsec-ipsec-storage');
    expect(files.map(({ path, mode }) => [path, mode])).toEqual([['/usr/local/bin/ipsec-dropconnection.sh', 0o740]]);
    expect(units.map(({ name, enabled }) => [name, enabled])).toEqual([['ipsec-absent-ipsec-storage.service', true]]);
    expect(units[0].contents).toBe(`[Unit]
Description=Take the IPsec connection ipsec-storage down and remove it
After=NetworkManager.service ipsec.service
Wants=NetworkManager.service
StartLimitIntervalSec=0

[Service]
Type=oneshot
Environment=IPSEC_CONNECTION=ipsec-storage
ExecStart=/usr/local/bin/ipsec-dropconnection.sh
RemainAfterExit=false
TimeoutStartSec=120
Restart=on-failure
RestartSec=30
StandardOutput=journal

[Install]
WantedBy=multi-user.target
`);
    expect(warnings).toEqual([]);
  });

  test('needs nothing of the cluster that a live connection needs', () => {
    const chart = quietChart();
    const cluster = new IpsecClusterConfig(chart, 'cluster', {
      mode: IpsecMode.DISABLED,
      openshiftVersion: OpenShiftVersion.of('4.20.11'),
    });
    expect(
      () => new ExternalIpsecEndpoint(chart, 'storage', { ...endpointProps(cluster), ...KEYFILE, state: EndpointState.ABSENT }),
    ).not.toThrow();
  });
});

describe('what can\'t be', () => {
  const refused = (props: Partial<ExternalIpsecEndpointProps>) => () => delivered(props);
  const OTHER = (what: string) =>
    `test/storage: 'nodes' (${what}) must be NodeSelection.role with delivery KEYFILE: a MachineConfig is for all nodes of its pool, `
      + 'and can\'t tell them apart; '
      + "select a role such as NodeSelection.role('worker'), which may be a MachineConfigPool made for these nodes, "
      + 'or leave the delivery to NMState';

  test.each([
    ['selected by host name', NodeSelection.hostname('worker-0.example.com')],
    ['selected by host name', NodeSelection.hostnames(['worker-0.example.com', 'worker-1.example.com'])],
    ['selected by labels', NodeSelection.labels({ zone: 'a' })],
    ['all nodes', NodeSelection.all()],
  ])('nodes that are %s', (what, nodes) => {
    expect(refused({ nodes })).toThrow(OTHER(what));
  });

  test.each([
    ['policyName', 'p'], ['hashedNames', true], ['maxUnavailable', 1], ['maxUnavailableNodes', 1], ['maxUnavailablePercent', 10],
  ])('%s, which is for policies', (prop, value) => {
    expect(refused({ [prop]: value })).toThrow(
      `test/storage: '${prop}' (${value}) is for policies of NMState, of which delivery KEYFILE writes none: leave it out; `
        + "the MachineConfig is named by 'nodes' and 'interfaceName', and the pool says how many nodes reboot at a time",
    );
  });

  test('an address of one node', () => {
    expect(refused({ left: '192.0.2.1' })).toThrow(
      "test/storage: 'left' ('192.0.2.1') is one node's address, and the MachineConfig is for many nodes; "
        + 'write left=%defaultroute: a MachineConfig is for all nodes of its pool (libreswan-left-shared)',
    );
    expect(refused({ left: { 'worker-0': '192.0.2.1' } })).toThrow(
      "test/storage: 'left' (a map) needs nodes selected by NodeSelection.hostnames: with any other selection the hosts are not known",
    );
  });

  test('a name that is none of a file, or too long for one', () => {
    expect(refused({ interfaceName: 'a/b' })).toThrow(
      "test/storage: 'interfaceName' ('a/b') must be letters, digits, '-', '_' and '.', beginning and ending with a letter or digit: "
        + 'NetworkManager takes it as the id of the connection, and the policy is named by it',
    );
    const long = 'a'.repeat(201);
    expect(refused({ interfaceName: long })).toThrow(
      `test/storage: 'interfaceName' ('${long}') can't be part of the MachineConfig's name '99-worker-ipsec-${long}' `
        + 'and the name of a file: '
        + "use at most 200 letters, digits, '-' and '.'",
    );
  });

  test.each([
    [
      'nm-connect-mode',
      "'libreswanExtra' has the key 'nm-connect-mode', which 'connectMode' writes: give connectMode: ConnectMode.ON_DEMAND",
    ],
    [
      'service-type',
      "'libreswanExtra' has the key 'service-type', which is NetworkManager's own in a keyfile, and nothing that libreswan is told: "
        + 'take it out',
    ],
    ['pskvalue', "'libreswanExtra' has the key 'pskvalue': a shared secret has no place in a manifest; use certificates"],
  ])('the extra key %s', (key, message) => {
    expect(refused({ libreswanExtra: { [key]: 'x' } })).toThrow(`test/storage: ${message}`);
  });

  test('a cluster whose pods\' traffic passes the tunnels by', () => {
    const chart = quietChart();
    const cluster = new IpsecClusterConfig(chart, 'cluster', {
      mode: IpsecMode.FULL,
      openshiftVersion: OpenShiftVersion.of('4.20.11'),
      clusterMtu: 1354,
    });
    expect(() => new ExternalIpsecEndpoint(chart, 'storage', { ...endpointProps(cluster), ...KEYFILE })).toThrow(
      "test/storage: the cluster's 'routingViaHost' is not stated, and the IPsec keyfiles in the set need it to be true: "
        + 'its default is false, and then pod traffic leaves through OVS, and goes past every tunnel, in clear; '
        + "set the cluster's 'routingViaHost' to true in the IpsecClusterConfig (network-routing-via-host)",
    );
  });

  test('a keyfile and a policy of the same name for the same role', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    IpsecWarnings.of(chart).silence();
    const props = { ...endpointProps(externalCluster(chart, '4.20.11')), nodes: NodeSelection.role('worker') };
    new ExternalIpsecEndpoint(chart, 'policy', props);
    new ExternalIpsecEndpoint(chart, 'keyfile', { ...props, ...KEYFILE });
    expect(() => app.synth()).toThrow(
      "connection 'ipsec-storage' is also in policy 'ipsec-storage' for nodes with node-role.kubernetes.io/worker=: what comes last wins, "
        + 'and their order is undefined; give one of them another interface name (interface-duplicate)',
    );
  });
});

test('any nickname and any text that the rules take reaches the plugin as it was given', () => {
  const nickname = fc.stringMatching(/^[!#-~]([ !#-~]{0,20}[!#-~])?$/).filter((text) => !text.startsWith('ovs_') && !/[<>${}]/.test(text));
  const authority = fc
    .stringMatching(/^[ !#-~]{1,30}$/)
    .filter((text) => !/[<>${}]/.test(text) && libreswanValueProblem(libreswanOption('rightca')!, text) === undefined);
  fc.assert(fc.property(nickname, authority, (certificate, rightca) => {
    const entries = vpn({ certificate: IpsecCertificate.fromNickname(certificate), rightca, type: IpsecConnectionType.TUNNEL });
    expect([entries.leftcert, entries.rightca]).toEqual([certificate, rightca]);
  }), { numRuns: 60 });
});
