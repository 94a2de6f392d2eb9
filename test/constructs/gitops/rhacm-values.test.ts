import { ApiObject, App, Chart } from 'cdk8s';
import {
  CertImportMachineConfig, ConnectionDelivery, ExternalIpsecEndpoint, ExternalIpsecEndpointProps, IpsecConnectionType, IpsecWarnings,
  NodeSelection, PeerIdentity, Pkcs12Bundle, RhacmPolicies, RhacmTemplate, ZtpExtraManifests,
} from '../../../src';
import { caCertificates } from '../certificates/fixtures';
import { filledRollout } from '../rollout/filled';

const STORAGE = RhacmTemplate.clusterLabel('storage');

function withEndpoint(props: Partial<ExternalIpsecEndpointProps>) {
  const filled = filledRollout({});
  const endpoint = new ExternalIpsecEndpoint(filled.rollout.endpoints, 'gateway', {
    cluster: filled.cluster,
    certificate: filled.certificate,
    nodes: NodeSelection.hostname('worker-0.example.com'),
    interfaceName: 'ipsec-gateway',
    host: '192.0.2.20',
    type: IpsecConnectionType.TUNNEL,
    ...props,
  });
  return { ...filled, endpoint };
}

function hubOf({ rollout }: ReturnType<typeof filledRollout>, nodeEndpoints?: ExternalIpsecEndpoint[]) {
  const hub = new App();
  new RhacmPolicies(hub, 'acm', { rollout, namespace: 'policies', clusterLabels: { ipsec: 'true' }, nodeEndpoints });
  return hub;
}

const NOWHERE = 'is a hub template, and no policy of RHACM holds this object; have RhacmPolicies write the object into a policy, in an app of its '
  + 'own, and apply that alone; acknowledge it where a PolicyGenerator wraps this file (hub-template-outside-policy)';

test.each<[string, Partial<ExternalIpsecEndpointProps>]>([
  ['host', { host: STORAGE, peerIdentity: PeerIdentity.of('@storage.example.com'), remoteSubnet: '192.0.2.20/32' }],
  ['remoteSubnet', { remoteSubnet: `${STORAGE}/32` }],
  ['localSubnet', { localSubnet: STORAGE }],
  ['leftid', { leftid: `@${STORAGE}` }],
  ['peerIdentity', { peerIdentity: PeerIdentity.of(`@${STORAGE}`) }],
  ['leftAddress', { leftAddress: STORAGE }],
])('the hub fills in %s, and outside its policies it is refused', (prop, props) => {
  const filled = withEndpoint(props);
  expect(() => hubOf(filled).synthYaml()).not.toThrow();
  const [[, settings]] = Object.entries(filled.endpoint.policies[0].toJson().spec.desiredState.interfaces[0]).filter(([key]) => key === 'libreswan');
  const value = Object.values(settings as object).find((each) => String(each).includes('{{hub'));
  expect(() => filled.app.synthYaml()).toThrow(`ipsec/endpoints/gateway: '${prop}' ('${value}') ${NOWHERE}`);
});

test('the hub fills in the node, whose policy is named without it', () => {
  const filled = withEndpoint({ nodes: NodeSelection.hostname(STORAGE) });
  expect(filled.endpoint.policyNames).toEqual(['ipsec-gateway']);
  expect(() => hubOf(filled).synthYaml()).not.toThrow();
  expect(() => filled.app.synthYaml()).toThrow(
    "ipsec/endpoints/gateway: 'nodeSelector' has '{{hub index .ManagedClusterLabels \"storage\" hub}}' for 'kubernetes.io/hostname', a hub template, "
      + 'and no policy of RHACM holds this object');
});

test.each<[string, Partial<ExternalIpsecEndpointProps>, string]>([
  ['a peer whose identity nobody says', { host: STORAGE, remoteSubnet: '192.0.2.20/32' },
    `'peerIdentity' must be given where 'host' ('${STORAGE}') is filled in on the hub, because a name and an address are different identities: `
      + 'PeerIdentity.of(`@${…}`) with the same template where it is a name, and PeerIdentity.of(…) where it is an address'],
  ['a peer without a subnet', { host: STORAGE, peerIdentity: PeerIdentity.of('@a') },
    `'remoteSubnet' must be given where 'host' ('${STORAGE}') is filled in on the hub: without it the node sends all IPv4 traffic into the tunnel; `
      + "for the peer alone it is the peer's address followed by /32"],
  ['a value that is one for all', { ike: STORAGE }, `'ike' ('${STORAGE}') is a placeholder of a template, which nothing fills in: give the value itself`],
  ["another tool's template", { leftAddress: '{{ .Values.left }}' },
    "'leftAddress' ('{{ .Values.left }}') is a placeholder of a template, which nothing fills in: give the value itself"],
  ['a Secret', { leftid: RhacmTemplate.hubSecret('policies', 'a', 'b') },
    `'leftid' ('${RhacmTemplate.hubSecret('policies', 'a', 'b')}') is from a Secret of the hub, which RHACM fills in as Base64, and the node would take `
      + "that for the value: give RhacmTemplate.clusterLabel('…'), or the value itself"],
  ['a keyfile', { leftid: STORAGE, nodes: NodeSelection.role('worker'), delivery: ConnectionDelivery.KEYFILE },
    `'leftid' ('${STORAGE}') is a template of RHACM, which fills in nothing inside the file that delivery KEYFILE writes: leave 'delivery' out, or `
      + 'give the value itself'],
])('%s is refused', (_, props, message) => {
  expect(() => withEndpoint(props)).toThrow(new Error(`ipsec/endpoints/gateway: ${message}`));
});

test('the name of each node is refused where nothing goes through the nodes', () => {
  const filled = withEndpoint({ nodes: NodeSelection.role('worker'), left: RhacmTemplate.NODE_NAME });
  expect(() => hubOf(filled)).toThrow(new Error(
    "acm: 'nodeEndpoints' lacks the endpoint of policy 'ipsec-gateway' (ipsec/endpoints/gateway), which has RhacmTemplate.NODE_NAME, and only a "
      + 'policy for each node has a node to name: add the endpoint to it'));
  expect(() => filled.app.synthYaml()).toThrow(
    "ipsec/endpoints/gateway: 'left' ('{{ $node.metadata.name }}') is the name of each node that RHACM goes through, and no policy of RHACM holds "
      + "this object; name the endpoint in 'nodeEndpoints' of RhacmPolicies, and apply what that writes alone (hub-template-outside-policy)");
  expect(() => hubOf(filled, [filled.endpoint]).synthYaml()).not.toThrow();
});

describe('what the synthesis of the rollout would say, its reader says', () => {
  const twice = () => withEndpoint({ nodes: NodeSelection.role('worker'), interfaceName: 'ipsec-storage', policyName: 'other' });
  const TWICE = /ipsec\/endpoints\/\w+: .*\(interface-duplicate\)/;

  test('errors, once a synthesis', () => {
    const hub = hubOf(twice());
    expect(() => hub.synthYaml()).toThrow(TWICE);
    const app = new App();
    new ZtpExtraManifests(new Chart(app, 'ztp'), 'extra', { rollout: twice().rollout, namespace: 'oslo' });
    expect(() => app.synthYaml()).toThrow(TWICE);
  });

  test('warnings, each once', () => {
    const filled = withEndpoint({ nodes: NodeSelection.role('worker') });
    const hub = hubOf(filled);
    hub.synthYaml();
    hub.synthYaml();
    const told = IpsecWarnings.of(filled.rollout).list().map(({ ruleId, path }) => `${ruleId} ${path}`);
    expect(told).toEqual(expect.arrayContaining([expect.stringMatching(/^certificate-shared /)]));
    expect(new Set(told).size).toBe(told.length);
  });

  test('what came after it was read', () => {
    const filled = filledRollout({});
    const hub = hubOf(filled);
    new ApiObject(filled.rollout.mode, 'late', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late' } });
    expect(() => hub.synthYaml()).toThrow('ipsec/mode/late came after RhacmPolicies, which does not know it: call it last, before app.synth()');
  });
});

test('the installation fills in no template of the hub', () => {
  const { rollout, cluster } = filledRollout({});
  new CertImportMachineConfig(rollout.certificates, 'hub', {
    cluster,
    roles: ['worker'],
    caCertificates,
    nodePasswordFile: '/etc/pki/ipsec/left_server.password',
    bundle: Pkcs12Bundle.fromHubSecret({ namespace: 'policies', name: 'left-server', key: 'left_server.p12' }),
  });
  expect(() => new ZtpExtraManifests(new Chart(new App(), 'ztp'), 'extra', { rollout, namespace: 'oslo' })).toThrow(
    /^ztp\/extra: 'rollout' has MachineConfig '[^']+' with '\{\{hub fromSecret "policies" "left-server" "left_server\.p12" hub\}\}', which RHACM fills in inside a policy alone: a node that is installed with it would have the template itself in its file; give it a bundle that is there at synthesis, Pkcs12Bundle\.fromFile\(…\), or leave this rollout to RhacmPolicies, on the second day$/);
});
