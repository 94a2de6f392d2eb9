import { Testing } from 'cdk8s';
import { disruptionPolicy, planned, tunnel } from './manifests';
import { ConnectionDelivery, EndpointState, ExternalIpsecEndpoint, ExternalIpsecEndpointProps, NodeSelection } from '../../src';
import { textPlan } from '../../src/plan/reporters/text';
import { endpointProps, externalCluster, quietChart } from '../constructs/endpoint/fixtures';

/** What an endpoint writes, without the Network object. */
function endpoint(props: Partial<ExternalIpsecEndpointProps> = {}, delivery = ConnectionDelivery.KEYFILE): object[] {
  const chart = quietChart();
  new ExternalIpsecEndpoint(chart, 'storage', {
    ...endpointProps(externalCluster(chart, '4.18')), nodes: NodeSelection.role('worker'), delivery, ...props,
  });
  return Testing.synth(chart).filter(({ kind }) => kind !== 'Network');
}

const byPolicy = (props: Partial<ExternalIpsecEndpointProps> = {}) => endpoint(props, ConnectionDelivery.NMSTATE);
const other = { remoteSubnet: '10.1.2.4/32' };
const withoutReboot = disruptionPolicy({ files: [{ path: '/etc/NetworkManager/system-connections', actions: [{ type: 'None' }] }] });

function tunnels(before: object[], after: object[]) {
  return planned(before, after).tunnels.map(({ change, delivery, policy, nodes }) => [change, delivery, policy, nodes]);
}

const OWN = ['keyfile', '99-worker-ipsec-ipsec-storage', 'nodes of role worker'];

test.each<[what: string, before: object[], after: object[], fate: string]>([
  ['comes up', [], endpoint(), 'comes-up'],
  ['stays', endpoint(), endpoint(), 'stays'],
  ['restarts with other settings', endpoint(), endpoint(other), 'restarts'],
  ['goes down with its MachineConfig, because the nodes reboot', endpoint(), [], 'goes-down'],
  ['stays behind where the nodes do not reboot', [withoutReboot, ...endpoint()], [withoutReboot], 'stays-behind'],
  ['stays as it is where the nodes do not read the file', [withoutReboot, ...endpoint()], [withoutReboot, ...endpoint(other)], 'stays'],
])('a tunnel of a keyfile %s', (_, before, after, fate) => {
  expect(tunnels(before, after)).toEqual([[fate, ...OWN]]);
});

test('a keyfile that is absent takes its tunnel down, and leaves nothing unknown of what was there before', () => {
  const plan = planned(endpoint(), endpoint({ state: EndpointState.ABSENT }), { worker: 2 });
  expect(plan.tunnels.map(({ change }) => change)).toEqual(['goes-down']);
  expect(plan.unknown.filter((sentence) => sentence.includes('keyfile'))).toEqual([]);
  expect(planned(endpoint(), [], { worker: 2 }).unknown).toContain(
    'Whether nodes had ipsec-storage before the keyfile, from a policy of NMState: the Machine Config Operator then puts that back. '
      + 'An endpoint with state ABSENT takes both away.',
  );
});

test('a renewed certificate renews tunnels of both deliveries', () => {
  const bundle = (content: string) => ({
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: { name: '99-worker-import-certs', labels: { 'machineconfiguration.openshift.io/role': 'worker' } },
    spec: {
      config: {
        ignition: { version: '3.4.0' },
        storage: { files: [{ path: '/etc/pki/certs/left_server.p12', contents: { source: `data:,${content}` } }] },
        systemd: {
          units: [{
            name: 'ipsec-import.service',
            contents:
          '[Service]\nEnvironment=IPSEC_P12=/etc/pki/certs/left_server.p12\nEnvironment=IPSEC_NICKNAME=left_server\n',
          }],
        },
      },
    },
  });
  expect(tunnels([bundle('a'), ...endpoint()], [bundle('b'), ...endpoint()])).toEqual([['renews', ...OWN]]);
});

test('a keyfile that leaves without a reboot is told with what takes the tunnel down', () => {
  expect(planned([withoutReboot, ...endpoint()], [withoutReboot]).warnings).toEqual([
    "MachineConfig '99-worker-ipsec-ipsec-storage' no longer has the keyfile of tunnel ipsec-storage, which stays behind on nodes of role "
      + 'worker until they reboot: nothing reboots them, and NetworkManager keeps up what is up. Take it down on each node: '
      + 'nmcli connection down ipsec-storage.',
  ]);
});

test('a keyfile that changes without a reboot is told with what has it read', () => {
  expect(planned([withoutReboot, ...endpoint()], [withoutReboot, ...endpoint(other)]).warnings).toEqual([
    "The keyfile of tunnel ipsec-storage in MachineConfig '99-worker-ipsec-ipsec-storage' changes and no node reboots for it: nodes of role "
      + 'worker keep the tunnel as it was, until they reboot or someone has NetworkManager read the file (nmcli connection load, then '
      + 'nmcli connection down ipsec-storage; nmcli connection up ipsec-storage).',
  ]);
});

test('a tunnel that moves from a policy to a keyfile is one tunnel, whose policy has to go first', () => {
  const plan = planned(byPolicy(), endpoint());
  expect(plan.tunnels.map(({ change, delivery }) => [change, delivery])).toEqual([['restarts', 'keyfile']]);
  expect(plan.warnings[0]).toBe(
    "Tunnel ipsec-storage (nodes of role worker) moves from policy 'ipsec-storage' to a keyfile in MachineConfig "
      + "'99-worker-ipsec-ipsec-storage'. Delete the policy before the MachineConfig is applied, without 'state: absent': a policy that is "
      + 'applied to a keyfile of the Machine Config Operator changes it, and the operator then calls the node degraded.',
  );
});

test('and one that moves back waits for the pool', () => {
  const plan = planned(endpoint(), byPolicy());
  expect(plan.tunnels.map(({ change, delivery }) => [change, delivery])).toEqual([['restarts', 'nmstate']]);
  expect(plan.warnings[0]).toBe(
    "Tunnel ipsec-storage (nodes of role worker) moves from the keyfile in MachineConfig '99-worker-ipsec-ipsec-storage' to policy "
      + "'ipsec-storage'. Apply the policy when the pool is updated (oc get mcp): before, it changes the keyfile, and the Machine Config "
      + 'Operator calls the node degraded.',
  );
});

test('a keyfile takes over from policies of hosts, of which no manifest says the pool', () => {
  const plan = planned([tunnel('ipsec-storage')], endpoint());
  expect(plan.tunnels.map(({ change, nodes }) => [change, nodes])).toEqual([
    ['comes-up', 'the other nodes of role worker'], ['restarts', 'worker-0'],
  ]);
  expect(plan.unknown).toContain(
    'Whether worker-0 (ipsec-storage) is of the pool whose MachineConfig has the keyfile: on nodes of another pool the tunnel stays behind.',
  );
});

test('a keyfile comes with the rollout that it needs: nobody has to wait with it', () => {
  const plan = planned([], endpoint(), { worker: 3 });
  expect(plan.warnings).toEqual([]);
  expect(textPlan(plan, false)).toContain(`Nodes
  worker  drain and reboot  (3 nodes, one at a time, 36 to 72 minutes)
          MachineConfig/99-worker-ipsec-ipsec-storage
            added    /etc/NetworkManager/system-connections/ipsec-storage.nmconnection  => Reboot

Tunnels
  comes up      ipsec-storage  nodes of role worker -> storage.example.com (10.1.2.3/32)
`);
});
