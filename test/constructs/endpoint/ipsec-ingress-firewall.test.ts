import { Testing } from 'cdk8s';
import { externalCluster, quietChart } from './fixtures';
import { IpsecIngressFirewall, IpsecIngressFirewallProps, NatTraversal, NodeSelection } from '../../../src';

const BASE = { nodes: NodeSelection.role('worker'), interfaces: ['ens2f0'], peers: ['192.0.2.7/32'] };

function firewall(...firewalls: Partial<IpsecIngressFirewallProps>[]) {
  const chart = quietChart();
  const cluster = externalCluster(chart);
  (firewalls.length ? firewalls : [{}]).forEach(
    (props, i) => new IpsecIngressFirewall(chart, `firewall${i}`, { cluster, ...BASE, ...props }),
  );
  return Testing.synth(chart).slice(1);
}

describe('the firewall', () => {
  test('lets the UDP ports in, and every protocol for the sake of ESP', () => {
    expect(firewall()).toEqual([{
      apiVersion: 'ingressnodefirewall.openshift.io/v1alpha1',
      kind: 'IngressNodeFirewall',
      metadata: { name: 'ipsec-peers' },
      spec: {
        interfaces: ['ens2f0'],
        nodeSelector: { matchLabels: { 'node-role.kubernetes.io/worker': '' } },
        ingress: [{
          sourceCIDRs: ['192.0.2.7/32'],
          rules: [
            { order: 1, action: 'Allow', protocolConfig: { protocol: 'UDP', udp: { ports: 500 } } },
            { order: 2, action: 'Allow', protocolConfig: { protocol: 'UDP', udp: { ports: 4500 } } },
            { order: 3, action: 'Allow', protocolConfig: { protocol: '' } },
          ],
        }],
      },
    }]);
  });

  test('opens nothing but the UDP ports where ESP always travels in UDP', () => {
    expect(firewall({ natTraversal: NatTraversal.ALWAYS, firstOrder: 10 })[0].spec.ingress[0].rules).toEqual([
      { order: 10, action: 'Allow', protocolConfig: { protocol: 'UDP', udp: { ports: 500 } } },
      { order: 11, action: 'Allow', protocolConfig: { protocol: 'UDP', udp: { ports: 4500 } } },
    ]);
  });

  test.each<[string, NodeSelection, object]>([
    ['a host', NodeSelection.hostname('a.example.com'), { matchLabels: { 'kubernetes.io/hostname': 'a.example.com' } }],
    [
      'several hosts, in one object',
      NodeSelection.hostnames(['a', 'b']),
      { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['a', 'b'] }] },
    ],
    ['labels', NodeSelection.labels({ zone: 'a' }), { matchLabels: { zone: 'a' } }],
    ['every node', NodeSelection.all(), {}],
  ])('is for %s', (_, nodes, selector) => {
    expect(firewall({ nodes })[0].spec.nodeSelector).toEqual(selector);
  });

  test('may number the rules of one peer in two objects one after the other', () => {
    expect(firewall({}, { firewallName: 'more', firstOrder: 4 })).toHaveLength(2);
    expect(firewall({}, { firewallName: 'more', peers: ['192.0.2.8/32'] })).toHaveLength(2);
  });

  const interfaceRule = "which must be the kernel's name of an interface: at most 15 characters, without '/', ':' and white space, "
    + 'and not beginning with a digit, which the firewall refuses';
  test.each<[string, Partial<IpsecIngressFirewallProps>[], string]>([
    ['no interface', [{ interfaces: [] }], "'interfaces' (an empty list) must name at least one network interface, such as 'ens2f0'"],
    ['an interface without a name', [{ interfaces: [''] }], `'interfaces' has '', ${interfaceRule}`],
    [
      "a long interface, which its own webhook takes and the kernel can't have",
      [{ interfaces: ['enp129s0f0np0v1'], firewallName: 'a' }, { interfaces: ['enp129s0f0np0v12'] }],
      `'interfaces' has 'enp129s0f0np0v12', ${interfaceRule}`,
    ],
    ['an interface that begins with a digit', [{ interfaces: ['0eth'] }], `'interfaces' has '0eth', ${interfaceRule}`],
    ['an interface twice', [{ interfaces: ['a', 'a'] }], "'interfaces' (a, a) must name each interface once"],
    ['no peer', [{ peers: [] }], "'peers' (an empty list) must name at least one address in CIDR notation, such as '192.0.2.7/32'"],
    [
      'an address without a prefix',
      [{ peers: ['192.0.2.7'] }],
      "'peers' has '192.0.2.7', which must be an IPv4 range in CIDR notation, such as '192.0.2.7/32' for one host",
    ],
    ['an address with a prefix', [{ peers: ['192.0.2.7/24'] }],
      "'peers' has '192.0.2.7/24', an address with a prefix: write '192.0.2.0/24' for the range, or '192.0.2.7/32' for the host"],
    [
      'IPv6',
      [{ peers: ['2001:db8::/64'] }],
      "'peers' has '2001:db8::/64', and OpenShift supports no IPv6 between nodes and IPsec peers outside: name an IPv4 range",
    ],
    ['a peer twice', [{ peers: ['10.0.0.0/8', '10.0.0.0/8'] }], "'peers' (10.0.0.0/8, 10.0.0.0/8) must name each range once"],
    [
      'an order that is none',
      [{ firstOrder: 0 }],
      "'firstOrder' (0) must be a whole number from 1 to 2147483645: 3 rules are numbered from it",
    ],
    [
      'an order too large for its followers',
      [{ firstOrder: 2147483646 }],
      "'firstOrder' (2147483646) must be a whole number from 1 to 2147483645: 3 rules are numbered from it",
    ],
    [
      'a name that is none',
      [{ firewallName: 'IPsec' }],
      "'firewallName' ('IPsec') must be lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit",
    ],
  ])('refuses %s', (_, firewalls, message) => {
    expect(() => firewall(...firewalls)).toThrow(new Error(`test/firewall${firewalls.length - 1}: ${message}`));
  });
});
