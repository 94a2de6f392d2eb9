import { App, Chart, Testing } from 'cdk8s';
import * as fc from 'fast-check';
import { foundBy } from './judging';
import { EndpointState, ExternalIpsecEndpoint, IpsecWarnings, NodeSelection } from '../../src';
import { NodeSelector, NodeSelectorIndex } from '../../src/documents/node-selectors';
import { clusterBeside, endpointProps, externalCluster, quietChart } from '../constructs/endpoint/fixtures';

function policy(name: string, interfaceName: string, nodeSelector?: NodeSelector, state?: string) {
  return {
    apiVersion: 'nmstate.io/v1',
    kind: 'NodeNetworkConfigurationPolicy',
    metadata: { name },
    spec: { nodeSelector, desiredState: { interfaces: [{ name: interfaceName, type: 'ipsec', state }] } },
  };
}

const found = (...policies: object[]) => foundBy('interface-duplicate', policies);

describe('interface-duplicate', () => {
  test('finds one interface name twice for the same nodes', () => {
    expect(found(policy('a', 'ipsec0', { host: 'x' }), policy('b', 'ipsec0', { host: 'x' }))).toEqual([
      [
        'error',
        '/spec/desiredState/interfaces/0/name',
        "interface 'ipsec0' is also in policy 'a' for nodes with host=x: the policy that NMState applies last wins, "
          + 'and their order is undefined',
      ],
    ]);
  });

  test.each<[string, NodeSelector | undefined, NodeSelector | undefined, number]>([
    ['every node contains a host', undefined, { host: 'x' }, 1],
    ['a host is contained by every node', { host: 'x' }, undefined, 1],
    ['more labels select fewer nodes', { role: 'w' }, { role: 'w', zone: 'a' }, 1],
    ['fewer labels select more nodes', { zone: 'a', role: 'w' }, { role: 'w' }, 1],
    ['other values select other nodes', { host: 'x' }, { host: 'y' }, 0],
    ['other labels may or may not overlap', { role: 'w' }, { zone: 'a' }, 0],
    ['a superset with another value is disjoint', { role: 'w' }, { role: 'm', zone: 'a' }, 0],
  ])('knows that %s', (_, first, second, count) => {
    expect(found(policy('a', 'ipsec0', first), policy('b', 'ipsec0', second))).toHaveLength(count);
  });

  test('warns only where one of the two is absent', () => {
    expect(found(policy('a', 'ipsec0'), policy('b', 'ipsec0', undefined, 'absent')).map(([severity]) => severity)).toEqual(['warning']);
  });

  test('passes over other names, types and kinds, and over documents that make no sense', () => {
    const ethernet = {
      apiVersion: 'nmstate.io/v1',
      kind: 'NodeNetworkConfigurationPolicy',
      spec: { desiredState: { interfaces: [{ name: 'ipsec0', type: 'ethernet' }, null, 7] } },
    };
    expect(found(policy('a', 'ipsec0'), policy('b', 'ipsec1'), ethernet, { kind: 7, spec: [] }, {})).toEqual([]);
  });

  test('stops the synthesis of two endpoints with one interface on one node', () => {
    const chart = quietChart();
    const cluster = externalCluster(chart);
    new ExternalIpsecEndpoint(chart, 'one', { ...endpointProps(cluster), nodes: NodeSelection.role('worker') });
    new ExternalIpsecEndpoint(chart, 'two', { ...endpointProps(cluster), nodes: NodeSelection.role('worker'), policyName: 'other' });
    expect(() => Testing.synth(chart)).toThrow(
      "test/two: interface 'ipsec-storage' is also in policy 'ipsec-storage' for nodes with node-role.kubernetes.io/worker=: "
        + 'the policy that NMState applies last wins, '
        + 'and their order is undefined; give one of them another interface name (interface-duplicate)');
  });

  test('lets an app write the same objects for two clusters', () => {
    const app = new App();
    for (const name of ['berlin', 'paris']) {
      const chart = new Chart(app, name);
      const cluster = externalCluster(chart);
      new ExternalIpsecEndpoint(chart, 'storage', endpointProps(cluster));
    }
    expect(() => app.synthYaml()).not.toThrow();
  });

  test('tells a warning across objects like any other', () => {
    const chart = quietChart();
    const cluster = clusterBeside(chart);
    new ExternalIpsecEndpoint(chart, 'old', { ...endpointProps(cluster), state: EndpointState.ABSENT });
    new ExternalIpsecEndpoint(chart, 'new', { ...endpointProps(cluster), policyName: 'other' });
    Testing.synth(chart);
    expect(IpsecWarnings.of(chart).list().map(({ ruleId, path }) => [ruleId, path])).toEqual([
      ['interface-duplicate', 'test/new'], ['certificate-nickname', 'test/new'],
    ]);
  });

  test('answers as comparing every pair would', () => {
    const selector = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'), { maxKeys: 3 });
    const contains = (one: NodeSelector, other: NodeSelector) => Object.keys(one).every((key) => one[key] === other[key]);
    fc.assert(fc.property(fc.array(selector, { maxLength: 12 }), (selectors) => {
      const index = new NodeSelectorIndex<number>();
      selectors.forEach((own, i) => {
        const expected = selectors.slice(0, i).some((other) => contains(own, other) || contains(other, own));
        expect(index.find(own) !== undefined).toBe(expected);
        index.add(own, i);
      });
    }));
  });

  test('finds and adds in one look what it finds and adds in two', () => {
    const selector = fc.oneof(
      fc.constantFrom('1', '2', '3').map((host) => ({ a: host })),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'), { maxKeys: 3 }),
    );
    const action = fc.record({ own: selector, isAsked: fc.boolean() });
    fc.assert(fc.property(fc.array(action, { maxLength: 12 }), (actions) => {
      const [once, twice] = [new NodeSelectorIndex<number>(), new NodeSelectorIndex<number>()];
      actions.forEach(({ own, isAsked }, i) => {
        const before = twice.find(own);
        if (!isAsked) twice.add(own, i);
        expect(isAsked ? once.find(own) : once.findAndAdd(own, i)).toBe(before);
      });
    }));
  });
});
