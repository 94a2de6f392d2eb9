import * as fs from 'fs';
import * as path from 'path';
import { Testing } from 'cdk8s';
import * as fc from 'fast-check';
import { COUNTED, Machines } from './machines';
import { requireTools, scratch, sleep, start } from './tools';
import { IpsecGuard, IpsecGuardProps } from '../../src';
import { guardTable } from '../../src/connection/nftables';
import { Ipv4Cidr } from '../../src/openshift/ip';
import { quietChart } from '../constructs/endpoint/fixtures';
import { gateway, guardedCluster, storage } from '../constructs/guard/fixtures';
import { decodeContents } from '../data-url';

requireTools({ 'systemd-analyze': 'systemd' });

// The kernel of the machine may lack ESP, so these tests are about what happens without a security association. What one lets through
// is for the lab to show.
const dir = scratch('guard');

/** The MachineConfig of a guard, and the table in it. */
function guard(props: Partial<IpsecGuardProps> = {}) {
  const chart = quietChart();
  const cluster = guardedCluster(chart);
  new IpsecGuard(chart, 'guard', { cluster, roles: ['worker'], endpoints: [storage(chart, cluster), gateway(chart, cluster)], ...props });
  const {
    storage: {
      files: [file],
    },
    systemd: {
      units: [unit],
    },
  } = Testing.synth(chart).find(({ kind }) => kind === 'MachineConfig').spec.config;
  return { table: decodeContents(file.contents).toString(), unit };
}

/** The same nodes and peers for all: a pod, behind the node's masquerade, and a peer with a subnet behind it. */
const [NODE, PEER, BEHIND, ELSEWHERE, POD] = ['203.0.113.1', '192.0.2.10', '198.51.100.1', '203.0.113.2', '10.128.0.7'];

const machines = new Machines(['node', 'peer', 'pod'], ({ on }) => {
  machines.wire('node', 'peer', [`${NODE}/24`, `${ELSEWHERE}/24`]);
  machines.wire('node', 'pod', ['10.128.0.1/23', `${POD}/23`]);
  for (const address of [PEER, BEHIND]) on('peer', 'ip', 'addr', 'add', `${address}/32`, 'dev', 'lo');
  on('node', 'ip', 'route', 'add', 'default', 'via', ELSEWHERE);
  on('pod', 'ip', 'route', 'add', 'default', 'via', '10.128.0.1');
  on('node', 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
  on('peer', 'ip', 'route', 'add', '10.128.0.0/14', 'via', NODE);
});
const { name, at, on, nft, arrived } = machines;

/** A node as it was before: its masquerade, and who counts what arrives. */
beforeEach(() => {
  nft('node', `flush ruleset
table ip nat {
  chain out { type nat hook postrouting priority 100; ip saddr 10.128.0.0/14 oifname "to-peer" masquerade; }
}
${COUNTED.replace('prerouting', 'input').replace('-400', '50')}`);
  nft('pod', `flush ruleset\n${COUNTED}`);
  nft('peer', `flush ruleset\n${COUNTED}`);
  on('node', 'ip', 'route', 'flush', 'cache');
});

/** How many packets each chain of the guard has dropped. */
function dropped(): Record<string, number> {
  const { nftables } = JSON.parse(on('node', 'nft', '-j', 'list', 'table', 'inet', 'ipsec_guard'));
  return Object.fromEntries(nftables.flatMap(({ rule }: any) => {
    const counter = rule?.expr.find((each: any) => each.counter)?.counter;
    return counter ? [[rule.chain, counter.packets]] : [];
  }));
}

const ping = (machine: string, address: string) =>
  at(machine, 'ping', '-q', '-c3', '-i0.05', '-W1', address).stdout.includes(' 3 received');

/** Sends as fast as it can until it is told to stop, and says how often. */
const FIRE = `
import signal, socket, sys
going, sent = True, 0
def stop(*_):
    global going
    going = False
signal.signal(signal.SIGTERM, stop)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((sys.argv[1], 0))
while going:
    try: s.sendto(b'x', (sys.argv[2], 1701))
    except OSError: pass
    sent += 1
print(sent)
`;

/** One packet of each kind. */
const send = (machine: string, address: string) => on(machine, 'python3', '-c', `
import socket
for sport, dport in ((500, 500), (4500, 4500), (40000, 1701)):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(('', sport)); s.sendto(b'x', ('${address}', dport)); s.close()
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 50); s.sendto(b'12345678', ('${address}', 0))
`);

describe('without the guard', () => {
  test('control: everything arrives in clear, from the node, from its pods, and from the peer', () => {
    expect([ping('node', PEER), ping('pod', BEHIND), ping('peer', NODE), ping('peer', POD)]).toEqual([true, true, true, true]);
    send('node', PEER);
    send('peer', NODE);
    expect(arrived('peer')).toEqual({ 'ping': 6, 'ike': 1, 'nat-t': 1, 'other udp': 1, 'esp': 1 });
    expect(arrived('node')).toEqual({ 'ping': 3, 'ike': 1, 'nat-t': 1, 'other udp': 1, 'esp': 1 });
    expect(arrived('pod')).toEqual({ ping: 3 });
  });
});

describe('with the guard and no security association', () => {
  test('nothing leaves for a guarded address but IKE and ESP', () => {
    nft('node', guard().table);
    expect([ping('node', PEER), ping('node', BEHIND)]).toEqual([false, false]);
    expect(arrived('peer')).toEqual({});
    expect(() => send('node', PEER)).toThrow('PermissionError');
    expect(arrived('peer')).toEqual({ 'ike': 1, 'nat-t': 1 });
    on('node', 'python3', '-c', `import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, 50).sendto(b'12345678', ('${PEER}', 0))`);
    expect(arrived('peer')).toEqual({ 'ike': 1, 'nat-t': 1, 'esp': 1 });
    // The peer's answers are dropped as well: that it serves nobody on those ports.
    expect(dropped()).toEqual({ leaving: 7, arriving: 3 });
  });

  test('nothing of a pod leaves, behind masquerade', () => {
    nft('node', guard().table);
    expect([ping('pod', PEER), ping('pod', BEHIND)]).toEqual([false, false]);
    expect(arrived('peer')).toEqual({});
    expect(dropped()).toEqual({ leaving: 6, arriving: 0 });
  });

  test('nothing of a guarded address arrives but IKE and ESP, at the node and at its pods', () => {
    nft('node', guard().table);
    const from = (address: string, to: string) =>
      at('peer', 'ping', '-q', '-c3', '-i0.05', '-W1', '-I', address, to).stdout.includes(' 3 received');
    expect([from(PEER, NODE), from(BEHIND, NODE), from(PEER, POD)]).toEqual([false, false, false]);
    expect(arrived('node')).toEqual({});
    expect(arrived('pod')).toEqual({});
    expect(dropped()).toEqual({ leaving: 0, arriving: 9 });
    on('peer', 'ip', 'route', 'replace', '203.0.113.0/24', 'dev', 'to-node', 'src', PEER);
    send('peer', NODE);
    expect(arrived('node')).toEqual({ 'ike': 1, 'nat-t': 1, 'esp': 1 });
    on('peer', 'ip', 'route', 'replace', '203.0.113.0/24', 'dev', 'to-node', 'src', ELSEWHERE);
  });

  test('everything else goes as before', () => {
    nft('node', guard().table);
    expect([ping('node', ELSEWHERE), ping('pod', ELSEWHERE), ping('peer', NODE), ping('peer', POD), ping('node', NODE)]).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(dropped()).toEqual({ leaving: 0, arriving: 0 });
  });

  test('an exception goes in clear, and its neighbours do not', () => {
    nft('node', guard({ allowClear: [`${BEHIND}/32`] }).table);
    expect([ping('node', BEHIND), ping('pod', BEHIND), ping('node', PEER)]).toEqual([true, true, false]);
    expect(arrived('peer')).toEqual({ ping: 6 });
  });

  test('not a packet slips through while the table is replaced 150 times under fire, by itself and by another', async () => {
    const files = [guard().table, guard({ allowClear: ['198.51.100.7/32'] }).table].map((table, i) => {
      const file = path.join(dir, `guard-${i}.nft`);
      fs.writeFileSync(file, table);
      return file;
    });
    on('node', 'nft', '-f', files[0]);
    const fire = [['node', NODE, PEER], ['pod', POD, BEHIND], ['peer', PEER, NODE]].map(([machine, from, to]) =>
      start('ip', ['netns', 'exec', name(machine), 'python3', '-c', FIRE, from, to]));
    for (let i = 0; i < 150; i++) {
      on('node', 'nft', '-f', files[i % 3 && 1]);
      await sleep(1);
    }
    for (const { pid } of fire) process.kill(pid, 'SIGTERM');
    const sent = (await Promise.all(fire.map(({ done }) => done))).map(({ stdout }) => Number(stdout));
    // What the kernel refuses to send counts as sent: the guard refuses it.
    for (const count of sent) expect(count).toBeGreaterThan(20_000);
    expect([arrived('peer'), arrived('node')]).toEqual([{}, {}]);
    expect(dropped().leaving).toBeGreaterThan(0);
  }, 120_000);

  test('a connection that was there in clear is cut as the table is loaded', async () => {
    const server = start('ip', ['netns', 'exec', name('peer'), 'python3', '-c', `import socket
s = socket.create_server(('${PEER}', 7000)); c, _ = s.accept(); c.settimeout(4)
try:
    while True:
        d = c.recv(9)
        if not d: break
        print(d.decode(), flush=True)
except TimeoutError: pass`]);
    const client = start('ip', ['netns', 'exec', name('node'), 'python3', '-c', `import socket, subprocess, time
for _ in range(50):
    try: s = socket.create_connection(('${PEER}', 7000)); break
    except OSError: time.sleep(0.1)
s.send(b'before'); time.sleep(0.3); subprocess.run(['nft', '-f', '${path.join(dir, 'cut.nft')}'], check=True)
try: s.send(b'after')
except OSError: pass
time.sleep(5)`]);
    fs.writeFileSync(path.join(dir, 'cut.nft'), guard().table);
    const [{ stdout }, { code }] = await Promise.all([server.done, client.done]);
    expect([stdout, code]).toEqual(['before\n', 0]);
  });

  test('is switched off by the command of its unit, and on again', () => {
    const { table, unit } = guard();
    nft('node', table);
    const [, stop] = /^ExecStop=-\/usr\/sbin\/(.*)$/m.exec(unit.contents)!;
    on('node', ...stop.split(' '));
    expect(ping('node', PEER)).toBe(true);
    nft('node', table);
    expect(ping('node', PEER)).toBe(false);
  });

  test('is gone when somebody else flushes every table: the docs say so', () => {
    nft('node', guard().table);
    on('node', 'nft', 'flush', 'ruleset');
    expect(ping('node', PEER)).toBe(true);
  });
});

describe('the table', () => {
  const prefix = fc.tuple(fc.nat(0xffffffff), fc.integer({ min: 1, max: 32 }))
    .map(([address, length]) => Ipv4Cidr.parse(`${[24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')}/${length}`)!)
    .map((cidr) => Ipv4Cidr.parse(cidr.network)!);
  const prefixes = fc.array(prefix, { minLength: 1, maxLength: 60 });

  test('is taken by nft for any prefixes, and holds exactly their addresses', () => {
    fc.assert(
      fc.property(prefixes, fc.array(prefix, { maxLength: 10 }), fc.boolean(), prefixes, (guarded, allowed, hasInterfaces, asked) => {
        nft('pod', guardTable({ guarded, allowed, hasInterfaces }));
        for (const one of [...asked, ...guarded]) {
          const address = one.network.split('/')[0];
          const isGuarded = guarded.some((each) => each.holds(Ipv4Cidr.parse(`${address}/32`)!));
          expect([address, at('pod', 'nft', 'get', 'element', 'inet', 'ipsec_guard', 'guarded', `{ ${address} }`).code === 0]).toEqual([
            address,
            isGuarded,
          ]);
        }
      }),
      { numRuns: 8 },
    );
  });

  test('takes thousands of prefixes', () => {
    const guarded = Array.from({ length: 5000 }, (_, i) => Ipv4Cidr.parse(`100.${64 + Math.floor(i / 256)}.${i % 256}.0/25`)!);
    nft('pod', guardTable({ guarded, allowed: [], hasInterfaces: false }));
    expect(JSON.parse(on('pod', 'nft', '-j', 'list', 'set', 'inet', 'ipsec_guard', 'guarded')).nftables[1].set.elem).toHaveLength(5000);
  });
});
