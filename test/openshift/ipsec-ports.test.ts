import { IpsecPorts, NatTraversal } from '../../src';

const opened = (natTraversal?: NatTraversal) =>
  IpsecPorts.between(natTraversal).map(({ protocol, port }) => (port === undefined ? protocol : `${protocol} ${port}`));

describe('the ports of IPsec', () => {
  test('are the documented three without knowledge of a NAT', () => {
    expect(opened()).toEqual(['UDP 500', 'UDP 4500', 'ESP']);
  });

  test('depend on where ESP travels', () => {
    expect(opened(NatTraversal.NONE)).toEqual(['UDP 500', 'ESP']);
    expect(opened(NatTraversal.ALWAYS)).toEqual(['UDP 500', 'UDP 4500']);
  });

  test('carry the numbers of their protocols', () => {
    expect(IpsecPorts.between().map(({ protocolNumber }) => protocolNumber)).toEqual([17, 17, 50]);
  });
});
