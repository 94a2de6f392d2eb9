// Generated from src/openshift/libreswan-options.ts by `npx projen libreswan`; do not edit.

import { either, FLAG, KindsOf, listOf, mapOf, member, NUMBER, optional, TEXT } from '../core/kinds';

/** When the node sends its certificate to the peer. */
export enum SendCertificate {
  /** Always. */
  ALWAYS = 'always',
  /** When the peer asks for it. */
  IF_ASKED = 'ifasked',
  /** Never: the peer has it already. */
  NEVER = 'never',
}

/** Which IKE version the node speaks. */
export enum Ikev2 {
  /** IKEv2 only. */
  INSIST = 'insist',
  /** IKEv2, as newer libreswan reads it; the older one falls back to IKEv1. */
  YES = 'yes',
  /** IKEv2 proposed, IKEv1 accepted. */
  PROPOSE = 'propose',
  /** IKEv1, which is a finding (`libreswan-ikev2`). */
  NO = 'no',
  /** IKEv1, which is a finding (`libreswan-ikev2`). */
  NEVER = 'never',
}

/** What happens to a connection whose peer no longer answers (IKEv1 and libreswan 4 only). */
export enum DpdAction {
  /** The connection is removed until the peer starts it again. */
  CLEAR = 'clear',
  /** The connection is kept and renewed when traffic wants it. */
  HOLD = 'hold',
  /** The connection is renewed at once. */
  RESTART = 'restart',
}

/** The libreswan keys of a connection that have no prop of their own name in `ExternalIpsecEndpointProps`. */
export interface LibreswanOptions {
  /**
   * Which key the peer authenticates with.
   *
   * @default '%cert' - the one of the certificate that it sends
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly rightrsasigkey?: string;

  /**
   * The nickname of the peer's certificate in the node's NSS database, where the peer does not send it.
   *
   * @default - not written, the peer sends its certificate
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly rightcert?: string;

  /**
   * The CA that must have issued the peer's certificate: `%same` for the one of the node's own, a distinguished name in
   * libreswan's order, or `%any` for every CA of the node's NSS database. Where it is set the node asks the peer for its
   * certificate; a peer that sends it only when it is asked needs that. From 4.19.22, 4.20.11 and 4.21.
   *
   * @default - `%same` with delivery `NMSTATE` where the release has the key and the one CA of the certificate's import issued the node's certificate; not written otherwise, any CA of the node's NSS database
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly rightca?: string;

  /**
   * How the node names itself to the peer.
   *
   * @default '%fromcert' - the subject of its certificate
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly leftid?: string;

  /**
   * Which key the node authenticates with.
   *
   * @default '%cert' - the one of its certificate
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly leftrsasigkey?: string;

  /**
   * When the node sends its certificate. From 4.19.19, 4.20.3 and 4.21.
   *
   * @default - not written, libreswan's default is always
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly leftsendcert?: SendCertificate;

  /**
   * Which IKE version the node speaks.
   *
   * @default Ikev2.INSIST
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly ikev2?: Ikev2;

  /**
   * How long an IKE SA lives: a number of seconds, or a number with the unit `s`, `m`, `h` or `d`.
   *
   * @default - not written, libreswan's default
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly ikelifetime?: string;

  /**
   * How long an ESP SA lives: a number of seconds, or a number with the unit `s`, `m`, `h` or `d`.
   *
   * @default - not written, libreswan's default
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly salifetime?: string;

  /**
   * The IKE algorithms in libreswan's own names: `<encryption>-<PRF>;<DH group>`, with commas between proposals and `+`
   * between alternatives, for example `aes_gcm256-sha2_512;dh20` or `aes256-sha2_256;modp2048+dh19`. What is left out is
   * libreswan's default. Another program's spelling, or an algorithm that libreswan lacks (`modp1024`), is refused
   * (`libreswan-proposal`).
   *
   * @default - not written, the node's crypto policy decides
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly ike?: string;

  /**
   * The ESP algorithms in libreswan's own names: `<encryption>-<integrity>`, with commas between proposals, for example
   * `aes_gcm256` or `aes256-sha2_512`. AEAD algorithms such as `aes_gcm256` stand alone. A DH group (`;dh19`) is for the
   * renewal of keys, the same one in each proposal or none.
   *
   * @default - not written, the node's crypto policy decides
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly esp?: string;

  /**
   * Seconds between the probes that tell whether the peer still answers; with `dpdtimeout`.
   *
   * @default - not written, no probes
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly dpddelay?: number;

  /**
   * Seconds without an answer after which the peer counts as dead; with `dpddelay`.
   *
   * @default - not written
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly dpdtimeout?: number;

  /**
   * What happens to the connection of a dead peer.
   *
   * @default - not written, libreswan's default
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly dpdaction?: DpdAction;

  /**
   * Whether traffic goes through a network interface of its own: `yes`, `no`, or the number of the interface (3 gives
   * ipsec3).
   *
   * @default - not written, no interface
   * @see https://libreswan.org/man/ipsec.conf.5.html
   * @deprecated Give `ipsecInterfaceNumber` or `ipsecInterfaceEnabled`, which have one type in every language.
   */
  readonly ipsecInterface?: string | number;

  /**
   * How the two sides authenticate, for example `rsa-sha2_512`. `secret` is refused (`libreswan-authby-ignored`): a shared
   * secret has no place in a manifest. NetworkManager-libreswan writes it only where no `…rsasigkey` is set.
   *
   * @default - not written, by certificate
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly authby?: string;

  /**
   * More subnets behind the peer, besides `remoteSubnet`. From 4.22.
   *
   * @default - none
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly rightsubnets?: string[];

  /**
   * The protocol and port of the peer's side that the connection is for, such as `tcp/2049`; the peer must have exactly
   * the same. From 4.19.22, 4.20.11 and 4.21.
   *
   * @default - not written, all protocols
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly rightprotoport?: string;

  /**
   * More subnets behind the node, besides `localSubnet`. From 4.22.
   *
   * @default - none
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly leftsubnets?: string[];

  /**
   * The protocol and port of the node's side that the connection is for, such as `tcp` or `tcp/2049`; the peer must have
   * exactly the same. From 4.19.22, 4.20.11 and 4.21.
   *
   * @default - not written, all protocols
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly leftprotoport?: string;

  /**
   * Whether the node asks the peer for an address, as a roaming client of a VPN gateway does.
   *
   * @default false
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly leftmodecfgclient?: boolean;

  /**
   * Whether the peer's id must stand in its certificate. `false` accepts any certificate of the CA, which is a finding
   * (`libreswan-peer-unverified`).
   *
   * @default - not written, libreswan's default is true
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly requireIdOnCertificate?: boolean;

  /**
   * Whether NetworkManager-libreswan fills in what is not written. From 4.19.22, 4.20.11 and 4.21.
   *
   * @default - not written, true
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly nmAutoDefaults?: boolean;

  /**
   * Keys of libreswan that are newer than this library, written as they are. Each is a finding (`libreswan-extra`), and the node
   * refuses the whole policy where its nmstate does not know the key.
   *
   * @default - none
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly libreswanExtra?: { [key: string]: string };
}

/** The kinds of these props. */
export const LIBRESWAN_KINDS: KindsOf<LibreswanOptions> = {
  rightrsasigkey: optional(TEXT),
  rightcert: optional(TEXT),
  rightca: optional(TEXT),
  leftid: optional(TEXT),
  leftrsasigkey: optional(TEXT),
  leftsendcert: optional(member(SendCertificate)),
  ikev2: optional(member(Ikev2)),
  ikelifetime: optional(TEXT),
  salifetime: optional(TEXT),
  ike: optional(TEXT),
  esp: optional(TEXT),
  dpddelay: optional(NUMBER),
  dpdtimeout: optional(NUMBER),
  dpdaction: optional(member(DpdAction)),
  ipsecInterface: optional(either(TEXT, NUMBER)),
  authby: optional(TEXT),
  rightsubnets: optional(listOf(TEXT, 'subnets')),
  rightprotoport: optional(TEXT),
  leftsubnets: optional(listOf(TEXT, 'subnets')),
  leftprotoport: optional(TEXT),
  leftmodecfgclient: optional(FLAG),
  requireIdOnCertificate: optional(FLAG),
  nmAutoDefaults: optional(FLAG),
  libreswanExtra: optional(mapOf(TEXT, 'texts')),
};
