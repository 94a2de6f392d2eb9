import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import {
  ConnectionDelivery, EndpointState, ExternalIpsecEndpoint, ExternalIpsecEndpointProps, IpsecConnectionType, NodeSelection,
  PeerConfiguration, PeerConfigurationProps, PeerIdentity, SendCertificate,
} from '../../../src';
import { clusterBeside, endpoint, endpointProps, quietChart } from '../endpoint/fixtures';

const libreswan = (props: Partial<ExternalIpsecEndpointProps> = {}, peer?: PeerConfigurationProps, version?: string) =>
  PeerConfiguration.libreswan(endpoint(props, version).construct, peer).text();
const strongSwan = (props: Partial<ExternalIpsecEndpointProps> = {}, peer?: PeerConfigurationProps, version?: string) =>
  PeerConfiguration.strongSwan(endpoint(props, version).construct, peer).text();
/** What a program reads of a file. */
const lines = (text: string) => text.split('\n').filter((line) => !/^\s*(#|$)/.test(line));
const setting = (text: string, key: string) => lines(text).map((line) => line.trim()).filter((line) => line.startsWith(`${key}=`) || line.startsWith(`${key} = `));

test('a host that one node reaches in transport mode', () => {
  expect(lines(libreswan())).toEqual([
    'conn ipsec-storage',
    '    ikev2=insist',
    '    type=transport',
    '    left=10.1.2.3',
    '    leftid=@storage.example.com',
    '    leftcert=storage.example.com',
    '    leftsendcert=always',
    '    leftrsasigkey=%cert',
    '    right=%any',
    '    rightid=%fromcert',
    '    rightrsasigkey=%cert',
    '    auto=add',
  ]);
});

test('the ends of a tunnel change places, with what lies behind them', () => {
  const written = libreswan({
    type: IpsecConnectionType.TUNNEL,
    left: '192.0.2.7',
    leftid: '@worker-0.example.com',
    localSubnet: '10.128.0.0/14',
    host: '198.51.100.9',
    remoteSubnet: '10.9.0.0/16',
    leftprotoport: 'tcp',
    rightprotoport: 'tcp/2049',
  }, undefined, '4.21');
  expect(lines(written)).toEqual([
    'conn ipsec-storage',
    '    ikev2=insist',
    '    type=tunnel',
    '    left=198.51.100.9',
    '    leftid=198.51.100.9',
    '    leftcert=198.51.100.9',
    '    leftsendcert=always',
    '    leftrsasigkey=%cert',
    '    leftsubnet=10.9.0.0/16',
    '    leftprotoport=tcp/2049',
    '    right=192.0.2.7',
    '    rightid=@worker-0.example.com',
    '    rightrsasigkey=%cert',
    '    rightsubnet=10.128.0.0/14',
    '    rightprotoport=tcp',
    '    auto=add',
  ]);
});

test('proposals, lifetimes and probes are those of the nodes', () => {
  const props = {
    ike: 'aes256-sha2_256;dh19', esp: 'aes_gcm128', ikelifetime: '8h', salifetime: '3600', dpddelay: 10, dpdtimeout: 60,
  };
  const written = libreswan(props);
  expect(['ike', 'esp', 'ikelifetime', 'salifetime', 'dpddelay', 'dpdtimeout', 'dpdaction'].flatMap((key) => setting(written, key))).toEqual([
    'ike=aes256-sha2_256;dh19', 'esp=aes_gcm128', 'ikelifetime=28800s', 'salifetime=3600s', 'dpddelay=10', 'dpdaction=clear',
  ]);
  const other = strongSwan(props);
  expect(['proposals', 'rekey_time', 'dpd_delay', 'dpd_action'].flatMap((key) => setting(other, key))).toEqual([
    'proposals = aes256-sha256-prfsha256-ecp256', 'rekey_time = 28800s', 'rekey_time = 3600s', 'dpd_delay = 10s', 'dpd_action = clear',
  ]);
});

describe('ids', () => {
  test.each([
    [PeerIdentity.of('@gw.example.com'), 'leftid=@gw.example.com', ['id = fqdn:gw.example.com', 'id = %any']],
    [PeerIdentity.of('192.0.2.4'), 'leftid=192.0.2.4', ['id = 192.0.2.4', 'id = %any']],
    [PeerIdentity.fromCertificate(), 'leftid=%fromcert', ['id = %any']],
    [PeerIdentity.of('CN=gw,O=Example'), 'leftid=CN=gw,O=Example', ['id = "CN=gw,O=Example"', 'id = %any']],
  ])('the peer is %o', (peerIdentity, id, ids) => {
    expect([setting(libreswan({ peerIdentity }), 'leftid'), setting(strongSwan({ peerIdentity }), 'id')]).toEqual([[id], ids]);
  });

  test('the id of the nodes can be asked for', () => {
    const peer = { nodeIdentity: 'O=Lab, CN=nodes' };
    expect(setting(libreswan({}, peer), 'rightid')).toEqual(['rightid="O=Lab, CN=nodes"']);
    expect(setting(strongSwan({}, peer), 'id')).toEqual(['id = fqdn:storage.example.com', 'id = "O=Lab, CN=nodes"']);
  });
});

describe('certificates', () => {
  test('the peer asks for what nodes send when asked alone, and has what they never send', () => {
    const sent = (leftsendcert: SendCertificate) => libreswan({ leftsendcert }, undefined, '4.21');
    expect(setting(sent(SendCertificate.IF_ASKED), 'rightca')).toEqual(['rightca=%same']);
    expect(setting(sent(SendCertificate.ALWAYS), 'rightca')).toEqual([]);
    expect(setting(sent(SendCertificate.NEVER), 'rightcert')).toEqual(['rightcert=node-left_server']);
    expect(setting(strongSwan({ leftsendcert: SendCertificate.NEVER }, undefined, '4.21'), 'certs')).toEqual([
      'certs = storage.example.com.pem', 'certs = nodes.pem',
    ]);
  });

  test('one CA for both ends is one for both', () => {
    expect(setting(libreswan({ rightca: '%same' }, undefined, '4.21'), 'rightca')).toEqual(['rightca=%same']);
  });

  test('several nodes may show one certificate, and then ids are not unique', () => {
    const nodes = NodeSelection.role('worker');
    expect(setting(libreswan({ nodes }), 'uniqueids')).toEqual(['uniqueids=no']);
    expect(setting(strongSwan({ nodes }), 'unique')).toEqual(['unique = never']);
    expect(setting(libreswan(), 'uniqueids')).toEqual([]);
  });

  test('the comments say what must be in which', () => {
    const said = libreswan();
    expect(said).toContain('# - It must hold the subject alternative name DNS:storage.example.com, or the nodes refuse it.\n');
    expect(said).toContain('#     pk12util -i storage.example.com.p12 -d sql:/var/lib/ipsec/nss\n');
    expect(said).toContain('#     openssl pkcs12 -export -in storage.example.com.crt -inkey storage.example.com.key -name storage.example.com '
      + '-out storage.example.com.p12\n');
    expect(said).toContain('this host accepts any\n#   certificate of their CA as a node.\n');
    expect(strongSwan({ peerIdentity: PeerIdentity.fromCertificate() })).toContain(
      '# - The nodes accept any certificate of their CA as this host: keep that CA for this host alone, or name it in\n#   rightid.\n',
    );
  });
});

describe('nodes', () => {
  const nodes = NodeSelection.hostnames(['worker-0.example.com', 'worker-1.example.com']);

  test('that all say the same share a connection', () => {
    expect(setting(libreswan({ nodes }), 'right')).toEqual(['right=%any']);
  });

  test('that say where they are have one each, named after them', () => {
    const written = libreswan({ nodes, left: { 'worker-0.example.com': '192.0.2.10', 'worker-1.example.com': '192.0.2.11' } });
    expect(lines(written).filter((line) => /^conn|right=|uniqueids/.test(line))).toEqual([
      '    uniqueids=no', 'conn ipsec-storage-worker-0-example-com', '    right=192.0.2.10',
      'conn ipsec-storage-worker-1-example-com', '    right=192.0.2.11',
    ]);
  });

  test('that the peer can not call are told so', () => {
    expect(libreswan()).toContain(
      "# The nodes call: the addresses of those of ipsec-storage are not in the manifests, so that this host can't.\n",
    );
    expect(libreswan({ left: '192.0.2.7' })).toContain('# Call the nodes from here: ipsec auto --up ipsec-storage\n');
  });
});

describe('several endpoints of one host', () => {
  const two = (other: Partial<ExternalIpsecEndpointProps>) => {
    const chart = quietChart();
    const props = { ...endpointProps(clusterBeside(chart)), type: IpsecConnectionType.TUNNEL };
    return [
      new ExternalIpsecEndpoint(chart, 'one', { ...props, remoteSubnet: '10.1.0.0/16' }),
      new ExternalIpsecEndpoint(chart, 'two', { ...props, interfaceName: 'ipsec-two', remoteSubnet: '10.2.0.0/16', ...other }),
    ];
  };

  test('are children of one connection of strongSwan, which looks nowhere else for their selectors', () => {
    const [one, other] = two({});
    const written = lines(PeerConfiguration.strongSwan(one, { endpoints: [other] }).text());
    expect(written.filter((line) => !line.includes('esp_proposals'))).toEqual([
      'connections {',
      '    ipsec-storage {',
      '        version = 2',
      '        remote_addrs = %any',
      '        send_cert = always',
      '        local {',
      '            auth = pubkey',
      '            certs = storage.example.com.pem',
      '            id = fqdn:storage.example.com',
      '        }',
      '        remote {',
      '            auth = pubkey',
      '            id = %any',
      '            cacerts = ca.pem',
      '        }',
      '        children {',
      '            ipsec-storage {',
      '                mode = tunnel',
      '                local_ts = 10.1.0.0/16',
      '            }',
      '            ipsec-two {',
      '                mode = tunnel',
      '                local_ts = 10.2.0.0/16',
      '            }',
      '        }',
      '    }',
      '}',
    ]);
  });

  test('of two hosts are refused', () => {
    const [one, other] = two({ host: 'gateway.example.com' });
    expect(() => PeerConfiguration.libreswan(one, { endpoints: [other] })).toThrow(
      "the endpoints lead to two hosts ('storage.example.com' and 'gateway.example.com'), and a configuration is for one: make one of each",
    );
  });
});

test('the host is told that it sends in clear while the tunnel is down, and what keeps it from that', () => {
  const said = '# While the tunnel is down, this host sends to the nodes in clear, and takes what comes in clear. Its own guard\n'
    + "# drops both: storage.example.com.guard.nft, which PeerConfiguration.guard or 'openshift-ipsec peer --format\n# guard' writes.\n";
  expect(libreswan()).toContain(said);
  expect(strongSwan()).toContain(said);
  expect(PeerConfiguration.checklist(endpoint().construct).text()).toContain(
    '- [ ] Drop what goes between the host and the nodes in clear, where the appliance can: without such a rule it does go in clear while the\n'
    + '      tunnel is down. From the nodes alone UDP 500, UDP 4500 and ESP pass.\n');
});

describe('a second tunnel of a node, which libreswan finds by its address and subject alone', () => {
  const HINT = '# libreswan finds the second tunnel of a node only where';
  const nodes = NodeSelection.hostnames(['worker-0.example.com', 'worker-1.example.com']);
  const left = { 'worker-0.example.com': '192.0.2.10', 'worker-1.example.com': '192.0.2.11' };
  type Props = Partial<ExternalIpsecEndpointProps>;
  const hintFor = (one: Props, other: Props, peer: PeerConfigurationProps = {}) => {
    const chart = quietChart();
    const props = { ...endpointProps(clusterBeside(chart)), type: IpsecConnectionType.TUNNEL };
    const endpoints = [
      new ExternalIpsecEndpoint(chart, 'one', { ...props, remoteSubnet: '10.1.0.0/16', ...one }),
      new ExternalIpsecEndpoint(chart, 'two', { ...props, remoteSubnet: '10.2.0.0/16', interfaceName: 'ipsec-two', ...other }),
    ];
    const text = PeerConfiguration.libreswan(endpoints[0], { endpoints: [endpoints[1]], ...peer }).text().replace(/\n# (?=\w)/g, ' ');
    return /libreswan finds the second tunnel.*?: (.*?\.)(?: |\n)/.exec(text)?.[1];
  };

  test('is no matter where each node has one', () => {
    expect(libreswan({ nodes, left })).not.toContain(HINT);
    expect(hintFor({ nodes: NodeSelection.hostname('a.example.com') }, { nodes: NodeSelection.hostname('b.example.com') })).toBeUndefined();
  });

  test('is told of where a node has two, with what is missing alone', () => {
    expect(hintFor({}, {})).toBe('give the endpoints left, and this file the id of the nodes (nodeIdentity, --node-id).');
    expect(hintFor({ left: '192.0.2.7' }, { left: '192.0.2.7' })).toBe('give this file the id of the nodes (nodeIdentity, --node-id).');
    expect(hintFor({}, {}, { nodeIdentity: '@nodes' })).toBe('give the endpoints left.');
    expect(hintFor({ left: '192.0.2.7' }, { left: '192.0.2.7' }, { nodeIdentity: '@nodes' })).toBeUndefined();
  });

  test('is told of where nobody knows which nodes have which', () => {
    const role = { nodes: NodeSelection.role('worker') };
    expect(hintFor(role, {})).toBe('give the endpoints left, and this file the id of the nodes (nodeIdentity, --node-id).');
  });
});

describe('the guard of the host', () => {
  const guard = (props: Partial<ExternalIpsecEndpointProps> = {}, peer?: PeerConfigurationProps) =>
    PeerConfiguration.guard(endpoint(props, '4.21').construct, peer);
  const sets = (text: string) => [...text.matchAll(/set (\w+) \{[^}]*elements = \{ (.*?) \}/g)].map(([, name, elements]) => `${name}: ${elements}`);
  const TUNNEL = { type: IpsecConnectionType.TUNNEL, remoteSubnet: '10.9.0.0/16' };

  test('says where it goes, and how it is taken away', () => {
    const configuration = guard({}, { nodeAddresses: ['192.0.2.21'] });
    expect(configuration.fileName).toBe('storage.example.com.guard.nft');
    expect(configuration.text().split('\n').filter((line) => line.startsWith('#     '))).toEqual([
      '#     install -D -m 644 storage.example.com.guard.nft /etc/nftables/storage.example.com.guard.nft',
      '#     nft -f /etc/nftables/storage.example.com.guard.nft',
      '#     include "/etc/nftables/storage.example.com.guard.nft"',
      '#     nft list table inet ipsec_peer_guard',
      '#     nft delete table inet ipsec_peer_guard',
    ]);
  });

  test.each<[what: string, props: Partial<ExternalIpsecEndpointProps>, peer: PeerConfigurationProps, sets: string[]]>([
    ['the addresses that are given', {}, { nodeAddresses: ['192.0.2.32/28', '192.0.2.21'] }, ['nodes: 192.0.2.21, 192.0.2.32/28']],
    ["the endpoint's own", { left: '192.0.2.7' }, {}, ['nodes: 192.0.2.7']],
    ['both', { left: '192.0.2.7' }, { nodeAddresses: ['203.0.113.9'] }, ['nodes: 192.0.2.7, 203.0.113.9']],
    ['what lies behind the nodes', { ...TUNNEL, localSubnet: '10.128.0.0/14' }, {}, ['nodes: 10.128.0.0/14', 'behind: 10.9.0.0/16']],
    ['every address behind the host', { ...TUNNEL, remoteSubnet: '0.0.0.0/0', left: '192.0.2.7' }, {}, ['nodes: 192.0.2.7']],
  ])('is for %s', (_, props, peer, expected) => {
    expect(sets(guard(props, peer).text())).toEqual(expected);
  });

  test('leaves the host itself alone where the nodes talk to what is behind it', () => {
    expect(guard({ ...TUNNEL, left: '192.0.2.7' }).text()).toContain('    ip daddr @nodes ip saddr @behind rt ipsec missing jump leaving\n');
    expect(guard({ left: '192.0.2.7' }).text()).toContain('    ip daddr @nodes rt ipsec missing jump leaving\n');
  });

  test.each<[what: string, props: Partial<ExternalIpsecEndpointProps>, peer: PeerConfigurationProps, message: string]>([
    ['nodes that nobody knows', {}, {},
      "the addresses of worker-0.example.com, which the guard of the host is for, are not in the connection 'ipsec-storage': give them as "
        + "nodeAddresses ('--node-address'), as the host sees them, or give the endpoint left"],
    ['everything', { ...TUNNEL, localSubnet: '0.0.0.0/0' }, {},
      "the connection 'ipsec-storage' is for every address behind worker-0.example.com, and a guard would cut the host off from everything: "
        + 'write one by hand, for the addresses that the nodes have'],
    ['ports', { rightprotoport: 'tcp/2049' }, { nodeAddresses: ['192.0.2.21'] },
      "the connection 'ipsec-storage' protects tcp/2049 alone, and a guard drops everything that no tunnel carries: write one by hand, for these "
        + 'ports, or let the connection protect all of them'],
    ['no address', {}, { nodeAddresses: ['worker-0'] },
      "'nodeAddresses' ('worker-0') must be the IPv4 address of a node, or a network of nodes in CIDR notation, such as '192.0.2.21' or "
        + "'192.0.2.0/24'"],
    ['every address', {}, { nodeAddresses: ['0.0.0.0/0'] },
      "'nodeAddresses' ('0.0.0.0/0') must be the IPv4 address of a node, or a network of nodes in CIDR notation, such as '192.0.2.21' or "
        + "'192.0.2.0/24'"],
  ])('is refused for %s', (_, props, peer, message) => {
    expect(() => guard(props, peer)).toThrow(new Error(message));
  });
});

describe('what is refused', () => {
  test.each<[what: string, props: Partial<ExternalIpsecEndpointProps>, peer: PeerConfigurationProps, message: string]>([
    ['an absent endpoint', { state: EndpointState.ABSENT }, {},
      "the endpoint 'test/storage' is absent, and its peer needs nothing: take the connection off the peer instead"],
    ['a node that wants its address', { leftmodecfgclient: true }, {},
      "the node asks the peer for an address ('leftmodecfgclient' of the connection 'ipsec-storage'), from a pool that no manifest knows: "
        + 'set leftmodecfgclient: false, or configure the peer by hand'],
    ['an address that is none', {}, { peerAddress: 'storage' },
      "'peerAddress' ('storage') must be the IPv4 address by which the nodes reach the peer, such as '192.0.2.10'"],
    ['an id with a quote', {}, { nodeIdentity: 'CN="nodes"' },
      "'nodeIdentity' ('CN=\"nodes\"') must be an id of printable ASCII without '\"', such as '@nodes.example.com' or 'CN=nodes, O=Example'"],
    ['a name that is a path', {}, { certificateName: '../x' },
      "'certificateName' ('../x') must be letters, digits, '.', '-' and '_', at most 100: it becomes a nickname and a part of file names"],
  ])('%s', (_, props, peer, message) => {
    expect(() => libreswan(props, peer)).toThrow(new Error(message));
  });

  test('what is no endpoint, from JavaScript', () => {
    expect(() => PeerConfiguration.libreswan({} as ExternalIpsecEndpoint)).toThrow("'endpoint'");
  });
});

test('a keyfile delivers the same connection, and its peer is the same', () => {
  const nodes = NodeSelection.role('worker');
  expect(libreswan({ nodes, delivery: ConnectionDelivery.KEYFILE })).toBe(libreswan({ nodes }));
});

test('each form is a file of its own, named after the host, whose folder is made', () => {
  const folder = mkdtempSync(join(tmpdir(), 'peer-'));
  try {
    const { construct } = endpoint();
    const written = (['libreswan', 'strongSwan', 'checklist'] as const).map((form) => PeerConfiguration[form](construct));
    for (const each of written) {
      const path = each.write(join(folder, 'dist/peer'));
      expect([path, readFileSync(path, 'utf8')]).toEqual([join(folder, 'dist/peer', each.fileName), each.text()]);
    }
    expect(written.map(({ fileName }) => fileName)).toEqual([
      'storage.example.com.ipsec.conf', 'storage.example.com.swanctl.conf', 'storage.example.com.checklist.md',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the checklist has each value in a table, under the names of appliances, and says that they were not tried', () => {
  const said = PeerConfiguration.checklist(endpoint({ ike: 'aes256-sha2_256;dh19' }).construct).text();
  expect(said).toContain('**not tried by us**');
  expect(said).toContain('| mode | transport | – (tunnel mode alone) | -action ESP_TRA | crypto ipsec transform-set … / mode transport |\n');
  expect(said).toContain("| the host's id | @storage.example.com (the subject alternative name DNS:storage.example.com) |");
  expect(said).toContain('| IKE algorithms | aes256-sha2_256;dh19 | phase 1 encryption algorithms, integrity algorithms, DH group numbers |');
});

test('a host that is named by its address must prove that, in each form', () => {
  const { construct } = endpoint({ host: '198.51.100.9', type: IpsecConnectionType.TUNNEL, remoteSubnet: '10.9.0.0/16' });
  for (const { fileName, text } of [PeerConfiguration.libreswan, PeerConfiguration.strongSwan, PeerConfiguration.checklist]
    .map((of) => of(construct)).map((made) => ({ fileName: made.fileName, text: made.text() }))) {
    expect([fileName, text.replace(/\n[# ]*/g, ' ')]).toEqual([fileName, expect.stringContaining(
      'It must hold the subject alternative name IP:198.51.100.9, or the nodes refuse it.')]);
  }
});

test('for nodes that may share a certificate the checklist asks for what the files have', () => {
  const { construct } = endpoint({ nodes: NodeSelection.role('worker') });
  const said = PeerConfiguration.checklist(construct).text();
  expect(said.slice(said.indexOf('- [ ]'), said.indexOf('\n\n## '))).toBe(
    `- [ ] Open UDP ports 500 and 4500 and IP protocol 50 (ESP) between storage.example.com and the nodes.
- [ ] Import the host's certificate and key as \`storage.example.com\`, with the CAs between it and its root.
      It must hold the subject alternative name DNS:storage.example.com, or the nodes refuse it.
      It must be of a CA that the nodes have, and the nodes need its intermediates, which libreswan does not send.
- [ ] Import the CA of the nodes' certificate.
      The nodes name themselves by the subject of their certificate 'left_server': this host accepts any certificate of their CA as a node.
      Several nodes may show one certificate: unless several tunnels of one id may live side by side, each takes that of the one before away.
- [ ] Send the certificate always, not only when the other side asks.
- [ ] Let several tunnels of one id live side by side (libreswan \`uniqueids=no\`, strongSwan \`unique = never\`).
- [ ] Drop what goes between the host and the nodes in clear, where the appliance can: without such a rule it does go in clear while the
      tunnel is down. From the nodes alone UDP 500, UDP 4500 and ESP pass.
- [ ] The nodes call: the addresses of those of ipsec-storage are not in the manifests, so that this host can't.`,
  );
  // Where ids are not unique nobody takes away what a node leaves behind.
  const row = '| dead peer detection | probes every 30 s | DPD timeout (30 s or more) | – | crypto ikev2 dpd |';
  expect(said).toContain(row);
  expect(said).toContain("| the nodes' id | the subject of their certificate |");
  expect(PeerConfiguration.libreswan(construct).text()).toContain('    dpddelay=30\n');
  expect(PeerConfiguration.strongSwan(construct).text()).toContain('dpd_delay = 30s\n');
  expect(PeerConfiguration.checklist(endpoint().construct).text()).toContain('| dead peer detection | left to both sides |');
});

test('chain.pem is for those alone who have an intermediate CA', () => {
  const { construct } = endpoint();
  for (const said of [PeerConfiguration.libreswan(construct).text(), PeerConfiguration.strongSwan(construct).text()]) {
    expect(said.replace(/\n# +/g, ' ')).toContain("Where CAs stand between this host's certificate and its root, put them into chain.pem, and ");
  }
});
