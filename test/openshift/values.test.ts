import * as fc from 'fast-check';
import { NodeSelection } from '../../src';
import { Ipv4Cidr, isDnsName, isIpv4, isIpv6 } from '../../src/openshift/ip';
import { isLabelKey, isLabelValue, isObjectName, shortenName } from '../../src/openshift/kubernetes-names';

describe('an address', () => {
  test('is IPv4 in its canonical form only', () => {
    expect(['0.0.0.0', '10.1.2.3', '255.255.255.255'].map(isIpv4)).toEqual([true, true, true]);
    expect(['', '10.1.2', '10.1.2.3.4', '256.1.1.1', '01.2.3.4', '1.2.3.4.', ' 1.2.3.4', '1.2.3.4/32', '::1'].some(isIpv4)).toBe(false);
    fc.assert(fc.property(fc.ipV4(), isIpv4));
  });

  test('is told to be IPv6 in each of its forms, and no name or IPv4 address is', () => {
    fc.assert(fc.property(fc.ipV6(), isIpv6));
    expect(['::', 'fe80::1%eth0', '[2001:db8::1]', '2001:db8::/32', '::ffff:10.0.0.1'].map(isIpv6)).toEqual([true, true, true, true, true]);
    fc.assert(fc.property(fc.oneof(fc.domain(), fc.ipV4()), (text) => !isIpv6(text)));
  });

  test('mistyped is no DNS name', () => {
    expect(['10.1.2', '10.1.2.300', '1', '-a.example', 'a_b.example', 'a..b', '', `${'a'.repeat(64)}.example`].some(isDnsName)).toBe(false);
    fc.assert(fc.property(fc.domain(), isDnsName));
  });
});

describe('an IPv4 CIDR', () => {
  test.each<[string, string, boolean, boolean]>([
    ['10.1.2.3/32', '10.1.2.3/32', true, false],
    ['10.1.2.3/24', '10.1.2.0/24', false, true],
    ['255.255.255.255/1', '128.0.0.0/1', false, true],
    ['0.0.0.0/0', '0.0.0.0/0', false, false],
    ['192.0.2.128/25', '192.0.2.128/25', false, false],
  ])('%s has the network %s', (text, network, isHost, hasHostBits) => {
    expect(Ipv4Cidr.parse(text)).toMatchObject({ network, isHost, hasHostBits });
  });

  test.each(['10.1.2.3', '10.1.2.3/33', '10.1.2.3/', '/24', '10.1.2/24', '10.1.2.3/08', '::/0'])('is not %s', (text) => {
    expect(Ipv4Cidr.parse(text)).toBeUndefined();
  });
});

describe('a name', () => {
  test('is judged as Kubernetes does', () => {
    expect(['a', 'a.b-c', 'w'.repeat(253)].map(isObjectName)).toEqual([true, true, true]);
    expect(['', 'A', 'a_b', '-a', 'a-', 'a..b', 'w'.repeat(254)].some(isObjectName)).toBe(false);
    expect(['', 'A_b.c-d', 'w'.repeat(63)].map(isLabelValue)).toEqual([true, true, true]);
    expect(['-a', 'a.', 'a b', 'w'.repeat(64)].some(isLabelValue)).toBe(false);
    expect(['a', 'example.com/a_B'].map(isLabelKey)).toEqual([true, true]);
    expect(['', '/a', 'a/', 'a/b/c', 'Ex.com/a', '-a'].some(isLabelKey)).toBe(false);
  });

  test('is shortened to a valid name that tells long ones apart', () => {
    const name = fc
      .string({ unit: fc.constantFrom('a', 'b', '0', '-', '.'), minLength: 60, maxLength: 100 })
      .map((text) => `a${text.replace(/[.-]+/g, '-')}z`);
    fc.assert(fc.property(name, name, (one, other) => {
      const [short, otherShort] = [shortenName(one), shortenName(other)];
      return short.length <= 63 && isObjectName(short) && (one === other) === (short === otherShort);
    }));
  });
});

describe('a selection of nodes refuses', () => {
  test.each<[string, () => NodeSelection, string]>([
    [
      'no host',
      () => NodeSelection.hostnames([]),
      'NodeSelection.hostnames (an empty list) must name at least one node; NodeSelection.all() selects every node',
    ],
    [
      'a host twice',
      () => NodeSelection.hostnames(['a', 'b', 'a']),
      "NodeSelection.hostnames names 'a' twice: each node gets one policy, name it once",
    ],
    ['a name that no node has', () => NodeSelection.hostname('Worker_0'),
      "node name ('Worker_0') must be the value of the node's label kubernetes.io/hostname: at most 63 lower-case letters, digits, "
        + "'-' and '.', "
        + "beginning and ending with a letter or digit; 'oc get nodes -L kubernetes.io/hostname' prints it"],
    [
      'no role',
      () => NodeSelection.role(''),
      "NodeSelection.role ('') must be the name of a node role such as 'worker': letters, digits, '-', '_' and '.', at most 63",
    ],
    [
      'no labels',
      () => NodeSelection.labels({}),
      'NodeSelection.labels (no labels) must name at least one label; NodeSelection.all() selects every node',
    ],
    ['a key that Kubernetes refuses', () => NodeSelection.labels({ 'a b': '' }),
      "NodeSelection.labels has the key 'a b', which Kubernetes refuses: it must be a name of at most 63 letters, digits, '-', "
        + "'_' and '.', with or without a DNS prefix and '/'"],
    ['a value that Kubernetes refuses', () => NodeSelection.labels({ a: 'b c' }),
      "NodeSelection.labels has the value 'b c' for 'a', which Kubernetes refuses: it must be empty or at most 63 letters, digits, '-', "
        + "'_' and '.', "
        + 'beginning and ending with a letter or digit'],
  ])('%s', (_, select, message) => {
    expect(select).toThrow(new Error(message));
  });
});
