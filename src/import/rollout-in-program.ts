import { App, Chart } from 'cdk8s';
import type { ReadObject } from './candidate';
import type { Environment } from './code';
import type { Names } from './names';
import type { RefusedStatement } from './refused';
import { isAnotherPolicy, ObjectInPolicy, policiesCandidate, RolloutInPolicies } from './rhacm';
import { nameOf, runWritten, Statement, tryCandidate } from './written';
import type { RhacmPolicies } from '../constructs/gitops/rhacm-policies';
import { IpsecRollout } from '../constructs/rollout/ipsec-rollout';
import { IpsecWarnings } from '../core/warnings';

/** The rollout of a program, in an app of its own, and the policies that it becomes. */
export class RolloutInProgram {
  /** The variable that holds it. */
  public readonly name: string;
  private readonly elsewhere = new App();

  public constructor(private readonly found: RolloutInPolicies, private readonly names: Names) {
    this.name = names.variable('rollout');
  }

  /** How the program makes it. */
  public get printed() {
    return { name: this.name, id: this.found.prefix, pools: this.found.pools };
  }

  /** Whether an object is one of its policies, or what places them. */
  public isPolicy(read: ReadObject): boolean {
    return this.found.policies.includes(read);
  }

  /** The chart of what is in a policy, as the program names it. */
  public chartOf({ stage }: ObjectInPolicy): string {
    return `${this.name}.${stage}`;
  }

  /** Makes it without anything in it; its charts are returned, by what the program calls them. */
  public run(variables: Environment): ReadonlyMap<string, Chart> {
    const { prefix, pools, inside } = this.found;
    IpsecWarnings.of(this.elsewhere).silence();
    const rollout = new IpsecRollout(this.elsewhere, prefix, { pools: [...pools] });
    const charts = new Map(inside.map((read) => [this.chartOf(read), rollout[read.stage]]));
    variables.set(this.name, rollout);
    for (const [name, chart] of charts) variables.set(name, chart);
    return charts;
  }

  /** The warnings of what is in it. */
  public get warnings() {
    return IpsecWarnings.of(this.elsewhere).list();
  }

  /** The statement that writes the policies, when everything is in the rollout. */
  public statement(inside: readonly Statement[], variables: Environment): Statement | RefusedStatement {
    const perNode = inside.filter(({ objects }) => objects.some((read) => isInPolicy(read) && read.isPerNode));
    const endpoints = perNode.flatMap(({ name }) => name ?? []);
    const candidate = policiesCandidate(this.found, this.name, endpoints);
    const { policies } = this.found;
    const place = { chart: 'app', id: this.names.besideCharts('policies'), name: this.names.variable('policies') };
    const none: Statement = { objects: policies, candidate, patches: [], added: [], ...place };
    const refuse = (why: string): RefusedStatement => ({ why, statement: none });
    const plain = perNode.find((statement) => statement.plain !== undefined);
    if (plain) return refuse(`what it makes for each node is no connection that ExternalIpsecEndpoint writes: ${plain.plain}`);
    const written = tryCandidate(candidate, policies, variables);
    if ('why' in written) return refuse(written.why);
    for (const [i, patches] of written.patches.entries()) {
      const other = patches.find(({ path }) => isAnotherPolicy(path));
      if (other) return refuse(`RhacmPolicies writes ${nameOf(policies[i])} in another way (${other.path})`);
    }
    return { ...written, ...place };
  }
}

/** Writes the policies, and returns their chart. */
export function writePolicies(statement: Statement, app: App, variables: Environment): Chart {
  return (runWritten(statement, app, statement.id, variables) as RhacmPolicies).chart;
}

/** Whether an object was read in a policy. */
export function isInPolicy(read: ReadObject): read is ObjectInPolicy {
  return 'stage' in read;
}
