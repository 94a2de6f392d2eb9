import type { LibreswanOption } from './libreswan-option';
import type { VersionFloor } from './openshift-version';

/** Node releases by their NetworkManager-libreswan: 1.2.27 and up, 1.2.29 and up, and the one after 1.2.29. */
const PLUGIN_1_2_27: VersionFloor = ['4.19.19', '4.20.3', '4.21.0'];
const PLUGIN_1_2_29: VersionFloor = ['4.19.22', '4.20.11', '4.21.0'];
const PLUGIN_1_2_30: VersionFloor = ['4.22.0'];

/** Releases whose plugin can wait for the first packet (`nm-connect-mode`); no nmstate can say it. */
export const ON_DEMAND_RELEASES = PLUGIN_1_2_29;

/**
 * Every key of nmstate's `LibreswanConfig` up to nmstate 2.2.60, in its order. nmstate refuses any other one on the node.
 *
 * Sources: nmstate `rust/src/lib/ifaces/ipsec.rs` and nmstate/nmstate#2993 (leftsendcert), #2889 (nm-auto-defaults),
 * #3023 (rightca), #3031 (protoports), #3100 (subnets); plugin versions by node release were read on 4.19 to 4.22 nodes.
 * `rightca` came with plugin 1.2.27, and works reliably from the release that carries 1.2.29.
 */
export const LIBRESWAN_OPTIONS: readonly LibreswanOption[] = [
  { key: 'right', type: 'string', prop: 'host' },
  { key: 'rightid', type: 'string', prop: 'peerIdentity' },
  {
    key: 'rightrsasigkey',
    type: 'string',
    whiteSpace: true,
    prop: {
      type: 'string',
      doc: 'Which key the peer authenticates with.',
      default: "'%cert' - the one of the certificate that it sends",
    },
  },
  {
    key: 'rightcert',
    type: 'string',
    whiteSpace: true,
    prop: {
      type: 'string',
      doc: "The nickname of the peer's certificate in the node's NSS database, where the peer does not send it.",
      default: '- not written, the peer sends its certificate',
    },
  },
  {
    key: 'rightca',
    type: 'string',
    whiteSpace: true,
    since: PLUGIN_1_2_29,
    prop: {
      type: 'string',
      doc: "The CA that must have issued the peer's certificate: `%same` for the one of the node's own, a distinguished "
        + "name in libreswan's order, or `%any` for every CA of the node's NSS database. Where it is set the node asks the peer for its "
        + 'certificate; a peer that sends it only when it is asked needs that.',
      default: "- `%same` with delivery `NMSTATE` where the release has the key and the one CA of the certificate's import issued the "
        + "node's certificate; not written otherwise, any CA of the node's NSS database",
    },
  },
  { key: 'left', type: 'string', prop: 'left' },
  {
    key: 'leftid',
    type: 'string',
    prop: {
      type: 'string',
      doc: 'How the node names itself to the peer.',
      default: "'%fromcert' - the subject of its certificate",
    },
  },
  {
    key: 'leftrsasigkey',
    type: 'string',
    whiteSpace: true,
    prop: {
      type: 'string',
      doc: 'Which key the node authenticates with.',
      default: "'%cert' - the one of its certificate",
    },
  },
  { key: 'leftcert', type: 'string', whiteSpace: true, prop: 'certificate' },
  {
    key: 'leftsendcert',
    type: 'string',
    since: PLUGIN_1_2_27,
    prop: {
      type: {
        name: 'SendCertificate',
        doc: 'When the node sends its certificate to the peer.',
        members: [
          { name: 'ALWAYS', value: 'always', doc: 'Always.' },
          { name: 'IF_ASKED', value: 'ifasked', doc: 'When the peer asks for it.' },
          { name: 'NEVER', value: 'never', doc: 'Never: the peer has it already.' },
        ],
      },
      doc: 'When the node sends its certificate.',
      default: "- not written, libreswan's default is always",
    },
  },
  {
    key: 'ikev2',
    type: 'string',
    prop: {
      type: {
        name: 'Ikev2',
        doc: 'Which IKE version the node speaks.',
        members: [
          { name: 'INSIST', value: 'insist', doc: 'IKEv2 only.' },
          { name: 'YES', value: 'yes', doc: 'IKEv2, as newer libreswan reads it; the older one falls back to IKEv1.' },
          { name: 'PROPOSE', value: 'propose', doc: 'IKEv2 proposed, IKEv1 accepted.' },
          { name: 'NO', value: 'no', doc: 'IKEv1, which is a finding (`libreswan-ikev2`).' },
          { name: 'NEVER', value: 'never', doc: 'IKEv1, which is a finding (`libreswan-ikev2`).' },
        ],
      },
      doc: 'Which IKE version the node speaks.',
      default: 'Ikev2.INSIST',
    },
  },
  { key: 'psk', type: 'string', secret: true },
  {
    key: 'ikelifetime',
    type: 'lifetime',
    prop: {
      type: 'string',
      doc: 'How long an IKE SA lives: a number of seconds, or a number with the unit `s`, `m`, `h` or `d`.',
      default: "- not written, libreswan's default",
    },
  },
  {
    key: 'salifetime',
    type: 'lifetime',
    prop: {
      type: 'string',
      doc: 'How long an ESP SA lives: a number of seconds, or a number with the unit `s`, `m`, `h` or `d`.',
      default: "- not written, libreswan's default",
    },
  },
  {
    key: 'ike',
    type: 'string',
    prop: {
      type: 'string',
      doc: "The IKE algorithms in libreswan's own names: `<encryption>-<PRF>;<DH group>`, with commas between proposals and "
        + '`+` between alternatives, for example `aes_gcm256-sha2_512;dh20` or `aes256-sha2_256;modp2048+dh19`. What is '
        + "left out is libreswan's default. Another program's spelling, or an algorithm that libreswan lacks (`modp1024`), "
        + 'is refused (`libreswan-proposal`).',
      default: "- not written, the node's crypto policy decides",
      see: 'https://libreswan.org/man/ipsec.conf.5.html',
    },
  },
  {
    key: 'esp',
    type: 'string',
    prop: {
      type: 'string',
      doc: "The ESP algorithms in libreswan's own names: `<encryption>-<integrity>`, with commas between proposals, for "
        + 'example `aes_gcm256` or `aes256-sha2_512`. AEAD algorithms such as `aes_gcm256` stand alone. A DH group '
        + '(`;dh19`) is for the renewal of keys, the same one in each proposal or none.',
      default: "- not written, the node's crypto policy decides",
      see: 'https://libreswan.org/man/ipsec.conf.5.html',
    },
  },
  {
    key: 'dpddelay',
    type: 'seconds',
    prop: {
      type: 'number',
      doc: 'Seconds between the probes that tell whether the peer still answers; with `dpdtimeout`.',
      default: '- not written, no probes',
    },
  },
  {
    key: 'dpdtimeout',
    type: 'seconds',
    prop: {
      type: 'number',
      doc: 'Seconds without an answer after which the peer counts as dead; with `dpddelay`.',
      default: '- not written',
    },
  },
  {
    key: 'dpdaction',
    type: 'string',
    prop: {
      type: {
        name: 'DpdAction',
        doc: 'What happens to a connection whose peer no longer answers (IKEv1 and libreswan 4 only).',
        members: [
          { name: 'CLEAR', value: 'clear', doc: 'The connection is removed until the peer starts it again.' },
          { name: 'HOLD', value: 'hold', doc: 'The connection is kept and renewed when traffic wants it.' },
          { name: 'RESTART', value: 'restart', doc: 'The connection is renewed at once.' },
        ],
      },
      doc: 'What happens to the connection of a dead peer.',
      default: "- not written, libreswan's default",
    },
  },
  {
    key: 'ipsec-interface',
    type: 'yes, no or number',
    prop: {
      name: 'ipsecInterface',
      type: 'string | number',
      doc: 'Whether traffic goes through a network interface of its own: `yes`, `no`, or the number of the interface (3 '
        + 'gives ipsec3).',
      default: '- not written, no interface',
      deprecated: 'Give `ipsecInterfaceNumber` or `ipsecInterfaceEnabled`, which have one type in every language.',
    },
  },
  {
    key: 'authby',
    type: 'string',
    prop: {
      type: 'string',
      doc: 'How the two sides authenticate, for example `rsa-sha2_512`. `secret` is refused (`libreswan-authby-ignored`): a shared secret has no place in '
        + 'a manifest. NetworkManager-libreswan writes it only where no `…rsasigkey` is set.',
      default: '- not written, by certificate',
    },
  },
  { key: 'rightsubnet', type: 'string', prop: 'remoteSubnet' },
  {
    key: 'rightsubnets',
    type: 'string',
    since: PLUGIN_1_2_30,
    prop: {
      type: 'string[]',
      doc: 'More subnets behind the peer, besides `remoteSubnet`.',
      default: '- none',
    },
  },
  {
    key: 'rightprotoport',
    type: 'string',
    since: PLUGIN_1_2_29,
    prop: {
      type: 'string',
      doc: "The protocol and port of the peer's side that the connection is for, such as `tcp/2049`; the peer must have "
        + 'exactly the same.',
      default: '- not written, all protocols',
    },
  },
  { key: 'leftsubnet', type: 'string', prop: 'localSubnet' },
  {
    key: 'leftsubnets',
    type: 'string',
    since: PLUGIN_1_2_30,
    prop: {
      type: 'string[]',
      doc: 'More subnets behind the node, besides `localSubnet`.',
      default: '- none',
    },
  },
  {
    key: 'leftprotoport',
    type: 'string',
    since: PLUGIN_1_2_29,
    prop: {
      type: 'string',
      doc: "The protocol and port of the node's side that the connection is for, such as `tcp` or `tcp/2049`; the peer must "
        + 'have exactly the same.',
      default: '- not written, all protocols',
    },
  },
  {
    key: 'leftmodecfgclient',
    type: 'boolean',
    prop: {
      type: 'boolean',
      doc: 'Whether the node asks the peer for an address, as a roaming client of a VPN gateway does.',
      default: 'false',
    },
  },
  { key: 'type', type: 'string', values: ['transport', 'tunnel'], prop: 'type' },
  { key: 'hostaddrfamily', type: 'string', values: ['ipv4', 'ipv6'] },
  { key: 'clientaddrfamily', type: 'string', values: ['ipv4', 'ipv6'] },
  {
    key: 'require-id-on-certificate',
    type: 'boolean',
    prop: {
      name: 'requireIdOnCertificate',
      type: 'boolean',
      doc: "Whether the peer's id must stand in its certificate. `false` accepts any certificate of the CA, which is a "
        + 'finding (`libreswan-peer-unverified`).',
      default: "- not written, libreswan's default is true",
    },
  },
  {
    key: 'nm-auto-defaults',
    type: 'boolean',
    since: PLUGIN_1_2_29,
    prop: {
      name: 'nmAutoDefaults',
      type: 'boolean',
      doc: 'Whether NetworkManager-libreswan fills in what is not written.',
      default: '- not written, true',
    },
  },
];

const BY_KEY: ReadonlyMap<string, LibreswanOption> = new Map(LIBRESWAN_OPTIONS.map((option) => [option.key, option]));

/** The option of a key, or undefined where nmstate does not know the key. */
export function libreswanOption(key: string): LibreswanOption | undefined {
  return BY_KEY.get(key);
}
