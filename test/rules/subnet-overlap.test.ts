import * as fc from 'fast-check';
import { policy } from './documents';
import { foundBy } from './judging';
import { DocumentSet } from '../../src/documents/document-set';
import { Ipv4Cidr } from '../../src/openshift/ip';
import { RULE_BY_ID } from '../../src/rules/catalogue';
import { Judge } from '../../src/rules/judge';

interface Tunnel {
  readonly host: string | undefined;
  readonly remote: string;
  readonly local: string | undefined;
  readonly left: string | undefined;
}

const networks = (octet: number) => fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 8, max: 12 })).map(([second, prefix]) =>
  Ipv4Cidr.parse(`${octet}.${second * 64}.0.0/${prefix}`)!.network);

const tunnels = fc.array(fc.record<Tunnel>({
  host: fc.constantFrom('a', 'b', undefined),
  remote: networks(10),
  local: fc.oneof(fc.constant(undefined), networks(9)),
  left: fc.constantFrom(undefined, '%defaultroute', '9.64.0.0', '9.128.0.7'),
}), { maxLength: 8 });

function documentsOf(all: readonly Tunnel[], nameOf = (i: number) => `ipsec-${i}`): object[] {
  return all.map(({ host, remote, local, left }, i) => policy({ rightsubnet: remote, leftsubnet: local, left }, {
    name: `policy-${i}`, interfaceName: nameOf(i), selector: host === undefined ? null : { 'kubernetes.io/hostname': host },
  }));
}

/** What is behind the node: a subnet, or the node itself where its address is known. */
function holdsLocally(one: Tunnel, other: Tunnel): boolean {
  const [text, otherText] = [one, other].map(({ local, left }) => local ?? left);
  const [cidr, otherCidr] = [text, otherText].map((each) => Ipv4Cidr.parse(each?.includes('/') ? each : `${each}/32`));
  return text === otherText || cidr !== undefined && otherCidr !== undefined && cidr.holds(otherCidr);
}

const meet = (one: Tunnel, other: Tunnel) => one.host === other.host || one.host === undefined || other.host === undefined;

/** Pair by pair, as no rule may: whether a tunnel is in the way of an earlier one, lies within another, or has a part in common with one. */
function pairwise(all: readonly Tunnel[], nameOf = (i: number) => `ipsec-${i}`): string[] {
  const cidr = ({ remote }: Tunnel) => Ipv4Cidr.parse(remote)!;
  return all.flatMap((one, i) => {
    const others = all.map((other, j) => ({
      isEarlier: j < i,
      isSame: cidr(one).network === cidr(other).network && holdsLocally(one, other) && holdsLocally(other, one),
      isWider: cidr(other).holds(cidr(one)) && holdsLocally(other, one),
      isCrossing: holdsLocally(other, one) && !holdsLocally(one, other)
        && cidr(one).prefix < cidr(other).prefix && cidr(one).holds(cidr(other)),
    })).filter((_, j) => nameOf(j) !== nameOf(i) && meet(one, all[j]));
    return [
      ...others.some(({ isSame, isEarlier }) => isSame && isEarlier) ? [`${i} same`] : [],
      ...others.some(({ isSame, isWider }) => isWider && !isSame) ? [`${i} within`] : [],
      ...others.some(({ isCrossing }) => isCrossing) ? [`${i} crossing`] : [],
    ];
  }).sort();
}

const judged = (documents: readonly object[]) => (
  new Judge([RULE_BY_ID.get('libreswan-subnet-overlap')!]).judge(new DocumentSet(documents)).findings);

test('the rule finds what a comparison of all pairs finds', () => {
  fc.assert(fc.property(tunnels, (all) => {
    const documents = documentsOf(all);
    const found = judged(documents).map(({ severity, message, subject }) => {
      const kind = message.includes(', while ') ? 'crossing' : message.includes(' lies within ') ? 'within' : 'same';
      expect(severity).toBe(kind === 'same' ? 'error' : 'warning');
      return `${subject.name!.replace('policy-', '')} ${kind}`;
    });
    expect(found.sort()).toEqual(pairwise(all));
  }), { numRuns: 1000 });
});

/** A fleet has one name on many nodes. Two of one name on one node are found by another rule. */
test('something is found where two of different names are in each other\'s way, in whatever order, and nowhere else', () => {
  const named = fc.tuple(tunnels, fc.array(fc.constantFrom('ipsec-a', 'ipsec-b', 'ipsec-c'), { minLength: 8, maxLength: 8 }));
  fc.assert(fc.property(named, ([given, names]) => {
    const isTwice = (i: number) => given.some((other, j) => j < i && names[j] === names[i] && meet(given[i], other));
    const all = given.flatMap((tunnel, i) => isTwice(i) ? [] : [{ tunnel, name: names[i] }]);
    const some = all.map(({ tunnel }) => tunnel);
    const nameOf = (i: number) => all[i].name;
    expect(judged(documentsOf(some, nameOf)).length > 0).toBe(pairwise(some, nameOf).length > 0);
  }), { numRuns: 2000 });
});

test.each([
  ['libreswan-subnet-overlap', (i: number) => `10.${Math.floor(i / 256) % 256}.${i % 256}.0/24`],
  ['libreswan-subnet-of-cluster', () => '10.0.0.0/8'],
])('%s takes time that grows with the number of tunnels alone', (rule, remoteOf) => {
  const documents = (count: number) => Array.from({ length: count }, (_, i) =>
    policy({ left: `192.0.2.${i % 250}`, rightsubnet: remoteOf(i) }, { name: `p${i}`, interfaceName: `i${i}`, selector: null }));
  const seconds = (count: number) => {
    const all = documents(count);
    const start = process.hrtime.bigint();
    foundBy(rule, all);
    return Number(process.hrtime.bigint() - start) / 1e9;
  };
  seconds(500);
  // Pairs would be a hundred times as many; a busy machine is allowed for.
  expect(seconds(20_000)).toBeLessThan(40 * seconds(2_000) + 2);
});

test('a value that is a map with its own idea of a text is judged, and no end of the judging', () => {
  const hostile = { toString: 1, valueOf: 2, toJSON: 3 };
  for (const key of ['right', 'left', 'leftid', 'ipsec-interface', 'leftprotoport', 'rightprotoport', 'rightsubnet', 'type', 'leftcert']) {
    const { findings } = new Judge([...RULE_BY_ID.values()]).judge(new DocumentSet([policy({ [key]: hostile }, { name: 'policy' })], {}));
    expect(findings.map(({ pointer }) => pointer)).toContain(`/spec/desiredState/interfaces/0/libreswan/${key}`);
  }
});
