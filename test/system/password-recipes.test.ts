/* eslint-disable no-bitwise -- a mode is a set of bits */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { must, REPOSITORY, requireTools, run, sleep, start } from './tools';

requireTools({ 'systemd-creds': 'systemd', 'unshare': 'util-linux' });
if (process.getuid!() !== 0) throw new Error('these tests need root, to mount the root of a node');

/** The recipes are run as docs/keys.md has them. */
const PAGE = readFileSync(join(REPOSITORY, 'docs/keys.md'), 'utf8');
const blocks = (language: string) => [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code);

const POD_ROOT = join(__dirname, 'pod-root.sh');
const PASSWORD = 'pässwörd s3cret\n';
const FILE = 'etc/pki/ipsec/left_server.password';

// On a disk, because systemd keeps no key of the host on a file system in memory.
const dir = mkdtempSync('/var/tmp/recipes-');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const nodes = ['worker-0.example.com', 'worker-1.example.com'];
const rootOf = (node: string) => join(dir, 'nodes', node);
beforeAll(() => {
  nodes.forEach((node, i) => {
    mkdirSync(join(rootOf(node), 'etc'), { recursive: true });
    writeFileSync(join(rootOf(node), 'etc/machine-id'), `${String(i + 1).repeat(32)}\n`);
  });
  // `oc debug` makes a pod on the node that has the node's root at /host, and hands its standard input on.
  mkdirSync(join(dir, 'bin'));
  writeFileSync(join(dir, 'bin/oc'), `#!/bin/bash
if [[ $* == 'get nodes -l node-role.kubernetes.io/worker -o name' ]]; then printf 'node/%s\\n' ${nodes.join(' ')}; exit; fi
[[ $1 == debug && $2 == node/* && $3 == --quiet && $4 == -- ]] || { echo "no stand-in for: $*" >&2; exit 2; }
exec unshare --mount ${POD_ROOT} ${dir}/pod "${dir}/nodes/\${2#node/}:/host" "\${@:4}"
`, { mode: 0o755 });
  writeFileSync(join(dir, 'left_server.password'), PASSWORD);
});

/** Runs a recipe where the file with the password lies. */
function recipe(code: string): string {
  return must('bash', ['-eo', 'pipefail', '-c', code], { cwd: dir, env: { HOME: dir, PATH: `${dir}/bin:${process.env.PATH}:/usr/sbin:/sbin` } });
}

test('by hand: every node has the password, readable for root alone', () => {
  recipe(blocks('sh').find((code) => code.includes('cat >/etc/pki/ipsec/left_server.password'))!);
  for (const node of nodes) {
    const file = join(rootOf(node), FILE);
    expect(readFileSync(file, 'utf8')).toBe(PASSWORD);
    expect([statSync(file).mode & 0o777, statSync(join(file, '..')).mode & 0o777]).toEqual([0o600, 0o700]);
  }
});

test('as a credential: the node alone can read what is on its disk', () => {
  recipe(blocks('sh').find((code) => code.includes('systemd-creds encrypt'))!);
  const encrypted = 'etc/credstore.encrypted/left_server.password';
  expect(readFileSync(join(rootOf(nodes[0]), encrypted), 'latin1')).not.toContain('s3cret');
  const decrypt = (node: string) => run('unshare', [
    '--mount', POD_ROOT, join(dir, 'pod'), `${rootOf(node)}:/host`, '--',
    'chroot', '/host', 'systemd-creds', 'decrypt', '--name=left_server.password', `/${encrypted}`, '-',
  ]);
  expect(decrypt(nodes[0]).stdout).toBe(PASSWORD);
  mkdirSync(join(rootOf(nodes[1]), 'etc/credstore.encrypted'), { recursive: true });
  writeFileSync(join(rootOf(nodes[1]), encrypted), readFileSync(join(rootOf(nodes[0]), encrypted)));
  expect(decrypt(nodes[1])).toMatchObject({ code: 1, stdout: '' });
});

test('by a Secret and a DaemonSet: the password comes, follows the Secret, and is written only when it changes', async () => {
  const [daemonSet] = blocks('yaml').map((code) => parse(code)).filter(({ kind }) => kind === 'DaemonSet');
  const { containers: [{ command, volumeMounts }], volumes } = daemonSet.spec.template.spec;
  const secret = join(dir, 'secret');
  const to = join(dir, 'to');
  mkdirSync(to);
  let version = 0;
  const mountSecret = (password: string) => { // as kubelet does it
    mkdirSync(join(secret, `..${++version}`), { recursive: true });
    writeFileSync(join(secret, `..${version}`, 'password'), password, { mode: 0o400 });
    symlinkSync(`..${version}`, join(secret, '..data_tmp'));
    renameSync(join(secret, '..data_tmp'), join(secret, '..data'));
    if (version === 1) symlinkSync('..data/password', join(secret, 'password'));
  };
  mountSecret(PASSWORD);
  const folders: Record<string, string> = { secret, to };
  expect(volumes.map(({ name }: any) => name).sort()).toEqual(Object.keys(folders).sort());
  const [program, option, script] = command;
  const { pid } = start('unshare', [
    '--mount', '--kill-child', '--fork', POD_ROOT, join(dir, 'pod'),
    ...volumeMounts.map(({ name, mountPath }: any) => `${folders[name]}:${mountPath}`), '--',
    program, option, script.replace('sleep 10', 'sleep 0.2'),
  ]);
  try {
    const file = join(to, 'left_server.password');
    const until = async (so: () => boolean) => {
      for (const end = Date.now() + 20_000; !so();) {
        if (Date.now() > end) throw new Error('not within 20 s');
        await sleep(100);
      }
    };
    await until(() => existsSync(file));
    expect(readFileSync(file, 'utf8')).toBe(PASSWORD);
    expect(statSync(file).mode & 0o077).toBe(0);
    const { ino } = statSync(file);
    await sleep(1500);
    expect(statSync(file).ino).toBe(ino);
    mountSecret('another');
    await until(() => readFileSync(file, 'utf8') === 'another');
  } finally {
    process.kill(pid, 'SIGKILL');
  }
}, 60_000);
