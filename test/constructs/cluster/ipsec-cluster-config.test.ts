import { execFileSync } from 'child_process';
import { Testing, Yaml } from 'cdk8s';
import { parse } from 'yaml';
import {
  IpsecClusterConfig, IpsecClusterConfigProps, IpsecEncapsulation, IpsecMode, IpsecWarnings, MtuMigration, OpenShiftVersion, Platform,
} from '../../../src';
import { shellQuote } from '../../../src/constructs/cluster/shell';
import { quietChart } from '../endpoint/fixtures';

const { DISABLED, EXTERNAL, FULL } = IpsecMode;

function cluster(props: Partial<IpsecClusterConfigProps> = {}) {
  const chart = quietChart();
  const construct = new IpsecClusterConfig(chart, 'cluster', { mode: EXTERNAL, openshiftVersion: OpenShiftVersion.of('4.16'), ...props });
  return {
    construct,
    manifests: Testing.synth(chart),
    warnings: IpsecWarnings.of(chart)
      .list()
      .map(({ ruleId, message }) => `${ruleId}: ${message}`),
  };
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
    expect(construct.mergePatch().spec.defaultNetwork.ovnKubernetesConfig).toEqual({
      ipsecConfig: { mode: 'Full', full: { encapsulation: 'Always' } },
    });
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

describe('leaving mode Full', () => {
  const full = '/spec/defaultNetwork/ovnKubernetesConfig/ipsecConfig/full';
  const mode = '/spec/defaultNetwork/ovnKubernetesConfig/ipsecConfig/mode';

  test.each([[DISABLED], [EXTERNAL]])('for %s is the documented JSON patch where the encapsulation was set', (to) => {
    const { construct } = cluster({ mode: to });
    expect(construct.jsonPatch()).toEqual([{ op: 'remove', path: full }, { op: 'replace', path: mode, value: to }]);
  });

  test('needs no JSON patch in mode Full itself', () => {
    expect(cluster({ mode: FULL }).construct.jsonPatch()).toEqual([]);
  });

  test('takes the options of mode Full out, by a null in the patch and by leaving them out of the manifest', () => {
    const { construct, manifests } = cluster({ mode: DISABLED, removeFullOptions: true });
    expect(parse(Yaml.stringify(manifests[0])).spec.defaultNetwork.ovnKubernetesConfig).toEqual({ ipsecConfig: { mode: 'Disabled' } });
    expect(construct.mergePatch().spec.defaultNetwork.ovnKubernetesConfig.ipsecConfig).toEqual({ mode: 'Disabled', full: null });
  });

  test('gives the command of two patches: what a merge patch can\'t do, then the rest', () => {
    const { construct } = cluster({ mode: EXTERNAL, routingViaHost: true, removeFullOptions: true });
    expect(construct.ocPatchCommand()).toBe(
      'oc patch networks.operator.openshift.io cluster --type=json -p '
        + '\'[{"op":"remove","path":"/spec/defaultNetwork/ovnKubernetesConfig/ipsecConfig/full"},'
        + '{"op":"replace","path":"/spec/defaultNetwork/ovnKubernetesConfig/ipsecConfig/mode","value":"External"}]\' && '
        + 'oc patch networks.operator.openshift.io cluster --type=merge -p \'{"spec":{"defaultNetwork":{"ovnKubernetesConfig":'
        + '{"gatewayConfig":{"routingViaHost":true},"ipsecConfig":{"mode":"External"}}}}}\'');
  });

  test('takes the options alone out where the mode stays', () => {
    expect(cluster({ mode: FULL, removeFullOptions: true }).construct.jsonPatch()).toEqual([{ op: 'remove', path: full }]);
  });
});

describe('the install manifest', () => {
  const install = (props: Partial<IpsecClusterConfigProps>) => cluster(props).construct.installManifest();

  test('is the same configuration with the MTU that is wanted', () => {
    expect(install({ mode: EXTERNAL, routingViaHost: true, clusterMtu: 1354, machineMtu: 1500 })).toEqual({
      apiVersion: 'operator.openshift.io/v1',
      kind: 'Network',
      metadata: { name: 'cluster' },
      spec: {
        defaultNetwork: { ovnKubernetesConfig: { mtu: 1354, gatewayConfig: { routingViaHost: true }, ipsecConfig: { mode: 'External' } } },
      },
    });
  });

  test.each<[string, Partial<IpsecClusterConfigProps>, number | undefined]>([
    [
      'what the machine network leaves, because the operator leaves room for ESP in mode Full only',
      { mode: EXTERNAL, machineMtu: 9000 },
      8854,
    ],
    ['the wanted one, to enable IPsec later without a migration', { mode: DISABLED, clusterMtu: 1354 }, 1354],
    ['none without a number, because the operator measures the hosts', { mode: FULL }, undefined],
    ['none without IPsec', { mode: DISABLED, machineMtu: 1500 }, undefined],
  ])('has as MTU %s', (_, props, mtu) => {
    expect(install(props).spec.defaultNetwork.ovnKubernetesConfig.mtu).toBe(mtu);
  });

  test('takes nothing out of an object that does not exist', () => {
    const { spec } = install({ mode: DISABLED, removeFullOptions: true });
    expect(spec.defaultNetwork).toEqual({ ovnKubernetesConfig: { ipsecConfig: { mode: 'Disabled' } } });
  });

  test('refuses a migration', () => {
    const mtuMigration = MtuMigration.forIpsec({ machineMtu: 1500 });
    expect(() => install({ mode: DISABLED, mtuMigration })).toThrow(new Error(
      "'mtuMigration' has no place in an install manifest, because a cluster that is not installed has nothing to migrate: leave it out, "
        + "and give 'clusterMtu'"));
  });
});

describe('an MTU migration', () => {
  const step = { networkFrom: 1400, networkTo: 1354, machineTo: 1500 };

  test('is announced in the Network object, with nothing of its own', () => {
    const { manifests } = cluster({ mode: DISABLED, mtuMigration: MtuMigration.start(step) });
    expect(manifests).toHaveLength(1);
    expect(manifests[0].spec).toEqual({
      migration: { mtu: { network: { from: 1400, to: 1354 }, machine: { to: 1500 } } },
      defaultNetwork: { ovnKubernetesConfig: { ipsecConfig: { mode: 'Disabled' } } },
    });
  });

  test('is taken out at the end, by a null in the patch and by leaving it out of the manifest, with the new MTU in the same object', () => {
    const { construct, manifests } = cluster({ mode: DISABLED, mtuMigration: MtuMigration.finalize(step) });
    const spec = { defaultNetwork: { ovnKubernetesConfig: { mtu: 1354, ipsecConfig: { mode: 'Disabled' } } } };
    expect(parse(Yaml.stringify(manifests[0])).spec).toEqual(spec);
    expect(construct.mergePatch()).toEqual({ spec: { migration: null, ...spec } });
    expect(construct.ocPatchCommand()).toContain('"migration":null');
  });

  test.each<[string, Partial<IpsecClusterConfigProps>, string]>([
    ['1400 on 1500 with Full', { mode: FULL, mtuMigration: MtuMigration.start({ networkFrom: 1354, networkTo: 1400, machineTo: 1500 }) },
      "'networkTo' of 'mtuMigration' (1400) must be at most 1354 on a machine network of 1500: Geneve takes 100 bytes and ESP 46; "
        + 'lower it to 1354 or less (network-mtu-headroom)'],
    [
      'too small a step down with Full',
      { mode: FULL, mtuMigration: MtuMigration.start({ networkFrom: 8900, networkTo: 8855, machineTo: 9000 }) },
      "'networkTo' of 'mtuMigration' (8855) must be at most 8854 on a machine network of 9000: Geneve takes 100 bytes and ESP 46; "
        + 'lower it to 8854 or less (network-mtu-headroom)',
    ],
    ['a start from another MTU than the cluster has', { mode: DISABLED, clusterMtu: 1380, mtuMigration: MtuMigration.start(step) },
      "'clusterMtu' (1380) must be the MTU that 'mtuMigration' starts from (1400): "
        + 'the Cluster Network Operator refuses a migration from any other; '
        + "correct the one that is wrong, or leave 'clusterMtu' out"],
    ['an end at another MTU than the cluster has', { mode: DISABLED, clusterMtu: 1400, mtuMigration: MtuMigration.finalize(step) },
      "'clusterMtu' (1400) must be the MTU that 'mtuMigration' ended at (1354): "
        + 'the Cluster Network Operator refuses a migration from any other; '
        + "correct the one that is wrong, or leave 'clusterMtu' out"],
    ['another machine network', { mode: DISABLED, machineMtu: 9000, mtuMigration: MtuMigration.start(step) },
      "'machineMtu' (9000) must be an MTU of the machine network in 'mtuMigration' (1500): correct the one that is wrong, "
        + "or leave 'machineMtu' out"],
    ['another machine network than the one that changes too',
      { machineMtu: 1500, mtuMigration: MtuMigration.start({ networkFrom: 1400, networkTo: 8854, machineFrom: 1600, machineTo: 9000 }) },
      "'machineMtu' (1500) must be an MTU of the machine network in 'mtuMigration' (1600 to 9000): correct the one that is wrong, "
        + "or leave 'machineMtu' out"],
  ])('refuses %s', (_, props, message) => {
    expect(() => cluster(props)).toThrow(new Error(`test/cluster: ${message}`));
  });

  test.each<[string, Partial<IpsecClusterConfigProps>]>([
    ['1354 on 1500', { mode: EXTERNAL, mtuMigration: MtuMigration.start(step) }],
    ['the end of it with Full', { mode: FULL, mtuMigration: MtuMigration.finalize(step) }],
    ['8854 on 9000', { mode: EXTERNAL, mtuMigration: MtuMigration.start({ networkFrom: 8900, networkTo: 8854, machineTo: 9000 }) }],
    ['a larger MTU in mode Full, from one that has room', {
      mode: FULL, mtuMigration: MtuMigration.start({ networkFrom: 1354, networkTo: 8854, machineFrom: 1500, machineTo: 9000 }),
    }],
    [
      '1400 on 1500 without IPsec',
      { mode: DISABLED, mtuMigration: MtuMigration.start({ networkFrom: 1354, networkTo: 1400, machineTo: 1500 }) },
    ],
    ['the cluster as it is before', { mode: DISABLED, clusterMtu: 1400, machineMtu: 1500, mtuMigration: MtuMigration.start(step) }],
    ['the cluster as it is afterwards', { mode: EXTERNAL, clusterMtu: 1354, machineMtu: 1500, mtuMigration: MtuMigration.finalize(step) }],
  ])('allows %s', (_, props) => {
    expect(cluster(props).warnings).toEqual([]);
  });

  test('warns of mode Full beside its first step, which encrypts too early', () => {
    expect(cluster({ mode: FULL, mtuMigration: MtuMigration.start(step) }).warnings).toEqual([
      "network-mtu-before-full: 'mode' (Full) stands beside the first step of an MTU migration: a cluster that is not in mode Full "
        + 'yet encrypts its pod traffic at once then, while its packets still have the old size, and ESP has no room until every '
        + 'node has rebooted twice; finish the migration in the mode that the cluster has, then switch to Full',
    ]);
  });

  test('warns where it leaves no room for ESP in mode External, which the operator takes', () => {
    const { warnings } = cluster({
      mode: EXTERNAL,
      mtuMigration: MtuMigration.start({ networkFrom: 1300, networkTo: 1400, machineTo: 1500 }),
    });
    expect(warnings).toEqual(["network-mtu-headroom: 'networkTo' of 'mtuMigration' (1400) must be at most 1354 on a machine network "
      + 'of 1500: Geneve takes 100 bytes and ESP 46; lower it to 1354 or less']);
  });
});

describe('the oc command', () => {
  test('passes the patch through a shell unharmed', () => {
    const { construct } = cluster({ routingViaHost: true });
    const words = execFileSync('sh', ['-c', construct.ocPatchCommand().replace(/^oc /, 'printf "%s\\n" ')], { encoding: 'utf8' })
      .trimEnd()
      .split('\n');
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
      "'mode' ('External') is unknown to OpenShift 4.14.9, whose API drops it: the empty ipsecConfig that is left means Full; upgrade "
        + 'to 4.15 or later; on 4.14 write ipsecConfig: {} for Full, and no ipsecConfig at all for Disabled '
        + '(network-mode-version)'],
    ['no mode, which would mean Full', { mode: undefined }, "'mode' (undefined: not given, or no member of its enumeration) must be one of Disabled, External, Full"],
    ['a mode in lower case', { mode: 'external' as any }, "'mode' ('external') must be one of Disabled, External, Full"],
    [
      'a version as a text',
      { openshiftVersion: '4.16' as any },
      "'openshiftVersion' ('4.16') must be an OpenShiftVersion, such as OpenShiftVersion.of('4.16')",
    ],
    ['a text for a decision', { routingViaHost: 'false' as any }, "'routingViaHost' ('false') must be true or false"],
    ['a platform that is none', { platform: 'baremetal' as any },
      "'platform' ('baremetal') must be one of AlibabaCloud, AWS, Azure, BareMetal, External, GCP, IBMCloud, KubeVirt, None, Nutanix, "
        + 'OpenStack, PowerVS, VSphere'],
    ['RHEL compute nodes in mode Full', { mode: FULL, rhelComputeNodes: true },
      'mode Full does not work with RHEL compute nodes, whose libreswan does not match the one of the ovn-ipsec container '
        + '(OCPBUGS-53316); set the mode to Disabled, or replace the nodes with RHCOS ones (network-rhel-compute-nodes)'],
    ['mode External without host routing', { routingViaHost: false },
      "'routingViaHost' (false) must be true with mode External: otherwise pod traffic leaves through OVS, and goes past every tunnel, "
        + "in clear; set 'routingViaHost' to true in the IpsecClusterConfig (network-routing-via-host)"],
    ['mode External on an unsupported platform', { platform: Platform.AWS },
      'mode External is not supported on AWS: OpenShift supports IPsec to hosts outside the cluster on BareMetal, None, GCP, '
        + 'OpenStack, VSphere; use mode Full or Disabled, without policies for outside hosts (network-platform)'],
    ['a hosted control plane', { mode: FULL, hostedControlPlane: true },
      'mode Full does not work with a hosted control plane, where OpenShift supports IPsec neither between pods nor to outside hosts; '
        + 'set the mode to Disabled (network-hosted-control-plane)'],
    ['RHEL compute nodes', { rhelComputeNodes: true },
      'mode External does not work with RHEL compute nodes, whose libreswan does not match the one of the ovn-ipsec container '
        + '(OCPBUGS-53316); set the mode to Disabled, or replace the nodes with RHCOS ones (network-rhel-compute-nodes)'],
    ['encapsulation without Full', { encapsulation: IpsecEncapsulation.AUTO },
      "'encapsulation' is given with mode 'External', and the API server takes it with mode Full only; leave out full; where the "
        + 'cluster has it already, remove it with a JSON patch before the mode changes (network-full-options)'],
    [
      'encapsulation on a version that lacks it',
      { mode: FULL, encapsulation: IpsecEncapsulation.ALWAYS, openshiftVersion: OpenShiftVersion.of('4.15') },
      "'encapsulation' ('Always') is not in the API of OpenShift 4.15, which drops it without a word: 4.16 (a later patch level), "
        + '4.17 (a later patch level), 4.18 (a later patch level), 4.19.0 and later have it; leave it out, or upgrade '
        + '(network-encapsulation)',
    ],
    ['the options of mode Full and their removal', { mode: FULL, encapsulation: IpsecEncapsulation.AUTO, removeFullOptions: true },
      "'encapsulation' (Auto) is one of the options of mode Full that 'removeFullOptions' takes out: give one of the two"],
    ['an MTU that leaves no room for ESP', { mode: FULL, clusterMtu: 1400, machineMtu: 1500 },
      "'clusterMtu' (1400) must be at most 1354 on a machine network of 1500: Geneve takes 100 bytes and ESP 46, and larger packets "
        + 'are fragmented or dropped; lower the cluster MTU first (network-mtu-headroom)'],
    ['a jumbo MTU that leaves no room for ESP', { mode: FULL, clusterMtu: 8855, machineMtu: 9000 },
      "'clusterMtu' (8855) must be at most 8854 on a machine network of 9000: Geneve takes 100 bytes and ESP 46, and larger packets "
        + 'are fragmented or dropped; lower the cluster MTU first (network-mtu-headroom)'],
    ['an MTU that is none', { clusterMtu: 575 },
      "'clusterMtu' (575) must be a whole number of bytes from 576 to 65536, which is what the Cluster Network Operator takes"],
    ['half a byte', { machineMtu: 1500.5 },
      "'machineMtu' (1500.5) must be a whole number of bytes from 576 to 65536, which is what the Cluster Network Operator takes"],
  ])('%s', (_, props, message) => {
    expect(() => cluster(props)).toThrow(new Error(`test/cluster: ${message}`));
  });

  test('two Network objects in one chart, which is one file', () => {
    const chart = quietChart();
    const props = { mode: EXTERNAL, openshiftVersion: OpenShiftVersion.of('4.16') };
    new IpsecClusterConfig(chart, 'one', props);
    new IpsecClusterConfig(chart, 'two', props);
    expect(() => Testing.synth(chart)).toThrow(
      "test/two: Network 'cluster' is there twice: the cluster keeps only the one that is applied last; keep one of them, "
        + 'with what both say (object-duplicate)');
  });
});

describe('allows', () => {
  test.each<[string, Partial<IpsecClusterConfigProps>]>([
    [
      'mode Disabled whatever the cluster is',
      { mode: DISABLED, hostedControlPlane: true, rhelComputeNodes: true, platform: Platform.AWS, clusterMtu: 1400, machineMtu: 1500 },
    ],
    ['mode Full on a platform without external IPsec', { mode: FULL, platform: Platform.AWS }],
    ['mode Full without host routing', { mode: FULL, routingViaHost: false }],
    ['exactly the 46 bytes', { mode: FULL, clusterMtu: 8854, machineMtu: 9000 }],
  ])('%s', (_, props) => {
    expect(cluster(props).warnings).toEqual([]);
  });
});

describe('warns', () => {
  test.each<[string, Partial<IpsecClusterConfigProps>, string]>([
    [
      'of encapsulation where only later patch levels have it',
      { mode: FULL, encapsulation: IpsecEncapsulation.ALWAYS, openshiftVersion: OpenShiftVersion.of('4.17.3') },
      "network-encapsulation: 'encapsulation' ('Always') is only in later patch levels of 4.17, and an older one drops it without a "
        + "word; check with 'oc explain network.operator.spec.defaultNetwork.ovnKubernetesConfig.ipsecConfig.full'",
    ],
    ['of pod traffic on IBM Cloud', { mode: FULL, platform: Platform.IBM_CLOUD },
      "network-platform: IBM Cloud drops ESP, so that the operator wraps pod traffic in UDP 4500 there whatever 'encapsulation' says; "
        + 'see that UDP 4500 is open between the nodes'],
    ['of an MTU without room in mode External, where pods stay in clear', { clusterMtu: 1400, machineMtu: 1500 },
      "network-mtu-headroom: 'clusterMtu' (1400) must be at most 1354 on a machine network of 1500: Geneve takes 100 bytes and ESP 46, "
      + 'and larger packets are fragmented or dropped; lower the cluster MTU first'],
    ['of an MTU that can\'t be checked alone', { clusterMtu: 1354 },
      "network-mtu-headroom: 'clusterMtu' (1354) is given without 'machineMtu': whether 46 bytes are left for ESP can't be checked; "
        + 'give both'],
  ])('%s', (_, props, warning) => {
    expect(cluster(props).warnings).toEqual([warning]);
  });

  test('not of what is acknowledged, and keeps the reason', () => {
    const { manifests, warnings } = cluster({ clusterMtu: 1354, acknowledge: { 'network-mtu-headroom': 'measured on the switch' } });
    expect(warnings).toEqual([]);
    expect(manifests[0].metadata.annotations).toEqual({ 'ipsec.cdk8s.io/acknowledge.network-mtu-headroom': 'measured on the switch' });
  });
});

describe('as text, for languages without maps of anything', () => {
  test('the patches are what oc is given', () => {
    const { construct } = cluster({ mode: DISABLED, removeFullOptions: true });
    expect(construct.mergePatchJson()).toBe(
      '{"spec":{"defaultNetwork":{"ovnKubernetesConfig":{"ipsecConfig":{"mode":"Disabled","full":null}}}}}');
    expect(JSON.parse(construct.jsonPatchJson())).toEqual(construct.jsonPatch());
    expect(construct.ocPatchCommand()).toContain(shellQuote(construct.jsonPatchJson()));
    const plain = cluster({ routingViaHost: true }).construct;
    expect(plain.ocPatchCommand()).toBe(
      `oc patch networks.operator.openshift.io cluster --type=merge -p ${shellQuote(plain.mergePatchJson())}`);
  });

  test('the install manifest is a whole file, and YAML too', () => {
    const { construct } = cluster({ clusterMtu: 1354 });
    const text = construct.installManifestJson();
    expect(text).toMatch(/^\{\n {2}"apiVersion": "operator\.openshift\.io\/v1",[^]*\n\}\n$/);
    expect(parse(text)).toEqual(construct.installManifest());
  });
});
