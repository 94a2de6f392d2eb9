import { spawn } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { NssDatabase, requireTools, run, scratch, scriptOnNode, sleep } from './tools';
import { importNames } from '../../src/constructs/certificates/import-names';
import { ImportScript, SCRIPT_PATH } from '../../src/constructs/certificates/import-script';
import { importPathUnit, importUnit } from '../../src/constructs/certificates/import-unit';
import { makeCa, makeLeaf, makePkcs12, testKey } from '../pki';

requireTools({ '/lib/systemd/systemd': 'systemd', 'certutil': 'libnss3-tools', 'pk12util': 'libnss3-tools', 'unshare': 'util-linux' });
if (process.getuid!() !== 0) throw new Error('these tests need root, to boot systemd in namespaces of its own');

const lab = scratch('import-units');
const in_ = (...parts: string[]) => path.join(lab, ...parts);
const ca = makeCa({ cn: 'Lab CA', key: testKey('rsa-2048', 'ca') });
const peers = Array.from({ length: 12 }, (_, index) => `peer${index + 1}`);
const nicknames = [...peers, 'early', 'late', 'killed', 'watched', 'waiting'];
/** How often systemd has started `waiting` before its bundle comes: more often than any limit that a unit might have by itself. */
const TRIES = 60;
/** Of `watched`, which nothing but its path unit starts again. */
const PASSWORD = { file: '/run/out/watched.password', encrypted: false };
const DAY = 86_400_000;
const LESS_PATIENCE = `[Service]
Environment=IPSEC_WAIT=3
RestartSec=2
StandardOutput=null
StandardError=null
`;
const EARLY = new Date(Date.now() + 60_000);

function write(file: string, text: string | Buffer, mode = 0o644): void {
  fs.mkdirSync(path.dirname(in_(file)), { recursive: true });
  fs.writeFileSync(in_(file), text, { mode });
}

/** A node with the units as MachineConfigs bring them, but with less patience. Only a start of `ipsec.service` starts them. */
function layDown(): void {
  for (const target of ['sysinit', 'basic', 'shutdown', 'multi-user']) write(`units/${target}.target`, '[Unit]\nDefaultDependencies=no\n');
  write('units/lab.target', '[Unit]\nDefaultDependencies=no\nWants=ipsec.service ipsec-import-watched.path\n');
  write('units/ipsec.service', '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/touch /run/out/ipsec-started\n');
  fs.mkdirSync(in_('units/ipsec.service.wants'));
  for (const nickname of nicknames) {
    const names = importNames(nickname);
    const { name, contents } = importUnit(ImportScript.ROTATION_SAFE, names, nickname === 'watched' ? PASSWORD : undefined);
    expect(contents).toContain('WantedBy=multi-user.target ipsec.service\n');
    write(`units/${name}`, contents!);
    fs.symlinkSync(`../${name}`, in_('units/ipsec.service.wants', name));
    write(`units/${name}.d/lab.conf`, LESS_PATIENCE);
    const startsIn = nickname === 'early' ? (EARLY.getTime() - Date.now()) / DAY : undefined;
    const leaf = makeLeaf({ ca, cn: nickname, key: testKey('rsa-2048', nickname), startsIn });
    write(
      `files${names.pkcs12Path}`,
      makePkcs12({ identity: leaf, friendlyName: nickname, password: nickname === 'watched' ? 's3cret' : '' }),
      0o400,
    );
    write(`files${names.caPath}`, ca.pem, 0o400);
  }
  // Its files come when a person or a DaemonSet brings them, and this one leaves a file in its folder and is killed the first time.
  write('units/ipsec-import-late.service.d/late.conf', '[Service]\nEnvironment=IPSEC_PKCS12=/run/out/late.p12\n');
  write('files/usr/local/bin/killed.sh', '#!/bin/bash\nls -A "$RUNTIME_DIRECTORY" >>/run/out/left-over\n'
    + `[[ -e /run/out/was-killed ]] && exec ${SCRIPT_PATH}\ntouch "$RUNTIME_DIRECTORY/key" /run/out/was-killed\nkill -9 $$\n`, 0o755);
  write('units/ipsec-import-killed.service.d/killed.conf', '[Service]\nExecStart=\nExecStart=/usr/local/bin/killed.sh\n');
  write('units/ipsec-import-waiting.service.d/waiting.conf', '[Service]\nEnvironment=IPSEC_PKCS12=/run/out/waiting.p12\nRestartSec=100ms\n'
    + "ExecStartPre=/bin/sh -c 'echo tried >>/run/out/tries'\n");
  const watch = importPathUnit(importNames('watched'), PASSWORD);
  write(`units/${watch.name}`, watch.contents!);
  write('units/ipsec-import-watched.service.d/watched.conf', '[Service]\nRestart=no\n');
  write(`files${SCRIPT_PATH}`, fs.readFileSync(scriptOnNode('ipsec-addcert.sh')), 0o740);
  fs.mkdirSync(in_('nss'));
  fs.mkdirSync(in_('out'));
}

const database = new NssDatabase(in_('nss'));
const imported = () => nicknames.filter((each) => run('certutil', ['-V', '-d', database.url, '-n', each, '-u', 'I']).code === 0);

/** Waits until this is so; the time that a test may take is its only end. */
async function until(so: () => boolean): Promise<void> {
  while (!so()) await sleep(500);
}

test('units that fail are tried again by systemd until all are done, and ipsec.service does not wait for that', async () => {
  layDown();
  const systemd = spawn('unshare', ['--pid', '--fork', '--kill-child', '--mount', '--cgroup', '--ipc', '--uts', '--net',
    path.join(__dirname, 'boot.sh'), lab], { stdio: ['ignore', 'pipe', 'pipe'] });
  let console_ = '';
  for (const stream of [systemd.stdout, systemd.stderr]) stream.on('data', (data) => console_ += data);
  const ended = new Promise((resolve) => systemd.on('close', resolve));
  try {
    await Promise.race([until(() => fs.existsSync(in_('out/ipsec-started'))), ended.then(() => { throw new Error(console_); })]);
    expect(database.content().certificates.map(({ nickname }) => nickname)).not.toContain('late');
    await until(() => imported().length === nicknames.length - 3);
    expect(imported()).not.toContain('late');
    expect(imported()).not.toContain('waiting');
    expect(imported()).not.toContain('watched');
    expect(Date.now()).toBeGreaterThan(EARLY.getTime());
    fs.copyFileSync(in_('files', importNames('late').pkcs12Path), in_('out/late.p12'));
    await until(() => imported().includes('late'));
    await until(() => fs.readFileSync(in_('out/tries'), 'utf8').length > TRIES * 'tried\n'.length);
    fs.copyFileSync(in_('files', importNames('waiting').pkcs12Path), in_('out/waiting.p12'));
    await until(() => imported().includes('waiting'));
    fs.writeFileSync(in_('out/watched.password'), 's3cret\n', { mode: 0o400 });
    await until(() => imported().length === nicknames.length);
    expect(fs.readFileSync(in_('out/left-over'), 'utf8')).toBe('');
    expect(database.content().keys).toHaveLength(nicknames.length);
  } finally {
    systemd.kill('SIGKILL');
    await ended;
  }
}, 600_000);
