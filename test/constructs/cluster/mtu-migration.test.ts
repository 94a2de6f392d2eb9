import * as fc from 'fast-check';
import { MtuForIpsecProps, MtuMigration, MtuMigrationProps } from '../../../src';

const numbers = ({ networkFrom, networkTo, machineTo, isFinal }: MtuMigration) => ({ networkFrom, networkTo, machineTo, isFinal });

describe('for IPsec', () => {
  test.each<[string, MtuForIpsecProps, [number, number, number]]>([
    ['down by 46 bytes on 1500', { machineMtu: 1500 }, [1400, 1354, 1500]],
    ['down by 46 bytes on 9000', { machineMtu: 9000 }, [8900, 8854, 9000]],
    ['up by 46 bytes on 1500', { machineMtu: 1500, afterDisabling: true }, [1354, 1400, 1500]],
    ['up by 46 bytes on 9000', { machineMtu: 9000, afterDisabling: true }, [8854, 8900, 9000]],
    ['down as far as needed from a smaller MTU', { machineMtu: 1500, clusterMtu: 1380 }, [1380, 1354, 1500]],
    ['up as far as allowed from a smaller MTU', { machineMtu: 1500, clusterMtu: 1300, afterDisabling: true }, [1300, 1400, 1500]],
  ])('goes %s', (_, props, [networkFrom, networkTo, machineTo]) => {
    expect(numbers(MtuMigration.forIpsec(props))).toEqual({ networkFrom, networkTo, machineTo, isFinal: false });
  });

  test('comes back to where it was', () => {
    fc.assert(fc.property(fc.integer({ min: 722, max: 65536 }), (machineMtu) => {
      const down = MtuMigration.forIpsec({ machineMtu });
      const up = MtuMigration.forIpsec({ machineMtu, clusterMtu: down.networkTo, afterDisabling: true });
      expect([up.networkFrom, up.networkTo]).toEqual([down.networkTo, down.networkFrom]);
      expect(down.networkFrom - down.networkTo).toBe(46);
    }));
  });

  test.each<[string, MtuForIpsecProps, string]>([
    ['room that is there already', { machineMtu: 1500, clusterMtu: 1354 },
      "'clusterMtu' (1354) needs no migration on a machine network of 1500: Geneve and ESP allow at most 1354; leave 'mtuMigration' out"],
    ['nothing to gain', { machineMtu: 1500, clusterMtu: 1400, afterDisabling: true },
      "'clusterMtu' (1400) needs no migration on a machine network of 1500: Geneve alone allows at most 1400; leave 'mtuMigration' out"],
    ['a machine network that is too small', { machineMtu: 700 },
      "'networkTo' (554) must be a whole number of bytes from 576 to 65536, which is what the Cluster Network Operator takes"],
    ['a machine network that is too small for IPv6', { machineMtu: 1400, ipv6: true },
      "'networkTo' (1254) must be a whole number of bytes from 1280 to 65536, which is what the Cluster Network Operator takes for a "
        + 'cluster network with IPv6'],
    ['no number', { machineMtu: NaN },
      "'machineMtu' (NaN) must be a whole number of bytes from 576 to 65536, which is what the Cluster Network Operator takes"],
  ])('refuses %s', (_, props, message) => {
    expect(() => MtuMigration.forIpsec(props)).toThrow(new Error(message));
  });
});

describe('the steps', () => {
  const props: MtuMigrationProps = { networkFrom: 1400, networkTo: 1354, machineTo: 1500 };

  test('have the same numbers', () => {
    expect(numbers(MtuMigration.start(props))).toEqual({ networkFrom: 1400, networkTo: 1354, machineTo: 1500, isFinal: false });
    expect(numbers(MtuMigration.finalize(props))).toEqual({ networkFrom: 1400, networkTo: 1354, machineTo: 1500, isFinal: true });
    expect(numbers(MtuMigration.start(props).finalized())).toEqual(numbers(MtuMigration.finalize(props)));
  });

  test('announce the machine network\'s own change where it is stated', () => {
    expect(MtuMigration.start({ networkFrom: 1400, networkTo: 8854, machineFrom: 1500, machineTo: 9000 })._migration)
      .toEqual({ mtu: { network: { from: 1400, to: 8854 }, machine: { from: 1500, to: 9000 } } });
  });

  test('may leave the cluster network as it is while the machine network changes', () => {
    expect(() => MtuMigration.start({ networkFrom: 1354, networkTo: 1354, machineFrom: 9000, machineTo: 1500 })).not.toThrow();
  });

  const range = 'must be a whole number of bytes from 576 to 65536, which is what the Cluster Network Operator takes';
  test.each<[string, Partial<MtuMigrationProps>, string]>([
    ['no room for Geneve', { networkTo: 1401 },
      "'networkTo' (1401) must be at most 1400 with 'machineTo' (1500): Geneve takes 100 bytes, "
        + 'and the Cluster Network Operator refuses less room'],
    ['no change', { networkTo: 1400 }, "'networkTo' (1400) is 'networkFrom' as well: there is nothing to migrate"],
    ['a start below the range', { networkFrom: 575 }, `'networkFrom' (575) ${range}`],
    ['an end below the range', { networkTo: 575 }, `'networkTo' (575) ${range}`],
    ['a machine network above the range', { machineTo: 65537 }, `'machineTo' (65537) ${range}`],
    ['half a byte', { machineFrom: 1500.5 }, `'machineFrom' (1500.5) ${range}`],
    ['an end below the range of IPv6', { networkTo: 1279, ipv6: true },
      "'networkTo' (1279) must be a whole number of bytes from 1280 to 65536, which is what the Cluster Network Operator takes for a "
        + 'cluster network with IPv6'],
  ])('refuse %s', (_, wrong, message) => {
    expect(() => MtuMigration.start({ ...props, ...wrong })).toThrow(new Error(message));
    expect(() => MtuMigration.finalize({ ...props, ...wrong })).toThrow(new Error(message));
  });
});
