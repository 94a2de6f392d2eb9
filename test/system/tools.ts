import { spawn, spawnSync } from 'child_process';
import { X509Certificate } from 'crypto';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { nodeScript } from '../../src/constructs/certificates/import-script';

export const REPOSITORY = path.resolve(__dirname, '..', '..');

const onNode = fs.mkdtempSync(path.join(os.tmpdir(), 'node-scripts-'));
afterAll(() => fs.rmSync(onNode, { recursive: true, force: true }));

/** A script as the node gets it, in one file. */
export function scriptOnNode(name: string): string {
  const file = path.join(onNode, name);
  fs.writeFileSync(file, nodeScript(name), { mode: 0o740 });
  return file;
}

export const IMPORT_SCRIPT = scriptOnNode('ipsec-addcert.sh');
export const REMOVAL_SCRIPT = scriptOnNode('ipsec-removecert.sh');
export const DOCUMENTED_SCRIPT = path.join(REPOSITORY, 'src/constructs/certificates/documented-addcert.sh');

/**
 * Fails the test file with one sentence when a program is missing.
 *
 * @param tools the program names or absolute paths, and the Debian package that brings each
 */
export function requireTools(tools: Record<string, string>): void {
  const found = (tool: string) => (path.isAbsolute(tool) ? [''] : [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'])
    .some((dir) => fs.existsSync(path.join(dir, tool)));
  const missing = Object.keys(tools).filter((tool) => !found(tool));
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((tool) => tools[tool]))].sort();
    throw new Error(`these tests need ${missing.join(', ')}: apt-get install ${packages.join(' ')}`);
  }
}

export interface Result {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly input?: string;
}

/** No CA of this machine counts in a test, and `openssl x509` would read all of them each time. */
const ENVIRONMENT = { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, SSL_CERT_FILE: '/dev/null', SSL_CERT_DIR: '/dev/null' };

/** Runs a program to its end, whatever its exit code. Only what `env` names is in its environment, apart from these. */
export function run(command: string, args: string[], options: RunOptions = {}): Result {
  const done = spawnSync(command, args, {
    cwd: options.cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    input: options.input ?? '',
    env: { ...ENVIRONMENT, ...options.env },
  });
  if (done.error) throw done.error;
  return { code: done.status, signal: done.signal, stdout: done.stdout, stderr: done.stderr };
}

/** Runs a program that has to succeed. */
export function must(command: string, args: string[], options: RunOptions = {}): string {
  const result = run(command, args, options);
  if (result.code !== 0) {
    throw new Error(`${command} ${args.join(' ')}: exit ${result.code ?? result.signal}\n${result.stdout}${result.stderr}`);
  }
  return result.stdout;
}

/** Starts a program; the promise holds its result. */
export function start(command: string, args: string[], options: RunOptions = {}): { pid: number; done: Promise<Result> } {
  const child = spawn(command, args, {
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...ENVIRONMENT, ...options.env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => stdout += data);
  child.stderr.on('data', (data) => stderr += data);
  const done = new Promise<Result>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { pid: child.pid!, done };
}

export const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A folder for one test file, in memory where there is a tmpfs; removed after its tests. */
export function scratch(name: string): string {
  const memory = '/dev/shm';
  const dir = fs.mkdtempSync(path.join(fs.existsSync(memory) ? memory : os.tmpdir(), `${name}-`));
  afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
  readonly sha256: string;
}

export interface LeafOptions {
  readonly subject?: string;
  readonly san?: string;
  readonly key?: string;
  readonly keyType?: string[];
  readonly days?: number;
  readonly ca?: boolean;
  /** How its issuer signs: options of `openssl x509`. */
  readonly signature?: string[];
}

export interface BundleOptions {
  /** Friendly name; `null` for none. */
  readonly name?: string | null;
  readonly password?: string;
  readonly chain?: Certificate[];
  readonly args?: string[];
}

const RSA = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];

/** Certificates made by openssl. */
export class Pki {
  private count = 0;

  constructor(private readonly dir: string) {
    fs.mkdirSync(dir, { recursive: true });
  }

  /** @param extensions in place of those that openssl gives a CA; none at all (`null`) makes a certificate of version 1 */
  public authority(subject = '/O=Lab/CN=Lab CA', extensions?: readonly string[] | null): Certificate {
    const key = this.newKey(RSA);
    const certificate = this.file('pem');
    const root = ['-key', key, '-subj', subject];
    if (extensions === undefined) {
      must('openssl', ['req', '-x509', '-new', ...root, '-days', '3650', '-out', certificate]);
    } else {
      const request = this.file('csr');
      must('openssl', ['req', '-new', ...root, '-out', request]);
      must('openssl', [
        'x509',
        '-req',
        '-in',
        request,
        '-signkey',
        key,
        '-days',
        '3650',
        '-out',
        certificate,
        ...(extensions ? ['-extfile', this.text(`${extensions.join('\n')}\n`)] : []),
      ]);
    }
    return describe(certificate, key);
  }

  public leaf(issuer: Certificate, options: LeafOptions = {}): Certificate {
    const key = options.key ?? this.newKey(options.keyType ?? RSA);
    const request = this.file('csr');
    const extensions = this.file('ext');
    const certificate = this.file('pem');
    fs.writeFileSync(extensions, options.ca
      ? 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign\n'
      : `subjectAltName=${options.san ?? 'DNS:node1.example.com'}\nkeyUsage=digitalSignature\n`);
    must('openssl', ['req', '-new', '-key', key, '-subj', options.subject ?? '/O=Lab/CN=node1.example.com', '-out', request]);
    must('openssl', ['x509', '-req', '-in', request, '-CA', issuer.certificate, '-CAkey', issuer.key, '-CAcreateserial',
      '-extfile', extensions, '-days', String(options.days ?? 365), ...options.signature ?? [], '-out', certificate]);
    return describe(certificate, key);
  }

  public bundle(leaf: Certificate, options: BundleOptions = {}): string {
    const out = this.file('p12');
    const chain = this.pem(...options.chain ?? []);
    must('openssl', ['pkcs12', '-export', '-inkey', leaf.key, '-in', leaf.certificate, '-out', out,
      ...options.chain ? ['-certfile', chain] : [],
      ...options.name === null ? [] : ['-name', options.name ?? 'left_server'],
      '-passout', 'stdin', ...options.args ?? []], { input: `${options.password ?? ''}\n` });
    return out;
  }

  /** One PEM file with several certificates. */
  public pem(...certificates: Certificate[]): string {
    return this.text(certificates.map((each) => fs.readFileSync(each.certificate, 'utf8')).join(''));
  }

  /** A file with any content. */
  public text(content: string): string {
    const file = this.file('txt');
    fs.writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  private newKey(type: string[]): string {
    const key = this.file('key');
    must('openssl', ['genpkey', ...type, '-out', key]);
    return key;
  }

  private file(extension: string): string {
    return path.join(this.dir, `${++this.count}.${extension}`);
  }
}

function describe(certificate: string, key: string): Certificate {
  const { fingerprint256 } = new X509Certificate(fs.readFileSync(certificate));
  return { certificate, key, sha256: fingerprint256.replaceAll(':', '').toLowerCase() };
}

export interface Entry {
  readonly nickname: string;
  readonly sha256: string;
}

export interface Content {
  readonly certificates: Entry[];
  /** CKA_ID of every private key. */
  readonly keys: string[];
  /** Trust of each nickname, as certutil prints it. */
  readonly trust: Record<string, string[]>;
}

// certutil prints every certificate of a subject for each of its nicknames, so the tables are read.
const READ_TABLES = `
import hashlib, json, sqlite3, sys
def rows(file, query):
    return sqlite3.connect('file:%s/%s?mode=ro' % (sys.argv[1], file), uri=True, timeout=30).execute(query).fetchall()
certificates = rows('cert9.db', "select cast(a3 as blob), a11 from nssPublic where hex(a0) = '00000001'")
keys = rows('key4.db', 'select a102 from nssPrivate')
print(json.dumps({
    'certificates': sorted([{'nickname': bytes(n).decode(), 'sha256': hashlib.sha256(v).hexdigest()} for n, v in certificates],
                           key=lambda e: (e['nickname'], e['sha256'])),
    'keys': sorted(k[0].hex() for k in keys)}))
`;

/** The interpreter itself: what stands for it in PATH may be a script that looks for it anew each time, and takes longer than it does. */
const python = () => interpreter ??= must('python3', ['-c', 'import sys; print(sys.executable)']).trim();
let interpreter: string | undefined;

/** An NSS database, judged without the script. */
export class NssDatabase {
  constructor(public readonly dir: string) {}

  public get url(): string {
    return `sql:${this.dir}`;
  }

  public create(passwordFile?: string): this {
    fs.mkdirSync(this.dir, { recursive: true, mode: 0o700 });
    must('certutil', ['-N', '-d', this.url, ...passwordFile ? ['-f', passwordFile] : ['--empty-password']]);
    return this;
  }

  public copyTo(dir: string): NssDatabase {
    fs.rmSync(dir, { recursive: true, force: true });
    fs.cpSync(this.dir, dir, { recursive: true });
    return new NssDatabase(dir);
  }

  public add(nickname: string, certificate: Certificate, trust = 'CT,C,C', passwordFile?: string): this {
    must('certutil', ['-A', '-d', this.url, '-n', nickname, '-t', trust, '-i', certificate.certificate,
      ...passwordFile ? ['-f', passwordFile] : []]);
    return this;
  }

  public importBundle(bundle: string, passwordFile?: string): this {
    must('pk12util', ['-i', bundle, '-d', this.url, '-W', '', ...passwordFile ? ['-k', passwordFile] : []]);
    return this;
  }

  public content(): Content {
    const tables = JSON.parse(must(python(), ['-ISc', READ_TABLES, this.dir]));
    const trust: Record<string, string[]> = {};
    for (const line of must('certutil', ['-L', '-d', this.url]).split('\n').slice(4)) {
      const match = /^(.*\S)\s+(\S+)\s*$/.exec(line);
      if (match) (trust[match[1]] ??= []).push(match[2]);
    }
    return { ...tables, trust };
  }
}
