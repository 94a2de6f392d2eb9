import { isIpv4 } from '../openshift/ip';

/**
 * How one end of a connection names itself to the other.
 *
 * | kind | what proves it | libreswan | strongSwan |
 * | --- | --- | --- | --- |
 * | `dns` | a DNS subject alternative name | `@name` | `name` |
 * | `address` | an IP subject alternative name | `192.0.2.1` | `192.0.2.1` |
 * | `email` | an email subject alternative name | `@@name` | `name` |
 * | `subject` | any certificate of the CA | `%fromcert` | left out: the subject of the own certificate; `%any` for the other end |
 * | `dn` | the certificate with that subject | `CN=…` | `CN=…` |
 * | `key` | nothing in a certificate | `@#…` | `keyid:0x…` |
 */
export interface Identity {
  readonly kind: 'dns' | 'address' | 'email' | 'subject' | 'dn' | 'key';
  /** Without the sign that libreswan tells the kind by; empty for `subject`. */
  readonly text: string;
}

const SUBJECT: Identity = { kind: 'subject', text: '' };

/**
 * What libreswan makes of an id, once NetworkManager-libreswan has passed it on.
 *
 * @param address what libreswan puts in the place of none, and of `%any`
 * @param filledIn whether the plugin puts an `@` before what has no sign of its own
 */
export function identityOf(id: string | undefined, address: string, filledIn: boolean): Identity {
  if (id === undefined || id === '%any') return addressOrSubject(address);
  if (id === '%fromcert' || id === '%cert') return SUBJECT;
  if (id.startsWith('@#')) return { kind: 'key', text: id.slice(2).replace(/^0x/, '') };
  // The plugin takes the sign from a name again, and libreswan tells one by its `=`.
  if (id.includes('=')) return { kind: 'dn', text: id.replace(/^@/, '') };
  if (id.startsWith('@@')) return { kind: 'email', text: id.slice(2) };
  if (id.startsWith('@')) return { kind: 'dns', text: id.slice(1) };
  if (isIpv4(id)) return { kind: 'address', text: id };
  if (id.includes('@')) return { kind: 'email', text: id };
  // libreswan looks up the address of a bare name; the plugin saves it from that.
  return filledIn ? { kind: 'dns', text: id } : addressOrSubject(address);
}

function addressOrSubject(address: string): Identity {
  return isIpv4(address) ? { kind: 'address', text: address } : SUBJECT;
}

/** What a certificate must hold to prove the identity, for people. */
export function provenBy({ kind, text }: Identity): string {
  switch (kind) {
    case 'dns': return `the subject alternative name DNS:${text}`;
    case 'address': return `the subject alternative name IP:${text}`;
    case 'email': return `the subject alternative name email:${text}`;
    case 'dn': return `the subject ${text}`;
    case 'subject': return 'any subject';
    case 'key': return `nothing: the id is a key's, ${text}`;
  }
}

/** The identity as libreswan has it in `leftid` and `rightid`. */
export function libreswanId({ kind, text }: Identity): string {
  const signs = { dns: '@', address: '', email: '@@', subject: '%fromcert', dn: '', key: '@#' };
  return `${signs[kind]}${text}`;
}

/** The identity as swanctl.conf has it; undefined where it is the subject of whatever certificate. */
export function strongSwanId({ kind, text }: Identity): string | undefined {
  const signs = { dns: 'fqdn:', address: '', email: 'email:', dn: '', key: 'keyid:0x' };
  if (kind === 'subject') return undefined;
  // Without the sign strongSwan guesses the kind of an id by its looks.
  return `${signs[kind]}${text}`;
}
