import { member, requireKind } from '../core/kinds';

/** Whether a NAT lies between two ends of an IPsec connection, which decides how ESP travels. */
export enum NatTraversal {
  /** There is none: ESP travels as an IP protocol of its own. */
  NONE = 'None',
  /** There may be one: both ways must be open, and IKE finds out. */
  POSSIBLE = 'Possible',
  /** There always is one, or ESP is always wrapped in UDP (IBM Cloud, `IpsecEncapsulation.ALWAYS`): ESP itself is not seen. */
  ALWAYS = 'Always',
}

/** What has to get through between two ends of an IPsec connection. */
export interface IpsecPort {
  /** The IP protocol: `UDP` or `ESP`. */
  readonly protocol: string;

  /** The number of the IP protocol: 17 for UDP, 50 for ESP. */
  readonly protocolNumber: number;

  /**
   * The UDP port on both sides.
   *
   * @default - none, ESP has no ports
   */
  readonly port?: number;

  /** What it carries. */
  readonly description: string;
}

const NAT_TRAVERSAL = member(NatTraversal);

/**
 * The ports and the protocol that IPsec needs between every two machines of the cluster in mode Full, and between a node and
 * its peers outside. Every machine must also be able to resolve the name of every other one.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#configuring-ipsec-ovn
 */
export class IpsecPorts {
  /** IKE: the two ends prove who they are and agree on keys. It begins here with a NAT too. */
  public static readonly IKE: IpsecPort = { protocol: 'UDP', protocolNumber: 17, port: 500, description: 'IPsec IKE packets' };

  /** NAT traversal: IKE, once a NAT was found, and ESP wrapped in UDP. */
  public static readonly NAT_T: IpsecPort = { protocol: 'UDP', protocolNumber: 17, port: 4500, description: 'IPsec NAT-T packets' };

  /** The encrypted traffic itself, where there is no NAT. */
  public static readonly ESP: IpsecPort = {
    protocol: 'ESP',
    protocolNumber: 50,
    description: 'IPsec Encapsulating Security Payload (ESP)',
  };

  /**
   * What has to get through.
   *
   * @param natTraversal whether there is a NAT between the two ends; without it there may be one
   */
  public static between(natTraversal: NatTraversal = NatTraversal.POSSIBLE): IpsecPort[] {
    requireKind('natTraversal', natTraversal, NAT_TRAVERSAL);
    switch (natTraversal) {
      case NatTraversal.NONE: return [IpsecPorts.IKE, IpsecPorts.ESP];
      case NatTraversal.ALWAYS: return [IpsecPorts.IKE, IpsecPorts.NAT_T];
      default: return [IpsecPorts.IKE, IpsecPorts.NAT_T, IpsecPorts.ESP];
    }
  }

  private constructor() {}
}
