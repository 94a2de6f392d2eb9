/** A line of a log by which a fault is known. */
export interface LogSign {
  readonly id: string;
  /** The program that writes it. */
  readonly by: 'libreswan' | 'strongSwan';
  /** What the line holds, as it is. */
  readonly fragment: string;
  /** Such a line, as the lab recorded it, without its time. */
  readonly recorded: string;
  readonly means: string;
  readonly change: string;
}

/**
 * What libreswan 4.10 and strongSwan 5.9.8 say of faults. The lab's act `peers` plays each fault with both, and fails where the fragments
 * are not in their logs any more.
 */
export const LOG_SIGNS: readonly LogSign[] = [
  {
    id: 'id-type',
    by: 'libreswan',
    fragment: 'peer certificate subjectAltName extension does not match ID_IPV4_ADDR',
    recorded: "X509: authentication failed; peer certificate subjectAltName extension does not match ID_IPV4_ADDR '10.0.0.21'",
    means: 'The other end is expected by its address, and its certificate holds no such address as IP subject alternative name.',
    change: "Issue a certificate with the address (IP:…), or expect the name that it has: peerIdentity: PeerIdentity.of('@storage.example.com').",
  },
  {
    id: 'id-not-in-certificate',
    by: 'libreswan',
    fragment: 'peer certificate subjectAltName extension does not match ID_FQDN',
    recorded: "X509: authentication failed; peer certificate subjectAltName extension does not match ID_FQDN 'storage.example.com'",
    means: 'The other end is expected by its name, and its certificate holds no such name as DNS subject alternative name.',
    change: 'Issue a certificate with the name (DNS:…), or have the other end show the right one of its certificates.',
  },
  {
    id: 'no-san',
    by: 'libreswan',
    fragment: 'peer certificate contains no subjectAltName extension',
    recorded: "X509: authentication failed; peer certificate contains no subjectAltName extension to match ID_FQDN '@storage.example.com'",
    means: 'The certificate of the other end has its name as common name alone, which no longer counts.',
    change: 'Issue a certificate with the name as subject alternative name (DNS:…).',
  },
  {
    id: 'unknown-issuer',
    by: 'libreswan',
    fragment: 'SEC_ERROR_UNKNOWN_ISSUER',
    recorded: 'NSS: ERROR: IPsec certificate CN=stranger,O=Lab invalid: SEC_ERROR_UNKNOWN_ISSUER: Peer\'s Certificate issuer is not recognized.',
    means: 'The certificate of the other end is of a CA that this one does not have, or an intermediate between the two is missing.',
    change: 'Import the CA, and every intermediate: libreswan sends its own certificate only. On nodes both belong in caCertificates.',
  },
  {
    id: 'node-id',
    by: 'libreswan',
    fragment: 'peer ID_DER_ASN1_DN',
    recorded: "X509: authentication failed; peer ID_DER_ASN1_DN 'CN=nodes.cluster.example.com,O=Lab' does not match expected 'O=Lab, CN=other'",
    means: 'The other end states another subject than this one expects.',
    change: 'Expect the subject of the certificate that it shows: rightid on a host, and nodeIdentity where its file is written.',
  },
  {
    id: 'rejected-by-peer',
    by: 'libreswan',
    fragment: 'rejected by peer: AUTHENTICATION_FAILED',
    recorded: 'IKE SA authentication request rejected by peer: AUTHENTICATION_FAILED',
    means: 'The other end refuses this one: by its id, its certificate, or the CA of that.',
    change: 'Look at the log of the other end, which says why.',
  },
  {
    id: 'mode-libreswan',
    by: 'libreswan',
    fragment: 'local policy requires Transport Mode but peer requires required Tunnel Mode',
    recorded: 'local policy requires Transport Mode but peer requires required Tunnel Mode',
    means: 'One end is set to transport mode and the other to tunnel mode. The other end believes that the tunnel is up.',
    change: 'Give both the same type.',
  },
  {
    id: 'mode-ignored',
    by: 'libreswan',
    fragment: "policy dictates Tunnel Mode, ignoring peer's request for Transport Mode",
    recorded: "policy dictates Tunnel Mode, ignoring peer's request for Transport Mode",
    means: 'The other end asks for transport mode, and this one is set to tunnel mode.',
    change: 'Give both the same type.',
  },
  {
    id: 'no-proposal-init',
    by: 'libreswan',
    fragment: 'dropping unexpected IKE_SA_INIT message containing NO_PROPOSAL_CHOSEN notification',
    recorded: 'dropping unexpected IKE_SA_INIT message containing NO_PROPOSAL_CHOSEN notification; message payloads: N; missing payloads: SA,KE,Ni',
    means: 'The other end takes none of the IKE algorithms that are offered.',
    change: 'Give both ends one proposal in common: ike, which PeerConfiguration writes for the other end too.',
  },
  {
    id: 'no-local-proposal',
    by: 'libreswan',
    fragment: 'no local proposal matches remote proposals',
    recorded: 'no local proposal matches remote proposals 1:IKE:ENCR=3DES;PRF=HMAC_SHA1;INTEG=HMAC_SHA1_96;DH=MODP1536',
    means: 'This end takes none of the algorithms that the line lists. After 1:IKE: they are those of IKE (ike), after 1:ESP: those of ESP (esp).',
    change: 'Give both ends one proposal in common. Where an ESP proposal of the line lacks DH=, the other end renews keys without a DH group: '
      + 'let it use one.',
  },
  {
    id: 'ts-initiator',
    by: 'libreswan',
    fragment: 'rejected Child SA with TS_UNACCEPTABLE',
    recorded: 'IKE_AUTH response rejected Child SA with TS_UNACCEPTABLE',
    means: 'Both ends know each other, and the other end does not want these subnets: its own are narrower, or wider where it is libreswan, or '
      + 'a NAT lies between, so that the address that the node protects is none that the other end sees.',
    change: 'Give both the same subnets. Behind a NAT give the endpoint its own address as localSubnet.',
  },
  {
    id: 'ts-narrowed',
    by: 'libreswan',
    fragment: 'CHILD SA failed: TS_UNACCEPTABLE',
    recorded: 'CHILD SA failed: TS_UNACCEPTABLE',
    means: 'The other end answered with narrower subnets than were asked for, which libreswan does not take.',
    change: 'Give both the same subnets.',
  },
  {
    id: 'ts-second',
    by: 'libreswan',
    fragment: 'CREATE_CHILD_SA failed with error notification TS_UNACCEPTABLE',
    recorded: 'CREATE_CHILD_SA failed with error notification TS_UNACCEPTABLE',
    means: 'A second tunnel to the same host is refused, and the first one is up. A host with libreswan finds only the first where it waits for '
      + 'nodes of any address (right=%any) or of any subject (rightid=%fromcert).',
    change: "Give the endpoints left, each node's own address, and write the host's file again with nodeIdentity, the subject of the nodes' "
      + 'certificate.',
  },
  {
    id: 'no-proposal-child',
    by: 'libreswan',
    fragment: 'CREATE_CHILD_SA failed with error notification NO_PROPOSAL_CHOSEN',
    recorded: 'CREATE_CHILD_SA failed with error notification NO_PROPOSAL_CHOSEN',
    means: 'A second tunnel, or the renewal of keys, is refused though the first one came up: the other end takes no DH group for ESP. The '
      + 'default proposals of strongSwan are so.',
    change: 'Name the groups in the esp_proposals of the other end, as PeerConfiguration.strongSwan does.',
  },
  {
    id: 'no-answer',
    by: 'libreswan',
    fragment: 'No response (or no acceptable response) to our',
    recorded: 'STATE_V2_ESTABLISHED_IKE_SA: 60 second timeout exceeded after 7 retransmits.  No response (or no acceptable response) to our '
      + 'IKEv2 message',
    means: 'Nothing comes back: the host is away, its daemon does not run, UDP port 500 is closed, or it refuses all algorithms.',
    change: 'Look at the log of the other end: where it has no line at this time, it is the network.',
  },
  {
    id: 'dead-peer',
    by: 'libreswan',
    fragment: 'liveness action - restarting all connections that share this peer',
    recorded: 'liveness action - restarting all connections that share this peer',
    means: 'The other end no longer answers, and the tunnel is begun anew: 60 seconds after the first lost probe.',
    change: 'Nothing, where the other end was started anew. Without dpddelay the node would not have noticed before its keys were due, hours later.',
  },
  {
    id: 'strongswan-proposals',
    by: 'strongSwan',
    fragment: 'received proposals unacceptable',
    recorded: '[IKE] received proposals unacceptable',
    means: 'strongSwan takes none of the IKE algorithms that the node offers; the two lines before list both.',
    change: 'Give both ends one proposal in common: ike, which PeerConfiguration.strongSwan writes as proposals.',
  },
  {
    id: 'strongswan-child-proposals',
    by: 'strongSwan',
    fragment: 'no acceptable proposal found',
    recorded: '[IKE] no acceptable proposal found',
    means: 'strongSwan takes none of the ESP algorithms that the node offers. Where the two lines before differ in a DH group alone, it is for a '
      + 'second tunnel or the renewal of keys.',
    change: 'Name the algorithms with their DH groups in esp_proposals, as PeerConfiguration.strongSwan does.',
  },
  {
    id: 'strongswan-selectors',
    by: 'strongSwan',
    fragment: 'traffic selectors ',
    recorded: '[IKE] traffic selectors 198.51.100.0/24 === 10.9.0.11/32 unacceptable',
    means: 'The subnets of the node are none of this host: wrong ones, or the address of a node behind a NAT.',
    change: 'Give both the same subnets. Behind a NAT give the endpoint its own address as localSubnet.',
  },
  {
    id: 'strongswan-deleted',
    by: 'strongSwan',
    fragment: 'received DELETE for IKE_SA',
    recorded: '[IKE] received DELETE for IKE_SA ipsec-impostor[33]',
    means: 'The node ended the connection. Right after "established" it refused this host: by its id, or by its certificate.',
    change: "Look at the node's log, which says why.",
  },
  {
    id: 'strongswan-child-deleted',
    by: 'strongSwan',
    fragment: 'received DELETE for ESP CHILD_SA',
    recorded: '[IKE] received DELETE for ESP CHILD_SA with SPI 5d45c115',
    means: 'The node ended the tunnel. Right after "established" it refused the mode or the subnets that this host answered with.',
    change: 'Give both ends the same type and the same subnets.',
  },
  {
    id: 'strongswan-no-config',
    by: 'strongSwan',
    fragment: 'no matching peer config found',
    recorded: '[CFG] no matching peer config found',
    means: 'No connection of this host has the ids that the node states: the one that it expects of this host, or its own.',
    change: "Set local.id to what the node has as rightid, and remote.id to the subject of the nodes' certificate, or %any.",
  },
];

/** A fault that the lab plays, and the signs of it in the logs of the node and of the peer, by the peer's program. */
export interface PlayedFault {
  readonly row: string;
  readonly what: string;
  readonly libreswan?: { readonly node: string; readonly peer?: string };
  readonly strongSwan?: { readonly node: string; readonly peer?: string };
}

export const PLAYED_FAULTS: readonly PlayedFault[] = [
  {
    row: 'mode',
    what: 'the node has transport mode, the peer tunnel mode',
    libreswan: { node: 'mode-libreswan', peer: 'mode-ignored' },
    strongSwan: { node: 'mode-libreswan', peer: 'strongswan-child-deleted' },
  },
  {
    row: 'id-type',
    what: 'the node expects an address, and the certificate of the peer holds a name',
    libreswan: { node: 'id-type' },
    strongSwan: { node: 'id-type', peer: 'strongswan-deleted' },
  },
  {
    row: 'id-not-in-certificate',
    what: 'the peer states the right name, and its certificate holds another one',
    libreswan: { node: 'id-not-in-certificate' },
    strongSwan: { node: 'id-not-in-certificate', peer: 'strongswan-deleted' },
  },
  {
    row: 'no-san',
    what: 'the certificate of the peer has its name as common name alone',
    libreswan: { node: 'no-san' },
    strongSwan: { node: 'no-san', peer: 'strongswan-deleted' },
  },
  {
    row: 'unknown-issuer',
    what: 'the certificate of the peer is of another CA',
    libreswan: { node: 'unknown-issuer' },
    strongSwan: { node: 'unknown-issuer' },
  },
  {
    row: 'node-id',
    what: 'the peer expects another subject of the nodes',
    libreswan: { node: 'rejected-by-peer', peer: 'node-id' },
    strongSwan: { node: 'rejected-by-peer', peer: 'strongswan-no-config' },
  },
  {
    row: 'weak',
    what: 'the node offers 3DES and SHA-1, the peer wants AES-GCM',
    libreswan: { node: 'no-proposal-init', peer: 'no-local-proposal' },
    strongSwan: { node: 'no-proposal-init', peer: 'strongswan-proposals' },
  },
  {
    row: 'proposals',
    what: 'the node offers AES-CBC with SHA-256, the peer wants AES-GCM with SHA-384',
    libreswan: { node: 'no-proposal-init', peer: 'no-local-proposal' },
    strongSwan: { node: 'no-proposal-init', peer: 'strongswan-proposals' },
  },
  {
    row: 'peer-narrower',
    what: "the peer's subnet is narrower than the node's",
    libreswan: { node: 'ts-initiator' },
    strongSwan: { node: 'ts-narrowed', peer: 'strongswan-child-deleted' },
  },
  { row: 'peer-wider', what: "the peer's subnet is wider than the node's", libreswan: { node: 'ts-initiator' } },
  {
    row: 'nat-unknown',
    what: 'a NAT lies between, and the endpoint has no localSubnet',
    libreswan: { node: 'ts-initiator' },
    strongSwan: { node: 'ts-initiator', peer: 'strongswan-selectors' },
  },
  { row: 'subnets-from-anywhere', what: 'two tunnels of a node whose address the peer does not know', libreswan: { node: 'ts-second' } },
];

/** A sign that a log has. */
export interface FoundSign {
  readonly sign: LogSign;
  /** The number of the first line that has it, and that line. */
  readonly line: number;
  readonly text: string;
  readonly times: number;
}

/** The signs of faults in a log, in the order of their first lines. */
export function signsIn(log: string): FoundSign[] {
  const found = new Map<LogSign, FoundSign>();
  log.split('\n').forEach((text, i) => {
    const sign = LOG_SIGNS.find((each) => text.includes(each.fragment));
    if (!sign) return;
    const known = found.get(sign);
    found.set(sign, known ? { ...known, times: known.times + 1 } : { sign, line: i + 1, text: text.trim(), times: 1 });
  });
  return [...found.values()];
}
