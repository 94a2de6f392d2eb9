import { Connection, ConnectionDelivery, ConnectMode, EndpointState, IpsecConnectionType, LibreswanSettings } from './connection';
import { ConnectionParts, LibreswanSection } from './libreswan-section';
import { SubnetPair, subnetPairs } from './subnet-pairs';
import { InputError } from '../core/input-error';
import type { NodeTarget } from '../openshift/node-selection';

/** What an endpoint says of its connections. */
export interface EndpointParts extends ConnectionParts {
  readonly interfaceName: string;
  readonly state?: EndpointState;
  readonly delivery?: ConnectionDelivery;
  readonly connectMode?: ConnectMode;
}

/** The connections for one pair of an endpoint's subnets, one for each target of its nodes, in their order. */
export interface PairedConnections {
  readonly pair: SubnetPair;
  readonly interfaceName: string;
  readonly connections: Connection[];
  /** The connection of one more target, of an endpoint that differs from this one in its nodes alone. */
  readonly connectionFor: (target: NodeTarget) => Connection;
  /** What libreswan is told in it. */
  readonly settingsFor: (target: NodeTarget) => LibreswanSettings | undefined;
}

/** The connections of an endpoint: for each pair of its subnets, the one that has the plain name first. */
export function connectionsOf(props: EndpointParts): readonly PairedConnections[] {
  const { state = EndpointState.PRESENT, delivery = ConnectionDelivery.NMSTATE, connectMode = ConnectMode.START } = props;
  if (connectMode === ConnectMode.ON_DEMAND && delivery === ConnectionDelivery.NMSTATE) {
    throw new InputError("'connectMode' (ConnectMode.ON_DEMAND) can't be said to NMState, no release of which knows nm-connect-mode: "
      + 'give delivery: ConnectionDelivery.KEYFILE beside it, or leave it out');
  }
  refuseTwoWays(props);
  const pairs = subnetPairs(props);
  if (state === EndpointState.PRESENT) refuseSeveralHosts(props, pairs);
  return pairs.map((pair) => {
    const interfaceName = namedBy(props.interfaceName, pair);
    const section = state === EndpointState.ABSENT
      ? undefined
      : new LibreswanSection(partsFor(props, pair));
    const settingsFor = (target: NodeTarget) => section?.forTarget(target);
    const connectionFor = (target: NodeTarget) => Object.freeze({
      interfaceName, target, state, delivery, connectMode, libreswan: settingsFor(target),
    });
    return { pair, interfaceName, connections: props.nodes._targets.map(connectionFor), connectionFor, settingsFor };
  });
}

/** The parts of the connection for one pair; those of an endpoint with one pair are its own, as thousands have. */
function partsFor(props: EndpointParts, { remote, local }: SubnetPair): ConnectionParts {
  if (props.remoteSubnet === remote && props.localSubnet === local) return props;
  return { ...props, remoteSubnet: remote, localSubnet: local };
}

/** A name that an endpoint gives, for the connection of one pair of its subnets. */
export function namedBy(name: string, { suffix }: SubnetPair): string {
  return suffix === '' ? name : `${name}-${suffix}`;
}

/** libreswan's own lists of subnets are in each connection: with a connection a pair, each subnet would be there twice. */
function refuseTwoWays({ remoteSubnets, rightsubnets, localSubnets, leftsubnets }: EndpointParts): void {
  const ours = remoteSubnets ? 'remoteSubnets' : localSubnets ? 'localSubnets' : undefined;
  const keys = rightsubnets ? 'rightsubnets' : leftsubnets ? 'leftsubnets' : undefined;
  if (ours === undefined || keys === undefined) return;
  throw new InputError(`'${keys}' is libreswan's own list of subnets, and '${ours}' makes a connection of each: `
    + `name all subnets in 'remoteSubnets' and 'localSubnets', and leave '${keys}' out`);
}

/** Each policy by itself says nothing wrong: that there are several shows in the lists alone. */
function refuseSeveralHosts({ type }: EndpointParts, pairs: readonly SubnetPair[]): void {
  if (type !== IpsecConnectionType.TRANSPORT || pairs.length < 2) return;
  const list = pairs.some(({ remote }) => remote !== pairs[0].remote) ? 'remoteSubnets' : 'localSubnets';
  throw new InputError(`'${list}' names several subnets with type transport, which protects the traffic between the node and one host: `
    + `leave '${list}' out, or use type tunnel`);
}
