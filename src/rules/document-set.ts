import { CertificateImports } from './certificate/imports';
import type { JudgeOptions } from './facts';
import type { Judged } from './judged';
import { MachineConfigObject, machineConfigOf } from './machine-config/machine-configs';
import { Payloads } from './machine-config/payloads';
import { NetworkObject, networkOf } from './network/networks';
import { Connection, IpsecInterface, isConnection, NodePolicy, policyOf } from './policy/policies';
import { Subject, subjectsOf } from './subjects';

/** The objects of one cluster, and what is known of it. What several rules need is worked out once. */
export class DocumentSet {
  public readonly subjects: Subject[] = [];
  public readonly networks: NetworkObject[] = [];
  public readonly policies: NodePolicy[] = [];
  public readonly interfaces: IpsecInterface[] = [];
  /** Every live interface of type `ipsec`, with or without settings. */
  public readonly liveInterfaces: IpsecInterface[] = [];
  /** Interfaces that are not absent and have settings. */
  public readonly connections: Connection[] = [];
  public readonly machineConfigs: MachineConfigObject[] = [];
  private readonly payloads = new Payloads();
  private imports?: CertificateImports;
  private readonly views: { readonly [On in keyof Judged]: () => readonly Judged[On][] } = {
    'network': () => this.networks,
    'policy': () => this.policies,
    'interface': () => this.interfaces,
    'connection': () => this.connections,
    'machine-config': () => this.machineConfigs,
    'import': () => this.certificateImports.all,
    'object': () => this.subjects,
    'set': () => [this],
  };

  public constructor(documents: Iterable<unknown>, public readonly facts: JudgeOptions = {}) {
    for (const document of documents) for (const subject of subjectsOf(document, facts.parseYaml)) this.add(subject);
  }

  private add(subject: Subject): void {
    this.subjects.push(subject);
    const network = networkOf(subject);
    if (network) this.networks.push(network);
    const machineConfig = machineConfigOf(subject, this.payloads);
    if (machineConfig) this.machineConfigs.push(machineConfig);
    const policy = policyOf(subject);
    if (!policy) return;
    this.policies.push(policy);
    for (const own of policy.interfaces) {
      this.interfaces.push(own);
      if (own.absent) continue;
      this.liveInterfaces.push(own);
      if (isConnection(own)) this.connections.push(own);
    }
  }

  /** Everything of one kind that a rule can read. */
  public all<On extends keyof Judged>(on: On): readonly Judged[On][] {
    return this.views[on]();
  }

  /** The certificates that MachineConfigs bring to the nodes; bundles are opened when first asked for. */
  public get certificateImports(): CertificateImports {
    return this.imports ??= new CertificateImports(this.machineConfigs, this.connections, this.facts);
  }
}
