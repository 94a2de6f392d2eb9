/**
 * What ESP protects.
 *
 * @see https://libreswan.org/man/ipsec.conf.5.html
 */
export enum IpsecConnectionType {
  /** The traffic between the node itself and one host; refused by most peers behind a NAT. */
  TRANSPORT = 'transport',
  /** The traffic between two subnets, wrapped in packets between the node and the peer. */
  TUNNEL = 'tunnel',
}

/** Whether a connection should be on the nodes. */
export enum EndpointState {
  /** The connection is set up and kept. */
  PRESENT = 'present',
  /** The connection is taken down and removed from the nodes, which deleting its policy does not do. */
  ABSENT = 'absent',
}
