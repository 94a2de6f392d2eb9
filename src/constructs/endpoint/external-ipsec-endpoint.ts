import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { keepAlike, knownAlike, writeAlike, Written } from './alike-endpoints';
import { writeConnection } from './connection-machine-config';
import { ENDPOINT_KINDS, ExternalIpsecEndpointProps } from './external-ipsec-endpoint-props';
import { MAX_UNAVAILABLE_PROPS } from './max-unavailable';
import { policyPlan, PolicyOptions, refuseInterfaceName, writePlanned } from './node-network-policy';
import { Connection, ConnectionDelivery, EndpointState } from '../../connection/connection';
import { connectionsOf, namedBy, PairedConnections } from '../../connection/connections';
import { propNames } from '../../connection/libreswan-section';
import { nmstateInterface } from '../../connection/nmstate-interface';
import type { SubnetPair } from '../../connection/subnet-pairs';
import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { InputError } from '../../core/input-error';
import { build, named } from '../../core/props';
import { LIBRESWAN_EXTRA_ANNOTATION } from '../../documents/extra-keys';
import { isLabelValue, shortenName } from '../../openshift/kubernetes-names';
import { libreswanOption } from '../../openshift/libreswan-options';
import { availability } from '../../openshift/openshift-version';
import { IpsecCertificate } from '../certificates/ipsec-certificate';

/**
 * An IPsec connection between nodes of the cluster and a host outside it.
 *
 * It writes one `nmstate.io/v1` NodeNetworkConfigurationPolicy, or one a host where hosts are selected. The policies need
 * the NMState operator, mode External or Full rolled out, and the certificate in the nodes' NSS database: apply them last.
 *
 * Deleting a policy leaves the tunnel up; `state: EndpointState.ABSENT` takes it down. While a tunnel is not up, traffic to
 * the peer goes out in clear: nothing in NMState can block it, `IpsecGuard` does.
 *
 * With delivery `KEYFILE` it writes one MachineConfig instead, `99-<role>-ipsec-<interfaceName>`, which holds the same connection as a
 * keyfile of NetworkManager. Nothing brings such a connection up by itself: a unit must, at each boot. `ABSENT` leaves the keyfile
 * out and takes the connection down at the next boot; when every node is updated, the endpoint can be taken out of the app, at the
 * cost of one more reboot.
 *
 * With several subnets (`remoteSubnets`, `localSubnets`) there is a connection for each pair of them, with policies or a MachineConfig of
 * its own, so that one that is added or does not come up leaves the others alone.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#nw-ovn-ipsec-north-south-enable_configuring-ipsec-ovn
 * @see https://nmstate.io/features/ipsec.html
 */
export class ExternalIpsecEndpoint extends Construct {
  /**
   * What it was made of, an absent one too: for its guard, and for the unit that brings it up.
   * @internal
   */
  public readonly _props: ExternalIpsecEndpointProps;

  private readonly written: Written;

  /**
   * @throws when the cluster can't have the connection, Kubernetes or nmstate refuses a name, NetworkManager-libreswan refuses
   * a value, or the connection would not be what its props say
   */
  public constructor(scope: Construct, id: string, props: ExternalIpsecEndpointProps) {
    super(scope, id);
    const alike = knownAlike(props);
    this.written = alike
      ? named(this, () => writeAlike(this, props.nodes._targets[0], alike))
      : build(this, props, ENDPOINT_KINDS, () => writeEndpoint(this, props));
    this._props = props;
  }

  /**
   * The names of the connections on the nodes: `interfaceName`, or one for each pair of subnets, as `IpsecTunnelRemoval` takes them.
   */
  public get interfaceNames(): string[] {
    return this.written.interfaceNames;
  }

  /** The names of the policy objects, in the order of the connections and the hosts; none with delivery `KEYFILE`. */
  public get policyNames(): string[] {
    return this.policies.map(({ name }) => name);
  }

  /** The policy objects, in the order of the connections and the hosts, to be annotated or patched. */
  public get policies(): ApiObject[] {
    return this.written.policies;
  }

  /** The name of the MachineConfig that has the keyfile, one for each connection; none with delivery `NMSTATE`. */
  public get machineConfigNames(): string[] {
    return this.machineConfigs.map(({ name }) => name);
  }

  /** The MachineConfig that has the keyfile, one for each connection, to be annotated or patched; none with delivery `NMSTATE`. */
  public get machineConfigs(): ApiObject[] {
    return this.written.machineConfigs;
  }

  /**
   * The connections themselves, for each pair of subnets in the order of the hosts, for whatever else is made from them.
   * @internal
   */
  public get _connections(): readonly Connection[] {
    return this.written.connections();
  }
}

function writeEndpoint(scope: Construct, props: ExternalIpsecEndpointProps): Written {
  IpsecCertificate.fromNickname(props.certificate.nickname);
  refuseInterfaceName(props.interfaceName);
  const paired = connectionsOf(withDefaultCa(props));
  const interfaceNames = paired.map(({ interfaceName }) => interfaceName);
  const connections = joined(paired.map((each) => each.connections));
  if (props.delivery !== ConnectionDelivery.KEYFILE) {
    const policies = joined(paired.map((each, i) => writePair(scope, props, each, i)));
    return { interfaceNames, connections: () => connections, policies, machineConfigs: [] };
  }
  const machineConfigs = paired.map((each, i) => writeKeyfile(scope, props, each, i));
  scope.node.defaultChild = machineConfigs[0];
  return { interfaceNames, connections: () => connections, policies: [], machineConfigs };
}

/** All in one list; that of an endpoint with one pair of subnets is its own, as thousands have. */
function joined<T>(lists: readonly T[][]): T[] {
  return lists.length === 1 ? lists[0] : lists.flat();
}

/**
 * Only where `rightca` is set does the node ask the peer for its certificate. The CA is that of the node's own where its import trusts no
 * other one: then nothing that was accepted is refused. A keyfile stays as it is: a byte that moves in it reboots nodes.
 */
function withDefaultCa(props: ExternalIpsecEndpointProps): ExternalIpsecEndpointProps {
  const { rightca, rightcert, rightrsasigkey, delivery, cluster, certificate } = props;
  const isSaid = rightca !== undefined || rightcert !== undefined || (rightrsasigkey ?? '%cert') !== '%cert';
  if (isSaid || delivery === ConnectionDelivery.KEYFILE) return props;
  const isOfOneCa = (certificate as { readonly _isOfOneCa?: boolean })._isOfOneCa === true;
  if (!isOfOneCa || availability(cluster.openshiftVersion, libreswanOption('rightca')!.since!) !== 'yes') return props;
  return { ...props, rightca: '%same' };
}

/** What the first connection is called in the scope it would be called without the others. */
function idPrefix(index: number): string {
  return index === 0 ? '' : `pair-${index}-`;
}

function writePair(
  scope: Construct,
  props: ExternalIpsecEndpointProps,
  paired: PairedConnections,
  index: number,
): ApiObject[] {
  const { pair, interfaceName, connections } = paired;
  const { cluster, nodes, policyName, hashedNames, maxUnavailableNodes, maxUnavailablePercent, maxUnavailable } = props;
  const absent = props.state === EndpointState.ABSENT;
  const options: PolicyOptions = {
    cluster,
    nodes,
    interfaceName,
    policyName: policyNameOf(policyName, pair),
    hashedNames,
    maxUnavailableNodes,
    maxUnavailablePercent,
    maxUnavailable,
    annotations: annotations(props, absent),
    idPrefix: idPrefix(index),
    isTunnel: !absent,
    props: propNames(props, pair),
    interfaceOf: (_, i) => nmstateInterface(interfaceName, connections[i].libreswan),
  };
  const plan = policyPlan(options);
  const policies = writePlanned(scope, options, plan);
  if (pair.suffix === '') keepAlike(props, { paired, plan });
  return policies;
}

/** A name that is too long with its subnets is shortened; one that is too long without them is refused as it is. */
function policyNameOf(policyName: string | undefined, pair: SubnetPair): string | undefined {
  if (policyName === undefined || pair.suffix === '' || !isLabelValue(policyName)) return policyName;
  return shortenName(namedBy(policyName, pair));
}

function writeKeyfile(
  scope: Construct,
  props: ExternalIpsecEndpointProps,
  { pair, connections: [connection] }: PairedConnections,
  index: number,
): ApiObject {
  for (const prop of ['policyName', 'hashedNames', ...MAX_UNAVAILABLE_PROPS] as const) {
    if (props[prop] === undefined) continue;
    throw new InputError(`'${prop}' (${props[prop]}) is for policies of NMState, of which delivery KEYFILE writes none: leave it out; `
      + "the MachineConfig is named by 'nodes' and 'interfaceName', and the pool says how many nodes reboot at a time");
  }
  const { cluster, nodes } = props;
  return writeConnection(scope, {
    cluster,
    nodes,
    connection,
    annotations: annotations(props, connection.state === EndpointState.ABSENT),
    id: `${idPrefix(index)}Resource`,
    props: propNames(props, pair),
  });
}

function annotations(
  { acknowledge, libreswanExtra = {} }: ExternalIpsecEndpointProps,
  absent: boolean,
): { [name: string]: string } | undefined {
  const extra = absent ? [] : Object.keys(libreswanExtra);
  const own = acknowledgementAnnotations(acknowledge);
  if (extra.length === 0) return own;
  return { ...own, [LIBRESWAN_EXTRA_ANNOTATION]: extra.join(',') };
}
