import { must, requireTools, Result, run } from './tools';

requireTools({ ip: 'iproute2', nft: 'nftables', ping: 'iputils-ping', python3: 'python3' });
if (process.getuid!() !== 0) throw new Error('these tests need root: they make network namespaces and load nftables in them');

/** Counts what comes to a machine, by kind. */
export const COUNTED = `table inet counted {
  chain everything {
    type filter hook prerouting priority -400;
    icmp type echo-request counter comment "ping"
    udp dport 500 counter comment "ike"
    udp dport 4500 counter comment "nat-t"
    udp dport 1701 counter comment "other udp"
    ip protocol esp counter comment "esp"
  }
}
`;

/** Network namespaces with wires between them: made before the tests of a file, and gone after them. */
export class Machines {
  public constructor(private readonly machines: readonly string[], layWires: (machines: Machines) => void) {
    beforeAll(() => {
      for (const machine of machines) {
        must('ip', ['netns', 'add', this.name(machine)]);
        this.on(machine, 'ip', 'link', 'set', 'lo', 'up');
      }
      layWires(this);
    });
    afterAll(() => {
      for (const machine of this.machines) run('ip', ['netns', 'del', this.name(machine)]);
    });
  }

  public readonly name = (machine: string): string => `cdk-${machine}-${process.pid}`;

  public readonly at = (machine: string, ...command: string[]): Result => run('ip', ['netns', 'exec', this.name(machine), ...command]);

  public readonly on = (machine: string, ...command: string[]): string => must('ip', ['netns', 'exec', this.name(machine), ...command]);

  /** Loads nftables. */
  public readonly nft = (machine: string, text: string): string =>
    must('ip', ['netns', 'exec', this.name(machine), 'nft', '-f', '-'], { input: text });

  /** What arrived at a machine that counts, where something did. */
  public readonly arrived = (machine: string): Record<string, number> => {
    const { nftables } = JSON.parse(this.on(machine, 'nft', '-j', 'list', 'table', 'inet', 'counted'));
    return Object.fromEntries(nftables.flatMap(({ rule }: any) => {
      const packets = rule?.expr.find((each: any) => each.counter)?.counter.packets;
      return packets > 0 ? [[rule.comment, packets]] : [];
    }));
  };

  /** A wire between two machines, with an address at each end. */
  public wire(one: string, other: string, addresses: readonly [string, string]): void {
    this.on(one, 'ip', 'link', 'add', `to-${other}`, 'type', 'veth', 'peer', 'name', `to-${one}`, 'netns', this.name(other));
    for (const [machine, far, address] of [[one, other, addresses[0]], [other, one, addresses[1]]]) {
      this.on(machine, 'ip', 'addr', 'add', address, 'dev', `to-${far}`);
      this.on(machine, 'ip', 'link', 'set', `to-${far}`, 'up');
    }
  }
}
