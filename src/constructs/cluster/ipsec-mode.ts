/**
 * What OVN-Kubernetes encrypts with IPsec.
 *
 * Changing it installs or removes libreswan on the nodes (the `ipsec` extension), so that every node is
 * drained and rebooted, one at a time in each pool. An upgrade that brings another libreswan can reboot compute nodes twice
 * in the same way; pause their pools to make it one (`pause` of `IpsecRollout`).
 *
 * No mode is supported with a hosted control plane or on compute nodes that run RHEL instead of RHCOS. On IBM Cloud only
 * NAT-T (UDP 4500) gets through, because the cloud drops ESP.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#nw-ovn-ipsec-modes_configuring-ipsec-ovn
 */
export enum IpsecMode {
  /** Nothing is encrypted: the cluster's default, and the way to switch IPsec off again. */
  DISABLED = 'Disabled',

  /**
   * The nodes can encrypt traffic with hosts outside the cluster, which `ExternalIpsecEndpoint` sets up; traffic between
   * pods stays in clear. Supported on bare metal, Google Cloud, Red Hat OpenStack Platform and VMware vSphere, with IPv4.
   */
  EXTERNAL = 'External',

  /**
   * Traffic between pods is encrypted, on every platform; and the nodes can encrypt traffic with hosts outside the cluster,
   * as with `EXTERNAL` and where that is supported.
   *
   * Encrypted is what goes from one node to another: from pod to pod on the cluster network, and from a host-network pod to
   * a pod on the cluster network. In clear stays what never leaves a node, what goes between host-network pods, and what goes
   * from a pod on the cluster network to a host-network pod.
   *
   * It is ESP in transport mode with AES-GCM-16-256 (key of 256 bits, integrity check value of 16 bytes), and takes 46 bytes
   * of the MTU. The Cluster Network Operator issues the certificates: its CA lives for 10 years, a node's certificate for 5,
   * and is renewed after 4 and a half.
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
