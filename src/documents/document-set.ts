import { DisruptionPolicy, disruptionPolicyOf } from './disruption-policies';
import type { JudgeOptions } from './facts';
import { DaemonSetImport, daemonSetImportOf } from './imports/daemon-set-imports';
import { CertificateImports } from './imports/imports';
import { IssuedCertificate, issuedCertificates } from './imports/issued-certificates';
import { keyfileConnections } from './keyfiles';
import { isFirewall, isPool } from './kinds';
import { isMachineConfig, MachineConfigObject, machineConfigOf } from './machine-config/machine-configs';
import { Payloads } from './machine-config/payloads';
import { NetworkObject, networkOf } from './networks';
import { Opener } from './opener';
import { Connection, IpsecInterface, isConnection, NodePolicy, policyAlike, policyOf } from './policies';
import type { Subject } from './subjects';
import { at, list } from './values';

/** The objects of one cluster, and what is known of it. What several rules need is worked out once. */
export class DocumentSet {
  /** A set of objects that have been found already. */
  public static of(subjects: Iterable<Subject>, facts: JudgeOptions, opener: Opener): DocumentSet {
    const set = new DocumentSet([], facts, opener);
    for (const subject of subjects) set.add(subject);
    return set;
  }

  /** Every Kubernetes object, whether a rule reads its kind or not. */
  public readonly subjects: Subject[] = [];
  /** Those that are no policies. */
  public readonly others: Subject[] = [];
  public readonly networks: NetworkObject[] = [];
  /** Policies, and nmstate states that stand without one; keyfiles are none. */
  public readonly policies: NodePolicy[] = [];
  /** The same, with one alone of those that were added as alike: what is said of it and not of its nodes is said of all. */
  public readonly differingPolicies: NodePolicy[] = [];
  /** Every interface of type `ipsec`, and every keyfile of such a connection. */
  public readonly interfaces: IpsecInterface[] = [];
  /** Every live interface of type `ipsec`, with or without settings. */
  public readonly liveInterfaces: IpsecInterface[] = [];
  /** Interfaces that are not absent and have settings. */
  public readonly connections: Connection[] = [];
  /** Those of the differing policies, and of keyfiles. */
  public readonly differingConnections: Connection[] = [];
  public readonly machineConfigs: MachineConfigObject[] = [];
  public readonly pools: Subject[] = [];
  public readonly firewalls: Subject[] = [];
  /** What MachineConfigurations say that a change on a node does. */
  public readonly disruptionPolicies: DisruptionPolicy[] = [];
  /** The certificates that DaemonSets bring to the nodes. */
  public readonly daemonSetImports: DaemonSetImport[] = [];
  private readonly all: readonly unknown[][] = [
    this.subjects, this.others, this.networks, this.policies, this.differingPolicies, this.interfaces, this.liveInterfaces,
    this.connections, this.differingConnections, this.machineConfigs, this.pools, this.firewalls, this.disruptionPolicies,
    this.daemonSetImports,
  ];

  /** What shows that a control plane is hosted: the Infrastructure object of such a cluster, or else a HostedCluster. */
  public hosting?: Subject;
  private holders?: Set<Subject>;
  private states = 0;
  private concerned?: boolean;
  private payloads?: Payloads;
  private imports?: CertificateImports;
  private issued?: readonly IssuedCertificate[];

  public constructor(
    documents: Iterable<unknown>, public readonly facts: JudgeOptions = {}, private readonly opener = new Opener(facts.parseYaml),
  ) {
    for (const document of documents) this.addDocument(document);
  }

  /** Adds all objects in a document. */
  public addDocument(document: unknown): void {
    for (const subject of this.opener.open(document)) this.add(subject);
  }

  /** Adds the policy in a document that differs in its name and its node alone from another one that was added. */
  public addAlike(document: object, other: NodePolicy): void {
    const policy = policyAlike(document, other);
    this.subjects.push(policy.subject);
    this.policies.push(policy);
    for (const own of policy.interfaces) this.addInterface(own);
  }

  /** The certificates that MachineConfigs bring to the nodes; bundles are opened when first asked for. */
  public get certificateImports(): CertificateImports {
    return this.imports ??= new CertificateImports(this.machineConfigs, this.facts);
  }

  /** The certificates that cert-manager issues for the DaemonSets. */
  public get issuedCertificates(): readonly IssuedCertificate[] {
    return this.issued ??= issuedCertificates(this.others, this.daemonSetImports);
  }

  /** Whether anything in the set has to do with IPsec. Rules on objects of everyday use stay silent otherwise. */
  public get concernsIpsec(): boolean {
    return this.concerned ??= this.facts.fromConstructs === true
      || this.interfaces.length > 0
      || this.networks.some(({ ovn }) => 'ipsecConfig' in ovn)
      || this.machineConfigs.some(({ subject }) => list(at(subject.object.spec, 'extensions')).includes('ipsec'))
      || this.daemonSetImports.length > 0
      || this.certificateImports.all.length > 0;
  }

  /** How many objects there are: what holds others counts as those, and a state that stands by itself as one. */
  public get objectCount(): number {
    return this.subjects.length + this.states - (this.holders?.size ?? 0);
  }

  /** How many of them are of a kind that rules read. */
  public get judgedCount(): number {
    return this.networks.length + this.policies.length + this.machineConfigs.length + this.pools.length + this.disruptionPolicies.length
      + this.daemonSetImports.length + this.issuedCertificates.length;
  }

  /** Takes everything out again, so that the set serves for the next object. */
  public clear(): void {
    for (const things of this.all) if (things.length > 0) things.length = 0;
    this.hosting = this.holders = this.concerned = this.payloads = this.imports = this.issued = undefined;
    this.states = 0;
  }

  private add(subject: Subject): void {
    // A MachineConfig is judged itself, whatever its files hold.
    if (subject.held && subject.held.by.kind !== 'MachineConfig') (this.holders ??= new Set()).add(subject.held.by);
    const policy = policyOf(subject);
    if (policy) this.addPolicy(policy);
    if (subject.isState) {
      this.states++;
      return;
    }
    this.subjects.push(subject);
    // A policy is nothing else.
    if (policy) return;
    this.others.push(subject);
    const network = networkOf(subject);
    if (network) this.networks.push(network);
    const machineConfig = isMachineConfig(subject) ? machineConfigOf(subject, this.payloads ??= new Payloads()) : undefined;
    if (machineConfig) {
      this.machineConfigs.push(machineConfig);
      for (const own of keyfileConnections(machineConfig)) this.addDiffering(own);
      for (const inside of this.opener.statesIn(machineConfig)) this.add(inside);
    }
    if (isHosting(subject) && this.hosting?.kind !== 'Infrastructure') this.hosting = subject;
    if (isPool(subject)) this.pools.push(subject);
    if (isFirewall(subject)) this.firewalls.push(subject);
    const disruptionPolicy = disruptionPolicyOf(subject);
    if (disruptionPolicy) this.disruptionPolicies.push(disruptionPolicy);
    const daemonSetImport = daemonSetImportOf(subject);
    if (daemonSetImport) this.daemonSetImports.push(daemonSetImport);
  }

  private addPolicy(policy: NodePolicy): void {
    this.policies.push(policy);
    this.differingPolicies.push(policy);
    for (const own of policy.interfaces) this.addDiffering(own);
  }

  private addDiffering(own: IpsecInterface): void {
    this.addInterface(own);
    if (isConnection(own)) this.differingConnections.push(own);
  }

  private addInterface(own: IpsecInterface): void {
    this.interfaces.push(own);
    if (own.absent) return;
    this.liveInterfaces.push(own);
    if (isConnection(own)) this.connections.push(own);
  }
}

function isHosting({ kind, apiVersion, object }: Subject): boolean {
  if (kind === 'Infrastructure') {
    return apiVersion.startsWith('config.openshift.io/') && at(object.status, 'controlPlaneTopology') === 'External';
  }
  return kind === 'HostedCluster' && apiVersion.startsWith('hypershift.openshift.io/');
}
