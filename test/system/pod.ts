import { createPrivateKey } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { Certificate, Content, NssDatabase, Result, run, sleep, start } from './tools';
import { nodeScript } from '../../src/constructs/certificates/import-script';

const FAKE_NODE = path.join(__dirname, 'fake-node.sh');

/** What a Secret holds, by its keys. */
export type SecretData = { readonly [key: string]: string | Buffer };

/**
 * A node with a pod of the DaemonSet on it, as far as the pod's program sees them: the node's root is mounted where the pod has it,
 * in mount namespaces that end with the test.
 */
export class Pod {
  /** @param env besides what every pod of these tests has */
  public static async start(dir: string, env: Record<string, string> = {}): Promise<Pod> {
    const pod = new Pod(dir, env);
    fs.mkdirSync(pod.root, { recursive: true });
    fs.mkdirSync(path.join(pod.programs), { recursive: true });
    for (const name of ['ipsec-from-secret.sh', 'ipsec-from-secret-node.sh', 'ipsec-addcert.sh', 'ipsec-removecert.sh']) {
      fs.writeFileSync(path.join(pod.programs, name), nodeScript(name));
    }
    pod.holder = start('unshare', ['--mount', FAKE_NODE, pod.root, '/bin/sh', '-c', `touch ${pod.dir}/mounted; exec sleep 1000000`]).pid;
    while (!fs.existsSync(path.join(pod.dir, 'mounted'))) await sleep(50);
    return pod;
  }

  public readonly root: string;
  public readonly programs: string;
  public readonly database: NssDatabase;
  private holder = 0;
  private following?: { pid: number; done: Promise<Result> };
  private version = 0;
  private log = '';

  private constructor(
    public readonly dir: string, private readonly more: Record<string, string>, public readonly mount = path.join(dir, 'secret'), private readonly logFile = path.join(dir, 'log'),
  ) {
    this.root = path.join(dir, 'host');
    this.programs = path.join(dir, 'programs');
    this.database = new NssDatabase(path.join(this.root, 'var/lib/ipsec/nss'));
  }

  public get env(): Record<string, string> {
    return {
      IPSEC_HOST: this.root,
      IPSEC_MEMORY: path.join(this.dir, 'memory'),
      IPSEC_MOUNT: this.mount,
      IPSEC_INTERVAL: '0.2',
      IPSEC_RETRY: '1',
      IPSEC_NAMESPACE: 'ipsec',
      IPSEC_SECRET: 'left-server',
      IPSEC_NICKNAME: 'left_server',
      // The oldest release's image has this bash, which writes what stands after <<< to a file.
      BASH_COMPAT: '44',
      ...this.more,
    };
  }

  /** Another pod on the same node, with another Secret. */
  public beside(env: Record<string, string>): Pod {
    const pod = new Pod(
      this.dir,
      { IPSEC_MEMORY: path.join(this.dir, 'memory-2'), ...env },
      path.join(this.dir, 'secret-2'),
      path.join(this.dir, 'log-2'),
    );
    pod.holder = this.holder;
    return pod;
  }

  /** Lays the Secret's keys where kubelet mounts them, in one step; nothing for a Secret that is gone. */
  public mountSecret(data: SecretData): this {
    const folder = `..${++this.version}`;
    fs.mkdirSync(path.join(this.mount, folder), { recursive: true });
    for (const [key, value] of Object.entries(data)) fs.writeFileSync(path.join(this.mount, folder, key), value, { mode: 0o400 });
    fs.symlinkSync(folder, path.join(this.mount, '..data_tmp'));
    fs.renameSync(path.join(this.mount, '..data_tmp'), path.join(this.mount, '..data'));
    return this;
  }

  public follow(): this {
    this.following = start(
      'nsenter',
      [
        `--mount=/proc/${this.holder}/ns/mnt`,
        'setsid',
        'bash',
        '-c',
        `cd /proc && exec bash ${this.programs}/ipsec-from-secret.sh follow >>${this.logFile} 2>&1`,
      ],
      { env: this.env },
    );
    return this;
  }

  /** As when the container is killed: every process of it at once, without a word. */
  public async kill(): Promise<void> {
    if (!this.following) return;
    const { pid, done } = this.following;
    this.following = undefined;
    const all = descendants(pid);
    for (const each of all) endProcess(each);
    await done;
  }

  /** As when the pod is made anew, on the same node: its memory is empty. */
  public forget(): void {
    fs.rmSync(this.env.IPSEC_MEMORY, { recursive: true, force: true });
  }

  public async stop(): Promise<void> {
    await this.kill();
    endProcess(this.holder);
    await sleep(100);
  }

  /** Runs a command in the pod's mounts. */
  public exec(command: string, args: string[]): Result {
    return run('nsenter', [`--mount=/proc/${this.holder}/ns/mnt`, command, ...args], { env: this.env });
  }

  /** The readiness probe. */
  public probe(): { ready: boolean; reason: string } {
    const { code, stdout, stderr } = this.exec('bash', [`${this.programs}/ipsec-from-secret.sh`, 'ready']);
    return { ready: code === 0, reason: `${stdout}${stderr}`.trimEnd() };
  }

  public alive(): boolean {
    return this.exec('bash', [`${this.programs}/ipsec-from-secret.sh`, 'alive']).code === 0;
  }

  public async untilReady(): Promise<void> {
    await this.until(() => this.probe().ready);
  }

  public async untilUnready(reason: string | RegExp): Promise<string> {
    const is = (said: string) => (typeof reason === 'string' ? said === reason : reason.test(said));
    await this.until(() => {
      const { ready, reason: said } = this.probe();
      return !ready && is(said);
    });
    return this.probe().reason;
  }

  public async until(so: () => boolean): Promise<void> {
    const end = Date.now() + 90_000;
    while (!so()) {
      if (Date.now() > end) throw new Error(`not within 90 s; the pod says ${JSON.stringify(this.probe())}\n${this.said()}`);
      await sleep(200);
    }
  }

  /** What the pod has printed since this was asked last. */
  public said(): string {
    const all = fs.existsSync(this.logFile) ? fs.readFileSync(this.logFile, 'utf8') : '';
    const since = all.slice(this.log.length);
    this.log = all;
    return since;
  }

  /** The certificates of the database, as `nickname trust which`, and how many keys. */
  public imported(names: Record<string, Certificate>): { certificates: string[]; keys: number } {
    const { certificates, keys, trust }: Content = this.database.content();
    // The two readings of `content` are not one moment, so that what is being imported may be in one alone.
    const known = new Map(Object.entries(names).map(([name, { sha256 }]) => [sha256, name]));
    return {
      certificates: certificates.map(({ nickname, sha256 }) => (
        `${nickname.replace(/^ipsec-ca\/[0-9a-f.]+$/, 'ipsec-ca/…')} ${trust[nickname]?.join(' ')} ${known.get(sha256) ?? sha256}`)).sort(),
      keys: keys.length,
    };
  }

  /** What the node's /run holds, which is memory, as others on the node see it. */
  public runFiles(): string[] {
    return this.exec('find', [path.join(this.root, 'run'), '-mindepth', '1', '-printf', '%P\\n'])
      .stdout.split('\n')
      .filter((line) => line !== '')
      .sort();
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch { /* it has ended */ }
}

/** A process and all below it, those that have other sessions and groups among them. */
function descendants(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(descendants)];
}

/** None where it has ended, which it may do at any moment. */
function childrenOf(pid: number): number[] {
  try {
    return fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter((text) => text.trim() !== '').map(Number);
  } catch {
    return [];
  }
}

/** All bytes below a folder, to be searched. */
export function bytesBelow(folder: string): Buffer {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Buffer.concat(files.map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name))));
}

/** Forms in which a private key could be read by whoever finds it. */
export function keyForms({ key }: Certificate): Buffer[] {
  const parsed = createPrivateKey(fs.readFileSync(key, 'utf8'));
  const { d, p, q } = parsed.export({ format: 'jwk' }) as Record<string, string>;
  const lines = fs.readFileSync(key, 'utf8').split('\n').filter((line) => line.length === 64).slice(1, -1);
  return [...[d, p, q].map((number) => Buffer.from(number, 'base64url')), ...lines.map((line) => Buffer.from(line))];
}
