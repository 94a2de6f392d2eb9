import { execFileSync } from 'child_process';
import { Testing } from 'cdk8s';
import { IpsecClusterConfig, IpsecClusterConfigProps, IpsecEncapsulation, IpsecMode, IpsecWarnings, OpenShiftVersion, Platform } from '../../src';
import { shellQuote } from '../../src/cluster/shell';
import { quietChart } from '../endpoint/fixtures';

const { DISABLED, EXTERNAL, FULL } = IpsecMode;

function cluster(props: Partial<IpsecClusterConfigProps> = {}) {
  const chart = quietChart();
  const construct = new IpsecClusterConfig(chart, 'cluster', { mode: EXTERNAL, openshiftVersion: OpenShiftVersion.of('4.16'), ...props });
  return { construct, manifests: Testing.synth(chart), warnings: IpsecWarnings.of(chart).list().map(({ ruleId, message }) => `${ruleId}: ${message}`) };
}

describe('the Network object', () => {
  test('holds nothing but what IPsec needs', () => {
    expect(cluster({ routingViaHost: true }).manifests).toEqual([{
      apiVersion: 'operator.openshift.io/v1',
      kind: 'Network',
      metadata: { name: 'cluster' },
      spec: { defaultNetwork: { ovnKubernetesConfig: { gatewayConfig: { routingViaHost: true }, ipsecConfig: { mode: 'External' } } } },
    }]);
  });

  test.each([[DISABLED], [EXTERNAL], [FULL]])('with mode %s alone is the documented patch', (mode) => {
    const { construct } = cluster({ mode });
    expect(construct.mergePatch()).toEqual({ spec: { defaultNetwork: { ovnKubernetesConfig: { ipsecConfig: { mode } } } } });
  });

  test('says how pod traffic is wrapped in mode Full', () => {
    const { construct } = cluster({ mode: FULL, encapsulation: IpsecEncapsulation.ALWAYS, openshiftVersion: OpenShiftVersion.of('4.19') });
    expect(construct.mergePatch().spec.defaultNetwork.ovnKubernetesConfig).toEqual({ ipsecConfig: { mode: 'Full', full: { encapsulation: 'Always' } } });
  });

  test('does not write the MTUs that it is checked against', () => {
    const { manifests, warnings } = cluster({ mode: FULL, clusterMtu: 1354, machineMtu: 1500 });
    expect(JSON.stringify(manifests)).not.toContain('mtu');
    expect(warnings).toEqual([]);
  });

  test('and its merge patch are not changed by whoever changes the returned patch', () => {
    const { construct } = cluster();
    construct.mergePatch().spec.defaultNetwork = 'gone';
    expect(construct.mergePatch().spec.defaultNetwork).toEqual({ ovnKubernetesConfig: { ipsecConfig: { mode: 'External' } } });
  });
});

describe('the oc command', () => {
  test('passes the patch through a shell unharmed', () => {
    const { construct } = cluster({ routingViaHost: true });
    const words = execFileSync('sh', ['-c', construct.ocPatchCommand().replace(/^oc /, 'printf "%s\\n" ')], { encoding: 'utf8' }).trimEnd().split('\n');
    expect(words.slice(0, -1)).toEqual(['patch', 'networks.operator.openshift.io', 'cluster', '--type=merge', '-p']);
    expect(JSON.parse(words[words.length - 1])).toEqual(construct.mergePatch());
  });

  test('would pass any text through a shell unharmed', () => {
    const text = 'a\'b "c" $d `e` \\ \n!';
    expect(execFileSync('sh', ['-c', `printf %s ${shellQuote(text)}`], { encoding: 'utf8' })).toBe(text);
  });
});

describe('refuses', () => {
  test.each<[string, Partial<IpsecClusterConfigProps>, string]>([
    ['a version without ipsecConfig.mode', { openshiftVersion: OpenShiftVersion.of('4.14.9') },
      "'openshiftVersion' (4.14.9) must be 4.15 or later for IpsecClusterConfig: earlier Network operators have no ipsecConfig.mode, the API drops it, "
      + 'and the empty ipsecConfig that is left means Full'],
    ['mode External without host routing', { routingViaHost: false },
      "'routingViaHost' (false) must be true, or left unset where the cluster has it already, with mode External: otherwise pod traffic leaves through OVS and passes every tunnel by"],
    ['mode External on an unsupported platform', { platform: Platform.AWS },
      "'platform' (AWS) does not support 'mode' (External): OpenShift supports IPsec to hosts outside the cluster on BareMetal, None, GCP, OpenStack, VSphere"],
    ['a hosted control plane', { mode: FULL, hostedControlPlane: true },
      "'mode' (Full) must be Disabled with 'hostedControlPlane': OpenShift supports IPsec neither between pods nor to outside hosts there"],
    ['RHEL compute nodes', { rhelComputeNodes: true },
      "'mode' (External) must be Disabled with 'rhelComputeNodes': the libreswan of a RHEL host does not match the one of the ovn-ipsec container (OCPBUGS-53316); "
      + 'replace the nodes with RHCOS ones'],
    ['encapsulation without Full', { encapsulation: IpsecEncapsulation.AUTO },
      "'encapsulation' (Auto) needs mode Full, not External: the API refuses ipsecConfig.full otherwise, and it decides nothing for hosts outside the cluster; leave it out"],
    ['encapsulation on a version that lacks it', { mode: FULL, encapsulation: IpsecEncapsulation.ALWAYS, openshiftVersion: OpenShiftVersion.of('4.15') },
      "'encapsulation' (Always) is not in the Network operator of 4.15: 4.16 (a later patch level), 4.17 (a later patch level), 4.18 (a later patch level), 4.19.0 and later have it; "
      + 'leave it out'],
    ['an MTU that leaves no room for ESP', { mode: FULL, clusterMtu: 1400, machineMtu: 1500 },
      "'clusterMtu' (1400) must be at most 1354 on a machine network of 1500: Geneve takes 100 bytes and ESP 46, and larger packets are fragmented or dropped; lower the cluster MTU first"],
    ['a jumbo MTU that leaves no room for ESP', { mode: FULL, clusterMtu: 8855, machineMtu: 9000 },
      "'clusterMtu' (8855) must be at most 8854 on a machine network of 9000: Geneve takes 100 bytes and ESP 46, and larger packets are fragmented or dropped; lower the cluster MTU first"],
    ['an MTU that is none', { clusterMtu: 575 },
      "'clusterMtu' (575) must be a whole number of bytes from 576 to 65536, which is what the Cluster Network Operator takes"],
    ['half a byte', { machineMtu: 1500.5 },
      "'machineMtu' (1500.5) must be a whole number of bytes from 576 to 65536, which is what the Cluster Network Operator takes"],
  ])('%s', (_, props, message) => {
    expect(() => cluster(props)).toThrow(new Error(message));
  });

  test('two Network objects in one chart, which is one file', () => {
    const chart = quietChart();
    const props = { mode: EXTERNAL, openshiftVersion: OpenShiftVersion.of('4.16') };
    new IpsecClusterConfig(chart, 'one', props);
    new IpsecClusterConfig(chart, 'two', props);
    expect(() => Testing.synth(chart)).toThrow(
      "test/two: Network 'cluster' is there twice: the cluster keeps only the one that is applied last; give one of them another name (object-duplicate)");
  });
});

describe('allows', () => {
  test.each<[string, Partial<IpsecClusterConfigProps>]>([
    ['mode Disabled whatever the cluster is', { mode: DISABLED, hostedControlPlane: true, rhelComputeNodes: true, platform: Platform.AWS, clusterMtu: 1400, machineMtu: 1500 }],
    ['mode Full on a platform without external IPsec', { mode: FULL, platform: Platform.AWS }],
    ['mode Full without host routing', { mode: FULL, routingViaHost: false }],
    ['exactly the 46 bytes', { mode: FULL, clusterMtu: 8854, machineMtu: 9000 }],
  ])('%s', (_, props) => {
    expect(cluster(props).warnings).toEqual([]);
  });
});

describe('warns', () => {
  test.each<[string, Partial<IpsecClusterConfigProps>, string]>([
    ['of encapsulation where only later patch levels have it', { mode: FULL, encapsulation: IpsecEncapsulation.ALWAYS, openshiftVersion: OpenShiftVersion.of('4.17.3') },
      "network-encapsulation: 'encapsulation' (Always) is only in later patch levels of 4.17: an older one drops it without a word; check with "
      + "'oc explain network.operator.spec.defaultNetwork.ovnKubernetesConfig.ipsecConfig.full'"],
    ['of pod traffic on IBM Cloud', { mode: FULL, platform: Platform.IBM_CLOUD },
      "network-platform: 'platform' (IBMCloud) drops ESP: the operator wraps pod traffic in UDP 4500 there whatever 'encapsulation' says"],
    ['of an MTU without room in mode External, where pods stay in clear', { clusterMtu: 1400, machineMtu: 1500 },
      "network-mtu-headroom: 'clusterMtu' (1400) must be at most 1354 on a machine network of 1500: Geneve takes 100 bytes and ESP 46, "
      + 'and larger packets are fragmented or dropped; lower the cluster MTU first'],
    ['of an MTU that can\'t be checked alone', { clusterMtu: 1354 },
      "network-mtu-headroom: 'clusterMtu' (1354) is given without 'machineMtu': whether 46 bytes are left for ESP can't be checked; give both"],
  ])('%s', (_, props, warning) => {
    expect(cluster(props).warnings).toEqual([warning]);
  });

  test('not of what is acknowledged, and keeps the reason', () => {
    const { manifests, warnings } = cluster({ clusterMtu: 1354, acknowledge: { 'network-mtu-headroom': 'measured on the switch' } });
    expect(warnings).toEqual([]);
    expect(manifests[0].metadata.annotations).toEqual({ 'ipsec.cdk8s.io/acknowledge.network-mtu-headroom': 'measured on the switch' });
  });
});
