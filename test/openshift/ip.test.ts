import * as fc from 'fast-check';
import { Ipv4Cidr, withoutContained } from '../../src/openshift/ip';
import { PrefixIndex } from '../../src/openshift/prefix-index';

const cidr = (text: string) => Ipv4Cidr.parse(text)!;
const dotted = (address: number) => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

/** Subnets that often lie in each other: few addresses, all lengths. */
const subnet = fc.tuple(fc.constantFrom(0, 0x0a000000, 0x0a000001, 0x0a800000, 0xc0000200, 0xffffffff), fc.integer({ min: 0, max: 32 }))
  .map(([address, length]) => cidr(cidr(`${dotted(address)}/${length}`).network));
const address = fc
  .constantFrom(0, 1, 0x0a000000, 0x0a000001, 0x0a0000ff, 0x0a800007, 0xc0000201, 0xffffffff)
  .map((value) => cidr(`${dotted(value)}/32`));

describe('a subnet', () => {
  test.each([
    ['10.0.0.0/8', '10.1.2.3/32', true, true],
    ['10.0.0.0/8', '10.0.0.0/8', true, true],
    ['10.1.2.3/32', '10.0.0.0/8', false, true],
    ['10.0.0.0/25', '10.0.0.128/25', false, false],
    ['0.0.0.0/0', '255.255.255.255/32', true, true],
    ['10.0.0.5/24', '10.0.0.200/25', true, true],
  ])('%s and %s', (one, other, holds, overlaps) => {
    expect([cidr(one).holds(cidr(other)), cidr(one).overlaps(cidr(other)), cidr(other).overlaps(cidr(one))]).toEqual([
      holds,
      overlaps,
      overlaps,
    ]);
  });
});

test('without those that others hold, subnets have the same addresses, and none lies in another', () => {
  fc.assert(fc.property(fc.array(subnet), address, (subnets, one) => {
    const kept = withoutContained(subnets);
    expect(kept.some((each) => each.holds(one))).toBe(subnets.some((each) => each.holds(one)));
    expect(kept.filter((each) => kept.some((other) => other !== each && other.overlaps(each)))).toEqual([]);
    const networks = (all: readonly Ipv4Cidr[]) => all.map(({ network }) => network);
    expect(networks(withoutContained([...subnets].reverse()))).toEqual(networks(kept));
  }));
});

test('an index finds exactly the prefixes that hold another', () => {
  fc.assert(fc.property(fc.array(subnet), subnet, (subnets, one) => {
    const index = new PrefixIndex(subnets, (each) => each);
    const expected = subnets.filter((each) => each.holds(one));
    const found = [...index.holdersOf(one)];
    expect(found).toHaveLength(expected.length);
    expect(new Set(found)).toEqual(new Set(expected));
    expect(index.hasHolderOf(one)).toBe(expected.length > 0);
  }));
});
