import * as fc from 'fast-check';
import { policy } from './documents';
import { foundBy } from './judging';
import { Ipv4Cidr } from '../../src/openshift/ip';

interface Tunnel { readonly host: string | undefined; readonly remote: string; readonly local: string | undefined }

const tunnels = fc.array(fc.record<Tunnel>({
  host: fc.constantFrom('a', 'b', undefined),
  remote: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 8, max: 12 })).map(([second, prefix]) =>
    Ipv4Cidr.parse(`10.${second * 64}.0.0/${prefix}`)!.network),
  local: fc.constantFrom(undefined, '192.168.0.0/24'),
}), { maxLength: 8 });

function documentsOf(all: readonly Tunnel[]): object[] {
  return all.map(({ host, remote, local }, i) => policy({ rightsubnet: remote, leftsubnet: local }, {
    name: `policy-${i}`, interfaceName: `ipsec-${i}`, selector: host === undefined ? null : { 'kubernetes.io/hostname': host },
  }));
}

/** Pair by pair, as no rule may: whether a tunnel is in the way of an earlier one for the same subnet, and whether it lies within one. */
function pairwise(all: readonly Tunnel[]): string[] {
  const cidr = ({ remote }: Tunnel) => Ipv4Cidr.parse(remote)!;
  const meet = (one: Tunnel, other: Tunnel) =>
    one.local === other.local && (one.host === other.host || one.host === undefined || other.host === undefined);
  return all.flatMap((one, i) => [
    ...all.slice(0, i).some((other) => meet(one, other) && other.remote === one.remote) ? [`error ${one.remote}`] : [],
    ...all.some((other) => meet(one, other) && cidr(other).prefix < cidr(one).prefix && cidr(other).holds(cidr(one)))
      ? [`warning ${one.remote}`]
      : [],
  ]).sort();
}

test('the rule finds what a comparison of all pairs finds', () => {
  fc.assert(fc.property(tunnels, (all) => {
    const found = foundBy('libreswan-subnet-overlap', documentsOf(all))
      .map(([severity, , message]) => `${severity} ${/\('([^']*)'\)/.exec(message)![1]}`);
    expect(found.sort()).toEqual(pairwise(all));
  }), { numRuns: 300 });
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
