import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App } from 'cdk8s';
import { stringify } from 'yaml';
import { call } from './in-process';
import { makeThrowawayPki } from '../../examples/throwaway-pki';
import { EndpointState, ExternalIpsecEndpoint, IpsecConnectionType, NodeSelection, PeerConfiguration, RhacmTemplate } from '../../src';
import { filledRollout } from '../constructs/rollout/filled';

const folder = mkdtempSync(join(tmpdir(), 'peer-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function peer(args: readonly string[], stdin = '') {
  return call(['peer', ...args], stdin);
}

const policy = (libreswan: object, { name = 'ipsec-storage', state = 'up', selector = {} } = {}) => stringify({
  apiVersion: 'nmstate.io/v1',
  kind: 'NodeNetworkConfigurationPolicy',
  metadata: { name },
  spec: { nodeSelector: selector, desiredState: { interfaces: [{ name, type: 'ipsec', state, libreswan }] } },
});
const SETTINGS = {
  left: '%defaultroute',
  leftid: '%fromcert',
  leftcert: 'left_server',
  leftmodecfgclient: false,
  right: 'storage.example.com',
  rightid: '@storage.example.com',
  rightsubnet: '192.0.2.10/32',
  ikev2: 'insist',
  type: 'transport',
};

describe('exit code 0:', () => {
  test('the peer of one policy, from standard input', () => {
    const { code, stdout, stderr } = peer(['-'], policy(SETTINGS));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^# IPsec between storage\.example\.com, where this file goes, and all nodes of an OpenShift cluster\.\n/);
    expect(stdout).toContain('\nconn ipsec-storage\n    ikev2=insist\n    type=transport\n    left=192.0.2.10\n');
  });

  test('a file for each peer and form', () => {
    const input = `${policy(SETTINGS)}---\n${policy({ ...SETTINGS, right: 'Gateway.example.com.' }, { name: 'ipsec-gateway' })}`;
    const out = join(folder, 'files', 'deep');
    for (const format of ['libreswan', 'strongswan', 'checklist']) {
      expect(peer(['-', '--format', format, '-o', out], input)).toEqual({ code: 0, stdout: '', stderr: '' });
    }
    expect(readdirSync(out).sort()).toEqual([
      'gateway.example.com.checklist.md', 'gateway.example.com.ipsec.conf', 'gateway.example.com.swanctl.conf',
      'storage.example.com.checklist.md', 'storage.example.com.ipsec.conf', 'storage.example.com.swanctl.conf',
    ]);
    expect(peer(['-', '--peer', 'STORAGE.example.com'], input).stdout).toBe(readFileSync(join(out, 'storage.example.com.ipsec.conf'), 'utf8'));
  });

  test('a form in any case', () => {
    for (const format of ['strongSwan', 'STRONGSWAN']) {
      expect(peer(['-', '--format', format], policy(SETTINGS))).toEqual(peer(['-', '--format', 'strongswan'], policy(SETTINGS)));
    }
  });

  test('the guard of the host, for the addresses that are given', () => {
    const { code, stdout, stderr } = peer(['-', '--format', 'guard', '--node-address', '192.0.2.21', '--node-address', '192.0.2.32/28'], policy(SETTINGS));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('    elements = { 192.0.2.21, 192.0.2.32/28 }\n');
  });

  test('the help', () => {
    expect(peer(['--help'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage: openshift-ipsec peer /) });
  });
});

describe('exit code 1:', () => {
  test.each<[what: string, input: string, stderr: string]>([
    ['no tunnel', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n',
      'no connection to write a peer of: there is no live interface of type ipsec with settings, and no keyfile of one\n'],
    ['an absent one', policy(SETTINGS, { state: 'absent' }),
      'no connection to write a peer of: there is no live interface of type ipsec with settings, and no keyfile of one\n'],
    ['a placeholder', policy({ ...SETTINGS, right: '<external_host>' }),
      "'right' ('<external_host>') of the connection 'ipsec-storage' is a placeholder, which is to be filled in first\n"],
    ['a shared secret, which is not shown', policy({ ...SETTINGS, psk: 'hunter2' }),
      "the connection 'ipsec-storage' authenticates with a shared secret, for which no peer is written: use certificates\n"],
    ['a value with a line end', policy({ ...SETTINGS, rightid: '@a\nconn evil' }),
      "'rightid' of the connection 'ipsec-storage' has the character U+000A, which NetworkManager-libreswan refuses: it takes printable ASCII "
        + "without '\"', and no white space for this key: no node takes it, and no peer is written\n"],
    ['a peer that is any host', policy({ ...SETTINGS, right: '%any' }),
      "'right' ('%any') of the connection 'ipsec-storage' stands for any host: libreswan waits for one to call then, and NetworkManager can't "
        + 'bring the connection up: give the address or DNS name of the host outside the cluster\n'],
    ['an IPv6 address', policy({ ...SETTINGS, right: '2001:db8::1' }),
      "'right' ('2001:db8::1') of the connection 'ipsec-storage' is an IPv6 address, which OpenShift does not support for IPsec: use an IPv4 "
        + 'address\n'],
    ['a proposal that libreswan refuses', policy({ ...SETTINGS, ike: 'aes256-sha2_256;modp1024' }),
      "'ike' ('aes256-sha2_256;modp1024') of the connection 'ipsec-storage': libreswan says 'IKE DH algorithm 'modp1024' is not supported', and no "
        + 'peer is written\n'],
  ])('%s', (_, input, stderr) => {
    expect(peer(['-'], input)).toEqual({ code: 1, stdout: '', stderr });
  });

  test('what one connection has wrong keeps no other from being written', () => {
    const input = `${policy(SETTINGS)}---\n${policy({ ...SETTINGS, right: '%any' }, { name: 'ipsec-other' })}`;
    const { code, stdout } = peer(['-'], input);
    expect([code, stdout]).toEqual([1, peer(['-'], policy(SETTINGS)).stdout]);
  });

  test('a guard without addresses, and those of other hosts are written', () => {
    const out = join(folder, 'guards');
    const input = `${policy(SETTINGS)}---\n${policy({ ...SETTINGS, right: 'gateway.example.com', left: '192.0.2.7' }, { name: 'ipsec-gateway' })}`;
    expect(peer(['-', '--format', 'guard', '-o', out], input)).toEqual({
      code: 1,
      stdout: '',
      stderr: "the addresses of all nodes, which the guard of the host is for, are not in the connection 'ipsec-storage': give "
        + "them as nodeAddresses ('--node-address'), as the host sees them, or give the endpoint left\n",
    });
    expect(readdirSync(out)).toEqual(['gateway.example.com.guard.nft']);
  });

  test('another peer than any', () => {
    expect(peer(['-', '--peer', 'nas'], policy(SETTINGS))).toEqual({
      code: 1, stdout: '', stderr: "no connection leads to 'nas': they lead to storage.example.com\n",
    });
  });
});

describe('exit code 2:', () => {
  test.each<[what: string, args: string[], stderr: string]>([
    ['no file', [], "no FILE is given: name files or folders, or '-' for standard input; 'openshift-ipsec peer --help' tells more"],
    ['a file that is not there', ['/nowhere'], "FILE ('/nowhere') does not exist: name a file or folder, or - for standard input"],
    ['another form', ['-', '--format', 'cisco'], "'--format' ('cisco') must be one of libreswan, strongswan, checklist, guard"],
    ['an address of a node that is none', ['-', '--node-address', 'worker-0'],
      "'--node-address' ('worker-0') must be the IPv4 address of a node, or a network of nodes in CIDR notation, such as '192.0.2.21' or "
        + "'192.0.2.0/24'"],
    ['an address that is none', ['-', '--peer-address', 'x'],
      "'--peer-address' ('x') must be the IPv4 address by which the nodes reach the peer, such as '192.0.2.10'"],
    ['a name that is a path', ['-', '--certificate-name', 'a/b'],
      "'--certificate-name' ('a/b') must be letters, digits, '.', '-' and '_', at most 100: it becomes a nickname and a part of file names"],
    ['several peers and one place', ['-'],
      'the tunnels lead to 2 hosts (gateway.example.com, storage.example.com), and each has a file of its own: name one with --peer, or a folder '
        + 'with -o'],
  ])('%s', (_, args, stderr) => {
    const input = `${policy(SETTINGS)}---\n${policy({ ...SETTINGS, right: 'gateway.example.com' }, { name: 'ipsec-gateway' })}`;
    expect(peer(args, input)).toEqual({ code: 2, stdout: '', stderr: `openshift-ipsec peer: ${stderr}\n` });
  });

  test('what can not be read, and the rest is written', () => {
    const good = join(folder, 'good.yaml');
    const bad = join(folder, 'bad.yaml');
    writeFileSync(good, policy(SETTINGS));
    writeFileSync(bad, 'a: [\n');
    const { code, stdout } = peer([good, bad]);
    expect([code, stdout]).toEqual([2, peer([good]).stdout]);
  });

  test('a folder that can not be made', () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    expect(peer(['-', '-o', join(file, 'x')], policy(SETTINGS))).toMatchObject({ code: 2, stdout: '' });
  });
});

test('no label of a node begins a line of its own', () => {
  const { stdout } = peer(['-'], policy(SETTINGS, { selector: { 'zone\nconn evil': 'a\n    auto=start' } as object }));
  expect(stdout).not.toMatch(/^\s*(conn evil|auto=start)/m);
});

describe('the same text from the manifests of an example as from its constructs:', () => {
  const files = makeThrowawayPki(join(folder, 'pki'));
  /** Every app that an example has synthesized, and where. */
  function appsOf(example: string): { readonly app: App; readonly outdir: string }[] {
    const home = join(folder, example);
    mkdirSync(home);
    for (const [from, to] of [[files.ca, 'ca.pem'], [files.bundle, 'left_server.p12'], [files.passwordFile, 'left_server.password']]) {
      copyFileSync(from, join(home, to));
    }
    const apps: { app: App; outdir: string }[] = [];
    const { synth } = App.prototype;
    const watched = jest.spyOn(App.prototype, 'synth').mockImplementation(function (this: App) {
      apps.push({ app: this, outdir: join(process.cwd(), this.outdir) });
      synth.call(this);
    });
    const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const before = process.cwd();
    try {
      process.chdir(home);
      const example_ = jest.requireActual(`../../examples/${example}`);
      if (example === 'demo') example_.demo([], 'out');
      if (example === 'operations') example_.operations('out');
      if (example === 'lab') example_.lab('out');
      return apps;
    } finally {
      process.chdir(before);
      told.mockRestore();
      watched.mockRestore();
    }
  }

  test.each(['quickstart', 'demo', 'operations', 'argocd', 'flux', 'fleet', 'lab'])('%s', (example) => {
    let compared = 0;
    for (const { app, outdir } of appsOf(example)) {
      const live = app.node.findAll().filter((each): each is ExternalIpsecEndpoint => (
        each instanceof ExternalIpsecEndpoint && each._props.state !== EndpointState.ABSENT));
      for (const host of new Set(live.map(({ _props }) => _props.host))) {
        const [first, ...endpoints] = live.filter(({ _props }) => _props.host === host);
        const forms = {
          libreswan: PeerConfiguration.libreswan(first, { endpoints }),
          strongswan: PeerConfiguration.strongSwan(first, { endpoints }),
          checklist: PeerConfiguration.checklist(first, { endpoints }),
        };
        for (const [format, configuration] of Object.entries(forms)) {
          const args = [outdir.replace(`${process.cwd()}/`, ''), '--format', format, '--peer', host];
          expect(peer(args)).toEqual({ code: 0, stdout: configuration.text(), stderr: '' });
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(0);
  }, 240_000);

  // RHACM fills in a node's name on the cluster, so that nobody can tell the peer an address now.
  test('acm, whose endpoints are filled in on the cluster, is refused alike', () => {
    const [{ outdir }] = appsOf('acm');
    const { rollout, cluster, certificate } = filledRollout({});
    const endpoint = new ExternalIpsecEndpoint(rollout.endpoints, 'peer', {
      cluster,
      certificate,
      nodes: NodeSelection.role('worker'),
      interfaceName: 'ipsec-peer',
      left: RhacmTemplate.NODE_NAME,
      host: '192.0.2.20',
      type: IpsecConnectionType.TRANSPORT,
    });
    const message = "'left' ('{{ $node.metadata.name }}') of the connection 'ipsec-peer' is a placeholder, which is to be filled in first";
    expect(() => PeerConfiguration.libreswan(endpoint).text()).toThrow(expect.objectContaining({ name: 'InputError', message }));
    const { code, stdout, stderr } = peer([outdir.replace(`${process.cwd()}/`, '')]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('ipsec-storage');
  }, 240_000);
});
