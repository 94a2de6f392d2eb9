import { Testing } from 'cdk8s';
import { ExternalIpsecEndpoint, ExternalIpsecEndpointProps, Ikev2, IpsecConnectionType, NodeSelection, PeerIdentity } from '../../src';
import { checkInputs } from '../../src/check/check';
import { endpointProps, externalCluster, quietChart } from '../endpoint/fixtures';
import { policy } from '../rules/documents';

type Props = Partial<ExternalIpsecEndpointProps>;
interface Settings { readonly [key: string]: unknown }

const { TRANSPORT, TUNNEL } = IpsecConnectionType;
const NODE = '192.0.2.1';
const PEER = '192.0.2.10';

/** Whether a construct with these props is refused. */
function refused(props: Props): boolean {
  const chart = quietChart();
  const nodes = NodeSelection.hostname('worker-0.example.com');
  try {
    new ExternalIpsecEndpoint(chart, 'x', { ...endpointProps(externalCluster(chart)), nodes, host: PEER, remoteSubnet: undefined, ...props });
    Testing.synth(chart);
    return false;
  } catch {
    return true;
  }
}

/** The rules that call it an error in a policy that says the same. */
function errorsIn(settings: Settings, interfaceName = 'ipsec-storage'): string[] {
  const right = settings.right ?? PEER;
  const written = policy({ left: '%defaultroute', right, rightid: right, rightsubnet: `${PEER}/32`, ...settings }, { interfaceName });
  return checkInputs([{ name: 'policy.json', text: JSON.stringify(written) }]).findings
    .filter(({ severity }) => severity === 'error').map(({ rule }) => rule.id);
}

describe('what a construct refuses, check calls an error', () => {
  test.each<[rule: string, props: Props, settings: Settings, interfaceName?: string]>([
    ['libreswan-proposal', { ike: 'aes256-sha1;modp1024' }, { ike: 'aes256-sha1;modp1024' }],
    ['libreswan-proposal', { esp: 'aes256gcm16' }, { esp: 'aes256gcm16' }],
    ['libreswan-proposal', { ike: 'aes_gcm256', ikev2: Ikev2.NO }, { ike: 'aes_gcm256', ikev2: 'no' }],
    ['libreswan-ends', { left: PEER }, { left: PEER }],
    ['libreswan-ends', { host: 'localhost', remoteSubnet: `${PEER}/32` }, { right: 'localhost' }],
    ['libreswan-ends', { host: '%any', remoteSubnet: `${PEER}/32` }, { right: '%any' }],
    ['libreswan-ends', { host: '127.0.0.1' }, { right: '127.0.0.1' }],
    ['libreswan-ends', { host: 'worker-0.example.com', remoteSubnet: `${PEER}/32` }, { right: 'worker-0.example.com' }],
    ['libreswan-ends', { left: '127.0.0.1' }, { left: '127.0.0.1' }],
    ['libreswan-id-address', { peerIdentity: PeerIdentity.of(`@${PEER}`) }, { rightid: `@${PEER}` }],
    ['libreswan-id-address', { leftid: `@${NODE}` }, { leftid: `@${NODE}` }],
    ['libreswan-transport-subnet', { type: TRANSPORT, remoteSubnet: '198.51.100.7/32' },
      { type: 'transport', rightsubnet: '198.51.100.7/32' }],
    ['libreswan-transport-subnet', { type: TRANSPORT, left: NODE, localSubnet: '192.0.2.2/32' },
      { type: 'transport', left: NODE, leftsubnet: '192.0.2.2/32' }],
    ['libreswan-dpd-timeout', { dpddelay: 60, dpdtimeout: 30 }, { dpddelay: 60, dpdtimeout: 30 }],
    ['interface-reserved', { interfaceName: 'br-ex' }, {}, 'br-ex'],
  ])('%s: %j', (...[rule, props, settings, interfaceName]) => {
    expect(refused(props)).toBe(true);
    expect(errorsIn(settings, interfaceName)).toContain(rule);
  });
});

describe('what a construct takes, check takes', () => {
  test.each<[props: Props, settings: Settings]>([
    [{}, {}],
    [{ ike: 'aes256-sha2;dh20', esp: 'aes_gcm256' }, { ike: 'aes256-sha2;dh20', esp: 'aes_gcm256' }],
    [{ left: NODE }, { left: NODE }],
    [{ peerIdentity: PeerIdentity.of('@storage.example.com') }, { rightid: '@storage.example.com' }],
    [{ peerIdentity: PeerIdentity.of(`@${PEER}`), requireIdOnCertificate: false },
      { 'rightid': `@${PEER}`, 'require-id-on-certificate': false }],
    [{ type: TRANSPORT, left: NODE, localSubnet: `${NODE}/32` }, { type: 'transport', left: NODE, leftsubnet: `${NODE}/32` }],
    [{ type: TUNNEL, remoteSubnet: '198.51.100.7/32' }, { type: 'tunnel', rightsubnet: '198.51.100.7/32' }],
    [{ dpddelay: 30, dpdtimeout: 120 }, { dpddelay: 30, dpdtimeout: 120 }],
  ])('%j', (props, settings) => {
    expect(refused(props)).toBe(false);
    expect(errorsIn(settings)).toEqual([]);
  });
});
