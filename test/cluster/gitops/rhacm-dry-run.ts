import { ask, file } from './judges';

/** The Network object of a cluster that nobody has touched. */
export const LIVE_NETWORK = {
  apiVersion: 'operator.openshift.io/v1',
  kind: 'Network',
  metadata: { name: 'cluster' },
  spec: {
    clusterNetwork: [{ cidr: '10.128.0.0/14', hostPrefix: 23 }],
    serviceNetwork: ['172.30.0.0/16'],
    disableNetworkDiagnostics: false,
    defaultNetwork: {
      type: 'OVNKubernetes',
      ovnKubernetesConfig: {
        mtu: 1400,
        ipsecConfig: { mode: 'Disabled' },
        gatewayConfig: { routingViaHost: false, ipForwarding: 'Restricted' },
      },
    },
  },
};

const documents = (...objects: object[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n');

/** What a ConfigurationPolicy, or the first one of a Policy, finds and would change on a cluster with these objects. */
export function dryRun(program: string, policy: object, ...cluster: object[]): string {
  return ask(program, [
    'dryrun',
    '--no-colors',
    '--full-diffs',
    '-p',
    file('policy.json', policy),
    '--mappings-file',
    `${__dirname}/mappings.yaml`,
    file('cluster.yaml', documents(...cluster)),
  ]);
}

/** What changes, line by line, without the places. */
export const changes = (said: string) =>
  said
    .split('\n')
    .filter((line) => /^[+-](?![+-])/.test(line))
    .map((line) => line.replace(/\s+/g, ' ').trim());
