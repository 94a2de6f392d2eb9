import { CertificateImports } from './certificate/imports';
import type { JudgeOptions } from './facts';
import { MachineConfigObject, machineConfigOf } from './machine-config/machine-configs';
import { NetworkObject, networkOf } from './network/networks';
import { Connection, connectionsOf, IpsecInterface, NodePolicy, policyOf } from './policy/policies';
import { Subject, subjectsOf } from './subjects';

/** The objects of one cluster, and what is known of it. What several rules need is worked out once. */
export class DocumentSet {
  public readonly subjects: readonly Subject[];
  public readonly networks: readonly NetworkObject[];
  public readonly policies: readonly NodePolicy[];
  public readonly interfaces: readonly IpsecInterface[];
  /** Every live interface of type `ipsec`, with or without settings. */
  public readonly liveInterfaces: readonly IpsecInterface[];
  /** Interfaces that are not absent and have settings. */
  public readonly connections: readonly Connection[];
  public readonly machineConfigs: readonly MachineConfigObject[];
  private imports?: CertificateImports;

  public constructor(documents: Iterable<unknown>, public readonly facts: JudgeOptions = {}) {
    const subjects: Subject[] = [];
    for (const document of documents) for (const subject of subjectsOf(document, facts.parseYaml)) subjects.push(subject);
    this.subjects = subjects;
    this.networks = subjects.flatMap((subject) => networkOf(subject) ?? []);
    this.policies = subjects.flatMap((subject) => policyOf(subject) ?? []);
    this.interfaces = this.policies.flatMap(({ interfaces }) => interfaces);
    this.liveInterfaces = this.interfaces.filter(({ absent }) => !absent);
    this.connections = this.liveInterfaces.flatMap((candidate) => connectionsOf(candidate));
    this.machineConfigs = subjects.flatMap((subject) => machineConfigOf(subject) ?? []);
  }

  /** The certificates that MachineConfigs bring to the nodes; bundles are opened when first asked for. */
  public get certificateImports(): CertificateImports {
    return this.imports ??= new CertificateImports(this.machineConfigs, this.connections, this.facts);
  }
}
