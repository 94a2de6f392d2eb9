import { Connection, finalText } from './policies';
import { Ipv4Cidr, isIpv6 } from '../../openshift/ip';

/** A subnet of a connection, where its text is final and not IPv6. */
export interface Subnet {
  readonly key: string;
  readonly path: string;
  readonly text: string;
  /** Undefined where the text is no IPv4 CIDR. */
  readonly cidr?: Ipv4Cidr;
}

const KEYS = ['leftsubnet', 'rightsubnet', 'leftsubnets', 'rightsubnets'];

/** The subnets of a connection. `vhost:`, `vnet:` and `%…` are libreswan's own words and no subnets. */
export function subnetsOf({ settings, settingsPath }: Connection): Subnet[] {
  return KEYS.filter((key) => key in settings).flatMap((key) => {
    const given = finalText(settings, key);
    if (given === undefined) return [];
    const texts = key.endsWith('s') ? given.replace(/[{}"]/g, ' ').split(/[\s,]+/).filter((text) => text !== '') : [given];
    return texts
      .filter((text) => !isIpv6(text) && !/^(?:v(?:host|net):|%)/.test(text))
      .map((text) => ({ key, path: `${settingsPath}/${key}`, text, cidr: Ipv4Cidr.parse(text) }));
  });
}
