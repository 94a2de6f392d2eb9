import { ChildProcess, spawn } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { REPOSITORY, requireTools, scratch, sleep } from './tools';

requireTools({ bash: 'bash', timeout: 'coreutils' });

// NetworkManager's plugin for libreswan can't be had here. The stand-ins keep what the two know in files, and what the real ones were
// seen to do: an activation of what is active is refused, and a restart of libreswan takes everything but NetworkManager's belief.
const SCRIPT = path.join(REPOSITORY, 'src/constructs/guard/ipsec-autoconnect.sh');
const NMCLI = `#!/bin/bash
echo "$*" >>"$LAB/calls"
cd "$LAB" && [[ ! -e nm-is-down ]] || { echo 'Error: NetworkManager is not running.' >&2; exit 8; }
uuid=\${!#}
case "$*" in
  '-t -f UUID,TYPE,NAME connection show') cat connections ;;
  '-g vpn.service-type connection show uuid '*) cat "service/$uuid" ;;
  '-g vpn.data connection show uuid '*) cat "data/$uuid" ;;
  '-g GENERAL.STATE connection show uuid '*) cat "state/$uuid" 2>/dev/null || true ;;
  '--wait 30 connection down uuid '*) sleep 0.05; rm -f "state/$uuid" "sa/$uuid" "loaded/$uuid" "waits/$uuid" ;;
  '--wait 60 connection up uuid '*)
    [[ ! -e state/$uuid ]] || { echo 'Error: Connection activation failed: already active' >&2; exit 4; }
    read -r uptime _ </proc/uptime; echo "$uptime" >>"tried/$uuid"
    echo activating >"state/$uuid"
    sleep 0.1
    touch "loaded/$uuid"
    if [[ -e away/$uuid ]]; then sleep 0.5; rm -f "state/$uuid" "loaded/$uuid"; echo 'Error: Connection activation failed: timed out' >&2; exit 4; fi
    echo activated >"state/$uuid"
    if ! grep -q ondemand "data/$uuid"; then touch "sa/$uuid"
    elif ! grep -oE '([0-9.]+)/32' "data/$uuid" >"waits/$uuid"; then echo 10.0.0.21/32 >"waits/$uuid"; fi ;;
  *) echo "what is nmcli $*?" >>"$LAB/unknown"; exit 2 ;;
esac
`;
const IPSEC = `#!/bin/bash
cd "$LAB"
case "$*" in
  'whack --trafficstatus') for each in sa/*; do [[ ! -e $each ]] || echo "006 #2: \\"\${each#sa/}$(cat "$each")\\", type=ESP, add_time=1700000000, inBytes=0, outBytes=0"; done ;;
  'whack --showstates')
    for each in sa/*; do
      [[ ! -e $each ]] || echo "000 #2: \\"\${each#sa/}$(cat "$each")\\" esp.a0b0c\${each: -2}@10.0.0.21 esp.1a0b0c01@10.0.0.11 Traffic: ESPin=0B"
    done ;;
  'whack --status') for each in loaded/*; do [[ ! -e $each ]] || echo "000 \\"\${each#loaded/}\\": 10.0.0.11---10.0.0.1...10.0.0.21; prospective erouted; eroute owner: #0"; done ;;
  *) echo "what is ipsec $*?" >>"$LAB/unknown"; exit 2 ;;
esac
`;

const IP = `#!/bin/bash
cd "$LAB" && [[ ! -e flushed ]] || exit 0
[[ ! -e no-xfrm ]] || exit 1
case "$*" in
  'xfrm policy')
    printf 'src 10.0.0.21/32 dst 10.0.0.11/32 \\n\\tdir in priority 1753281 ptype main \\n\\ttmpl src 0.0.0.0 dst 0.0.0.0\\n'
    for each in waits/*; do
      [[ ! -e $each ]] || printf 'src 10.0.0.11/32 dst %s \\n\\tdir out priority 1753281 ptype main \\n\\ttmpl src 0.0.0.0 dst 0.0.0.0\\n' "$(cat "$each")"
    done ;;
  'xfrm state')
    for each in sa/*; do
      [[ ! -e $each ]] || printf 'src 10.0.0.11 dst 10.0.0.21\\n\\tproto esp spi 0x0a0b0c%s reqid 16389 mode transport\\n' "\${each: -2}"
    done ;;
  *) echo "what is ip $*?" >>"$LAB/unknown"; exit 2 ;;
esac
`;

const LIBRESWAN = 'org.freedesktop.NetworkManager.libreswan';
const lab = scratch('autoconnect');
let count = 0;

interface Connection {
  readonly uuid: string;
  readonly name: string;
  readonly type?: string;
  readonly service?: string;
  readonly data?: string;
}
const STORAGE = { uuid: '7f6a2f2e-0000-4000-8000-000000000001', name: 'ipsec-storage' };
const GATEWAY = { uuid: '7f6a2f2e-0000-4000-8000-000000000002', name: 'ipsec-gateway' };

/** A node with connections, and the script on it. */
class Node {
  public readonly dir = path.join(lab, String(++count));
  private running?: ChildProcess;
  private said = '';

  constructor(connections: readonly Connection[]) {
    for (const folder of ['bin', 'service', 'data', 'state', 'sa', 'loaded', 'waits', 'away', 'tried']) {
      fs.mkdirSync(path.join(this.dir, folder), { recursive: true });
    }
    fs.writeFileSync(path.join(this.dir, 'bin/nmcli'), NMCLI, { mode: 0o755 });
    fs.writeFileSync(path.join(this.dir, 'bin/ipsec'), IPSEC, { mode: 0o755 });
    fs.writeFileSync(path.join(this.dir, 'bin/ip'), IP, { mode: 0o755 });
    this.write('calls', '');
    this.write(
      'connections',
      connections.map(({ uuid, type = 'vpn', name }) => `${uuid}:${type}:${name.replaceAll(':', '\\:')}\n`).join(''),
    );
    for (const { uuid, service = LIBRESWAN, data = 'ikev2 = insist, right = storage.example.com' } of connections) {
      this.write(`service/${uuid}`, `${service}\n`);
      this.write(`data/${uuid}`, `${data}\n`);
    }
  }

  public write(file: string, text: string): void { fs.writeFileSync(path.join(this.dir, file), text); }
  public remove(file: string): void { fs.rmSync(path.join(this.dir, file), { force: true, recursive: true }); }
  public has(file: string): boolean { return fs.existsSync(path.join(this.dir, file)); }
  /** When its activation was asked for, in seconds since the machine started. */
  public triedAt({ uuid }: Connection): number[] {
    return this.has(`tried/${uuid}`) ? fs.readFileSync(path.join(this.dir, 'tried', uuid), 'utf8').trim().split('\n').map(Number) : [];
  }

  public isUp({ uuid }: Connection): boolean { return this.has(`sa/${uuid}`) && this.has(`state/${uuid}`); }

  public start(env: Record<string, string> = {}): this {
    // A session of its own, so that it ends together with all that it started, as under systemd.
    this.running = spawn(SCRIPT, [], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: `${this.dir}/bin:${process.env.PATH}`,
        LAB: this.dir,
        IPSEC_INTERVAL: '0.1',
        IPSEC_GRACE: '1',
        IPSEC_FIRST_WAIT: '1',
        IPSEC_LONGEST_WAIT: '3',
        ...env,
      },
    });
    this.said = '';
    this.running.stdout!.on('data', (data) => this.said += data);
    return this;
  }

  /** Ends the script and all that it started; what it said. */
  public async kill(): Promise<string> {
    const { running } = this;
    if (!running) return '';
    this.running = undefined;
    const ended = new Promise((resolve) => running.on('close', resolve));
    process.kill(-running.pid!, 'SIGKILL');
    await ended;
    return this.said;
  }

  /** What was asked of NetworkManager that changes something, in order. */
  public changes(): string[] {
    expect(this.has('unknown')).toBe(false);
    const names = new Map([STORAGE, GATEWAY].map(({ uuid, name }) => [uuid, name]));
    return fs.readFileSync(path.join(this.dir, 'calls'), 'utf8').split('\n').flatMap((call) => {
      const [, change, uuid] = /connection (up|down) uuid (\S+)$/.exec(call) ?? [];
      return change === undefined ? [] : [`${change} ${names.get(uuid) ?? uuid}`];
    });
  }

  /** A restart of ipsec.service, as measured: NetworkManager says what it said before. */
  public restartLibreswan(): void {
    for (const folder of ['sa', 'loaded', 'waits']) for (const file of fs.readdirSync(path.join(this.dir, folder))) this.remove(`${folder}/${file}`);
  }
}

const nodes: Node[] = [];
function node(...connections: Connection[]): Node {
  const made = new Node(connections);
  nodes.push(made);
  return made;
}
afterEach(async () => {
  for (const each of nodes.splice(0)) await each.kill();
});

async function until(so: () => boolean, seconds = 30): Promise<void> {
  for (let i = 0; i < seconds * 20 && !so(); i++) await sleep(50);
  expect(so()).toBe(true);
}

test('at boot each connection is brought up at once, and none is taken down', async () => {
  const one = node(
    STORAGE,
    GATEWAY,
    { uuid: 'other', name: 'office', service: 'org.freedesktop.NetworkManager.openvpn' },
    { uuid: 'eth', name: 'br-ex', type: 'ovs-interface' },
  ).start();
  await until(() => one.isUp(STORAGE) && one.isUp(GATEWAY));
  await sleep(2500);
  expect(one.changes().sort()).toEqual(['up ipsec-gateway', 'up ipsec-storage']);
  expect((await one.kill()).split('\n').sort()).toEqual([
    '',
    'ipsec-autoconnect: ipsec-gateway is up',
    'ipsec-autoconnect: ipsec-storage is up',
  ]);
});

test('after a restart of libreswan, what NetworkManager takes for active is taken down first, without a wait', async () => {
  const one = node(STORAGE, GATEWAY).start({ IPSEC_GRACE: '600' });
  await until(() => one.isUp(STORAGE) && one.isUp(GATEWAY));
  await one.kill();
  one.restartLibreswan();
  one.write('calls', '');
  one.start({ IPSEC_GRACE: '600' });
  await until(() => one.isUp(STORAGE) && one.isUp(GATEWAY));
  expect(one.changes().filter((change) => change.endsWith('storage'))).toEqual(['down ipsec-storage', 'up ipsec-storage']);
  expect(one.changes()).toHaveLength(4);
});

test('an association that is gone comes back, and another connection is not touched', async () => {
  const one = node(STORAGE, GATEWAY).start();
  await until(() => one.isUp(STORAGE) && one.isUp(GATEWAY));
  one.write('calls', '');
  one.remove(`sa/${STORAGE.uuid}`);
  await until(() => one.isUp(STORAGE));
  expect(one.changes()).toEqual(['down ipsec-storage', 'up ipsec-storage']);
});

test('associations that somebody flushed from the kernel come back, whatever libreswan believes', async () => {
  const one = node(STORAGE).start();
  await until(() => one.isUp(STORAGE));
  await sleep(500);
  one.write('calls', '');
  one.write('flushed', '');
  await until(() => one.changes().length > 0);
  one.remove('flushed');
  await until(() => one.isUp(STORAGE));
  await sleep(2000);
  expect(one.changes()).toEqual(['down ipsec-storage', 'up ipsec-storage']);
});

test('where the kernel can not be asked, what libreswan says counts', async () => {
  const one = node(STORAGE);
  one.write('no-xfrm', '');
  one.start();
  await until(() => one.isUp(STORAGE));
  await sleep(2500);
  expect(one.changes()).toEqual(['up ipsec-storage']);
});

test('what somebody else brings up again within the grace is left to them', async () => {
  const one = node(STORAGE).start({ IPSEC_GRACE: '3' });
  await until(() => one.isUp(STORAGE));
  one.write('calls', '');
  one.remove(`sa/${STORAGE.uuid}`);
  await sleep(1000);
  one.write(`sa/${STORAGE.uuid}`, '');
  await sleep(4000);
  expect(one.changes()).toEqual([]);
});

test('a connection that is being activated by somebody else is left alone', async () => {
  const one = node(STORAGE);
  one.write(`state/${STORAGE.uuid}`, 'activating\n');
  one.start();
  await sleep(2500);
  expect(one.changes()).toEqual([]);
});

test('a peer that is away is asked again, at longer and longer intervals and without end, holds up nobody, '
  + 'and is there as soon as it is back', async () => {
  const one = node(STORAGE, GATEWAY);
  one.write(`away/${STORAGE.uuid}`, '');
  one.start({ IPSEC_FIRST_WAIT: '2', IPSEC_LONGEST_WAIT: '5' });
  await until(() => one.isUp(GATEWAY), 5);
  await until(() => one.triedAt(STORAGE).length === 5, 60);
  // A try takes 0.6 s. It waits for 2, 4, 5 and 5 s by a clock of whole seconds, which takes up to one off each.
  const times = one.triedAt(STORAGE);
  const waits = times.slice(1).map((time, at) => time - times[at] - 0.6);
  for (const [at, seconds] of [2, 4, 5, 5].entries()) expect(waits[at]).toBeGreaterThan(seconds - 1.2);
  one.remove(`away/${STORAGE.uuid}`);
  await until(() => one.isUp(STORAGE), 12);
  expect(one.changes()).not.toContain('down ipsec-storage');
  expect(one.changes().filter((change) => change.endsWith('gateway'))).toEqual(['up ipsec-gateway']);
  const said = await one.kill();
  expect(said).toContain('ipsec-autoconnect: ipsec-storage does not come up: Error: Connection activation failed: timed out\n');
}, 90_000);

describe('a connection on demand', () => {
  const onDemand = (rest: string) => ({ ...STORAGE, data: `ikev2 = insist, nm-connect-mode = ondemand, right = storage.example.com${rest}` });
  const again = ['down ipsec-storage', 'up ipsec-storage'];

  test.each([['with a subnet', ', rightsubnet = 10.0.0.21/32'], ['with none that can be read', ', rightsubnet = fd01\\:\\:/64'], ['without one', '']])(
    '%s is well without an association, as long as libreswan knows it and the kernel waits for it',
    async (_, rest) => {
      const one = node(onDemand(rest)).start();
      await until(() => one.has(`waits/${STORAGE.uuid}`));
      await sleep(2500);
      expect(one.changes()).toEqual(['up ipsec-storage']);
      one.restartLibreswan();
      await until(() => one.has(`waits/${STORAGE.uuid}`));
      expect(one.changes()).toEqual(['up ipsec-storage', ...again]);
    },
  );

  test('comes back where somebody flushed the kernel, whatever libreswan knows and whatever others have there', async () => {
    const one = node(onDemand(', rightsubnet = 10.0.0.21/32'), GATEWAY).start();
    await until(() => one.has(`waits/${STORAGE.uuid}`) && one.isUp(GATEWAY));
    await sleep(500);
    one.write('calls', '');
    one.remove(`waits/${STORAGE.uuid}`);
    one.write('waits/other', '10.0.0.0/8');
    await until(() => one.has(`waits/${STORAGE.uuid}`));
    await sleep(2000);
    expect(one.changes()).toEqual(again);
  });

  test('is read again where it came down, for it may have another subnet', async () => {
    const one = node(onDemand(', rightsubnet = 10.0.0.21/32')).start();
    await until(() => one.has(`waits/${STORAGE.uuid}`));
    await sleep(500);
    one.write('calls', '');
    one.write(`data/${STORAGE.uuid}`, 'nm-connect-mode = ondemand, rightsubnet = 10.0.0.22/32\n');
    one.remove(`waits/${STORAGE.uuid}`);
    await until(() => one.has(`waits/${STORAGE.uuid}`));
    await sleep(3500);
    expect(one.changes()).toEqual(again);
  });

  test('is left alone where the kernel can not be asked', async () => {
    const one = node(onDemand(', rightsubnet = 10.0.0.21/32'));
    one.write('no-xfrm', '');
    one.start();
    await until(() => one.has(`loaded/${STORAGE.uuid}`));
    await sleep(2500);
    expect(one.changes()).toEqual(['up ipsec-storage']);
  });
});

test('one of several subnets or peers of a connection is an association of it', async () => {
  const one = node(STORAGE, GATEWAY);
  for (const [{ uuid }, suffix] of [[STORAGE, '/1x1'], [GATEWAY, '']] as const) {
    one.write(`state/${uuid}`, 'activated\n');
    one.write(`sa/${uuid}`, suffix);
  }
  one.start();
  await sleep(2500);
  expect(one.changes()).toEqual([]);
});

test('only the connections that are named are brought up, and a name with a colon is read', async () => {
  const colon = { uuid: 'colon', name: 'ipsec:3' };
  const one = node(STORAGE, GATEWAY, colon).start({ IPSEC_CONNECTIONS: 'ipsec-storage ipsec:3 ipsec-elsewhere' });
  await until(() => one.isUp(STORAGE) && one.isUp(colon));
  expect(one.changes().sort()).toEqual(['up colon', 'up ipsec-storage']);
});

test('a connection that comes later is brought up, and one that is taken away is forgotten', async () => {
  const one = node(STORAGE, GATEWAY);
  const both = fs.readFileSync(path.join(one.dir, 'connections'), 'utf8');
  one.write('connections', both.split('\n')[0] + '\n');
  one.start();
  await until(() => one.isUp(STORAGE));
  one.write('connections', both.split('\n')[1] + '\n');
  await until(() => one.isUp(GATEWAY));
  one.remove(`sa/${STORAGE.uuid}`);
  await sleep(2500);
  expect(one.changes()).toEqual(['up ipsec-storage', 'up ipsec-gateway']);
});

test('it outlasts a NetworkManager that does not answer', async () => {
  const one = node(STORAGE);
  one.write('nm-is-down', '');
  one.start();
  await sleep(1500);
  one.remove('nm-is-down');
  await until(() => one.isUp(STORAGE));
});

test('killed at any moment, and started again, it ends with every connection up', async () => {
  const one = node(STORAGE, GATEWAY);
  for (let i = 0; i < 40; i++) {
    one.start({ IPSEC_GRACE: '0' });
    await sleep(Math.random() * 400);
    await one.kill();
    if (i % 4 === 0) one.restartLibreswan();
    // NetworkManager goes on with what it began, or ends it.
    for (const { uuid } of [STORAGE, GATEWAY]) {
      if (!one.has(`state/${uuid}`) || !fs.readFileSync(path.join(one.dir, 'state', uuid), 'utf8').startsWith('activating')) continue;
      if (Math.random() < 0.5) one.remove(`state/${uuid}`);
      else one.write(`state/${uuid}`, 'activated\n');
    }
  }
  one.start();
  await until(() => one.isUp(STORAGE) && one.isUp(GATEWAY));
  one.write('calls', '');
  await sleep(2500);
  expect(one.changes()).toEqual([]);
}, 120_000);
