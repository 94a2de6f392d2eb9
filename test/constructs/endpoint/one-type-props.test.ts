import { Testing } from 'cdk8s';
import { endpoint, endpointProps, externalCluster, quietChart } from './fixtures';
import {
  EspHardwareOffload, ExternalIpsecEndpoint, IpsecTunnelRemoval, IpsecWarnings, NetworkInterfaceType, NodeSelection,
} from '../../../src';

const HOSTS = NodeSelection.hostnames(['worker-0.example.com', 'worker-1.example.com']);

describe('the node\'s own address', () => {
  test('leftAddress writes what left wrote', () => {
    expect(endpoint({ leftAddress: '192.0.2.1' }).policies).toEqual(endpoint({ left: '192.0.2.1' }).policies);
  });

  test('leftByHost writes what a map wrote', () => {
    const byHost = { 'worker-0.example.com': '192.0.2.1', 'worker-1.example.com': '192.0.2.2' };
    const { policies } = endpoint({ nodes: HOSTS, leftByHost: byHost });
    expect(policies).toEqual(endpoint({ nodes: HOSTS, left: byHost }).policies);
    expect(policies.map(({ spec }) => spec.desiredState.interfaces[0].libreswan.left)).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  test.each([
    ['an address for several hosts', { nodes: HOSTS, leftAddress: '192.0.2.1' },
      "'leftAddress' ('192.0.2.1') is one node's address, and 'nodes' are several hosts: leave it out for '%defaultroute', "
      + "or give leftByHost: { '<host>': '<address>' }"],
    ['a map that lacks a host', { nodes: HOSTS, leftByHost: { 'worker-0.example.com': '192.0.2.1' } },
      "'leftByHost' (a map) lacks the host 'worker-1.example.com': give an address for each host of 'nodes'"],
    ['a map for a role', { nodes: NodeSelection.role('worker'), leftByHost: { a: '192.0.2.1' } },
      "'leftByHost' (a map) needs nodes selected by NodeSelection.hostnames: with any other selection the hosts are not known"],
    ['both', { leftAddress: '192.0.2.1', leftByHost: { 'worker-0.example.com': '192.0.2.1' } },
      "'leftAddress' and 'leftByHost' both say the node's own address: give one of the two"],
    ['an IPv6 address', { leftAddress: '::1' },
      "'leftAddress' ('::1') is IPv6, which OpenShift does not support for IPsec through NMState; "
      + 'use IPv4 addresses and subnets (libreswan-ipv6)'],
    ['an IPv6 address in a map', { leftByHost: { 'worker-0.example.com': '::1' } },
      "'leftByHost' ('::1') is IPv6, which OpenShift does not support for IPsec through NMState; "
      + 'use IPv4 addresses and subnets (libreswan-ipv6)'],
  ])('%s is refused by the name of the prop', (_, props, message) => {
    expect(() => endpoint(props)).toThrow(expect.objectContaining({ message: `test/storage: ${message}` }));
  });
});

describe('how many nodes at a time', () => {
  test.each([
    [{ maxUnavailableNodes: 3 }, 3], [{ maxUnavailablePercent: 10 }, '10%'], [{ maxUnavailablePercent: 100 }, '100%'],
  ])('%j writes %p, in every construct that writes policies', (props, written) => {
    const chart = quietChart();
    const cluster = externalCluster(chart);
    new ExternalIpsecEndpoint(chart, 'storage', { ...endpointProps(cluster), ...props });
    new IpsecTunnelRemoval(chart, 'gone', { cluster, nodes: NodeSelection.all(), interfaceName: 'ipsec-old', ...props });
    new EspHardwareOffload(chart, 'offload', {
      cluster, nodes: NodeSelection.all(), interfaceName: 'ens2f0', interfaceType: NetworkInterfaceType.ETHERNET, ...props,
    });
    IpsecWarnings.of(chart).silence();
    const policies = Testing.synth(chart).filter(({ kind }) => kind === 'NodeNetworkConfigurationPolicy');
    expect(policies.map(({ spec }) => spec.maxUnavailable)).toEqual([written, written, written]);
  });

  const RANGE = "give a whole number of nodes from 1, or a percentage from '1%' to '100%' (policy-max-unavailable)";
  test.each([
    ['no node', { maxUnavailableNodes: 0 }, `'maxUnavailableNodes' (0) is neither a number of nodes nor a percentage of them; ${RANGE}`],
    ['half a node', { maxUnavailableNodes: 1.5 },
      `'maxUnavailableNodes' (1.5) is neither a number of nodes nor a percentage of them; ${RANGE}`],
    ['more than all', { maxUnavailablePercent: 101 },
      `'maxUnavailablePercent' ('101%') is neither a number of nodes nor a percentage of them; ${RANGE}`],
    ['both', { maxUnavailableNodes: 1, maxUnavailablePercent: 10 },
      "'maxUnavailableNodes' (1) and 'maxUnavailablePercent' (10) both say how many nodes may apply the policy at a time: give one of the two"],
    ['the old prop beside a new one', { maxUnavailableNodes: 1, maxUnavailable: '10%' },
      "'maxUnavailableNodes' (1) and 'maxUnavailable' (10%) both say how many nodes may apply the policy at a time: give one of the two"],
  ])('%s is refused', (_, props, message) => {
    expect(() => endpoint(props)).toThrow(expect.objectContaining({ message: `test/storage: ${message}` }));
  });
});

describe('the interface of a connection', () => {
  const written = (props: Parameters<typeof endpoint>[0]) =>
    endpoint(props).policies[0].spec.desiredState.interfaces[0].libreswan['ipsec-interface'];

  test.each([
    [{ ipsecInterfaceNumber: 3 }, 3], [{ ipsecInterfaceNumber: 0 }, 0], [{ ipsecInterfaceEnabled: true }, 'yes'],
    [{ ipsecInterfaceEnabled: false }, 'no'], [{ ipsecInterface: 3 }, 3], [{ ipsecInterface: 'yes' }, 'yes'], [{}, undefined],
  ])('%j writes %p', (props, value) => {
    expect(written(props)).toBe(value);
  });

  const RANGE = "must be 'yes', 'no' or the number of the interface (3 gives ipsec3); correct the value (libreswan-option-value)";
  test.each<[string, { [prop: string]: unknown }, string]>([
    ['a number below zero', { ipsecInterfaceNumber: -1 }, `'ipsecInterfaceNumber' (-1) ${RANGE}`],
    ['half a number', { ipsecInterfaceNumber: 1.5 }, `'ipsecInterfaceNumber' (1.5) ${RANGE}`],
    ['a text for the number', { ipsecInterfaceNumber: '3' }, "'ipsecInterfaceNumber' ('3') must be a number"],
    ['a text for whether', { ipsecInterfaceEnabled: 'yes' }, "'ipsecInterfaceEnabled' ('yes') must be true or false"],
    ['both', { ipsecInterfaceNumber: 3, ipsecInterfaceEnabled: false },
      "'ipsecInterfaceNumber' (3) and 'ipsecInterfaceEnabled' (false) both say which interface the connection has: give one of the two"],
    ['the old prop beside a new one', { ipsecInterfaceEnabled: true, ipsecInterface: 'yes' },
      "'ipsecInterfaceEnabled' (true) and 'ipsecInterface' (yes) both say which interface the connection has: give one of the two"],
  ])('%s is refused by the name of the prop', (_, props, message) => {
    expect(() => endpoint(props)).toThrow(expect.objectContaining({ message: `test/storage: ${message}` }));
  });
});
