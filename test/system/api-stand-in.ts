import { createHash } from 'crypto';
import { createServer, IncomingMessage, Server } from 'http';
import { AddressInfo } from 'net';
import { Duplex } from 'stream';

/** A Kubernetes object as the API server returns it. */
export interface ApiDocument {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly generation?: number;
    readonly labels?: { readonly [key: string]: string };
  };
  readonly [key: string]: unknown;
}

interface Resource { readonly plural: string; readonly kind: string; readonly namespaced: boolean }

/** What the stand-in knows of the API: as much as `kubectl get`, `exec` and `apply` ask for. */
const RESOURCES: { readonly [groupVersion: string]: readonly Resource[] } = {
  'v1': [{ plural: 'pods', kind: 'Pod', namespaced: true }, { plural: 'nodes', kind: 'Node', namespaced: false }],
  'operator.openshift.io/v1': [{ plural: 'networks', kind: 'Network', namespaced: false }],
  'machineconfiguration.openshift.io/v1': [{ plural: 'machineconfigpools', kind: 'MachineConfigPool', namespaced: false }],
  'nmstate.io/v1': [{ plural: 'nodenetworkconfigurationpolicies', kind: 'NodeNetworkConfigurationPolicy', namespaced: false }],
  'nmstate.io/v1beta1': [{ plural: 'nodenetworkconfigurationenactments', kind: 'NodeNetworkConfigurationEnactment', namespaced: false }],
};

/** The first bit of a WebSocket frame that no other one continues. */
const FINAL_FRAME = 0x80;

/** A few paths of a Kubernetes API server, for a real kubectl to talk to. */
export class ApiStandIn {
  public static async start(): Promise<ApiStandIn> {
    const standIn = new ApiStandIn();
    await new Promise<void>((resolve) => standIn.server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  /** What the cluster has; one list for each look, of which the last stays. */
  public states: ApiDocument[][] = [[]];
  /** What a command in a pod prints. */
  public execOutput = '';
  /** What it prints in some pods instead, by their names. */
  public execOutputIn: { readonly [pod: string]: string } = {};
  /** Groups that the cluster does not have, because their operator is not installed. */
  public unknownGroups: string[] = [];
  /** Whether every question about objects is refused, as without rights. */
  public forbidden = false;
  /** The commands that were run in pods, as `namespace/pod: command`. */
  public readonly executed: string[] = [];

  /** The bodies of patches, which change nothing here. */
  public readonly patches: any[] = [];

  private readonly server: Server;
  /** The server forgets a connection that became a WebSocket. */
  private readonly upgraded: Duplex[] = [];
  private looks = 0;

  private constructor() {
    this.server = createServer((request, response) => {
      let sent = '';
      request.on('data', (chunk) => sent += chunk).on('end', () => {
        if (request.method === 'PATCH') this.patches.push(JSON.parse(sent));
        const { status, body } = this.answer(new URL(request.url!, 'http://localhost'));
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    this.server.on('upgrade', (request: IncomingMessage, socket: Duplex) => this.execute(request, socket));
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** A file for `KUBECONFIG`. */
  public get kubeconfig(): string {
    return JSON.stringify({
      'apiVersion': 'v1',
      'kind': 'Config',
      'current-context': 'c',
      'contexts': [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      'clusters': [{ name: 'c', cluster: { server: this.url } }],
      'users': [{ name: 'u', user: {} }],
    });
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    for (const socket of this.upgraded) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  public reset(...states: ApiDocument[][]): void {
    this.states = states;
    this.looks = 0;
    this.execOutput = '';
    this.execOutputIn = {};
    this.unknownGroups = [];
    this.forbidden = false;
    this.executed.length = 0;
    this.patches.length = 0;
  }

  private answer({ pathname, searchParams }: URL): { status: number; body: unknown } {
    const groupVersions = Object.keys(RESOURCES).filter((groupVersion) => !this.unknownGroups.includes(groupVersion.split('/')[0]));
    if (pathname === '/version') return ok({ major: '1', minor: '32', gitVersion: 'v1.32.4' });
    if (pathname === '/api') return ok({ kind: 'APIVersions', versions: ['v1'] });
    if (pathname === '/apis') return ok(groupList(groupVersions));
    const [, groupVersion, rest] = /^\/(?:apis\/([^/]+\/[^/]+)|api\/v1)(.*)$/.exec(pathname)?? [];
    const group = groupVersion ?? 'v1';
    if (rest === undefined || !groupVersions.includes(group)) {
      return failure(404, 'NotFound', 'the server could not find the requested resource');
    }
    if (rest === '') return ok(resourceList(group));
    if (this.forbidden) {
      return failure(403, 'Forbidden', forbiddenMessage(group, rest));
    }

    const [, namespace, plural, name] = /^(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?$/.exec(rest) ?? [];
    const kind = RESOURCES[group].find((resource) => resource.plural === plural)?.kind;
    // Each look begins with the control plane's pool, which turns the page.
    if (kind === 'MachineConfigPool' && name === 'master') this.looks++;
    const page = this.states[Math.min(Math.max(0, this.looks - 1), this.states.length - 1)];
    const found = page.filter(
      (document) => document.apiVersion === group && document.kind === kind && document.metadata.namespace === namespace,
    );
    if (name !== undefined) {
      const document = found.find(({ metadata }) => metadata.name === name);
      return document ? ok(document) : failure(404, 'NotFound', `${plural}.${group.split('/')[0]} "${name}" not found`);
    }
    const wanted = (searchParams.get('labelSelector') ?? '').split(',').filter((term) => term !== '').map((term) => term.split('='));
    const items = found.filter(({ metadata }) => wanted.every(([key, value]) => metadata.labels?.[key] === value));
    return ok({ kind: `${kind}List`, apiVersion: group, metadata: {}, items });
  }

  /** A command in a pod, by the protocol v5.channel.k8s.io: a byte for the channel, then its data. */
  private execute(request: IncomingMessage, socket: Duplex): void {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
    const [, namespace, pod] = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/exec$/.exec(pathname)!;
    this.upgraded.push(socket);
    this.executed.push(`${namespace}/${pod}: ${searchParams.getAll('command').join(' ')}`);
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
      + `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n`);
    const frame = (opcode: number, payload: Buffer) => socket
      .write(Buffer.concat([Buffer.from([FINAL_FRAME + opcode, ...lengthOf(payload)]), payload]));
    const output = this.execOutputIn[pod] ?? this.execOutput;
    // kubectl drops what comes before it has made its streams; a node takes longer to start a command.
    setTimeout(() => {
      if (output !== '') frame(2, Buffer.concat([Buffer.from([1]), Buffer.from(output)]));
      frame(2, Buffer.concat([Buffer.from([3]), Buffer.from(JSON.stringify({ metadata: {}, status: 'Success' }))]));
      frame(8, Buffer.from([0x03, 0xe8]));
      socket.end();
    }, STARTS_IN);
  }
}

/** Milliseconds until a command says something. */
const STARTS_IN = 200;

/** In a frame of WebSocket: one byte, or from 126 on two more. */
function lengthOf({ length }: Buffer): number[] {
  return length < 126 ? [length] : [126, Math.floor(length / 256), length % 256];
}

function ok(body: unknown): { status: number; body: unknown } {
  return { status: 200, body };
}

/** In the words of Kubernetes (apiserver, pkg/endpoints/handlers/responsewriters/errors.go). */
function forbiddenMessage(groupVersion: string, rest: string): string {
  const [, namespace, plural, name] = /^(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?/.exec(rest) ?? [];
  const group = groupVersion.includes('/') ? groupVersion.split('/')[0] : '';
  return `${plural}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` "${name}"`} is forbidden: `
    + `User "system:serviceaccount:n:ipsec-verification" cannot ${name === undefined ? 'list' : 'get'} resource "${plural}" in API group "${group}" `
    + `${namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`}`;
}

function failure(code: number, reason: string, message: string): { status: number; body: unknown } {
  return { status: code, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code } };
}

function groupList(groupVersions: readonly string[]): object {
  const groups = new Map<string, string[]>();
  for (const groupVersion of groupVersions.filter((text) => text.includes('/'))) {
    const [group] = groupVersion.split('/');
    groups.set(group, [...groups.get(group) ?? [], groupVersion]);
  }
  const version = (groupVersion: string) => ({ groupVersion, version: groupVersion.split('/')[1] });
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [...groups].map(([name, versions]) => ({ name, versions: versions.map(version), preferredVersion: version(versions[0]) })),
  };
}

function resourceList(groupVersion: string): object {
  const resources = RESOURCES[groupVersion].map(({ plural, kind, namespaced }) => ({
    name: plural,
    singularName: '',
    namespaced,
    kind,
    verbs: ['get', 'list'],
  }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}
