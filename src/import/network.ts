import type { Candidate } from './candidate';
import { call, Code, literal, member, recordOf } from './code';
import { acknowledged } from './policy';
import { tryCandidate } from './written';
import type { ClusterAddresses } from '../constructs/cluster/cluster-addresses';
import { IpsecClusterConfig } from '../constructs/cluster/ipsec-cluster-config';
import { IpsecEncapsulation, IpsecMode } from '../constructs/cluster/ipsec-mode';
import { at, PlainObject } from '../documents/values';
import { OpenShiftVersion } from '../openshift/openshift-version';

/** What is known of the cluster, and stands in no Network object. */
export interface KnownOfCluster {
  readonly version: OpenShiftVersion;
  readonly addresses: ClusterAddresses;
}

/** The construct that may write a Network object. */
export function networkCandidate(object: PlainObject, { version, addresses }: KnownOfCluster): Candidate | undefined {
  if (object.kind !== 'Network' || object.apiVersion !== 'operator.openshift.io/v1') return undefined;
  const config = at(object.spec, 'defaultNetwork', 'ovnKubernetesConfig');
  const mode = at(config, 'ipsecConfig', 'mode');
  if (typeof mode !== 'string') return undefined;
  const routing = at(config, 'gatewayConfig', 'routingViaHost');
  const encapsulation = at(config, 'ipsecConfig', 'full', 'encapsulation');
  return clusterCandidate([
    ['mode', member('IpsecMode', IpsecMode, mode)],
    ['openshiftVersion', versionCode(version)],
    ['routingViaHost', routing === undefined ? undefined : literal(routing)],
    ['encapsulation', encapsulation === undefined ? undefined : member('IpsecEncapsulation', IpsecEncapsulation, encapsulation)],
    ...addressProps(addresses),
    ['acknowledge', acknowledged(object)],
  ]);
}

/** Why a Network object is not the cluster of the program; undefined for what is none. */
export function whyNotTheCluster(object: PlainObject, known: KnownOfCluster, hasAnother: boolean): string | undefined {
  const candidate = networkCandidate(object, known);
  if (!candidate) return undefined;
  if (hasAnother) return 'another Network object is the cluster already';
  return (tryCandidate(candidate, [{ object, file: '', leftOut: [] }], new Map()) as { readonly why: string }).why;
}

/** What stands for the cluster where no Network object was read, or none that a construct writes. */
export function assumedCluster({ version, addresses }: KnownOfCluster): Candidate {
  return clusterCandidate([
    ['mode', member('IpsecMode', IpsecMode, IpsecMode.EXTERNAL)],
    ['openshiftVersion', versionCode(version)],
    ['routingViaHost', literal(true)],
    ...addressProps(addresses),
  ]);
}

function addressProps(addresses: ClusterAddresses): (readonly [string, Code])[] {
  return Object.entries(addresses).map(([prop, given]) => [prop, literal(given)]);
}

function clusterCandidate(props: readonly (readonly [string, Code | undefined])[]): Candidate {
  return {
    name: 'IpsecClusterConfig',
    make: IpsecClusterConfig,
    props: recordOf(props),
    path: (name) => `${name}.apiObject`,
    objectsOf: ({ apiObject }: IpsecClusterConfig) => [apiObject],
  };
}

function versionCode(version: OpenShiftVersion): Code {
  return call('OpenShiftVersion.of', ['OpenShiftVersion'], [literal(version.toString())], (text: string) => OpenShiftVersion.of(text));
}
