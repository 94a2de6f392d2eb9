import * as fs from 'fs';
import * as path from 'path';
import { Certificate, IMPORT_SCRIPT, must, NssDatabase, Pki, requireTools, run, scratch, sleep, start } from './tools';

requireTools({
  certutil: 'libnss3-tools', ip: 'iproute2', ipsec: 'libreswan', nsenter: 'util-linux', openssl: 'openssl', pk12util: 'libnss3-tools', setpriv: 'util-linux', unshare: 'util-linux',
});
if (process.getuid!() !== 0) throw new Error('these tests need root: they make network namespaces and start libreswan in them');

// The kernel of the machine may lack ESP, so these tests look at IKE alone: who authenticates with which certificate.
const dir = scratch('libreswan');
const pki = new Pki(path.join(dir, 'pki'));
const rsa = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'];
const ca = pki.authority();
const newCa = pki.authority('/O=Lab/CN=Lab CA 2');
const host = pki.leaf(ca, { subject: '/O=Lab/CN=host.example.com', san: 'DNS:host.example.com', keyType: rsa });
const hostOfNewCa = pki.leaf(newCa, { subject: '/O=Lab/CN=host.example.com', san: 'DNS:host.example.com', keyType: rsa });
const leaf = pki.leaf(ca, { keyType: rsa });
const renewed = pki.leaf(ca, { keyType: rsa });
const renewedOtherName = pki.leaf(ca, { subject: '/O=Lab/CN=node1-new.example.com', keyType: rsa });
const ofNewCa = pki.leaf(newCa, { keyType: rsa });

const namespaces = [`cdk-l-${process.pid}`, `cdk-r-${process.pid}`];
const addresses = ['192.0.2.1', '192.0.2.2'];
const running = new Set<Pluto>();

/** A libreswan daemon in a network namespace; its database, run directory and configuration are mounted over the machine's for it alone. */
class Pluto {
  private readonly home: string;
  private process?: ReturnType<typeof start>;

  constructor(private readonly side: 0 | 1) {
    this.home = path.join(dir, `side${side}`);
    fs.rmSync(this.home, { recursive: true, force: true });
    fs.mkdirSync(path.join(this.home, 'run'), { recursive: true });
    fs.writeFileSync(path.join(this.home, 'ipsec.conf'), 'config setup\n');
    fs.writeFileSync(path.join(this.home, 'ipsec.secrets'), '');
  }

  public get nss(): string {
    return path.join(this.home, 'nss');
  }

  public async start(): Promise<this> {
    const mounts = [['nss', '/var/lib/ipsec/nss'], ['run', '/run/pluto'], ['ipsec.conf', '/etc/ipsec.conf'], ['ipsec.secrets', '/etc/ipsec.secrets']];
    const script = ['set -e', ...mounts.map(([from, to]) => `mount --bind ${this.home}/${from} ${to}`),
      'exec setpriv --pdeathsig KILL /usr/libexec/ipsec/pluto --config /etc/ipsec.conf --nofork --stderrlog --rundir /run/pluto --no-dnssec'].join('\n');
    this.process = start('ip', ['netns', 'exec', namespaces[this.side], 'unshare', '-m', 'bash', '-c', script]);
    running.add(this);
    for (let attempt = 0; attempt < 200; attempt++) {
      if (fs.existsSync(path.join(this.home, 'run', 'pluto.ctl')) && this.whack('--listen').code === 0) return this;
      await sleep(50);
    }
    await this.stop();
    throw new Error(`pluto did not start: ${(await this.process.done).stderr}`);
  }

  public async stop(): Promise<void> {
    running.delete(this);
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

  public whack(...args: string[]) {
    return this.within('/usr/libexec/ipsec/whack', args);
  }

  /** The connection as NetworkManager-libreswan writes it. */
  public connection(certificate: string): void {
    const result = this.within('ipsec', ['auto', '--replace', '--config', '-', 'test'], `conn test
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
`);
    expect([result.code, result.stderr]).toEqual([0, '']);
  }

  public up(): string {
    const result = this.within('timeout', ['20', 'ipsec', 'auto', '--up', 'test']);
    this.within('ipsec', ['auto', '--delete', 'test']);
    return result.stdout + result.stderr;
  }

  private within(command: string, args: string[], input?: string) {
    return run('nsenter', ['-t', String(this.process!.pid), '-m', '-n', command, ...args], { input });
  }
}

function cleanUp(): void {
  for (const each of running) each.kill();
  running.clear();
  for (const each of namespaces) run('ip', ['netns', 'del', each]);
}

beforeAll(() => {
  // A run that was killed took its daemons along, but not its namespaces.
  for (const [each, pid] of must('ip', ['netns', 'list']).matchAll(/^cdk-[lr]-(\d+)/gm)) {
    if (!fs.existsSync(`/proc/${pid}`)) must('ip', ['netns', 'del', each]);
  }
  for (const each of namespaces) must('ip', ['netns', 'add', each]);
  must('ip', ['link', 'add', 'eth0', 'netns', namespaces[0], 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespaces[1]]);
  namespaces.forEach((each, side) => {
    must('ip', ['-n', each, 'addr', 'add', `${addresses[side]}/24`, 'dev', 'eth0']);
    for (const device of ['lo', 'eth0']) must('ip', ['-n', each, 'link', 'set', device, 'up']);
  });
});
afterEach(async () => {
  for (const each of running) await each.stop();
});
afterAll(cleanUp);

/** What the node imports, with the script. */
function importOn(pluto: Pluto, which: Certificate, ...anchors: Certificate[]): void {
  const result = run('bash', [IMPORT_SCRIPT], {
    env: { IPSEC_NSS_DIR: pluto.nss, TMPDIR: dir, IPSEC_PKCS12: pki.bundle(which), IPSEC_CA: pki.pem(...anchors) },
  });
  expect([result.code, result.stderr]).toEqual([0, '']);
}

function hostWith(which: Certificate, ...anchors: Certificate[]): Pluto {
  const pluto = new Pluto(1);
  const database = new NssDatabase(pluto.nss).create();
  anchors.forEach((anchor, at) => database.add(`CA${at}`, anchor));
  database.importBundle(pki.bundle(which, { name: 'right_server' }));
  return pluto;
}

async function authenticate(left: Pluto, right: Pluto): Promise<string> {
  right.connection('right_server');
  left.connection('left_server');
  return left.up();
}

const AUTHENTICATED = /established IKE SA; authenticated peer '3072-bit RSASSA-PSS with SHA2_512' digital signature using peer certificate 'O=Lab, CN=host\.example\.com'/;

test.each<[string, Certificate[], Certificate[], Certificate]>([
  ['after a first import', [leaf], [ca], host],
  ['after a renewal with the same subject', [leaf, renewed], [ca], host],
  ['after a renewal with another subject', [leaf, renewedOtherName], [ca], host],
  ['after a change of the CA', [leaf, ofNewCa], [newCa], hostOfNewCa],
])('the node authenticates %s', async (_, imported, anchors, peer) => {
  const left = new Pluto(0);
  imported.forEach((each, at) => importOn(left, each, at === imported.length - 1 ? anchors[0] : ca));
  const right = await hostWith(peer, ...anchors).start();
  expect(await authenticate(await left.start(), right)).toMatch(AUTHENTICATED);
});

test('the peer sees the renewed certificate, not the old one', async () => {
  const left = new Pluto(0);
  importOn(left, leaf, ca);
  importOn(left, renewedOtherName, ca);
  const right = await hostWith(host, ca).start();
  await left.start();
  left.connection('left_server');
  right.connection('right_server');
  expect(right.up()).toMatch(/authenticated peer .* using peer certificate 'O=Lab, CN=node1-new\.example\.com'/);
});

test('an old CA that left the file no longer vouches for a peer', async () => {
  const left = new Pluto(0);
  importOn(left, leaf, ca);
  importOn(left, ofNewCa, newCa);
  const right = await hostWith(host, ca, newCa).start();
  expect(await authenticate(await left.start(), right)).toMatch(/certificate payload rejected|SEC_ERROR_UNKNOWN_ISSUER/);
});

test('a running libreswan takes the new certificate when the connection is loaded again', async () => {
  const left = new Pluto(0);
  importOn(left, leaf, ca);
  const right = await hostWith(host, ca).start();
  await left.start();
  expect(await authenticate(left, right)).toMatch(AUTHENTICATED);
  importOn(left, renewedOtherName, ca);
  left.connection('left_server');
  right.connection('right_server');
  expect(right.up()).toMatch(/using peer certificate 'O=Lab, CN=node1-new\.example\.com'/);
});

// libreswan 4.10 keeps refusing the new CA until it is started again, `ipsec whack --rereadcerts` or not.
test('a libreswan that ran with the old CA trusts the new one after a restart', async () => {
  const left = new Pluto(0);
  importOn(left, leaf, ca);
  const rightOld = await hostWith(host, ca).start();
  await left.start();
  expect(await authenticate(left, rightOld)).toMatch(AUTHENTICATED);
  await rightOld.stop();
  importOn(left, ofNewCa, newCa);
  await left.stop();
  const right = await hostWith(hostOfNewCa, newCa).start();
  expect(await authenticate(await left.start(), right)).toMatch(AUTHENTICATED);
});

// What a CA must say of itself, which src/certificate judges by.
test.each<[takes: string, root: string, extensions: readonly string[] | null | undefined, trust: string]>([
  ['takes', 'without basic constraints that is trusted', ['subjectKeyIdentifier=hash'], 'CT,C,C'],
  ['takes', 'of version 1 that is trusted', null, 'CT,C,C'],
  ['takes', 'without trust', undefined, ',,'],
  ['refuses', 'without basic constraints and without trust', ['subjectKeyIdentifier=hash'], ',,'],
  ['refuses', 'of version 1 without trust', null, ',,'],
  ['refuses', 'that says it is no CA, though it is trusted', ['basicConstraints=CA:FALSE'], 'CT,C,C'],
  ['refuses', 'that may not sign certificates, though it is trusted', ['basicConstraints=critical,CA:TRUE', 'keyUsage=digitalSignature'], 'CT,C,C'],
])('libreswan %s a root %s', async (takes, what, extensions, trust) => {
  const root = pki.authority(`/O=Lab/CN=Root ${what.replace(/,/g, '')}`, extensions);
  const peer = pki.leaf(root, { subject: '/O=Lab/CN=host.example.com', san: 'DNS:host.example.com', keyType: rsa });
  const left = new Pluto(0);
  new NssDatabase(left.nss).create().add('CA', root, trust).add('other', ca).importBundle(pki.bundle(leaf));
  const right = await hostWith(peer, ca).start();
  const said = await authenticate(await left.start(), right);
  expect(said).toMatch(takes === 'takes' ? AUTHENTICATED : /X509: certificate payload rejected for this connection/);
});
