import { isDnsName, isIpv4, isIpv6, isRemoteIpv4 } from './ip';

/** What is wrong with a value, as the end of a sentence that begins with its key and itself, and what to do. */
export interface EndProblem {
  readonly problem: string;
  readonly advice: string;
}

function toOtherHost(problem: string): EndProblem {
  return { problem, advice: 'give the address or DNS name of the host outside the cluster' };
}

function toOwnAddress(problem: string): EndProblem {
  return { problem, advice: "give the node's own address, or '%defaultroute'" };
}

/**
 * Why `right` can't be the peer of a connection; undefined where it can. An IPv6 address is judged elsewhere.
 *
 * @param left the other end, where it is known
 * @param node the node's host name, where the connection is for one node
 */
export function peerProblem(right: string, left?: string, node?: string): EndProblem | undefined {
  if (isIpv6(right)) return undefined;
  if (isAnyHost(right)) {
    return toOtherHost("stands for any host: libreswan waits for one to call then, and NetworkManager can't bring the connection up");
  }
  if (right.startsWith('%')) return toOtherHost("is a word of libreswan's and no host");
  if (isLoopback(right)) return toOtherHost('is the node itself, whichever node it is');
  if (left !== undefined && sameName(left, right)) return toOtherHost("is 'left' too, so that both ends are the node itself");
  if (node !== undefined && sameName(node, right)) {
    return toOtherHost('is the node that the connection is for, so that both ends are the node itself');
  }
  if (isIpv4(right) ? !isRemoteIpv4(right) : !isHostName(right)) {
    return toOtherHost('is neither a DNS name nor the IPv4 address of a host');
  }
  return undefined;
}

/** Why `left` can't be the node's end of a connection; undefined where it can. */
export function ownEndProblem(left: string): EndProblem | undefined {
  if (isAnyHost(left)) return toOwnAddress('is no address of the node, so that libreswan does not know which end it is');
  if (isLoopback(left)) return toOwnAddress('is the loopback address, from which no packet reaches another host');
  if (isIpv4(left) && !isRemoteIpv4(left)) return toOwnAddress('is no address that a node can have');
  // `%` and the name of an interface is the address of that.
  if (!isIpv6(left) && !isIpv4(left) && !isHostName(left.replace(/^%/, ''))) {
    return toOwnAddress("is neither an IPv4 address, nor a DNS name, nor '%defaultroute'");
  }
  return undefined;
}

/**
 * Why an id matches nothing. libreswan looks for a bare address among the addresses of a certificate, and for what follows
 * an `@` among its DNS names.
 */
export function idProblem(id: string): EndProblem | undefined {
  const address = id.slice(1);
  if (!id.startsWith('@') || !isIpv4(address)) return undefined;
  return {
    problem: 'makes a host name of the address: it matches no address in a certificate, and certificates hold none as DNS name',
    advice: `write '${address}'`,
  };
}

/**
 * What libreswan makes of a `rightid` that does not say who the peer is; undefined where it does. Without one, and of
 * `%any`, libreswan 5.2 made the peer's address, which the peer's certificate must hold like any other id.
 */
export function unnamedPeerProblem(rightid: unknown): string | undefined {
  if (rightid === '%fromcert') return 'accepts any certificate of the CA as the peer';
  const address = "libreswan puts the peer's address in its place, which the peer's certificate must hold then";
  if (rightid === '%any') return `is not any peer: ${address}`;
  return rightid === undefined ? `is missing: ${address}` : undefined;
}

/** Lifetimes beyond it are cut to it: libreswan 5.2 made 86400 s of `30d` and of `1w`. */
const LONGEST_LIFETIME_IN_HOURS = 24;
const SECONDS: { readonly [unit: string]: number } = { '': 1, 's': 1, 'm': 60, 'h': 3600, 'd': 86400 };

/** Why a lifetime is not what it says; undefined where it is, or the text is none. */
export function lifetimeProblem(lifetime: string): EndProblem | undefined {
  const [, count, unit] = /^(\d{1,9})([smhd]?)$/.exec(lifetime) ?? [];
  if (count === undefined || Number(count) * SECONDS[unit] <= LONGEST_LIFETIME_IN_HOURS * 3600) return undefined;
  return {
    problem: `is longer than ${LONGEST_LIFETIME_IN_HOURS} hours, to which libreswan cuts it`,
    advice: `write '${LONGEST_LIFETIME_IN_HOURS}h' or less`,
  };
}

function isAnyHost(text: string): boolean {
  return /^%any[46]?$/.test(text) || text === '0.0.0.0';
}

function isLoopback(text: string): boolean {
  return /^localhost(?:[46]?\.localdomain[46]?)?\.?$/i.test(text) || isIpv4(text) && text.startsWith('127.');
}

/** What a resolver takes for a name: a DNS name, with or without the dot at its end; underscores are common in private zones. */
function isHostName(text: string): boolean {
  return isDnsName(text.replace(/\.$/, '').replace(/_/g, 'x'));
}

/** DNS does not tell capitals apart, nor a name with its last dot from one without. */
export function sameName(one: string, other: string): boolean {
  if (one === other) return true;
  if (Math.abs(one.length - other.length) > 1) return false;
  return plainName(one) === plainName(other);
}

function plainName(name: string): string {
  return (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase();
}
