import { createHash } from 'crypto';
import { InputError } from '../core/input-error';

/** The longest value of a label, and so of every name that Kubernetes or an operator copies into a label. */
export const MAX_LABEL_LENGTH = 63;

const DNS_LABEL = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const DNS_SUBDOMAIN = new RegExp(`^${DNS_LABEL}(?:\\.${DNS_LABEL})*$`);
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** Whether Kubernetes takes the text as the name of an object (RFC 1123 subdomain). */
export function isObjectName(text: string): boolean {
  return typeof text === 'string' && text.length <= 253 && DNS_SUBDOMAIN.test(text);
}

/** Whether Kubernetes takes the text as the value of a label. */
export function isLabelValue(text: string): boolean {
  return typeof text === 'string' && text.length <= MAX_LABEL_LENGTH && LABEL_VALUE.test(text);
}

/** Whether Kubernetes takes the text as the key of a label: a name, with or without a DNS prefix and a slash. */
export function isLabelKey(text: string): boolean {
  const slash = text.indexOf('/');
  const name = text.slice(slash + 1);
  return name !== '' && isLabelValue(name) && (slash < 0 || isObjectName(text.slice(0, slash)));
}

/** The first eight hexadecimal digits of the text's SHA-256: enough to tell the names of one cluster apart. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** The name itself where it fits a label, else its beginning and a hash of all of it. */
export function shortenName(name: string, maxLength = MAX_LABEL_LENGTH): string {
  if (name.length <= maxLength) return name;
  return `${name.slice(0, maxLength - 9).replace(/[-_.]+$/, '')}-${shortHash(name)}`;
}

/**
 * A name for each host: the base and the host up to its first dot, with a hash of the whole host where it is asked for. It
 * depends on the host alone, so that a host that is added never renames what another one has.
 *
 * @throws when two hosts share the first label, and no hash is asked for
 */
export function namesOfHosts(base: string, hosts: readonly string[], hashed: boolean, maxLength = MAX_LABEL_LENGTH): string[] {
  const hostOfLabel = new Map<string, string>();
  return hosts.map((host) => {
    const label = firstLabel(host);
    const other = hostOfLabel.get(label);
    if (other !== undefined && !hashed) {
      throw new InputError(
        `hosts '${other}' and '${host}' would both be named '${base}-${label}', because names end at the host's first dot: `
          + 'say \'hashedNames: true\' '
          + 'from the start, which names every host with a hash; or, where the other one is on the cluster already, '
          + "give the new one a construct of its own with 'hashedNames: true'",
      );
    }
    hostOfLabel.set(label, host);
    return nameOfHost(base, host, hashed, maxLength);
  });
}

/** A host up to its first dot. */
export function firstLabel(host: string): string {
  const dot = host.indexOf('.');
  return dot < 0 ? host : host.slice(0, dot);
}

/** The name for a host by itself, which is the one that it has among others. */
export function nameOfHost(base: string, host: string, hashed: boolean, maxLength = MAX_LABEL_LENGTH): string {
  const label = firstLabel(host);
  return shortenName(hashed ? `${base}-${label}-${shortHash(host)}` : `${base}-${label}`, maxLength);
}
