import { Testing } from 'cdk8s';
import { ADDRESSES, gateway, guardedCluster, storage } from './fixtures';
import {
  EndpointState, ExternalIpsecEndpointProps, IpsecClusterConfigProps, IpsecGuard, IpsecGuardProps, IpsecWarnings, OpenShiftVersion,
} from '../../../src';
import { decodeContents } from '../../data-url';
import { quietChart } from '../endpoint/fixtures';

const NEWEST = OpenShiftVersion.of('4.22');

interface Parts {
  readonly guard?: Partial<IpsecGuardProps>;
  readonly storage?: Partial<ExternalIpsecEndpointProps>;
  readonly gateway?: Partial<ExternalIpsecEndpointProps>;
  readonly cluster?: Partial<IpsecClusterConfigProps>;
}

function guard(parts: Parts = {}) {
  const chart = quietChart();
  const cluster = guardedCluster(chart, parts.cluster);
  const endpoints = [storage(chart, cluster, parts.storage), gateway(chart, cluster, parts.gateway)];
  const construct = new IpsecGuard(chart, 'guard', { cluster, roles: ['worker'], endpoints, ...parts.guard });
  const machineConfigs = Testing.synth(chart).filter(({ kind }) => kind === 'MachineConfig');
  return {
    construct,
    machineConfigs,
    table: decodeContents(machineConfigs[0].spec.config.storage.files[0].contents).toString(),
    unit: machineConfigs[0].spec.config.systemd.units[0],
    warnings: IpsecWarnings.of(chart)
      .list()
      .filter(({ ruleId }) => ruleId.startsWith('guard-'))
      .map(({ ruleId, path }) => `${path}: ${ruleId}`),
  };
}

describe('the guard', () => {
  test('is one MachineConfig a role, which says what its prefixes were held against', () => {
    const { construct, machineConfigs, warnings } = guard({
      guard: { roles: ['master', 'worker'], acknowledge: { 'machineconfig-size': 'it is small' } },
    });
    expect(construct.machineConfigNames).toEqual(['99-master-ipsec-guard', '99-worker-ipsec-guard']);
    expect(construct.guardedPrefixes).toEqual(['192.0.2.10/32', '198.51.100.0/24']);
    expect(machineConfigs.map(({ metadata }) => metadata)).toEqual(['master', 'worker'].map((role) => ({
      name: `99-${role}-ipsec-guard`,
      labels: { 'machineconfiguration.openshift.io/role': role },
      annotations: {
        'ipsec.cdk8s.io/guard-machine-networks': '10.0.0.0/24',
        'ipsec.cdk8s.io/guard-pod-networks': '10.128.0.0/14,fd01::/48',
        'ipsec.cdk8s.io/guard-service-networks': '172.30.0.0/16',
        'ipsec.cdk8s.io/guard-api-vips': '10.0.0.2,10.0.0.3',
        'ipsec.cdk8s.io/acknowledge.machineconfig-size': 'it is small',
      },
    })));
    expect(machineConfigs[0].spec).toEqual(machineConfigs[1].spec);
    expect(machineConfigs[1].spec.config.storage.files.map(({ path, mode, overwrite }: any) => [path, mode.toString(8), overwrite]))
      .toEqual([['/etc/nftables/ipsec-guard.nft', '644', true]]);
    expect(warnings).toEqual([]);
  });

  test('is a table that names what lies behind the peers, and nothing of the nodes', () => {
    expect(guard().table).toBe(`# Drops what goes to or comes from the guarded addresses while no IPsec security association carries it.
# See what it dropped: nft list table inet ipsec_guard. Switch it off until the next boot: systemctl stop ipsec-guard.service
table inet ipsec_guard {
  set guarded { type ipv4_addr; flags interval; }
  set allowed { type ipv4_addr; flags interval; }
  chain postrouting { type filter hook postrouting priority 300; policy accept; }
  chain input { type filter hook input priority 0; policy accept; }
  chain forward { type filter hook forward priority 0; policy accept; }
  chain leaving { }
  chain arriving { }
}
# The rules are replaced and the chains stay: chains made anew would let a packet through that comes in that moment.
flush table inet ipsec_guard
flush set inet ipsec_guard guarded
delete set inet ipsec_guard allowed
table inet ipsec_guard {
  set guarded {
    type ipv4_addr
    flags interval
    elements = { 192.0.2.10, 198.51.100.0/24 }
  }

  chain postrouting {
    type filter hook postrouting priority 300; policy accept;
    ip daddr @guarded rt ipsec missing jump leaving
  }

  chain input {
    type filter hook input priority 0; policy accept;
    ip saddr @guarded meta ipsec missing jump arriving
  }

  chain forward {
    type filter hook forward priority 0; policy accept;
    ip saddr @guarded meta ipsec missing jump arriving
  }

  chain leaving {
    oifname "lo" accept
    meta l4proto esp accept
    udp sport { 500, 4500 } accept comment "IKE, and ESP in UDP"
    limit rate 6/minute burst 3 packets log prefix "ipsec-guard drops, leaving in clear: " level warn
    counter drop
  }

  chain arriving {
    iifname "lo" accept
    meta l4proto esp accept
    udp dport { 500, 4500 } accept comment "IKE, and ESP in UDP"
    limit rate 6/minute burst 3 packets log prefix "ipsec-guard drops, arriving in clear: " level warn
    counter drop
  }
}
`);
  });

  test('loads before the network is set up, and stays through a shutdown', () => {
    expect(guard().unit).toEqual({
      name: 'ipsec-guard.service',
      enabled: true,
      contents: `[Unit]
Description=Drop what goes to or comes from IPsec peers in clear
DefaultDependencies=no
Requires=local-fs.target
After=local-fs.target nftables.service
Wants=network-pre.target
Before=network-pre.target ipsec.service
PartOf=nftables.service
ReloadPropagatedFrom=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f /etc/nftables/ipsec-guard.nft
ExecReload=/usr/sbin/nft -f /etc/nftables/ipsec-guard.nft
ExecStop=-/usr/sbin/nft delete table inet ipsec_guard
StandardOutput=journal

[Install]
WantedBy=multi-user.target
`,
    });
  });

  test('that the kubelet needs is ordered before it', () => {
    const { unit } = guard({ guard: { requiredByKubelet: true } });
    expect(unit.contents).toContain('Before=network-pre.target ipsec.service kubelet.service\n');
    expect(unit.contents).toContain('[Install]\nWantedBy=multi-user.target\nRequiredBy=kubelet.service\n');
  });

  test('lets exceptions through in both directions', () => {
    const { table } = guard({ guard: { allowClear: ['198.51.100.64/26', '198.51.100.53'] } });
    expect(table).toContain(
      '  set allowed {\n    type ipv4_addr\n    flags interval\n    elements = { 198.51.100.53, 198.51.100.64/26 }\n  }\n',
    );
    expect(table.match(/ip [sd]addr @allowed accept/g)).toEqual(['ip daddr @allowed accept', 'ip saddr @allowed accept']);
  });

  test('lets what goes through an interface of IPsec pass, where a connection has one', () => {
    const { table } = guard({ gateway: { ipsecInterfaceEnabled: true } });
    expect(table).toContain('    oifname "lo" accept\n    oifname "ipsec*" accept\n');
    expect(table).toContain('    iifname "lo" accept\n    iifname "ipsec*" accept\n');
    expect(guard({ gateway: { ipsecInterface: 'yes' } }).table).toBe(table);
    expect(guard({ gateway: { ipsecInterfaceEnabled: false } }).table).not.toContain('ipsec*');
  });

  test('has the same bytes for every order of the endpoints, and a prefix once', () => {
    const chart = quietChart();
    const cluster = guardedCluster(chart);
    const endpoints = [storage(chart, cluster, { remoteSubnet: '198.51.100.7/32' }), gateway(chart, cluster)];
    const one = new IpsecGuard(chart, 'one', { cluster, roles: ['worker'], endpoints });
    const other = new IpsecGuard(chart, 'other', { cluster, roles: ['infra'], endpoints: endpoints.reverse() });
    expect(one.guardedPrefixes).toEqual(['198.51.100.0/24']);
    expect(other.machineConfigs[0].toJson().spec).toEqual(one.machineConfigs[0].toJson().spec);
  });

  test('takes the address of a peer where no subnet is said, and more subnets', () => {
    expect(guard({ storage: { host: '192.0.2.99', remoteSubnet: undefined } }).construct.guardedPrefixes).toEqual([
      '192.0.2.99/32',
      '198.51.100.0/24',
    ]);
    const more = guard({ cluster: { openshiftVersion: NEWEST }, gateway: { rightsubnets: ['203.0.113.0/25', '203.0.113.128/26'] } });
    expect(more.construct.guardedPrefixes).toEqual(['192.0.2.10/32', '198.51.100.0/24', '203.0.113.0/25', '203.0.113.128/26']);
  });

  test('keeps what an absent connection protected, so that taking the tunnel down opens nothing and reboots nobody', () => {
    const present = guard();
    const absent = guard({ gateway: { state: EndpointState.ABSENT } });
    expect(absent.machineConfigs).toEqual(present.machineConfigs);
  });

  test('warns of what it was not told of the cluster, and of a peer beside the nodes', () => {
    const { warnings, machineConfigs } = guard({
      cluster: { machineNetworks: ['192.0.2.0/24'], podNetworks: undefined, serviceNetworks: undefined, apiVips: [] },
    });
    expect(warnings).toEqual(['test/guard: guard-networks-unknown', 'test/guard: guard-peer-beside-nodes']);
    expect(machineConfigs[0].metadata.annotations).toEqual({
      'ipsec.cdk8s.io/guard-machine-networks': '192.0.2.0/24',
      'ipsec.cdk8s.io/guard-api-vips': '',
    });
  });

  test('leaves the Network object as it is, whatever it is told of the cluster', () => {
    const chart = quietChart();
    const told = guardedCluster(chart);
    const untold = guardedCluster(quietChart(), Object.fromEntries(Object.keys(ADDRESSES).map((prop) => [prop, undefined])));
    expect(told.apiObject.toJson()).toEqual(untold.apiObject.toJson());
  });

  test.each<[string, Parts, string]>([
    ['no endpoint', { guard: { endpoints: [] } },
      "'endpoints' (an empty list) must name at least one ExternalIpsecEndpoint: what lies behind their peers is guarded"],
    ['no role', { guard: { roles: [] } }, "'roles' (an empty list) must name at least one MachineConfigPool, such as 'worker'"],
    ['a connection for certain ports', { cluster: { openshiftVersion: NEWEST }, storage: { rightprotoport: 'tcp/2049' } },
      "'endpoints' has 'test/storage', which protects tcp/2049 alone, and the guard drops everything to the same "
        + 'addresses that no SA carries: '
        + 'leave the endpoint out, or let it protect all protocols'],
    ['an exception that is no address', { guard: { allowClear: ['dns.example.com'] } },
      "'allowClear' has 'dns.example.com', which must be an IPv4 address, or a network in CIDR notation, such as '192.0.2.53/32'"],
    ['an exception with host bits', { guard: { allowClear: ['198.51.100.7/24'] } },
      "'allowClear' has '198.51.100.7/24', an address with a prefix: write '198.51.100.0/24' for the network, "
        + "or '198.51.100.7/32' for the host"],
    ['an absent connection that does not say what it protected', { gateway: { state: EndpointState.ABSENT, remoteSubnet: undefined } },
      "'endpoints' has 'test/gateway', which does not say what lies behind its peer: "
        + "leave its 'remoteSubnet' where it is as long as the guard names it, "
        + 'or leave the endpoint out'],
    ['a virtual address', { storage: { remoteSubnet: '10.0.0.2/32' } },
      "guarded prefix '10.0.0.2' is an address that nodes must reach in clear: "
        + 'the guard drops what no tunnel carries, and the nodes are '
        + 'cut off; guard the addresses of the peers alone, or except what must be reached in clear (allowClear) (guard-cuts-cluster-off)'],
    ['the default route', { gateway: { remoteSubnet: '0.0.0.0/0' } },
      "guarded prefix '0.0.0.0/0' is the default route: the guard drops what no tunnel carries, and the nodes are cut off; "
        + 'guard the addresses of the peers alone, or '
        + 'except what must be reached in clear (allowClear) (guard-cuts-cluster-off)'],
    [
      'endpoints of another kind',
      { guard: { endpoints: ['storage'] as never } },
      "'endpoints' (the list 'storage') must be a list of ExternalIpsecEndpoints, such as [storage, gateway]",
    ],
  ])('refuses %s', (_, parts, message) => {
    expect(() => guard(parts)).toThrow(new Error(`test/guard: ${message}`));
  });

  test('refuses an endpoint twice, and one of another cluster', () => {
    const chart = quietChart();
    const cluster = guardedCluster(chart);
    const endpoint = storage(chart, cluster);
    expect(() => new IpsecGuard(chart, 'twice', { cluster, roles: ['worker'], endpoints: [endpoint, endpoint] }))
      .toThrow(new Error("test/twice: 'endpoints' has 'test/storage' twice: name it once"));
    const other = guardedCluster(quietChart());
    expect(() => new IpsecGuard(chart, 'other', { cluster: other, roles: ['worker'], endpoints: [endpoint] }))
      .toThrow(new Error("test/other: 'endpoints' has 'test/storage', which is for the nodes of another cluster ('test/cluster'): "
        + "name endpoints of 'test/cluster'"));
  });
});

describe('what is known of the cluster', () => {
  test.each<[string, Partial<IpsecClusterConfigProps>, string]>([
    [
      'no network',
      { machineNetworks: ['10.0.0.1'] },
      "'machineNetworks' has '10.0.0.1', which must be a network in CIDR notation, such as '10.0.0.0/24'",
    ],
    [
      'host bits',
      { podNetworks: ['10.128.0.1/14'] },
      "'podNetworks' has '10.128.0.1/14', an address with a prefix: write '10.128.0.0/14' for the network",
    ],
    ['no address', { apiVips: ['api.example.com'] }, "'apiVips' has 'api.example.com', which must be an IP address, such as '10.0.0.2'"],
    [
      'no list',
      { serviceNetworks: '172.30.0.0/16' as never },
      "'serviceNetworks' ('172.30.0.0/16') must be a list of networks, such as ['172.30.0.0/16']",
    ],
  ])('refuses %s', (_, props, message) => {
    expect(() => guardedCluster(quietChart(), props)).toThrow(new Error(`test/cluster: ${message}`));
  });
});
