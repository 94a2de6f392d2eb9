import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { MaxUnavailable, maxUnavailableNames, maxUnavailableOf } from './max-unavailable';
import { InputError } from '../../core/input-error';
import { isShared, oncePerShared, shared } from '../../core/shared';
import { hubTemplateIn } from '../../openshift/hub-template';
import { isLabelValue, firstLabel, isObjectName, namesOfHosts, shortenName } from '../../openshift/kubernetes-names';
import { NodeSelection, NodeTarget } from '../../openshift/node-selection';
import { writeManifest } from '../../synthesis/manifests';
import type { PropNames } from '../../synthesis/prop-names';
import type { About, Alike } from '../../synthesis/recorded-manifest';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';

/** What the policies of one construct have in common. */
export interface PolicyOptions extends MaxUnavailable {
  readonly cluster: IpsecClusterConfig;
  readonly nodes: NodeSelection;
  readonly interfaceName: string;
  readonly policyName?: string;
  readonly hashedNames?: boolean;
  /** What names the policy without `policyName`; the interface name without it. */
  readonly defaultName?: string;
  readonly annotations?: { [name: string]: string };
  /** What the ids of the policies in the scope begin with, where it has other policies too. */
  readonly idPrefix?: string;
  /** Whether it is a live tunnel, which not every cluster can have. */
  readonly isTunnel?: boolean;
  /** The props that wrote what stands in the policy. */
  readonly props?: PropNames;
  /** The one interface that the policy configures on a target's nodes. */
  readonly interfaceOf: (target: NodeTarget, index: number) => object;
}

/** What is said of each of the policies, found right once. */
export interface PolicyPlan extends Pick<PolicyOptions, 'cluster' | 'annotations' | 'isTunnel'> {
  /** What the names of the policies begin with. */
  readonly base: string;
  readonly hashedNames: boolean;
  readonly maxUnavailable?: string | number;
  readonly about: About;
}

/** Writes one NodeNetworkConfigurationPolicy for each target of the selection, and returns them in the order of the hosts. */
export function writePolicies(scope: Construct, options: PolicyOptions): ApiObject[] {
  return writePlanned(scope, options, policyPlan(options));
}

/** @throws when nmstate or Kubernetes refuses a name */
export function policyPlan(options: PolicyOptions): PolicyPlan {
  const { cluster, annotations, isTunnel, interfaceName, policyName, defaultName, hashedNames = false } = options;
  refuseInterfaceName(interfaceName);
  const maxUnavailable = maxUnavailableOf(options);
  const props = maxUnavailable === undefined ? options.props : { ...options.props, ...maxUnavailableNames(options) };
  const base = policyName ?? defaultName ?? interfaceName;
  refusePolicyName(base, options);
  return { cluster, annotations, isTunnel, base, hashedNames, maxUnavailable, about: { cluster, facts: cluster._facts, props } };
}

/** Writes the policies of a plan that was made of the same options. */
export function writePlanned(scope: Construct, options: PolicyOptions, plan: PolicyPlan): ApiObject[] {
  const { nodes, idPrefix = '', interfaceOf } = options;
  const names = policyNames(options, plan);
  return nodes._targets.map((target, i) => {
    // Ids from a small set: a key of its own in each of a hundred thousand maps of children is a shape of its own for V8.
    const id = idPrefix + (nodes._targets.length === 1 ? 'Resource' : `target-${i}`);
    return writePolicy(scope, id, plan, target, names[i], interfaceOf(target, i));
  });
}

/** Writes the policy of a plan for one target. */
export function writePolicy(scope: Construct, id: string, plan: PolicyPlan, target: NodeTarget, name: string, own: object): ApiObject {
  const { cluster, annotations, maxUnavailable, isTunnel, about } = plan;
  const desiredState = desiredStateOf(own);
  const policy = {
    apiVersion: 'nmstate.io/v1',
    kind: 'NodeNetworkConfigurationPolicy',
    metadata: { name, annotations },
    spec: specOf(target, maxUnavailable, desiredState),
  };
  if (isTunnel) cluster._requireExternalTraffic(policy);
  return writeManifest(scope, id, policy, about, alikeOf(desiredState, target));
}

/** What the rules need not read again; a policy for more than one node is written once. */
function alikeOf(state: object, { hostname: host }: NodeTarget): Alike | undefined {
  return host !== undefined && isShared(state) && !mayName(state, host) ? { state, host } : undefined;
}

function specOf({ nodeSelector }: NodeTarget, maxUnavailable: string | number | undefined, desiredState: object): object {
  if (nodeSelector && maxUnavailable === undefined) return { desiredState, nodeSelector };
  return { ...nodeSelector ? { nodeSelector } : {}, ...maxUnavailable === undefined ? {} : { maxUnavailable }, desiredState };
}

/** Policies with one interface in common have their state in common. */
const desiredStateOf = oncePerShared((own: object) => isShared(own) ? shared({ interfaces: shared([own]) }) : { interfaces: [own] });

/** Whether a state has something to do with the one node that it is for; in doubt it has. */
function mayName(state: object, host: string): boolean {
  return textOf(state).includes(firstLabel(host));
}

const textOf = oncePerShared((state: object) => JSON.stringify(state).toLowerCase());

/** @throws when a connection can't have the name */
export function refuseInterfaceName(name: string): void {
  if (/^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name)) return;
  throw new InputError(
    `'interfaceName' ('${name}') must be letters, digits, '-', '_' and '.', beginning and ending with a letter or digit: `
      + 'NetworkManager takes it as the id of the connection, and the policy is named by it',
  );
}

/**
 * The enactment of a policy carries its name as a label, so that 63 characters are the limit (kubernetes-nmstate
 * `NodeNetworkConfigurationEnactment`). Only names that this library makes up are shortened.
 */
function refusePolicyName(base: string, { interfaceName, policyName }: PolicyOptions): void {
  if (!isObjectName(base) || (policyName !== undefined && !isLabelValue(policyName))) {
    throw policyName === undefined
      ? new InputError(`'interfaceName' ('${interfaceName}') can't be the name of a policy object, which must be lower-case letters, `
        + 'digits, \'-\' and \'.\': give \'policyName\' beside it')
      : new InputError(`'policyName' ('${policyName}') must be at most 63 lower-case letters, digits, '-' and '.', `
        + 'beginning and ending with a letter or digit: '
        + 'it is the name of an object, and a label of the enactments that NMState makes of it');
  }
}

function policyNames({ nodes, policyName }: PolicyOptions, { base, hashedNames }: PolicyPlan): string[] {
  // What is filled in on the hub can't name anything here.
  const isUnknown = !nodes._isList && hubTemplateIn(nodes._targets[0].hostname ?? '') !== undefined;
  if (nodes._kind !== 'hosts' || isUnknown || (policyName !== undefined && !nodes._isList)) return [shortenName(base)];
  return namesOfHosts(base, nodes._targets.map(({ hostname }) => hostname!), hashedNames);
}
