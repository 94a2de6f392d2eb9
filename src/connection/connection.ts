import type { NodeTarget } from '../openshift/node-selection';

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

/**
 * What brings a connection to the nodes.
 *
 * Both write the same connection, key by key; what NMState can't say, a keyfile can.
 *
 * @see https://nmstate.io/features/ipsec.html
 * @see https://networkmanager.dev/docs/api/latest/nm-settings-keyfile.html
 */
export enum ConnectionDelivery {
  /** A NodeNetworkConfigurationPolicy, which the NMState operator applies. It reboots no node. */
  NMSTATE = 'nmstate',
  /**
   * A keyfile of NetworkManager in a MachineConfig, for clusters without the NMState operator, and for what it can't say. It
   * reboots the nodes of the pool once for each change.
   */
  KEYFILE = 'keyfile',
}

/**
 * When the node calls the peer.
 *
 * @see https://libreswan.org/man/ipsec.conf.5.html
 */
export enum ConnectMode {
  /** As soon as the connection is brought up. Where the peer does not answer, that fails, and traffic goes out in clear. */
  START = 'start',
  /**
   * When the first packet wants to go to the peer. Until a security association is up, the kernel holds back what is for the
   * peer, so that nothing goes out in clear while libreswan runs. From 4.19.22, 4.20.11 and 4.21, delivered by keyfile.
   */
  ON_DEMAND = 'on-demand',
}

/** The keys of a connection in the `libreswan` section of NMState, by name. */
export interface LibreswanSettings { readonly [key: string]: string | number | boolean }

/**
 * One connection of the nodes of one target, before anybody has written it down: what the policy of NMState, the keyfile of
 * NetworkManager and whatever else needs to know of it are made from. It never changes.
 */
export interface Connection {
  /** NMState's name of the interface, and NetworkManager's id of the connection. */
  readonly interfaceName: string;
  /** The nodes that have it. */
  readonly target: NodeTarget;
  readonly state: EndpointState;
  readonly delivery: ConnectionDelivery;
  readonly connectMode: ConnectMode;
  /** What libreswan is told, in the keys of NMState; undefined where the connection is absent. */
  readonly libreswan?: LibreswanSettings;
}
