import { ApiObject, Chart, Testing } from 'cdk8s';
import * as fc from 'fast-check';
import { clusterBeside, endpoint, endpointProps, externalCluster, quietChart } from './fixtures';
import {
  DpdAction, EndpointState, ExternalIpsecEndpoint, ExternalIpsecEndpointProps, Ikev2, IpsecCertificate, IpsecClusterConfig,
  IpsecConnectionType, IpsecMode, IpsecWarnings, NodeSelection, OpenShiftVersion, PeerIdentity, Platform, SendCertificate,
} from '../../../src';
import { LIBRESWAN_OPTIONS } from '../../../src/openshift/libreswan-options';

const { TRANSPORT, TUNNEL } = IpsecConnectionType;

describe('the policy', () => {
  test('holds the documented keys and the peer\'s own name by default', () => {
    const { policies, warnings } = endpoint();
    expect(policies).toEqual([{
      apiVersion: 'nmstate.io/v1',
      kind: 'NodeNetworkConfigurationPolicy',
      metadata: { name: 'ipsec-storage-worker-0' },
      spec: {
        nodeSelector: { 'kubernetes.io/hostname': 'worker-0.example.com' },
        desiredState: {
          interfaces: [{
            name: 'ipsec-storage',
            type: 'ipsec',
            libreswan: {
              left: '%defaultroute',
              leftid: '%fromcert',
              leftrsasigkey: '%cert',
              leftcert: 'left_server',
              leftmodecfgclient: false,
              right: 'storage.example.com',
              rightid: '@storage.example.com',
              rightrsasigkey: '%cert',
              rightsubnet: '10.1.2.3/32',
              ikev2: 'insist',
              type: 'transport',
            },
          }],
        },
      },
    }]);
    expect(warnings).toEqual([]);
  });

  test('an address as host is its own identity and subnet', () => {
    const { libreswan } = endpoint({ host: '192.0.2.7', remoteSubnet: undefined });
    expect(libreswan).toMatchObject({ right: '192.0.2.7', rightid: '192.0.2.7', rightsubnet: '192.0.2.7/32' });
  });

  test('takes every other key under its camel-case name', () => {
    const { libreswan, warnings } = endpoint({
      type: TUNNEL,
      localSubnet: '10.128.0.0/14',
      leftid: '@node.example.com',
      leftrsasigkey: '%cert',
      rightrsasigkey: '%cert',
      rightcert: 'peer cert',
      rightca: 'O=Example, CN=CA',
      ikev2: Ikev2.YES,
      ike: 'aes_gcm256-sha2_256',
      esp: 'aes_gcm256',
      ikelifetime: '8h',
      salifetime: '3600',
      dpddelay: 30,
      dpdtimeout: 120,
      dpdaction: DpdAction.RESTART,
      ipsecInterface: 3,
      authby: 'rsa-sha2_512',
      requireIdOnCertificate: true,
      leftsendcert: SendCertificate.ALWAYS,
      leftprotoport: 'tcp',
      rightprotoport: 'tcp/2049',
      leftsubnets: ['10.0.0.0/24', '10.0.1.0/24'],
      rightsubnets: ['10.2.0.0/16'],
      nmAutoDefaults: false,
      libreswanExtra: { pfs: 'yes' },
    }, '4.22.3');
    expect(libreswan).toEqual({
      'left': '%defaultroute',
      'leftid': '@node.example.com',
      'leftrsasigkey': '%cert',
      'leftcert': 'left_server',
      'leftmodecfgclient': false,
      'leftsubnet': '10.128.0.0/14',
      'leftsubnets': '10.0.0.0/24,10.0.1.0/24',
      'leftprotoport': 'tcp',
      'leftsendcert': 'always',
      'right': 'storage.example.com',
      'rightid': '@storage.example.com',
      'rightrsasigkey': '%cert',
      'rightcert': 'peer cert',
      'rightca': 'O=Example, CN=CA',
      'rightsubnet': '10.1.2.3/32',
      'rightsubnets': '10.2.0.0/16',
      'rightprotoport': 'tcp/2049',
      'ikev2': 'yes',
      'type': 'tunnel',
      'ike': 'aes_gcm256-sha2_256',
      'esp': 'aes_gcm256',
      'ikelifetime': '8h',
      'salifetime': '3600',
      'dpddelay': 30,
      'dpdtimeout': 120,
      'dpdaction': 'restart',
      'ipsec-interface': 3,
      'authby': 'rsa-sha2_512',
      'require-id-on-certificate': true,
      'nm-auto-defaults': false,
      'pfs': 'yes',
    });
    expect(warnings).toEqual([
      "libreswan-authby-ignored: 'authby' ('rsa-sha2_512') is not used: NetworkManager-libreswan drops it where an rsasigkey is set; "
        + 'leave authby out',
      "libreswan-extra: the libreswan key 'libreswanExtra.pfs' is written unchecked: where the node's nmstate does not know it, the "
        + 'whole policy is refused there; check the key on a node of this version first, and acknowledge it',
    ]);
  });

  test('is one for a role, for labels and for all nodes, with the selector that says so', () => {
    const selectorOf = (nodes: NodeSelection) =>
      endpoint({ nodes }).policies.map(({ metadata, spec }) => [metadata.name, spec.nodeSelector]);
    expect(selectorOf(NodeSelection.role('worker'))).toEqual([['ipsec-storage', { 'node-role.kubernetes.io/worker': '' }]]);
    expect(selectorOf(NodeSelection.labels({ zone: 'a' }))).toEqual([['ipsec-storage', { zone: 'a' }]]);
    expect(selectorOf(NodeSelection.all())).toEqual([['ipsec-storage', undefined]]);
  });

  test('is one a host for a list of hosts, each with its own left', () => {
    const { policies, construct } = endpoint({
      nodes: NodeSelection.hostnames(['worker-0.example.com', 'worker-1.example.com']),
      left: { 'worker-0.example.com': '192.0.2.10', 'worker-1.example.com': 'worker-1.example.com' },
    });
    expect(construct.policyNames).toEqual(['ipsec-storage-worker-0', 'ipsec-storage-worker-1']);
    expect(policies.map(({ spec }) => spec.desiredState.interfaces[0].libreswan.left)).toEqual(['192.0.2.10', 'worker-1.example.com']);
  });

  test('is named by its host alone, so that a host that is added renames no other; long names are shortened by a hash', () => {
    const names = (nodes: NodeSelection, props: Partial<ExternalIpsecEndpointProps> = {}) =>
      endpoint({ nodes, ...props }).construct.policyNames;
    expect(names(NodeSelection.hostnames(['w0.a.example.com', 'w1.a.example.com']))).toEqual(['ipsec-storage-w0', 'ipsec-storage-w1']);
    const shared = NodeSelection.hostnames(['w0.a.example.com', 'w0.b.example.com', 'w1.a.example.com']);
    expect(() => names(shared)).toThrow(
      new Error(
        "test/storage: hosts 'w0.a.example.com' and 'w0.b.example.com' would both be named 'ipsec-storage-w0', "
          + "because names end at the host's first dot: say 'hashedNames: true' from the start, which names every host with a hash; "
          + "or, where the other one is on the cluster already, give the new one a construct of its own with 'hashedNames: true'",
      ),
    );
    const hashed = names(shared, { hashedNames: true });
    expect(hashed).toEqual([/^ipsec-storage-w0-[0-9a-f]{8}$/, /^ipsec-storage-w0-[0-9a-f]{8}$/, /^ipsec-storage-w1-[0-9a-f]{8}$/]
      .map((name) => expect.stringMatching(name)));
    expect(hashed[0]).not.toBe(hashed[1]);
    expect(names(NodeSelection.hostnames(['w0.b.example.com']), { hashedNames: true })).toEqual([hashed[1]]);
    const long = names(NodeSelection.hostname(`${'w'.repeat(60)}`));
    expect(long[0]).toMatch(/^ipsec-storage-w{40}-[0-9a-f]{8}$/);
    expect(long[0]).toHaveLength(63);
    expect(names(NodeSelection.hostname('w0.a'), { policyName: 'ipsec-config' })).toEqual(['ipsec-config']);
    expect(names(NodeSelection.hostnames(['w0.a']), { policyName: 'ipsec-config' })).toEqual(['ipsec-config-w0']);
  });

  test('with state ABSENT keeps its name, has no libreswan section and asks nothing of the cluster', () => {
    const chart = quietChart();
    const cluster = new IpsecClusterConfig(chart, 'cluster', { mode: IpsecMode.DISABLED, openshiftVersion: OpenShiftVersion.of('4.16') });
    new ExternalIpsecEndpoint(chart, 'storage', { ...endpointProps(cluster), state: EndpointState.ABSENT });
    expect(Testing.synth(chart)[1]).toEqual({
      apiVersion: 'nmstate.io/v1',
      kind: 'NodeNetworkConfigurationPolicy',
      metadata: { name: 'ipsec-storage-worker-0' },
      spec: {
        nodeSelector: { 'kubernetes.io/hostname': 'worker-0.example.com' },
        desiredState: { interfaces: [{ name: 'ipsec-storage', type: 'ipsec', state: 'absent' }] },
      },
    });
  });

  test('carries maxUnavailable, and each acknowledged rule with its reason as an annotation', () => {
    const { policies, warnings } = endpoint({
      maxUnavailable: '10%',
      peerIdentity: PeerIdentity.fromCertificate(),
      acknowledge: { 'libreswan-peer-unverified': 'the CA issues for the storage host alone' },
    });
    expect(policies[0].spec.maxUnavailable).toBe('10%');
    expect(policies[0].metadata.annotations).toEqual({
      'ipsec.cdk8s.io/acknowledge.libreswan-peer-unverified': 'the CA issues for the storage host alone',
    });
    expect(warnings).toEqual([]);
  });

  test('has no namespace, whatever the chart says: it is cluster-scoped', () => {
    const chart = new Chart(Testing.app(), 'chart', { namespace: 'somewhere' });
    new ExternalIpsecEndpoint(chart, 'storage', endpointProps(externalCluster(chart)));
    expect(Testing.synth(chart).map(({ metadata }) => metadata)).toEqual([{ name: 'cluster' }, { name: 'ipsec-storage-worker-0' }]);
  });
});

const NO_IPV6 = 'OpenShift does not support IPv6 for IPsec through NMState; use an IPv4 address';
const PLUGIN = 'which NetworkManager-libreswan refuses: it takes printable ASCII without \'"\'';

describe('refuses', () => {
  test.each<[string, Partial<ExternalIpsecEndpointProps>, string]>([
    ['an IPv6 host', { host: '2001:db8::7' }, "'host' ('2001:db8::7') is IPv6, which OpenShift does not support for IPsec through "
      + 'NMState; use IPv4 addresses and subnets (libreswan-ipv6)'],
    ['a host that is neither name nor address', { host: '10.1.2.300' },
      "'host' ('10.1.2.300') is neither a DNS name nor the IPv4 address of a host; give the address or DNS name of the host outside "
        + 'the cluster (libreswan-ends)'],
    ['a name without a remote subnet', { remoteSubnet: undefined },
      "'remoteSubnet' must be given where 'host' ('storage.example.com') is a DNS name: "
        + 'without it the node sends all IPv4 traffic into the tunnel; '
        + "for the peer alone it is the peer's address followed by /32"],
    ['an IPv6 subnet', { remoteSubnet: '2001:db8::/64', type: TUNNEL },
      "'remoteSubnet' ('2001:db8::/64') is IPv6, which OpenShift does not support for IPsec through NMState; use IPv4 addresses and "
        + 'subnets (libreswan-ipv6)'],
    ['a subnet that is no CIDR', { remoteSubnet: '10.1.2.3' },
      "'remoteSubnet' ('10.1.2.3') is no subnet in CIDR notation; for the one host write 10.1.2.3/32 (libreswan-subnet-host-bits)"],
    ['host bits', { remoteSubnet: '10.1.2.3/24', type: TUNNEL },
      "'remoteSubnet' ('10.1.2.3/24') has bits set beyond its prefix, which libreswan masks or refuses depending on its version; "
        + 'write 10.1.2.0/24 for the subnet, or 10.1.2.3/32 for the one host (libreswan-subnet-host-bits)'],
    ['a transport subnet wider than a host', { remoteSubnet: '10.1.2.0/24' },
      "'remoteSubnet' ('10.1.2.0/24') is wider than one host, and type transport protects the traffic between two hosts only; use the "
        + '/32 of the end itself, or type: tunnel (libreswan-transport-subnet)'],
    ['a wide local subnet with transport', { localSubnet: '10.1.2.0/24' },
      "'localSubnet' ('10.1.2.0/24') is wider than one host, and type transport protects the traffic between two hosts only; use the "
        + '/32 of the end itself, or type: tunnel (libreswan-transport-subnet)'],
    ['more subnets with transport', { rightsubnets: ['10.1.2.0/24'] },
      "'rightsubnets' needs 4.22.0 and later, and the target is 4.16: the nodes of an older release refuse the whole policy; take it "
        + 'out, or upgrade the cluster first (libreswan-option-version)\n\'rightsubnets\' (\'10.1.2.0/24\') is wider than one host, '
        + 'and type transport protects the traffic between two hosts only; use the /32 of the end itself, or type: tunnel '
        + '(libreswan-transport-subnet)'],
    ['a local subnet of one node for two hosts',
      {
        type: TRANSPORT,
        host: '192.0.2.1',
        remoteSubnet: undefined,
        localSubnet: '192.0.2.2/32',
        nodes: NodeSelection.hostnames(['a', 'b']),
      },
      "'localSubnet' ('192.0.2.2/32') is one node's address with type transport, and 'nodes' are several hosts: leave it out, each node "
        + 'then protects its own'],
    ['no more subnets', { leftsubnets: [], type: TUNNEL }, "'leftsubnets' (an empty list) must name a subnet: leave it out instead"],
    ['a fixed left for a role', { left: '192.0.2.1', nodes: NodeSelection.role('worker') },
      "'left' ('192.0.2.1') is one node's address, and the policy is for many nodes; write left: '%defaultroute', or one policy a node "
        + '(libreswan-left-shared)'],
    ['a fixed left for all nodes', { left: '192.0.2.1', nodes: NodeSelection.all() },
      "'left' ('192.0.2.1') is one node's address, and the policy is for many nodes; write left: '%defaultroute', or one policy a node "
        + '(libreswan-left-shared)'],
    ['a fixed left for two hosts', { left: '192.0.2.1', nodes: NodeSelection.hostnames(['a', 'b']) },
      "'left' ('192.0.2.1') is one node's address, and 'nodes' are several hosts: leave it out for '%defaultroute', or give a map { "
        + "'<host>': '<address>' }"],
    ['a map of lefts that lacks a host', { left: { a: '192.0.2.1' }, nodes: NodeSelection.hostnames(['a', 'b']) },
      "'left' (a map) lacks the host 'b': give an address for each host of 'nodes'"],
    ['a map of lefts with a stranger', { left: { a: '192.0.2.1', c: '192.0.2.3' }, nodes: NodeSelection.hostnames(['a']) },
      "'left' (a map) has the host 'c', which is not among 'nodes' (a)"],
    ['a map of lefts for a role', { left: { a: '192.0.2.1' }, nodes: NodeSelection.role('worker') },
      "'left' (a map) needs nodes selected by NodeSelection.hostnames: with any other selection the hosts are not known"],
    ['an IPv6 left', { left: 'fe80::1' }, "'left' ('fe80::1') is IPv6, which OpenShift does not support for IPsec through NMState; "
      + 'use IPv4 addresses and subnets (libreswan-ipv6)'],
    [
      'an IPv6 left in a map',
      { left: { a: '::1' }, nodes: NodeSelection.hostname('a') },
      "'left' ('::1') is IPv6, which OpenShift does not " + 'support for IPsec through NMState; '
        + 'use IPv4 addresses and subnets (libreswan-ipv6)',
    ],
    ['a left that is nothing', { left: '%any' }, "'left' ('%any') is no address of the node, so that libreswan does not know which "
      + "end it is; give the node's own address, or '%defaultroute' (libreswan-ends)"],
    ['an IPv6 leftid', { leftid: '2001:db8::1' }, "'leftid' ('2001:db8::1') is IPv6, which OpenShift does not support for IPsec "
      + 'through NMState; use IPv4 addresses and subnets (libreswan-ipv6)'],
    ['white space where the plugin refuses it', { leftid: '@a b' }, "'leftid' ('@a b') has the character ' ', which "
      + 'NetworkManager-libreswan refuses: it takes printable ASCII without \'"\', and no white space for this key; correct the '
      + 'value (libreswan-option-value)'],
    [
      'a quote',
      { rightca: 'O="x"', cluster: externalCluster(quietChart(), '4.21') },
      "'rightca' ('O=\"x\"') has the character '\"', which "
        + "NetworkManager-libreswan refuses: it takes printable ASCII without '\"'; correct the value (libreswan-option-value)",
    ],
    ['a letter beyond ASCII', { ike: 'aés' }, "'ike' ('aés') has the character U+00E9, which NetworkManager-libreswan refuses: it "
      + 'takes printable ASCII without \'"\', and no white space for this key; correct the value (libreswan-option-value)'],
    ['a line break', { esp: 'aes\npfs=no' }, `'esp' ('aes\npfs=no') has the character U+000A, ${PLUGIN}, and no white space for this key; `
      + 'correct the value (libreswan-option-value)'],
    ['an empty value', { ike: '' }, "'ike' ('') must not be empty: leave the key out instead; correct the value "
      + '(libreswan-option-value)'],
    ["strongSwan's spelling in ike", { ike: 'aes256gcm16-prfsha384-ecp384' },
      "'ike' ('aes256gcm16-prfsha384-ecp384') is refused by libreswan, which does not add the connection: IKE encryption algorithm "
        + "'aes256gcm16' is not recognized; write 'aes_gcm256-sha384-ecp384' if that is meant (libreswan-proposal)"],
    ['AEAD with integrity in esp', { esp: 'aes_gcm256-sha2_256' },
      "'esp' ('aes_gcm256-sha2_256') is refused by libreswan, which does not add the connection: AEAD ESP encryption algorithm "
        + "AES_GCM_16 must have 'NONE' as the integrity algorithm; write 'aes_gcm256' if that is meant (libreswan-proposal)"],
    ['a group that libreswan lacks', { ike: 'aes256-sha1;modp1024' },
      "'ike' ('aes256-sha1;modp1024') is refused by libreswan, which does not add the connection: IKE DH algorithm 'modp1024' is not "
        + 'supported; that group is too weak, and libreswan is built without it: agree with the peer on modp2048 (dh14), dh19 or '
        + 'a stronger one (libreswan-proposal)'],
    ['an algorithm that IKEv1 lacks', { ike: 'aes_gcm256', ikev2: Ikev2.NEVER },
      "'ike' ('aes_gcm256') is refused by libreswan, which does not add the connection: IKE encryption algorithm 'aes_gcm256' is not "
        + "supported by IKEv1; IKEv1 lacks it: write ikev2 'insist', or use aes256-sha2_256;modp2048 with a peer that speaks "
        + 'IKEv1 only (libreswan-proposal)'],
    ['a lifetime with an unknown unit', { ikelifetime: '8 hours' }, "'ikelifetime' ('8 hours') has the character ' ', which "
      + 'NetworkManager-libreswan refuses: it takes printable ASCII without \'"\', and no white space for this key; correct the '
      + 'value (libreswan-option-value)'],
    ['a lifetime that is no number', { salifetime: 'long' }, "'salifetime' ('long') must be a number of seconds, or a number with the "
      + "unit s, m, h or d, such as '8h'; correct the value (libreswan-option-value)"],
    ['a broken number of seconds', { dpddelay: 1.5, dpdtimeout: 10 }, "'dpddelay' (1.5) must be a whole number of seconds without a "
      + 'unit; correct the value (libreswan-option-value)'],
    ['half of dead peer detection on libreswan 4', { dpddelay: 30 }, "'dpddelay' (30) is given without 'dpdtimeout', and libreswan 4 "
      + 'sends no probes at all then; give both, or neither (libreswan-dpd-incomplete)'],
    ['an interface that is no number', { ipsecInterface: 'true' }, "'ipsecInterface' ('true') must be 'yes', 'no' or the number of "
      + 'the interface (3 gives ipsec3); correct the value (libreswan-option-value)'],
    ['a shared secret', { authby: 'secret' }, "'authby' ('secret') does not authenticate by certificate: a shared secret has no place "
      + 'in a manifest, and null authenticates nobody; leave authby out (libreswan-authby-ignored)'],
    ['no authentication at all', { authby: 'null' }, "'authby' ('null') does not authenticate by certificate: a shared secret has no "
      + 'place in a manifest, and null authenticates nobody; leave authby out (libreswan-authby-ignored)'],
    ['a connection that is never made', { authby: 'never' },
      "'authby' ('never') does not authenticate by certificate: a shared secret has no place in a manifest, and null authenticates "
        + 'nobody; leave authby out (libreswan-authby-ignored)'],
    ['no authentication besides', { authby: 'ecdsa,null' },
      "'authby' ('ecdsa,null') does not authenticate by certificate: a shared secret has no place in a manifest, and null "
        + 'authenticates nobody; leave authby out (libreswan-authby-ignored)'],
    ['a shared secret besides', { authby: 'rsasig,secret' },
      "'authby' ('rsasig,secret') does not authenticate by certificate: a shared secret has no place in a manifest, and null "
        + 'authenticates nobody; leave authby out (libreswan-authby-ignored)'],
    ['a host that is this node', { host: '127.0.0.1', remoteSubnet: undefined },
      "'host' ('127.0.0.1') is the node itself, whichever node it is; give the address or DNS name of the host outside the cluster "
        + '(libreswan-ends)'],
    ['a host called localhost', { host: 'localhost' }, "'host' ('localhost') is the node itself, whichever node it is; give the "
      + 'address or DNS name of the host outside the cluster (libreswan-ends)'],
    ['a host that is the node of the connection', { host: 'Worker-0.example.com' },
      "'host' ('Worker-0.example.com') is the node that the connection is for, so that both ends are the node itself; give the "
        + 'address or DNS name of the host outside the cluster (libreswan-ends)'],
    [
      'a host that is left',
      { host: '192.0.2.7', left: '192.0.2.7', remoteSubnet: undefined },
      "'host' ('192.0.2.7') is 'left' too, so that both "
        + 'ends are the node itself; give the address or DNS name of the host outside the cluster (libreswan-ends)',
    ],
    [
      'a host that is left on one of the nodes',
      { host: '192.0.2.7', remoteSubnet: undefined, nodes: NodeSelection.hostnames(['a', 'b']), left: { a: '192.0.2.1', b: '192.0.2.7' } },
      "'host' ('192.0.2.7') is 'left' too, so that both ends are the node itself; give the address or DNS name of the host outside "
        + 'the cluster (libreswan-ends)',
    ],
    ['any host', { host: '%any' },
      "'host' ('%any') stands for any host: libreswan waits for one to call then, and NetworkManager can't bring the connection up; "
        + 'give the address or DNS name of the host outside the cluster (libreswan-ends)'],
    ['the address of any host', { host: '0.0.0.0', remoteSubnet: undefined },
      "'host' ('0.0.0.0') stands for any host: libreswan waits for one to call then, and NetworkManager can't bring the connection "
        + 'up; give the address or DNS name of the host outside the cluster (libreswan-ends)'],
    ['another word of libreswan\'s', { host: '%group' }, "'host' ('%group') is a word of libreswan's and no host; give the address or "
      + 'DNS name of the host outside the cluster (libreswan-ends)'],
    ['a multicast host', { host: '224.0.0.1', remoteSubnet: undefined }, "'host' ('224.0.0.1') is neither a DNS name nor the IPv4 "
      + 'address of a host; give the address or DNS name of the host outside the cluster (libreswan-ends)'],
    ['a left that is loopback', { left: '127.0.0.1' },
      "'left' ('127.0.0.1') is the loopback address, from which no packet reaches another host; give the node's own address, or "
        + "'%defaultroute' (libreswan-ends)"],
    ['a left that is no address', { left: '0.0.0.0' },
      "'left' ('0.0.0.0') is no address of the node, so that libreswan does not know which end it is; give the node's own address, or "
        + "'%defaultroute' (libreswan-ends)"],
    ["'@' before an address as the peer's id", { peerIdentity: PeerIdentity.of('@192.0.2.10') },
      "'peerIdentity' ('@192.0.2.10') makes a host name of the address: it matches no address in a certificate, and certificates hold "
        + "none as DNS name; write '192.0.2.10' (libreswan-id-address)"],
    ["'@' before an address as the node's id", { leftid: '@192.0.2.1' },
      "'leftid' ('@192.0.2.1') makes a host name of the address: it matches no address in a certificate, and certificates hold none "
        + "as DNS name; write '192.0.2.1' (libreswan-id-address)"],
    ['probes after the timeout', { dpddelay: 60, dpdtimeout: 30 },
      "'dpdtimeout' (30) is less than 'dpddelay' (60): the peer would count as dead before the first probe is due; give a dpdtimeout "
        + 'of several times dpddelay, such as 30 and 120 (libreswan-dpd-timeout)'],
    ["the name of the cluster's bridge", { interfaceName: 'br-ex' },
      "'interfaceName' ('br-ex') is the name of an interface that belongs to OVN-Kubernetes on every node; give the connection a name of "
        + 'its own, such as ipsec-storage (interface-reserved)'],
    ['another host\'s subnet with transport', { host: '192.0.2.1', remoteSubnet: '198.51.100.7/32' },
      "'remoteSubnet' ('198.51.100.7/32') is another host than 'host' ('192.0.2.1'), and type transport protects the traffic between "
        + 'the two ends only; use the /32 of the end itself, or type: tunnel (libreswan-transport-subnet)'],
    ['one local address for many nodes', { localSubnet: '10.0.0.5/32', nodes: NodeSelection.all() },
      "'localSubnet' ('10.0.0.5/32') is one node's address with type transport, and the policy is for many nodes; use the /32 of the "
        + 'end itself, or type: tunnel (libreswan-transport-subnet)'],
    ['another local address than left', { localSubnet: '10.0.0.5/32', left: '10.0.0.9' },
      "'localSubnet' ('10.0.0.5/32') is another host than 'left' ('10.0.0.9'), and type transport protects the traffic between the "
        + 'two ends only; use the /32 of the end itself, or type: tunnel (libreswan-transport-subnet)'],
    ['a left that is no text', { left: { a: undefined as any }, nodes: NodeSelection.hostname('a') },
      "'left' (an object) must be a text or a map of texts by host"],
    ['no cluster', { cluster: undefined }, "'cluster' (not given) must be an IpsecClusterConfig"],
    [
      'a text for nodes',
      { nodes: 'worker-0' as any },
      "'nodes' ('worker-0') must be a NodeSelection, such as NodeSelection.hostname('worker-0.example.com')",
    ],
    ['a state that is none', { state: 'Absent' as any }, "'state' ('Absent') must be one of present, absent"],
    ['no type', { type: '' as any }, "'type' ('') must be one of transport, tunnel"],
    ['a reserved nickname by hand', { certificate: { nickname: 'ovs_x' } },
      "nickname 'ovs_x' begins with 'ovs_', which is reserved for the certificates that the cluster makes for traffic between pods: "
        + 'import the certificate under another nickname'],
    [
      'the other address family',
      { libreswanExtra: { clientaddrfamily: 'ipv6' } },
      `'libreswanExtra' has the key 'clientaddrfamily', which is for IPv6: ${NO_IPV6}`,
    ],
    [
      'psk through the way out',
      { libreswanExtra: { psk: 'hunter2' } },
      "'libreswanExtra' has the key 'psk': a shared secret has no place in a manifest; use certificates",
    ],
    [
      'an address family',
      { libreswanExtra: { hostaddrfamily: 'ipv6' } },
      `'libreswanExtra' has the key 'hostaddrfamily', which is for IPv6: ${NO_IPV6}`,
    ],
    [
      'a known key through the way out',
      { libreswanExtra: { esp: 'aes' } },
      "'libreswanExtra' has the key 'esp', which is a prop of its own: use the prop, whose value is checked",
    ],
    [
      'a key that is none',
      { libreswanExtra: { 'p fs': 'no' } },
      "'libreswanExtra' has the key 'p fs', which can't be a libreswan key: they are lower-case letters, digits and '-'",
    ],
    ['an IPv6 address through the way out', { libreswanExtra: { leftnexthop: '2001:db8::1' } },
      "'libreswanExtra.leftnexthop' ('2001:db8::1') is IPv6, which OpenShift does not support for IPsec through NMState; "
        + 'use IPv4 addresses '
        + 'and subnets (libreswan-ipv6)'],
    ['a value that the plugin refuses through the way out', { libreswanExtra: { pfs: 'a b' } },
      "'libreswanExtra.pfs' ('a b') has the character ' ', which NetworkManager-libreswan refuses: it takes printable ASCII without "
        + '\'"\', and no white space for this key; correct the value (libreswan-option-value)'],
    ['an interface name with a space', { interfaceName: 'to storage' },
      "'interfaceName' ('to storage') must be letters, digits, '-', '_' and '.', beginning and ending with a letter or digit: "
        + 'NetworkManager takes it as the id of the connection, and the policy is named by it'],
    ['an interface name that can\'t name a policy', { interfaceName: 'Storage_1' },
      "'interfaceName' ('Storage_1') can't be the name of a policy object, which must be lower-case letters, digits, '-' and '.': "
        + "give 'policyName' beside it"],
    ['a policy name that is too long', { policyName: 'p'.repeat(64) },
      `'policyName' ('${'p'.repeat(64)}') must be at most 63 lower-case letters, digits, '-' and '.', `
        + 'beginning and ending with a letter or digit: '
        + 'it is the name of an object, and a label of the enactments that NMState makes of it'],
    ['a policy name in capitals', { policyName: 'Storage' },
      "'policyName' ('Storage') must be at most 63 lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit: "
      + 'it is the name of an object, and a label of the enactments that NMState makes of it'],
    ['maxUnavailable 0', { maxUnavailable: 0 },
      "'maxUnavailable' (0) is neither a number of nodes nor a percentage of them; "
      + "give a whole number of nodes from 1, or a percentage from '1%' to '100%' (policy-max-unavailable)"],
    ['maxUnavailable above all', { maxUnavailable: '101%' },
      "'maxUnavailable' ('101%') is neither a number of nodes nor a percentage of them; "
      + "give a whole number of nodes from 1, or a percentage from '1%' to '100%' (policy-max-unavailable)"],
    ['a rule that is none', { acknowledge: { 'Not A Rule': 'x' } },
      "'acknowledge' names the rule 'Not A Rule', which is no rule id: ids are lower-case words joined by '-', "
        + "such as 'libreswan-peer-unverified'"],
    ['an acknowledgement without a reason', { acknowledge: { 'libreswan-extra': ' ' } },
      "'acknowledge' gives no reason for 'libreswan-extra': say in a sentence why it is right here; "
        + 'it goes into the manifest for whoever reads it next'],
  ])('%s', (_, props, message) => {
    expect(() => endpoint(props)).toThrow(new Error(`test/storage: ${message}`));
  });

  test('a key below the version that brought it, and warns where only the minor is known', () => {
    const rightca = { rightca: '%same' };
    const needs = (target: string) =>
      `'rightca' needs 4.19.22, 4.20.11, 4.21.0 and later, and the target is ${target}: `
        + 'the nodes of an older release refuse the whole policy';
    const problem = (target: string) =>
      `test/storage: ${needs(target)}; take it out, or upgrade the cluster first (libreswan-option-version)`;
    expect(() => endpoint(rightca, '4.18.30')).toThrow(new Error(problem('4.18.30')));
    expect(() => endpoint(rightca, '4.19.21')).toThrow(new Error(problem('4.19.21')));
    expect(endpoint(rightca, '4.19.22').warnings).toEqual([]);
    expect(endpoint(rightca, '4.21').warnings).toEqual([]);
    expect(endpoint(rightca, '4.20').warnings).toEqual([
      `libreswan-option-version: ${needs('4.20')}; state the patch level of the target to have it checked`,
    ]);
  });

  test.each(LIBRESWAN_OPTIONS.filter(({ since }) => since).map(({ key, since }) => [key, since!]))('%s on the minor before '
    + 'the one that brought it', (key, since) => {
    const props: { [key: string]: Partial<ExternalIpsecEndpointProps> } = {
      'rightca': { rightca: '%same' },
      'leftsendcert': { leftsendcert: SendCertificate.ALWAYS },
      'leftprotoport': { leftprotoport: 'tcp' },
      'rightprotoport': { rightprotoport: 'tcp' },
      'leftsubnets': { leftsubnets: ['10.0.0.0/24'], type: TUNNEL },
      'rightsubnets': { rightsubnets: ['10.0.0.0/24'], type: TUNNEL },
      'nm-auto-defaults': { nmAutoDefaults: false },
    };
    expect(() => endpoint(props[key], `4.${Number(since[0].split('.')[1]) - 1}`)).toThrow(
      /needs .* and later, and the target is 4\.\d+: the nodes of an older release refuse the whole policy/,
    );
    expect(endpoint(props[key], '4.22').warnings).toEqual([]);
  });

  test('a live endpoint on a cluster that can\'t have one', () => {
    const on = (props: Partial<ConstructorParameters<typeof IpsecClusterConfig>[2]>) => () => {
      const chart = quietChart();
      const cluster = new IpsecClusterConfig(chart, 'cluster', {
        mode: IpsecMode.FULL,
        openshiftVersion: OpenShiftVersion.of('4.16'),
        routingViaHost: true,
        ...props,
      });
      new ExternalIpsecEndpoint(chart, 'storage', endpointProps(cluster));
    };
    expect(on({ mode: IpsecMode.DISABLED })).toThrow(new Error(
      "test/storage: the cluster's 'mode' (Disabled) has no libreswan on the nodes, "
        + "and policy 'ipsec-storage-worker-0' wants a tunnel there; set "
        + 'the mode to External or Full, or the interfaces to state: absent (network-endpoint-without-mode)'));
    expect(on({ routingViaHost: undefined })).toThrow(new Error(
      "test/storage: the cluster's 'routingViaHost' is not stated, and the IPsec policies in the set need it to be true: its default is "
        + 'false, and then pod traffic leaves through OVS, and goes past every tunnel, in clear; '
        + "set the cluster's 'routingViaHost' to true in the IpsecClusterConfig "
        + '(network-routing-via-host)'));
    expect(on({ routingViaHost: false })).toThrow(new Error(
      "test/storage: the cluster's 'routingViaHost' (false) must be true for the IPsec policies in the set: otherwise pod traffic "
        + "leaves through OVS, and goes past every tunnel, in clear; set the cluster's 'routingViaHost' to true in the IpsecClusterConfig "
        + '(network-routing-via-host)'));
    expect(on({ platform: Platform.AWS })).toThrow(new Error(
      'test/storage: a tunnel to a host outside the cluster is not supported on AWS: OpenShift supports it on BareMetal, None, GCP, '
        + 'OpenStack, '
        + 'VSphere; use mode Full or Disabled, without policies for outside hosts (network-platform)'));
    expect(on({ platform: Platform.VSPHERE })).not.toThrow();
  });

  test('the policy of one host is the object of its endpoint, and of several none is', () => {
    const { construct } = endpoint({ nodes: NodeSelection.hostname('w0.example.com') });
    expect(ApiObject.of(construct)).toBe(construct.policies[0]);
    const several = endpoint({ nodes: NodeSelection.hostnames(['w0.example.com', 'w1.example.com']) });
    expect(() => ApiObject.of(several.construct)).toThrow('cannot find');
  });

  test('a nickname that the plugin refuses or the cluster reserves', () => {
    expect(() => IpsecCertificate.fromNickname('a"b')).toThrow(new Error(
      'nickname ("a\\"b") must be printable ASCII without \'"\' and without white space at its ends: '
        + 'NetworkManager-libreswan refuses any other'));
    expect(() => IpsecCertificate.fromNickname('ovs_node1')).toThrow(new Error(
      "nickname 'ovs_node1' begins with 'ovs_', which is reserved for the certificates that the cluster makes for traffic between pods: "
        + 'import the certificate under another nickname'));
  });

  test('a peer identity that can\'t be written', () => {
    expect(() => PeerIdentity.of('CN=a, O=b')).toThrow(new Error(
      `PeerIdentity.of ('CN=a, O=b') has the character ' ', ${PLUGIN}, and no white space for this key; `
        + 'a distinguished name can\'t be written here, use PeerIdentity.fromCertificate()'));
    expect(() => PeerIdentity.of('2001:db8::1')).toThrow(new Error(
      "PeerIdentity.of ('2001:db8::1') is an IPv6 address: OpenShift does not support IPv6 for IPsec through NMState"));
  });
});

describe('warns', () => {
  test.each<[string, Partial<ExternalIpsecEndpointProps>, string]>([
    ['of a peer that any certificate of the CA can be', { peerIdentity: PeerIdentity.fromCertificate() },
      "libreswan-peer-unverified: 'peerIdentity' ('%fromcert') accepts any certificate of the CA as the peer; write the peer's own "
        + "identity, '@' and its DNS name or its address, or acknowledge that the CA issues for this peer alone"],
    ['of an id that need not stand in the certificate', { requireIdOnCertificate: false },
      "libreswan-peer-unverified: 'requireIdOnCertificate' (false) accepts any certificate of the CA as the peer: its id need not "
        + 'stand in the certificate; take it out, and have the peer use a certificate that holds its id'],
    ['of IKEv1', { ikev2: Ikev2.NEVER }, "libreswan-ikev2: 'ikev2' ('never') makes the node speak IKEv1, which is obsolete (RFC "
      + '9395); write ikev2: insist'],
    ['of an id that gets an @', { leftid: 'node' },
      "libreswan-id-prefix: 'leftid' ('node') begins with neither '@' nor '%' and is no address: the node puts '@' in front of it; "
        + "write it with '@' in front"],
    ['of a distinguished name without @', { leftid: 'CN=node,O=Lab' },
      "libreswan-id-prefix: 'leftid' ('CN=node,O=Lab') is a distinguished name without '@': the node puts one in front, and libreswan "
        + "takes it away again; write it with '@' in front"],
    ['of any peer, which it is not', { peerIdentity: PeerIdentity.of('%any') },
      "libreswan-peer-unverified: 'peerIdentity' ('%any') is not any peer: libreswan puts the peer's address in its place, which the "
        + "peer's certificate must hold then; write the peer's own identity, '@' and its DNS name or its address, or acknowledge "
        + 'that the CA issues for this peer alone'],
    ['of a lifetime that is cut', { salifetime: '30d' }, "libreswan-lifetime: 'salifetime' ('30d') is longer than 24 hours, to which "
      + "libreswan cuts it; write '24h' or less"],
    ['of a node that asks for an address', { leftmodecfgclient: true },
      "libreswan-modecfg-client: 'leftmodecfgclient' (true) makes the node ask the peer for an address, as a roaming client does; "
        + 'write leftmodecfgclient: false'],
    ['of a tunnel for everything', { type: TUNNEL, remoteSubnet: '0.0.0.0/0' },
      "libreswan-subnet-missing: 'remoteSubnet' ('0.0.0.0/0') sends all IPv4 traffic of the node into the tunnel, the cluster's own "
        + "among it; name the subnet behind the peer; for the peer alone it is the peer's address followed by /32"],
    [
      'of one left for labels',
      { left: '192.0.2.1', nodes: NodeSelection.labels({ gateway: 'true' }), acknowledge: { 'certificate-shared': 'uniqueids=no' } },
      "libreswan-left-shared: 'left' ('192.0.2.1') is one node's address, and the policy may be for many nodes; write left: "
        + "'%defaultroute', or one policy a node",
    ],
  ])('%s', (_, props, warning) => {
    expect(endpoint(props).warnings).toEqual([warning]);
  });

  test('of half of dead peer detection on libreswan 5, which needs no timeout', () => {
    expect(endpoint({ dpddelay: 30 }, '4.20').warnings).toEqual([
      "libreswan-dpd-incomplete: 'dpddelay' (30) is given without 'dpdtimeout', and libreswan 4 sends no probes at all then; give "
        + 'both, or neither',
    ]);
  });

  test('once on standard error, with the construct\'s path', () => {
    const chart = Testing.chart();
    new ExternalIpsecEndpoint(chart, 'storage', { ...endpointProps(clusterBeside(chart)), ikev2: Ikev2.NO });
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    Testing.synth(chart);
    Testing.synth(chart);
    const told = write.mock.calls.map(([text]) => text);
    write.mockRestore();
    expect(told).toEqual([
      "warning: test/storage: 'ikev2' ('no') makes the node speak IKEv1, which is obsolete (RFC 9395); "
      + 'write ikev2: insist (libreswan-ikev2)\n',
      "warning: test/storage: 'certificate' ('left_server') is imported by nothing in the set; "
      + 'see that other means import it on these nodes, and acknowledge it, '
      + "with acknowledge: { 'certificate-nickname': '<the reason>' } (certificate-nickname)\n",
    ]);
  });
});

test('whatever text a prop holds, the construct takes it or refuses it by name, '
  + 'and what it takes holds no character that the plugin refuses', () => {
  const prop = fc.constantFrom(
    'host',
    'leftid',
    'ike',
    'esp',
    'rightcert',
    'remoteSubnet',
    'localSubnet',
    'left',
    'interfaceName',
    'policyName',
    'ikelifetime',
  );
  fc.assert(
    fc.property(prop, fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.ipV4(), fc.ipV6(), fc.domain()), (name, value) => {
      try {
        const { libreswan } = endpoint({ type: TRANSPORT, [name]: value });
        for (const written of Object.values(libreswan)) expect(String(written)).toMatch(/^[ !#-~]+$/);
      } catch (error) {
        expect((error as Error).name).toBe('InputError');
        expect((error as Error).message).toContain(`'${name}'`);
      }
    }),
    { numRuns: 300 },
  );
});

test('synthesis twice gives the same bytes', () => {
  const synth = () => {
    const chart = quietChart();
    new ExternalIpsecEndpoint(chart, 'storage', { ...endpointProps(externalCluster(chart)), nodes: NodeSelection.hostnames(['b', 'a']) });
    IpsecWarnings.of(chart).silence();
    return JSON.stringify(Testing.synth(chart));
  };
  expect(synth()).toBe(synth());
});
