import { Connection, ConnectionDelivery, ConnectMode, EndpointState } from './connection';
import { ConnectionParts, LibreswanSection } from './libreswan-section';
import { InputError } from '../core/input-error';

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
  if (connectMode === ConnectMode.ON_DEMAND && delivery === ConnectionDelivery.NMSTATE) {
    throw new InputError("'connectMode' (ConnectMode.ON_DEMAND) can't be said to NMState, no release of which knows nm-connect-mode: "
      + 'give delivery: ConnectionDelivery.KEYFILE beside it, or leave it out');
  }
  const section = state === EndpointState.ABSENT ? undefined : new LibreswanSection(props);
  return props.nodes._targets.map((target) => Object.freeze({
    interfaceName, target, state, delivery, connectMode, libreswan: section?.forTarget(target),
  }));
}
