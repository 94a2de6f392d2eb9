import { isPlaceholder } from './placeholders';
import type { PlainObject } from './values';
import { Ipv4Cidr, isIpv6 } from '../openshift/ip';

/** A subnet of a connection, where its text is final and not IPv6. */
export interface Subnet {
  readonly key: string;
  readonly text: string;
  /** Undefined where the text is no IPv4 CIDR. */
  readonly cidr?: Ipv4Cidr;
}

const KEYS = ['leftsubnet', 'rightsubnet', 'leftsubnets', 'rightsubnets'];

/** The subnets in the settings of a connection. `vhost:`, `vnet:` and `%…` are libreswan's own words and no subnets. */
export function subnetsIn(settings: PlainObject): Subnet[] {
  const subnets: Subnet[] = [];
  for (const key of KEYS) {
    const given = settings[key];
    if (typeof given !== 'string' || isPlaceholder(given)) continue;
    for (const text of key.endsWith('s') ? given.replace(/[{}"]/g, ' ').split(/[\s,]+/) : [given]) {
      if (text === '' && given !== '' || isIpv6(text) || /^(?:v(?:host|net):|%)/.test(text)) continue;
      subnets.push({ key, text, cidr: Ipv4Cidr.parse(text) });
    }
  }
  return subnets;
}
