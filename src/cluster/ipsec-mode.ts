/**
 * What OVN-Kubernetes encrypts with IPsec.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#nw-ovn-ipsec-modes_configuring-ipsec-ovn
 */
export enum IpsecMode {
  /** Nothing is encrypted: the cluster's default, and the way to switch IPsec off again. */
  DISABLED = 'Disabled',
  /** The nodes can encrypt traffic with hosts outside the cluster; traffic between pods stays in clear. */
  EXTERNAL = 'External',
  /**
   * Traffic between pods on different nodes is encrypted (ESP in transport mode, AES-GCM-16-256), and the nodes can
   * encrypt traffic with hosts outside the cluster. Traffic within a node, and between host-network pods, stays in clear.
   */
  FULL = 'Full',
}

/**
 * Whether traffic between pods is wrapped in UDP, for networks that drop ESP (IP protocol 50).
 *
 * It decides nothing for traffic with hosts outside the cluster.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.19/html/network_security/configuring-ipsec-ovn
 */
export enum IpsecEncapsulation {
  /** UDP (port 4500) where the two sides see a NAT between them, ESP otherwise. */
  AUTO = 'Auto',
  /** UDP (port 4500) always. */
  ALWAYS = 'Always',
}
