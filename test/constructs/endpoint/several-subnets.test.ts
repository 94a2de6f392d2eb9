import { Chart } from 'cdk8s';
import * as fc from 'fast-check';
import { clusterBeside, endpoint, endpointProps, quietChart } from './fixtures';
import {
  ConnectionDelivery, EndpointState, ExternalIpsecEndpoint, ExternalIpsecEndpointProps, IpsecAutoconnect, IpsecConnectionType, IpsecGuard,
  IpsecMonitoring, IpsecVerification, NodeSelection,
} from '../../../src';
import { DocumentSet } from '../../../src/documents/document-set';
import { Ipv4Cidr } from '../../../src/openshift/ip';
import { readKeyfile } from '../../../src/openshift/keyfile-format';
import { tunnelsOf } from '../../../src/plan/tunnels';

const { TRANSPORT, TUNNEL } = IpsecConnectionType;
const FIRST = '10.1.0.0/16';
const SECOND = '10.2.0.0/16';

/** A tunnel to a gateway with a subnet behind it. */
function gateway(props: Partial<ExternalIpsecEndpointProps> = {}, version?: string) {
  return endpoint({ type: TUNNEL, interfaceName: 'ipsec-gw', host: 'gw.example.com', remoteSubnet: undefined, ...props }, version);
}

/** The names of the connections with the subnets that they are for. */
function namedSubnets(props: Partial<ExternalIpsecEndpointProps>): { [name: string]: string } {
  return Object.fromEntries(gateway(props).policies.map(({ spec }) => {
    const [{ name, libreswan }] = spec.desiredState.interfaces;
    return [name, `${libreswan.leftsubnet ?? 'node'} ${libreswan.rightsubnet}`];
  }));
}

describe('several subnets', () => {
  test('each behind the peer has a policy with a connection that is named by it', () => {
    const { construct, policies, warnings } = gateway({ remoteSubnets: [SECOND, FIRST] });
    expect(construct.interfaceNames).toEqual(['ipsec-gw-10-1-0-0-16', 'ipsec-gw-10-2-0-0-16']);
    expect(construct.policyNames).toEqual(['ipsec-gw-10-1-0-0-16-worker-0', 'ipsec-gw-10-2-0-0-16-worker-0']);
    expect(policies.map(({ spec }) => spec.desiredState.interfaces)).toEqual([
      [{ name: 'ipsec-gw-10-1-0-0-16', type: 'ipsec', libreswan: expect.objectContaining({ rightsubnet: FIRST }) }],
      [{ name: 'ipsec-gw-10-2-0-0-16', type: 'ipsec', libreswan: expect.objectContaining({ rightsubnet: SECOND }) }],
    ]);
    expect(warnings).toEqual([]);
  });

  test('a second one leaves the policy of the first as it was, byte for byte', () => {
    const before = gateway({ remoteSubnet: SECOND });
    const after = gateway({ remoteSubnet: SECOND, remoteSubnets: [FIRST] });
    expect(JSON.stringify(after.policies[0])).toBe(JSON.stringify(before.policies[0]));
    expect(after.construct.interfaceNames).toEqual(['ipsec-gw', 'ipsec-gw-10-1-0-0-16']);
    expect(after.construct.policies[0].node.path).toBe(before.construct.policies[0].node.path);
  });

  test('the list may name the one subnet again, and says for an address as host what is protected', () => {
    expect(namedSubnets({ remoteSubnet: SECOND, remoteSubnets: [FIRST, SECOND] })).toEqual({
      'ipsec-gw': `node ${SECOND}`, 'ipsec-gw-10-1-0-0-16': `node ${FIRST}`,
    });
    expect(namedSubnets({ host: '192.0.2.1', remoteSubnets: [FIRST] })).toEqual({ 'ipsec-gw-10-1-0-0-16': `node ${FIRST}` });
  });

  test('each behind the node is paired with each behind the peer', () => {
    expect(namedSubnets({
      localSubnet: '10.128.0.0/14', localSubnets: ['192.168.0.0/24'], remoteSubnet: FIRST, remoteSubnets: [SECOND],
    })).toEqual({
      'ipsec-gw': '10.128.0.0/14 10.1.0.0/16',
      'ipsec-gw-10-128-0-0-14-to-10-2-0-0-16': '10.128.0.0/14 10.2.0.0/16',
      'ipsec-gw-192-168-0-0-24-to-10-1-0-0-16': '192.168.0.0/24 10.1.0.0/16',
      'ipsec-gw-192-168-0-0-24-to-10-2-0-0-16': '192.168.0.0/24 10.2.0.0/16',
    });
  });

  test('each host of a list has a policy for each, in the order of the connections and the hosts', () => {
    const { construct } = gateway({
      nodes: NodeSelection.hostnames(['worker-1.example.com', 'worker-0.example.com']), remoteSubnet: FIRST, remoteSubnets: [SECOND],
    });
    expect(construct.policyNames).toEqual([
      'ipsec-gw-worker-1', 'ipsec-gw-worker-0', 'ipsec-gw-10-2-0-0-16-worker-1', 'ipsec-gw-10-2-0-0-16-worker-0',
    ]);
    expect(construct._connections.map(({ interfaceName, target }) => [interfaceName, target.hostname])).toEqual([
      ['ipsec-gw', 'worker-1.example.com'], ['ipsec-gw', 'worker-0.example.com'],
      ['ipsec-gw-10-2-0-0-16', 'worker-1.example.com'], ['ipsec-gw-10-2-0-0-16', 'worker-0.example.com'],
    ]);
  });

  test('a policy name that is given is followed by the subnets, and shortened where it is too long then', () => {
    const nodes = NodeSelection.role('worker');
    expect(gateway({ nodes, policyName: 'gw', remoteSubnet: FIRST, remoteSubnets: [SECOND] }).construct.policyNames)
      .toEqual(['gw', 'gw-10-2-0-0-16']);
    const [plain, long] = gateway({ nodes, policyName: 'g'.repeat(60), remoteSubnet: FIRST, remoteSubnets: [SECOND] }).construct.policyNames;
    expect([plain, long.length, long.slice(0, 55)]).toEqual(['g'.repeat(60), 63, `${'g'.repeat(54)}-`]);
  });

  test('ABSENT takes all of them away, with what the subnets are named alone', () => {
    const { policies } = gateway({ state: EndpointState.ABSENT, remoteSubnet: FIRST, remoteSubnets: [SECOND] });
    expect(policies.map(({ spec }) => spec.desiredState.interfaces)).toEqual([
      [{ name: 'ipsec-gw', type: 'ipsec', state: 'absent' }], [{ name: 'ipsec-gw-10-2-0-0-16', type: 'ipsec', state: 'absent' }],
    ]);
  });

  test('a keyfile each, in a MachineConfig of its own', () => {
    const { construct } = gateway({
      nodes: NodeSelection.role('worker'), delivery: ConnectionDelivery.KEYFILE, remoteSubnet: FIRST, remoteSubnets: [SECOND],
    });
    expect(construct.machineConfigNames).toEqual(['99-worker-ipsec-ipsec-gw', '99-worker-ipsec-ipsec-gw-10-2-0-0-16']);
    const files = construct.machineConfigs.flatMap((object) => object.toJson().spec.config.storage.files) as
      { path: string; contents: { source: string } }[];
    expect(files.map(({ path }) => path)).toEqual([
      '/etc/NetworkManager/system-connections/ipsec-gw.nmconnection',
      '/etc/NetworkManager/system-connections/ipsec-gw-10-2-0-0-16.nmconnection',
    ]);
    const keyfiles = files.map(({ contents }) => readKeyfile(decodeURIComponent(contents.source.slice(contents.source.indexOf(',') + 1)))!);
    expect(keyfiles.map((sections) => sections.get('connection')!.get('id'))).toEqual(['ipsec-gw', 'ipsec-gw-10-2-0-0-16']);
    expect(keyfiles.map((sections) => sections.get('vpn')!.get('rightsubnet'))).toEqual([FIRST, SECOND]);
    expect(new Set(keyfiles.map((sections) => sections.get('connection')!.get('uuid'))).size).toBe(2);
  });
});

/** IPv4 subnets, each in its one canonical text. */
const subnets = fc.uniqueArray(
  fc.tuple(fc.ipV4(), fc.integer({ min: 8, max: 32 })).map(([address, prefix]) => Ipv4Cidr.parse(`${address}/${prefix}`)!.network),
  { minLength: 1, maxLength: 5 },
);

describe('for all subnets', () => {
  test('names depend on the pair alone: neither order nor what is added renames a connection, and no two share a name', () => {
    fc.assert(fc.property(subnets, subnets, fc.boolean(), fc.boolean(), (remotes, locals, hasRemote, hasLocal) => {
      const own = {
        ...hasRemote ? { remoteSubnet: '198.51.100.0/24' } : {},
        ...hasLocal ? { localSubnet: '203.0.113.0/24' } : {},
      };
      const all = namedSubnets({ ...own, remoteSubnets: remotes, localSubnets: locals });
      expect(Object.keys(all)).toHaveLength((remotes.length + Number(hasRemote)) * (locals.length + Number(hasLocal)));
      expect(new Set(Object.values(all)).size).toBe(Object.keys(all).length);
      const turned = namedSubnets({ ...own, remoteSubnets: [...remotes].reverse(), localSubnets: [...locals].reverse() });
      expect(JSON.stringify(turned)).toBe(JSON.stringify(all));
      expect(all).toMatchObject(namedSubnets({ ...own, remoteSubnets: [remotes[0]], localSubnets: [locals[0]] }));
    }), { numRuns: 30 });
  });
});

describe('whatever else is made of an endpoint', () => {
  const chart = quietChart();
  const cluster = clusterBeside(chart);
  const several = new ExternalIpsecEndpoint(chart, 'gw', {
    ...endpointProps(cluster), type: TUNNEL, nodes: NodeSelection.role('worker'), remoteSubnet: FIRST, remoteSubnets: [SECOND],
  });

  test('the guard guards what lies behind the peer in each', () => {
    const guard = new IpsecGuard(chart, 'guard', { cluster, roles: ['worker'], endpoints: [several] });
    expect(guard.guardedPrefixes).toEqual([FIRST, SECOND]);
  });

  test('autoconnect keeps each up', () => {
    const { machineConfigs: [object] } = new IpsecAutoconnect(chart, 'autoconnect', { cluster, roles: ['worker'], endpoints: [several] });
    expect(JSON.stringify(object.toJson())).toContain('IPSEC_CONNECTIONS=ipsec-storage ipsec-storage-10-2-0-0-16');
  });

  test('monitoring watches each, and the verification proves each', () => {
    const { machineConfigs: [object] } = new IpsecMonitoring(chart, 'monitoring', { cluster, roles: ['worker'], endpoints: [several] });
    const { systemd, storage } = object.toJson().spec.config;
    expect(systemd.units.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining([
      'ipsec-check@ipsec-storage.timer', 'ipsec-check@ipsec-storage-10-2-0-0-16.timer',
    ]));
    expect(storage.files.map(({ path }: { path: string }) => path)).toEqual(expect.arrayContaining([
      '/etc/ipsec-check/ipsec-storage', '/etc/ipsec-check/ipsec-storage-10-2-0-0-16',
    ]));
    const { job } = new IpsecVerification(new Chart(chart, 'checks', { namespace: 'checks' }), 'verification', {
      cluster, endpoints: [several], policies: several.policyNames,
    });
    expect(job.toJson().spec.template.spec.containers[0].env).toEqual(expect.arrayContaining([
      {
        name: 'IPSEC_CONNECTIONS',
        value: 'ipsec-storage-10-2-0-0-16@node-role.kubernetes.io/worker= ipsec-storage@node-role.kubernetes.io/worker=',
      },
      { name: 'IPSEC_POLICIES', value: 'ipsec-storage ipsec-storage-10-2-0-0-16' },
    ]));
  });

  test('a plan sees each come up, and stay behind where it is taken out', () => {
    const setOf = (props: Partial<ExternalIpsecEndpointProps>) => new DocumentSet(gateway(props).policies);
    const [one, two] = [setOf({ remoteSubnet: FIRST }), setOf({ remoteSubnet: FIRST, remoteSubnets: [SECOND] })];
    const fates = (before: DocumentSet, after: DocumentSet) =>
      tunnelsOf(before, after, { renewed: new Set(), reboots: () => true })
        .map((tunnel) => [tunnel.interface, tunnel.protects, tunnel.change]);
    expect(fates(one, two)).toEqual([['ipsec-gw-10-2-0-0-16', [SECOND], 'comes-up'], ['ipsec-gw', [FIRST], 'stays']]);
    expect(fates(two, one)).toEqual([['ipsec-gw-10-2-0-0-16', [SECOND], 'stays-behind'], ['ipsec-gw', [FIRST], 'stays']]);
  });
});

describe('refuses', () => {
  test.each<[string, Partial<ExternalIpsecEndpointProps>, string]>([
    ['an empty list', { remoteSubnets: [] }, "'remoteSubnets' (an empty list) must name a subnet: leave it out instead"],
    ['a subnet twice', { remoteSubnets: [FIRST, FIRST] }, "'remoteSubnets' has '10.1.0.0/16' twice: name it once"],
    ['host bits, which would be a second name', { remoteSubnets: ['10.1.2.3/16'] },
      "'remoteSubnets' has '10.1.2.3/16', an address with a prefix: write '10.1.0.0/16' for the subnet, or '10.1.2.3/32' for the one host"],
    ['what is no subnet', { localSubnets: ['10.128.0.0'], remoteSubnet: FIRST },
      "'localSubnets' has '10.128.0.0', which must be an IPv4 subnet in CIDR notation, such as '10.1.0.0/16'"],
    ['another version', { remoteSubnets: ['2001:db8::/64'] },
      "'remoteSubnets' has '2001:db8::/64', which must be an IPv4 subnet in CIDR notation, such as '10.1.0.0/16'"],
    ['the one subnet as no subnet, where others are named by it', { remoteSubnet: '10.1.2.3', remoteSubnets: [FIRST] },
      "'remoteSubnet' is '10.1.2.3', which must be an IPv4 subnet in CIDR notation, such as '10.1.0.0/16'"],
    ['two lists for one thing', { remoteSubnet: FIRST, remoteSubnets: [SECOND], rightsubnets: [SECOND] },
      "'rightsubnets' is libreswan's own list of subnets, and 'remoteSubnets' makes a connection of each: "
        + "name all subnets in 'remoteSubnets' and 'localSubnets', and leave 'rightsubnets' out"],
    ['several hosts with type transport', { type: TRANSPORT, remoteSubnets: ['10.1.2.3/32', '10.1.2.4/32'] },
      "'remoteSubnets' names several subnets with type transport, which protects the traffic between the node and one host: "
        + "leave 'remoteSubnets' out, or use type tunnel"],
    ['no subnet behind a name', { localSubnets: ['10.128.0.0/14'] },
      "'remoteSubnet' must be given where 'host' ('gw.example.com') is a DNS name: without it the node sends all IPv4 traffic "
        + "into the tunnel; for the peer alone it is the peer's address followed by /32"],
  ])('%s', (_, props, message) => {
    expect(() => gateway(props)).toThrow(new Error(`test/storage: ${message}`));
  });

  test('in the words of the list that a subnet comes from', () => {
    expect(() => gateway({ type: TRANSPORT, remoteSubnets: [FIRST] })).toThrow(
      "'remoteSubnets' ('10.1.0.0/16') is wider than one host, and type transport protects the traffic between two hosts only",
    );
  });
});
