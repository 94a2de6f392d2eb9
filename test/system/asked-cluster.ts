import { createServer, Server } from 'http';
import { AddressInfo } from 'net';

interface ClusterObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: { readonly [label: string]: string } };
  readonly [key: string]: unknown;
}

interface Resource { readonly kind: string; readonly shortNames: readonly string[]; readonly namespaced: boolean }

/** The resources that a cluster with the operators has, by their API and plural. Names are those of the definitions. */
const RESOURCES: { readonly [groupVersion: string]: { readonly [plural: string]: Resource } } = {
  'v1': {
    nodes: { kind: 'Node', shortNames: ['no'], namespaced: false },
    pods: { kind: 'Pod', shortNames: ['po'], namespaced: true },
    configmaps: { kind: 'ConfigMap', shortNames: ['cm'], namespaced: true },
  },
  'batch/v1': { jobs: { kind: 'Job', shortNames: [], namespaced: true } },
  'apiextensions.k8s.io/v1': { customresourcedefinitions: { kind: 'CustomResourceDefinition', shortNames: ['crd', 'crds'], namespaced: false } },
  'operator.openshift.io/v1': {
    networks: { kind: 'Network', shortNames: [], namespaced: false },
    machineconfigurations: { kind: 'MachineConfiguration', shortNames: [], namespaced: false },
  },
  'config.openshift.io/v1': {
    networks: { kind: 'Network', shortNames: [], namespaced: false },
    infrastructures: { kind: 'Infrastructure', shortNames: [], namespaced: false },
    clusterversions: { kind: 'ClusterVersion', shortNames: [], namespaced: false },
    clusteroperators: { kind: 'ClusterOperator', shortNames: ['co'], namespaced: false },
  },
  'machineconfiguration.openshift.io/v1': {
    machineconfigs: { kind: 'MachineConfig', shortNames: ['mc'], namespaced: false },
    machineconfigpools: { kind: 'MachineConfigPool', shortNames: ['mcp'], namespaced: false },
  },
  'nmstate.io/v1': { nodenetworkconfigurationpolicies: { kind: 'NodeNetworkConfigurationPolicy', shortNames: ['nncp'], namespaced: false } },
  'nmstate.io/v1beta1': {
    nodenetworkconfigurationenactments: { kind: 'NodeNetworkConfigurationEnactment', shortNames: ['nnce'], namespaced: false },
    nodenetworkstates: { kind: 'NodeNetworkState', shortNames: ['nns'], namespaced: false },
  },
  'operators.coreos.com/v1alpha1': { clusterserviceversions: { kind: 'ClusterServiceVersion', shortNames: ['csv', 'csvs'], namespaced: true } },
  'packages.operators.coreos.com/v1': { packagemanifests: { kind: 'PackageManifest', shortNames: [], namespaced: true } },
  'ingressnodefirewall.openshift.io/v1alpha1': { ingressnodefirewalls: { kind: 'IngressNodeFirewall', shortNames: [], namespaced: false } },
  'policy.open-cluster-management.io/v1': { policies: { kind: 'Policy', shortNames: ['plc'], namespaced: true } },
};

/** What an API server says of objects that it has, to a real kubectl: a wrong resource, name, namespace or field is an error there. */
export class AskedCluster {
  public static async start(objects: { readonly [resource: string]: readonly ClusterObject[] }): Promise<AskedCluster> {
    const cluster = new AskedCluster(objects);
    await new Promise<void>((resolve) => cluster.server.listen(0, '127.0.0.1', resolve));
    return cluster;
  }

  private readonly server: Server;

  private constructor(private readonly objects: { readonly [resource: string]: readonly ClusterObject[] }) {
    this.server = createServer((request, response) => {
      let sent = '';
      request.on('data', (chunk) => sent += chunk).on('end', () => {
        const { code, ...body } = this.answer(request.method!, new URL(request.url!, 'http://localhost'), sent) as { readonly code?: number };
        response.writeHead(code ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify({ code, ...body }));
      });
    });
  }

  /** A file for `KUBECONFIG`. */
  public get kubeconfig(): string {
    return JSON.stringify({
      'apiVersion': 'v1',
      'kind': 'Config',
      'current-context': 'c',
      'contexts': [{ name: 'c', context: { cluster: 'c', user: 'u', namespace: 'ipsec' } }],
      'clusters': [{ name: 'c', cluster: { server: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}` } }],
      'users': [{ name: 'u', user: {} }],
    });
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(method: string, { pathname, searchParams }: URL, sent: string): object {
    if (pathname === '/api') return { kind: 'APIVersions', versions: ['v1'] };
    if (pathname === '/apis') return groupList();
    const [, given, rest = ''] = /^\/(?:apis\/([^/]+\/[^/]+)|api\/v1)(\/.*)?$/.exec(pathname) ?? [];
    const groupVersion = given ?? 'v1';
    const resources = RESOURCES[groupVersion];
    if (!resources) return failure(404, 'NotFound', 'the server could not find the requested resource');
    if (rest === '') return resourceList(groupVersion);
    const [, namespace, plural, name] = /^(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?$/.exec(rest) ?? [];
    const all = (this.objects[`${plural}.${groupVersion}`] ?? []).map((object) => ({ apiVersion: groupVersion, kind: resources[plural].kind, ...object }));
    const here = all.filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace);
    if (name === undefined) {
      return { kind: `${resources[plural].kind}List`, apiVersion: groupVersion, metadata: {}, items: here.filter((object) => isSelected(object, searchParams)) };
    }
    const object = here.find(({ metadata }) => metadata.name === name);
    if (!object) return failure(404, 'NotFound', `${plural}.${groupVersion.split('/')[0]} "${name}" not found`);
    const unknown = method === 'PATCH' ? unknownField(object, JSON.parse(sent)) : undefined;
    if (unknown !== undefined) return failure(422, 'Invalid', `${unknown} is no field that it has`);
    return method === 'DELETE' ? { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } : object;
  }
}

function isSelected({ metadata, ...object }: ClusterObject, searchParams: URLSearchParams): boolean {
  const terms = (param: string) => (searchParams.get(param) ?? '').split(',').filter((term) => term !== '').map((term) => term.split('='));
  return terms('labelSelector').every(([label, value = metadata.labels?.[label]]) => value !== undefined && metadata.labels?.[label] === value)
    && terms('fieldSelector').every(([field, value]) => valueAt(object, field.split('.')) === value);
}

function valueAt(object: unknown, path: readonly string[]): unknown {
  return path.reduce((value: any, key) => value?.[key], object);
}

/** What a patch would change and the object does not have; the objects have every field that a page may change. */
function unknownField(object: unknown, patch: unknown, path: readonly string[] = []): string | undefined {
  if (Array.isArray(patch)) {
    const paths = patch.map(({ path: pointer }) => String(pointer).slice(1).split('/'));
    return paths.find((each) => valueAt(object, each) === undefined)?.join('.');
  }
  if (valueAt(object, path) === undefined) return path.join('.');
  if (typeof patch !== 'object' || patch === null) return undefined;
  for (const [key, inner] of Object.entries(patch)) {
    const unknown = unknownField(object, inner, [...path, key]);
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}

function failure(code: number, reason: string, message: string): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
}

function groupList(): object {
  const names = [...new Set(Object.keys(RESOURCES).filter((groupVersion) => groupVersion.includes('/')).map((groupVersion) => groupVersion.split('/')[0]))];
  const groups = names.map((name) => {
    const versions = Object.keys(RESOURCES).filter((groupVersion) => groupVersion.startsWith(`${name}/`))
      .map((groupVersion) => ({ groupVersion, version: groupVersion.split('/')[1] }));
    return { name, versions, preferredVersion: versions[0] };
  });
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

function resourceList(groupVersion: string): object {
  const resources = Object.entries(RESOURCES[groupVersion]).map(([name, { kind, shortNames, namespaced }]) => (
    { name, singularName: kind.toLowerCase(), namespaced, kind, shortNames, verbs: ['get', 'list', 'patch', 'delete', 'watch'] }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}
