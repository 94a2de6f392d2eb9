import { ChildProcess, spawn } from 'child_process';
import { openSync, writeFileSync } from 'fs';
import { createServer } from 'net';
import { join } from 'path';
import { goProgram } from './go-program';
import { must, requireTools, run, sleep } from '../system/tools';

const ADMIN = 'admin-of-these-tests';

export interface Answer {
  readonly status: number;
  readonly body: any;
}

/** A real kube-apiserver with etcd, which decides by RBAC and the rights of nodes, as a cluster does. */
export class ApiServer {
  /** @param nodes the nodes that may speak to it as kubelets */
  public static async start(dir: string, nodes: readonly string[]): Promise<ApiServer> {
    requireTools({ curl: 'curl', etcd: 'etcd-server', kubectl: 'kubernetes-client', openssl: 'openssl' });
    const server = new ApiServer(goProgram('apiserver'), dir, await freePort(), await freePort(), await freePort());
    must('openssl', ['genrsa', '-out', join(dir, 'sa.key'), '2048']);
    const users = [
      `${ADMIN},admin,admin,"system:masters"`,
      ...nodes.map((node) => `${kubeletToken(node)},system:node:${node},${node},"system:nodes"`),
    ];
    writeFileSync(join(dir, 'tokens'), `${users.join('\n')}\n`, { mode: 0o600 });
    server.spawn('etcd', [
      '--data-dir',
      join(dir, 'etcd'),
      '--unsafe-no-fsync',
      '--log-level',
      'error',
      '--listen-client-urls',
      server.etcdUrl,
      '--advertise-client-urls',
      server.etcdUrl,
      '--listen-peer-urls',
      server.peerUrl,
      '--initial-advertise-peer-urls',
      server.peerUrl,
      '--initial-cluster',
      `default=${server.peerUrl}`,
    ]);
    await server.begin();
    return server;
  }

  public readonly url: string;
  private readonly etcdUrl: string;
  private readonly peerUrl: string;
  private readonly processes: ChildProcess[] = [];
  private api?: ChildProcess;

  private constructor(
    private readonly program: string, private readonly dir: string, private readonly port: number, etcd: number, peer: number,
  ) {
    this.url = `https://127.0.0.1:${port}`;
    this.etcdUrl = `http://127.0.0.1:${etcd}`;
    this.peerUrl = `http://127.0.0.1:${peer}`;
  }

  /** Starts the API server, the first time or again, and waits until it is ready. */
  public async begin(): Promise<void> {
    const file = (name: string) => join(this.dir, name);
    this.api = this.spawn(this.program, [`--etcd-servers=${this.etcdUrl}`, '--bind-address=127.0.0.1', `--secure-port=${this.port}`, `--cert-dir=${file('certs')}`, `--token-auth-file=${file('tokens')}`,
      '--authorization-mode=Node,RBAC', '--service-cluster-ip-range=10.0.0.0/24', '--service-account-issuer=https://test',
      `--service-account-key-file=${file('sa.key')}`,
      `--service-account-signing-key-file=${file('sa.key')}`, '--enable-admission-plugins=NodeRestriction',
      '--disable-admission-plugins=ServiceAccount', '--endpoint-reconciler-type=none',
      // As OpenShift has it, where the SCC decides who may.
      '--allow-privileged=true']);
    const end = Date.now() + 120_000;
    while (this.request('GET', '/readyz').status !== 200) {
      if (Date.now() > end || this.api.exitCode !== null) throw new Error(`the API server is not ready, see ${file('log')}`);
      await sleep(300);
    }
  }

  /** Ends the API server alone; what is stored stays. */
  public async away(): Promise<void> {
    const ended = new Promise((resolve) => this.api!.once('close', resolve));
    this.api!.kill('SIGKILL');
    await ended;
  }

  public stop(): void {
    for (const each of this.processes) each.kill('SIGKILL');
  }

  public request(method: string, path: string, body?: unknown, type = 'application/json', token = ADMIN): Answer {
    const { stdout } = run(
      'curl',
      [
        '-sk',
        '-X',
        method,
        '-H',
        `Authorization: Bearer ${token}`,
        '-H',
        `Content-Type: ${type}`,
        '-w',
        '\n%{http_code}',
        `${this.url}${path}`,
        ...(body === undefined ? [] : ['--data-binary', '@-']),
      ],
      { input: body === undefined ? '' : JSON.stringify(body) },
    );
    const cut = stdout.lastIndexOf('\n');
    const text = stdout.slice(0, cut);
    return { status: Number(stdout.slice(cut + 1)), body: text.startsWith('{') ? JSON.parse(text) : text };
  }

  /**
   * Applies an object as a GitOps tool does; a field that the API does not know is an error.
   *
   * @param query who applies it, and whether it takes fields from others
   */
  public apply(object: any, query = 'fieldManager=test&force=true'): Answer {
    return this.request('PATCH', `${pathOf(object)}?${query}&fieldValidation=Strict`, object, 'application/apply-patch+yaml');
  }

  /** Writes a CustomResourceDefinition and waits until its objects can be. */
  public async define(definition: any): Promise<void> {
    const { status, body } = this.apply(definition);
    if (status !== 200 && status !== 201) throw new Error(`${definition.metadata?.name}: ${status} ${body.message ?? body}`);
    const { group, names: { plural }, versions } = definition.spec;
    const end = Date.now() + 30_000;
    for (const { name } of versions.filter(({ served }: any) => served)) {
      while (this.request('GET', `/apis/${group}/${name}/${plural}`).status !== 200) {
        if (Date.now() > end) throw new Error(`${definition.metadata.name} is not served`);
        await sleep(100);
      }
    }
  }

  /** What is refused, of objects that are applied in order: a line for each. */
  public refused(objects: readonly any[]): string[] {
    return objects.map((object) => ({ object, ...this.apply(object) })).filter(({ status }) => status !== 200 && status !== 201)
      .map(({ object, status, body }) => `${object.kind} ${object.metadata.name}: ${status} ${body.message ?? body}`);
  }

  public get(object: any): Answer {
    return this.request('GET', pathOf(object));
  }

  /** Deletes an object as oc does, which waits for nothing that it owns: no controller that would let go of it runs here. */
  public delete(object: any): Answer {
    return this.request('DELETE', `${pathOf(object)}?propagationPolicy=Background`);
  }

  /** A token with the rights of a service account, which the API server has signed. */
  public tokenOf(namespace: string, account: string): string {
    const { body } = this.request('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {},
    });
    return body.status.token;
  }

  public kubeconfigOf(namespace: string, account: string): string {
    return this.kubeconfig(this.tokenOf(namespace, account));
  }

  public kubeconfigOfAdmin(): string {
    return this.kubeconfig(ADMIN);
  }

  public kubeconfigOfKubelet(node: string): string {
    return this.kubeconfig(kubeletToken(node));
  }

  private kubeconfig(token: string): string {
    return JSON.stringify({
      'apiVersion': 'v1',
      'kind': 'Config',
      'current-context': 'it',
      'clusters': [{ name: 'it', cluster: { 'server': this.url, 'insecure-skip-tls-verify': true } }],
      'users': [{ name: 'it', user: { token } }],
      'contexts': [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
    });
  }

  private spawn(command: string, args: string[]): ChildProcess {
    const log = openSync(join(this.dir, 'log'), 'a');
    const child = spawn(command, args, { stdio: ['ignore', log, log], cwd: this.dir });
    this.processes.push(child);
    return child;
  }
}

function pathOf({ apiVersion, kind, metadata: { name, namespace } }: any): string {
  return `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${pluralOf(kind)}/${name}`;
}

function pluralOf(kind: string): string {
  return kind.toLowerCase().replace(/y$/, 'ie').replace(/$/, 's');
}

function kubeletToken(node: string): string {
  return `kubelet-of-${node}`;
}

/** A port that nobody listens on at this moment. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
