import * as fs from 'fs';
import * as path from 'path';
import { COUNTED, Machines } from './machines';
import { scratch } from './tools';
import { ExternalIpsecEndpoint, ExternalIpsecEndpointProps, IpsecConnectionType, PeerConfiguration } from '../../src';
import { clusterBeside, endpointProps, quietChart } from '../constructs/endpoint/fixtures';

// The kernel of the machine may lack ESP, so these tests are about what happens without a security association, as those of the node's guard.
const dir = scratch('peer-guard');
const [NODE, PEER, BEHIND, OTHER] = ['203.0.113.1', '203.0.113.10', '198.51.100.1', '203.0.113.7'];

/** The file as it is written for the host. */
function guard(props: Partial<ExternalIpsecEndpointProps> = {}): string {
  const chart = quietChart();
  const endpoint = new ExternalIpsecEndpoint(chart, 'storage', {
    ...endpointProps(clusterBeside(chart)), remoteSubnet: `${PEER}/32`, ...props,
  });
  return PeerConfiguration.guard(endpoint, { nodeAddresses: [NODE] }).write(dir);
}

const TO_SUBNET = { type: IpsecConnectionType.TUNNEL, remoteSubnet: '198.51.100.0/24' };

/** The node, with an address that is no node's beside its own; the host; and a host behind it. */
const machines = new Machines(['node', 'peer', 'behind'], ({ on }) => {
  machines.wire('node', 'peer', [`${NODE}/24`, `${PEER}/24`]);
  machines.wire('peer', 'behind', ['198.51.100.254/24', `${BEHIND}/24`]);
  on('node', 'ip', 'addr', 'add', `${OTHER}/32`, 'dev', 'lo');
  on('node', 'ip', 'route', 'add', 'default', 'via', PEER);
  on('behind', 'ip', 'route', 'add', 'default', 'via', '198.51.100.254');
  on('peer', 'ip', 'route', 'add', `${OTHER}/32`, 'via', NODE);
  on('peer', 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
});
const { at, on, nft } = machines;
const arrived = () => machines.arrived('node');

beforeEach(() => {
  for (const machine of ['node', 'peer', 'behind']) on(machine, 'nft', 'flush', 'ruleset');
  nft('node', COUNTED);
});

const load = (file: string) => on('peer', 'nft', '-f', file);
const pings = (machine: string, to: string, from?: string) =>
  at(machine, 'ping', '-q', '-c2', '-i0.05', '-W1', ...from ? ['-I', from] : [], to).stdout.includes(' 2 received');

test('control: without it everything goes in clear', () => {
  expect([pings('node', PEER), pings('peer', NODE), pings('behind', NODE), pings('node', BEHIND)]).toEqual([true, true, true, true]);
  expect(arrived()).toEqual({ ping: 4 });
});

test.each([['the host itself', {}], ['a subnet behind it', TO_SUBNET]])('nft takes what is written for %s, twice', (_, props) => {
  const file = guard(props);
  expect(at('peer', 'nft', '-c', '-f', file)).toMatchObject({ code: 0, stdout: '', stderr: '' });
  load(file);
  load(file);
});

test('the host neither sends to the node in clear nor takes what it sends, but IKE and ESP', () => {
  load(guard());
  expect([pings('peer', NODE), pings('node', PEER)]).toEqual([false, false]);
  expect(arrived()).toEqual({});
  on('peer', 'python3', '-c', `
import socket
for port in (500, 4500, 1701):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('', port))
    try: s.sendto(b'x', ('${NODE}', port))
    except PermissionError: pass
socket.socket(socket.AF_INET, socket.SOCK_RAW, 50).sendto(b'12345678', ('${NODE}', 0))
`);
  expect(arrived()).toEqual({ 'ike': 1, 'nat-t': 1, 'esp': 1 });
});

test('what is no node is reached as before', () => {
  load(guard());
  expect([pings('peer', OTHER), pings('node', PEER, OTHER), pings('peer', PEER), pings('behind', OTHER)]).toEqual([true, true, true, true]);
});

test('a gateway forwards nothing in clear between the node and what is behind it, and is reached itself', () => {
  load(guard(TO_SUBNET));
  expect([pings('node', BEHIND), pings('behind', NODE)]).toEqual([false, false]);
  expect(arrived()).toEqual({});
  expect([pings('node', PEER), pings('peer', NODE), pings('behind', OTHER)]).toEqual([true, true, true]);
});

test('is taken away by the command in its first lines', () => {
  const file = guard();
  load(file);
  expect(pings('peer', NODE)).toBe(false);
  const [, command] = /Take it away:\n# +(nft .*)$/m.exec(fs.readFileSync(path.join(dir, path.basename(file)), 'utf8'))!;
  on('peer', ...command.split(' '));
  expect(pings('peer', NODE)).toBe(true);
});
