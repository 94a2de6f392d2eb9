import * as fs from 'fs';
import * as path from 'path';
import { hostWith, Pluto, Wire } from './pluto';
import { Certificate, IMPORT_SCRIPT, Pki, requireTools, Result, scratch, start } from './tools';

requireTools({ timeout: 'coreutils' });

// The kernel of the machine may lack ESP, so these tests look at IKE alone, and a stand-in says which connections carry traffic.
const dir = scratch('renewal');
const pki = new Pki(path.join(dir, 'pki'));
const rsa = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'];
const ca = pki.authority();
const newCa = pki.authority('/O=Lab/CN=Lab CA 2');
const host = pki.leaf(ca, { subject: '/O=Lab/CN=host.example.com', san: 'DNS:host.example.com', keyType: rsa });
const hostOfNewCa = pki.leaf(newCa, { subject: '/O=Lab/CN=new-host.example.com', san: 'DNS:new-host.example.com', keyType: rsa });
const leaf = pki.leaf(ca, { keyType: rsa });
const renewed = pki.leaf(ca, { subject: '/O=Lab/CN=node1-new.example.com', keyType: rsa });
const ofNewCa = pki.leaf(newCa, { subject: '/O=Lab/CN=node1-of-2.example.com', keyType: rsa });
const foreign = pki.leaf(pki.authority('/O=Lab/CN=Nobody'), { keyType: rsa });

const wire = new Wire(dir);
const bin = path.join(dir, 'bin');
const network = path.join(dir, 'network-manager');
const calls = path.join(dir, 'calls');
const traffic = path.join(dir, 'traffic');
const STORAGE = '0c9bb9ae-2b0c-5a44-8a4e-4e1b0c4b6a01';
const GATEWAY = '0c9bb9ae-2b0c-5a44-8a4e-4e1b0c4b6a02';

/** Stands for NetworkManager: it records what it is told, and does with libreswan what the plugin does. */
const NMCLI = `#!/bin/bash
echo "$*" >>${calls}
while [[ $1 == -* ]]; do shift 2; done
conn=${network}/$4.conn active=${network}/$4.active
case "$2" in
  show) [[ -e $conn ]] || exit 10; echo org.freedesktop.NetworkManager.libreswan ;;
  down) [[ -e $active ]] || exit 10; rm "$active"; ipsec auto --delete "$4" >/dev/null ;;
  up)
    [[ ! -e $active ]] || { echo 'already active' >&2; exit 4; }
    [[ ! -e ${network}/$4.refused ]] || { echo 'Error: Connection activation failed' >&2; exit 4; }
    ipsec auto --replace --config - "$4" <"$conn" >/dev/null
    touch "$active"
    timeout 20 ipsec auto --up "$4" | grep -q 'established IKE SA' || { rm "$active"; exit 4; } ;;
esac
`;
const IPSEC = `#!/bin/bash
[[ "$*" != 'whack --trafficstatus' ]] || exec cat ${traffic}
[[ "$*" != whack* ]] || echo "ipsec $*" >>${calls}
exec /usr/sbin/ipsec "$@"
`;

beforeEach(() => {
  for (const each of [bin, network]) {
    fs.rmSync(each, { recursive: true, force: true });
    fs.mkdirSync(each);
  }
  fs.writeFileSync(path.join(bin, 'nmcli'), NMCLI, { mode: 0o755 });
  fs.writeFileSync(path.join(bin, 'ipsec'), IPSEC, { mode: 0o755 });
  fs.writeFileSync(calls, '');
  fs.writeFileSync(traffic, '');
});

/** The connections of NetworkManager, as they are after the peer has been reached. */
function hold(pluto: Pluto, certificate: string, ...uuids: string[]): void {
  for (const uuid of uuids) {
    fs.writeFileSync(path.join(network, `${uuid}.conn`), pluto.connectionText(certificate, uuid));
    fs.writeFileSync(path.join(network, `${uuid}.active`), '');
    pluto.connection(certificate, uuid);
    fs.appendFileSync(
      traffic,
      `006 #2: "${uuid}", type=ESP, add_time=1700000000, inBytes=84, outBytes=84, maxBytes=2^63B, id='O=Lab, CN=host.example.com'\n`,
    );
  }
}

/** Files that are the same for the next import: the note knows them by their paths, and each `pki.bundle` is other bytes. */
const files = new Map<string, string>();
function once(key: string, make: () => string): string {
  if (!files.has(key)) files.set(key, make());
  return files.get(key)!;
}

const environment = (pluto: Pluto, which: Certificate, anchors: Certificate[], nickname: string) => ({
  PATH: `${bin}:${process.env.PATH}:/usr/sbin:/sbin`,
  IPSEC_NSS_DIR: pluto.nss,
  TMPDIR: dir,
  IPSEC_WAIT: '20',
  IPSEC_NICKNAME: nickname,
  IPSEC_PKCS12: once(`${nickname} ${which.sha256}`, () => pki.bundle(which, { name: nickname })),
  IPSEC_CA: once(anchors.map(({ sha256 }) => sha256).join(), () => pki.pem(...anchors)),
});

function importBeside(pluto: Pluto, which: Certificate, anchors: Certificate[] = [ca], nickname = 'left_server'): Result {
  fs.writeFileSync(calls, '');
  return pluto.within('bash', [IMPORT_SCRIPT], { env: environment(pluto, which, anchors, nickname) });
}

/** What NetworkManager was told to do. */
const told = () => fs.readFileSync(calls, 'utf8').split('\n').filter((line) => / connection (?:up|down) /.test(line));
const due = (pluto: Pluto, nickname = 'left_server') => path.join(pluto.nss, `.ipsec-addcert-renew.${nickname}`);
const imported = ({ sha256 }: Certificate, ...names: string[]): Result => ({
  code: 0,
  signal: null,
  stderr: '',
  stdout: [`left_server imported, certificate ${sha256}`, ...names.map((name) => `connection ${name} renewed`)]
    .map((line) => `ipsec-addcert: ${line}\n`)
    .join(''),
});
const ANEW = (uuid: string) => [`--wait 30 connection down uuid ${uuid}`, `--wait 60 connection up uuid ${uuid}`];

/** A node with a first import, on which libreswan runs. */
async function node(which = leaf, anchors = [ca], nss: readonly string[] = []): Promise<Pluto> {
  const pluto = wire.pluto(0);
  fs.mkdirSync(pluto.nss, { recursive: true });
  const result = await start('bash', [IMPORT_SCRIPT], { env: environment(pluto, which, anchors, 'left_server') }).done;
  expect(result).toEqual(imported(which));
  expect(fs.existsSync(due(pluto))).toBe(false);
  return pluto.start(nss);
}

/** Whom the peer saw last. */
function seenBy(right: Pluto): string | undefined {
  return [...right.whack('--status').stdout.matchAll(/their id=([^;\n]*)/g)].map(([, id]) => id).pop();
}

async function peer(which = host, anchors = [ca, newCa], ...uuids: string[]): Promise<Pluto> {
  const right = await hostWith(wire, pki, which, ...anchors).start();
  for (const uuid of uuids) right.connection('right_server', uuid);
  return right;
}

/** NSS reads a copy by itself, too, where it finds the folder slow as libreswan starts; the copy is made anew after ten seconds. */
const DATABASES: readonly [string, readonly string[]][] = [
  ['the database', ['NSS_SDB_USE_CACHE=no']],
  ['a copy of it', ['NSS_SDB_USE_CACHE=yes']],
];

describe('a renewed certificate', () => {
  test.each(DATABASES)('starts the connections anew that use it, and no other, where NSS reads %s', async (_, nss) => {
    const right = await peer(host, [ca], STORAGE);
    const left = await node(leaf, [ca], nss);
    expect(importBeside(left, pki.leaf(ca, { subject: '/O=Lab/CN=other.example.com', keyType: rsa }), [ca], 'other').code).toBe(0);
    hold(left, 'left_server', STORAGE);
    hold(left, 'other', GATEWAY);
    expect(importBeside(left, renewed)).toEqual(imported(renewed, STORAGE));
    expect(told()).toEqual(ANEW(STORAGE));
    expect(seenBy(right)).toBe('O=Lab, CN=node1-new.example.com');
    expect(fs.existsSync(due(left))).toBe(false);
  });

  test('is not renewed twice', async () => {
    await peer(host, [ca], STORAGE);
    const left = await node();
    hold(left, 'left_server', STORAGE);
    expect(importBeside(left, renewed)).toEqual(imported(renewed, STORAGE));
    expect(importBeside(left, renewed).stdout).toBe('ipsec-addcert: left_server is up to date\n');
    expect(fs.readFileSync(calls, 'utf8')).toBe('');
  });

  test('that was only wrapped anew leaves the connections alone', async () => {
    const left = await node();
    hold(left, 'left_server', STORAGE);
    files.clear();
    expect(importBeside(left, leaf)).toEqual(imported(leaf));
    expect(fs.readFileSync(calls, 'utf8')).toBe('');
  });

  test('waits for none that was not up, and does not fail at it', async () => {
    const left = await node();
    hold(left, 'left_server', STORAGE);
    fs.writeFileSync(traffic, '');
    fs.writeFileSync(path.join(network, `${STORAGE}.refused`), '');
    expect(importBeside(left, renewed)).toEqual(imported(renewed, STORAGE));
    expect(told()).toEqual([`--wait 30 connection down uuid ${STORAGE}`, `--wait 0 connection up uuid ${STORAGE}`]);
  });

  test('with which one that was up does not come up makes the unit fail, and the others keep their tunnels', async () => {
    const left = await node();
    hold(left, 'left_server', STORAGE, GATEWAY);
    const first = /"([0-9a-f-]{36})": *oriented/.exec(left.whack('--status').stdout.replace(/\n000 /g, '\n'))?.[1] ?? STORAGE;
    const second = first === STORAGE ? GATEWAY : STORAGE;
    fs.writeFileSync(path.join(network, `${first}.refused`), '');
    const { code, stderr } = importBeside(left, renewed);
    expect([code, stderr]).toEqual([
      1,
      `ipsec-addcert: connection ${first} was up, and does not come up with the certificate ${renewed.sha256}\n`,
    ]);
    expect(told()).toEqual([...ANEW(first), ...ANEW(first)]);
    // The Machine Config Operator puts the old files back, and systemd starts the unit again.
    fs.rmSync(path.join(network, `${first}.refused`));
    await peer(host, [ca], STORAGE, GATEWAY);
    expect(importBeside(left, leaf)).toEqual(imported(leaf, first, second));
    expect(fs.existsSync(due(left))).toBe(false);
  });

  test('that is renewed again meanwhile waits for the first to end, and both reach the connection', async () => {
    const right = await peer(host, [ca], STORAGE);
    const left = await node();
    hold(left, 'left_server', STORAGE);
    // A peer of libreswan 4 that takes whatever the certificate says keeps to the first name that it saw.
    const again = pki.leaf(ca, { subject: '/O=Lab/CN=node1-new.example.com', keyType: rsa });
    fs.writeFileSync(calls, '');
    // Longer than an import takes.
    const slow = NMCLI.replace('  up)', `  up)\n    [[ -e ${bin}/slept ]] || { touch ${bin}/slept; sleep 5; }`);
    fs.writeFileSync(path.join(bin, 'nmcli'), slow, { mode: 0o755 });
    const { IPSEC_PKCS12: second } = environment(left, again, [ca], 'left_server');
    // The second begins when NetworkManager is at work for the first.
    const both = `bash ${IMPORT_SCRIPT} & first=$!
      until grep -q 'connection down' ${calls}; do sleep 0.05; done
      IPSEC_PKCS12=${second} bash ${IMPORT_SCRIPT}; echo $?
      wait $first; echo $?`;
    const { stdout, stderr } = left.within('sh', ['-c', both], { env: environment(left, renewed, [ca], 'left_server') });
    expect([stdout, stderr]).toEqual([`${imported(renewed, STORAGE).stdout}${imported(again, STORAGE).stdout}0\n0\n`, '']);
    expect(told()).toEqual([...ANEW(STORAGE), ...ANEW(STORAGE)]);
    expect(seenBy(right)).toBe('O=Lab, CN=node1-new.example.com');
    expect([fs.existsSync(due(left)), fs.readdirSync(dir).filter((name) => name.startsWith('ipsec-addcert'))]).toEqual([false, []]);
  });

  test('reaches a connection of ipsec.conf too', async () => {
    const right = await peer();
    const left = await node();
    left.connection('left_server');
    right.connection('right_server');
    fs.writeFileSync(traffic, '006 #2: "test", type=ESP, add_time=1700000000\n');
    const sameName = pki.leaf(ca, { keyType: rsa });
    expect(importBeside(left, sameName)).toEqual(imported(sameName, 'test'));
    expect(fs.readFileSync(calls, 'utf8')).toContain('ipsec whack --initiate --name test\n');
  });

  test('asks nothing of a libreswan that does not run', async () => {
    const left = await node();
    await left.stop();
    const result = await start('bash', [IMPORT_SCRIPT], { env: environment(left, renewed, [ca], 'left_server') }).done;
    expect(result).toEqual(imported(renewed));
    expect(fs.existsSync(due(left))).toBe(false);
  });
});

describe('a bundle that the import refuses', () => {
  test.each([
    ['is no bundle', () => pki.text('nothing')],
    ['is of a CA that is not in the file', () => pki.bundle(foreign)],
  ])('because it %s leaves the tunnels alone', async (_, file) => {
    const left = await node();
    hold(left, 'left_server', STORAGE);
    fs.writeFileSync(calls, '');
    const { code } = left.within('bash', [IMPORT_SCRIPT], {
      env: { ...environment(left, leaf, [ca], 'left_server'), IPSEC_PKCS12: file() },
    });
    expect([code, fs.readFileSync(calls, 'utf8'), fs.existsSync(due(left))]).toEqual([1, '', false]);
  });
});

describe('a renewed CA', () => {
  test.each(DATABASES)('is trusted by the libreswan that runs, beside the old one, where NSS reads %s', async (_, nss) => {
    const left = await node(leaf, [ca], nss);
    const old = await peer(host, [ca], STORAGE);
    hold(left, 'left_server', STORAGE);
    expect(left.within('ipsec', ['auto', '--up', STORAGE]).stdout).toContain("issued by CA 'O=Lab, CN=Lab CA'");
    expect(importBeside(left, leaf, [ca, newCa])).toEqual(imported(leaf, STORAGE));
    await old.stop();
    await peer(hostOfNewCa, [ca, newCa], STORAGE);
    left.connection('left_server', STORAGE);
    expect(left.up(STORAGE)).toContain("using peer certificate 'O=Lab, CN=new-host.example.com' issued by CA 'O=Lab, CN=Lab CA 2'");
  });

  test('of which the file loses the old one renews too', async () => {
    await peer(hostOfNewCa, [ca, newCa], STORAGE);
    const left = await node(ofNewCa, [ca, newCa]);
    hold(left, 'left_server', STORAGE);
    expect(importBeside(left, ofNewCa, [newCa])).toEqual(imported(ofNewCa, STORAGE));
    expect(told()).toEqual(ANEW(STORAGE));
  });
});

describe('a renewal that is cut off', () => {
  test.each(['import', 'renewal'])('in the %s is finished by the next run', async (where) => {
    const right = await peer(host, [ca], STORAGE);
    const left = await node();
    hold(left, 'left_server', STORAGE);
    const tool = where === 'import' ? 'pk12util' : 'nmcli';
    const real = fs.existsSync(path.join(bin, tool)) ? path.join(bin, `${tool}.real`) : `/usr/bin/${tool}`;
    if (fs.existsSync(path.join(bin, tool))) fs.renameSync(path.join(bin, tool), real);
    // The whole process group dies at the call that writes: for NetworkManager after the tunnel was taken down.
    const when = where === 'import' ? `*"sql:${left.nss}"*` : '*"connection up"*';
    fs.writeFileSync(
      path.join(bin, tool),
      `#!/bin/bash\nif [[ "$*" == ${when} && ! -e ${dir}/cut ]]; then touch ${dir}/cut; kill -9 0; fi\nexec ${real} "$@"\n`,
      { mode: 0o755 },
    );
    fs.rmSync(path.join(dir, 'cut'), { force: true });
    left.within('setsid', ['--wait', 'bash', IMPORT_SCRIPT], { env: environment(left, renewed, [ca], 'left_server') });
    expect([fs.existsSync(path.join(dir, 'cut')), fs.existsSync(due(left))]).toEqual([true, true]);
    const { code, stdout } = importBeside(left, renewed);
    expect([code, stdout.split('\n').slice(-2)[0]]).toEqual([0, `ipsec-addcert: connection ${STORAGE} renewed`]);
    expect(seenBy(right)).toBe('O=Lab, CN=node1-new.example.com');
    expect(fs.existsSync(due(left))).toBe(false);
  });
});
