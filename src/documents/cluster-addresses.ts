import type { DocumentSet } from './document-set';
import type { ClusterFacts } from './facts';
import type { GuardFact } from './guards';
import { isPlaceholder } from './placeholders';
import { at, list, PlainObject, record, text } from './values';
import { oncePerShared } from '../core/shared';
import { Ipv4Cidr, isIpv4 } from '../openshift/ip';

/** An address or a network that nodes need in clear, and what it is, as the end of `which is`. */
export interface ClusterAddress {
  readonly cidr: Ipv4Cidr;
  readonly text: string;
  readonly what: string;
  readonly kind: ClusterAddressKind;
}

/** What an address is to the cluster; `node` as the cluster knows the node, `left` as a connection does. */
export type ClusterAddressKind = 'node' | 'left' | 'machines' | 'pods' | 'services' | 'virtual' | 'dns' | 'gateway';

/** What the addresses are that a program names, by the prop that does. */
export const KNOWN_ADDRESSES: Readonly<Record<GuardFact, Pick<ClusterAddress, 'what' | 'kind'>>> = {
  machineNetworks: { what: 'a network of the nodes', kind: 'machines' },
  podNetworks: { what: 'a network of the pods', kind: 'pods' },
  serviceNetworks: { what: 'a network of the services', kind: 'services' },
  apiVips: { what: 'an address that nodes must reach in clear', kind: 'virtual' },
};

/** What a program says of the addresses of its cluster, as addresses. */
export function clusterAddressesOf(addresses: NonNullable<ClusterFacts['addresses']>): ClusterAddress[] {
  return (Object.keys(KNOWN_ADDRESSES) as GuardFact[]).flatMap((fact) => (addresses[fact] ?? []).flatMap((given) => {
    const cidr = Ipv4Cidr.parse(isIpv4(given) ? `${given}/32` : given);
    return cidr ? [{ cidr, text: given, ...KNOWN_ADDRESSES[fact] }] : [];
  }));
}

/** What objects of a set say of the addresses that their cluster lives on: of nodes, gateways, DNS servers, virtual addresses, networks. */
export function clusterAddressesIn(set: DocumentSet): ClusterAddress[] {
  const found: ClusterAddress[] = [];
  const add = (value: unknown, kind: ClusterAddressKind, what: string) => {
    const cidr = addressIn(value);
    if (cidr) found.push({ cidr, text: value as string, what, kind });
  };
  let last: unknown;
  for (const { settings, policy } of set.differingConnections) {
    const { left } = settings;
    // Of the nodes of a fleet, almost all say '%defaultroute'.
    if (left === last) continue;
    if (addressIn(left)) add(left, 'left', `the node's own in policy '${policy.name}'`);
    else last = left;
  }
  for (const { subject, name } of set.differingPolicies) {
    const state = record(at(subject.object.spec, 'desiredState'));
    if (!state || !hasAddresses(state)) continue;
    for (const server of list(at(state, 'dns-resolver', 'config', 'server'))) add(server, 'dns', `a DNS server of policy '${name}'`);
    for (const route of list(at(state, 'routes', 'config'))) add(at(route, 'next-hop-address'), 'gateway', `a gateway of policy '${name}'`);
  }
  for (const { kind, apiVersion, object } of set.others) {
    if (kind === 'Node' && apiVersion === 'v1') {
      for (const address of list(at(object, 'status', 'addresses'))) {
        add(at(address, 'address'), 'node', `an address of node '${text(at(object, 'metadata', 'name')) ?? ''}'`);
      }
    } else if (kind === 'Infrastructure' && apiVersion.startsWith('config.openshift.io/')) {
      for (const address of virtualAddresses(at(object, 'status', 'platformStatus'))) {
        add(address, 'virtual', 'a virtual address of the API or of ingress');
      }
    } else if (kind === 'Network' && /^(?:config|operator)\.openshift\.io\//.test(apiVersion)) {
      for (const network of list(at(object, 'spec', 'clusterNetwork'))) add(at(network, 'cidr'), 'pods', 'a network of the pods');
      for (const network of list(at(object, 'spec', 'serviceNetwork'))) add(network, 'services', 'a network of the services');
    }
  }
  return found;
}

/** An address, or a network, that a text says and that is known. */
function addressIn(value: unknown): Ipv4Cidr | undefined {
  if (typeof value !== 'string' || isPlaceholder(value)) return undefined;
  return Ipv4Cidr.parse(isIpv4(value) ? `${value}/32` : value);
}

/** Whether a state of nmstate has parts with addresses of others than itself. */
const hasAddresses = oncePerShared((state: PlainObject) => Object.hasOwn(state, 'dns-resolver') || Object.hasOwn(state, 'routes'));

/** The platforms write theirs under their own names, in one field or in a list. */
function virtualAddresses(platformStatus: unknown): unknown[] {
  return ['baremetal', 'vsphere', 'openstack', 'nutanix', 'ovirt'].flatMap((platform) => {
    const status = at(platformStatus, platform);
    return [
      at(status, 'apiServerInternalIP'), at(status, 'ingressIP'),
      ...list(at(status, 'apiServerInternalIPs')), ...list(at(status, 'ingressIPs')),
    ];
  });
}
