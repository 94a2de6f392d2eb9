import { Connection, ConnectionDelivery, ConnectMode, EndpointState } from './connection';
import { ConnectionParts, LibreswanSection } from './libreswan-section';

/** What an endpoint says of its connections. */
export interface EndpointParts extends ConnectionParts {
  readonly interfaceName: string;
  readonly state?: EndpointState;
  readonly delivery?: ConnectionDelivery;
  readonly connectMode?: ConnectMode;
}

/** The connections of an endpoint, one for each target of its nodes, in their order. */
export function connectionsOf(props: EndpointParts): readonly Connection[] {
  const { interfaceName, state = EndpointState.PRESENT, delivery = ConnectionDelivery.NMSTATE, connectMode = ConnectMode.START } = props;
  const section = state === EndpointState.ABSENT ? undefined : new LibreswanSection(props);
  return props.nodes._targets.map((target) => Object.freeze({
    interfaceName, target, state, delivery, connectMode, libreswan: section?.forTarget(target),
  }));
}
