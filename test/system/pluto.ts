import * as fs from 'fs';
import * as path from 'path';
import { Certificate, IMPORT_SCRIPT, must, NssDatabase, Pki, requireTools, Result, run, sleep, start } from './tools';

requireTools({
  certutil: 'libnss3-tools',
  ip: 'iproute2',
  ipsec: 'libreswan',
  nsenter: 'util-linux',
  openssl: 'openssl',
  pk12util: 'libnss3-tools',
  setpriv: 'util-linux',
  unshare: 'util-linux',
});
if (process.getuid!() !== 0) throw new Error('these tests need root: they make network namespaces and start libreswan in them');

/** Two network namespaces with a wire between them, and what runs in them: made before the tests of a file, and gone after them. */
export class Wire {
  public readonly addresses = ['192.0.2.1', '192.0.2.2'];
  public readonly namespaces: readonly string[];
  private readonly running = new Set<Pluto>();

  constructor(public readonly dir: string) {
    this.namespaces = [`cdk-l-${process.pid}`, `cdk-r-${process.pid}`];
    beforeAll(() => this.lay());
    afterEach(async () => {
      for (const each of this.running) await each.stop();
    });
    afterAll(() => {
      for (const each of this.running) each.kill();
      this.running.clear();
      for (const each of this.namespaces) run('ip', ['netns', 'del', each]);
    });
  }

  /** A libreswan that is not started yet. */
  public pluto(side: 0 | 1): Pluto {
    return new Pluto(this, side, this.running);
  }

  private lay(): void {
    // A run that was killed took its daemons along, but not its namespaces.
    for (const [each, pid] of must('ip', ['netns', 'list']).matchAll(/^cdk-[lr]-(\d+)/gm)) {
      if (!fs.existsSync(`/proc/${pid}`)) must('ip', ['netns', 'del', each]);
    }
    for (const each of this.namespaces) must('ip', ['netns', 'add', each]);
    must('ip', ['link', 'add', 'eth0', 'netns', this.namespaces[0], 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.namespaces[1]]);
    this.namespaces.forEach((each, side) => {
      must('ip', ['-n', each, 'addr', 'add', `${this.addresses[side]}/24`, 'dev', 'eth0']);
      for (const device of ['lo', 'eth0']) must('ip', ['-n', each, 'link', 'set', device, 'up']);
    });
  }
}

/** A libreswan daemon in a network namespace; its database, run directory and configuration are mounted over the machine's for it alone. */
export class Pluto {
  private readonly home: string;
  private process?: ReturnType<typeof start>;

  constructor(private readonly wire: Wire, private readonly side: 0 | 1, private readonly running: Set<Pluto>) {
    this.home = path.join(wire.dir, `side${side}`);
    fs.rmSync(this.home, { recursive: true, force: true });
    fs.mkdirSync(path.join(this.home, 'run'), { recursive: true });
    fs.writeFileSync(path.join(this.home, 'ipsec.conf'), 'config setup\n');
    fs.writeFileSync(path.join(this.home, 'ipsec.secrets'), '');
  }

  public get nss(): string {
    return path.join(this.home, 'nss');
  }

  /** @param environment what it has in its environment beside ours */
  public async start(environment: readonly string[] = []): Promise<this> {
    const mounts = [
      ['nss', '/var/lib/ipsec/nss'],
      ['run', '/run/pluto'],
      ['ipsec.conf', '/etc/ipsec.conf'],
      ['ipsec.secrets', '/etc/ipsec.secrets'],
    ];
    const script = ['set -e', ...mounts.map(([from, to]) => `mount --bind ${this.home}/${from} ${to}`),
      `exec env ${environment.join(' ')} setpriv --pdeathsig KILL /usr/libexec/ipsec/pluto --config /etc/ipsec.conf --nofork --stderrlog `
        + '--rundir /run/pluto --no-dnssec'].join('\n');
    this.process = start('ip', ['netns', 'exec', this.wire.namespaces[this.side], 'unshare', '-m', 'bash', '-c', script]);
    this.running.add(this);
    for (let attempt = 0; attempt < 200; attempt++) {
      if (fs.existsSync(path.join(this.home, 'run', 'pluto.ctl')) && this.whack('--listen').code === 0) return this;
      await sleep(50);
    }
    await this.stop();
    throw new Error(`pluto did not start: ${(await this.process.done).stderr}`);
  }

  public async stop(): Promise<void> {
    this.running.delete(this);
    try {
      process.kill(this.process!.pid, 'SIGKILL');
    } catch { /* it has ended */ }
    await this.process!.done;
    fs.rmSync(path.join(this.home, 'run'), { recursive: true, force: true });
    fs.mkdirSync(path.join(this.home, 'run'));
  }

  /** Kills without waiting. */
  public kill(): void {
    process.kill(this.process!.pid, 'SIGKILL');
  }

  public whack(...args: string[]): Result {
    return this.within('/usr/libexec/ipsec/whack', args);
  }

  /** The text of a connection as NetworkManager-libreswan writes it. */
  public connectionText(certificate: string, name = 'test'): string {
    const { addresses } = this.wire;
    return `conn ${name}
 ikev2=insist
 left=${addresses[this.side]}
 leftid=%fromcert
 leftcert="${certificate}"
 leftrsasigkey="%cert"
 right=${addresses[1 - this.side]}
 rightid=%fromcert
 rightrsasigkey="%cert"
 leftmodecfgclient=no
 rightsubnet=${addresses[1 - this.side]}/32
 leftsubnet=${addresses[this.side]}/32
 type=tunnel
 rekey=yes
 keyingtries=1
 auto=add
`;
  }

  /** Loads the connection. */
  public connection(certificate: string, name = 'test'): void {
    const result = this.within('ipsec', ['auto', '--replace', '--config', '-', name], { input: this.connectionText(certificate, name) });
    expect([result.code, result.stderr]).toEqual([0, '']);
  }

  /** Initiates a connection, and takes it away again. */
  public up(name = 'test'): string {
    const result = this.within('timeout', ['20', 'ipsec', 'auto', '--up', name]);
    this.within('ipsec', ['auto', '--delete', name]);
    return result.stdout + result.stderr;
  }

  /** Runs a program where this daemon runs. */
  public within(command: string, args: string[], options: { input?: string; env?: Record<string, string> } = {}): Result {
    return run('nsenter', ['-t', String(this.process!.pid), '-m', '-n', command, ...args], options);
  }
}

/** What the node imports, with the script, beside the daemon, which does not learn of it. */
export function importOn(pluto: Pluto, pki: Pki, dir: string, which: Certificate, ...anchors: Certificate[]): void {
  const result = run('bash', [IMPORT_SCRIPT], {
    env: { IPSEC_NSS_DIR: pluto.nss, TMPDIR: dir, IPSEC_PKCS12: pki.bundle(which), IPSEC_CA: pki.pem(...anchors) },
  });
  expect([result.code, result.stderr]).toEqual([0, '']);
}

/** The host at the other end, which trusts these CAs. */
export function hostWith(wire: Wire, pki: Pki, which: Certificate, ...anchors: Certificate[]): Pluto {
  const pluto = wire.pluto(1);
  const database = new NssDatabase(pluto.nss).create();
  anchors.forEach((anchor, at) => database.add(`CA${at}`, anchor));
  database.importBundle(pki.bundle(which, { name: 'right_server' }));
  return pluto;
}
