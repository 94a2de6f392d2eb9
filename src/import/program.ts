import { App, Chart, Yaml } from 'cdk8s';
import type { Candidate, ReadObject } from './candidate';
import type { Environment } from './code';
import { splitAdded, differences } from './difference';
import { addressesIn, KnownEndpoint, ofEndpointsCandidate, refersToEndpoints } from './guard';
import { KeptFiles } from './kept-files';
import { BundlePassword, machineConfigCandidates, partsOf } from './machine-config';
import { Names } from './names';
import { assumedCluster, KnownOfCluster, networkCandidate, whyNotTheCluster } from './network';
import { operatorCandidate, operatorObjects, poolCandidate } from './operator';
import { policyCandidate } from './policy';
import { printProgram } from './print';
import { refusedBy, RefusedStatement } from './refused';
import { policiesIn, RolloutInPolicies } from './rhacm';
import { isInPolicy, RolloutInProgram, writePolicies } from './rollout-in-program';
import { inOrderOfReading } from './statement-order';
import { asItIs, makeAlone, nameOf, runWritten, Statement, tryCandidate, Written } from './written';
import { parseTexts } from '../check/yaml-file';
import { CertImportMachineConfig } from '../constructs/certificates/cert-import-machine-config';
import type { ExternalIpsecEndpoint } from '../constructs/endpoint/external-ipsec-endpoint';
import { InputError } from '../core/input-error';
import { IpsecWarnings } from '../core/warnings';
import { Payloads } from '../documents/machine-config/payloads';
import { PlainObject } from '../documents/values';
import { OpenShiftVersion } from '../openshift/openshift-version';

/** What an import is told besides what it reads. */
export interface ImportOptions {
  /** The name of the program's file, and of the folder beside it. */
  readonly program: string;
  readonly folder: string;
  readonly version: OpenShiftVersion;
  readonly passwords: readonly BundlePassword[];
}

/** The program, and what is to be said of it. */
export interface Program {
  readonly text: string;
  readonly files: ReadonlyMap<string, Buffer>;
  readonly statements: readonly Statement[];
  /** Whether the Network object was read and is written; otherwise the program assumes a cluster. */
  readonly hasCluster: boolean;
  /** The rules whose warnings the program gives, by the path of the construct. */
  readonly warnings: readonly { readonly path: string; readonly ruleId: string }[];
}

/** So often objects are taken out of constructs for what they say together; then all of them are. */
const MOST_ROUNDS = 4;

/**
 * A program that writes these objects: each by the construct that writes exactly it, and as it is where none does. The program is run here
 * before it is written there.
 *
 * @throws when it would not write what was read
 */
export function programOf(objects: readonly ReadObject[], options: ImportOptions): Program {
  const { rollout, others } = policiesIn(objects);
  const plain = new Map<ReadObject, string>(others);
  for (let round = 0; ; round++) {
    const draft = new Draft(objects, options, plain, rollout?.policies.some((policy) => plain.has(policy)) ? undefined : rollout);
    const refused = draft.refusals();
    if (refused.length === 0) return draft.program();
    for (const { statement, why } of refused) {
      for (const object of statement.objects) plain.set(object, why);
    }
    if (round < MOST_ROUNDS) continue;
    for (const object of objects) if (!plain.has(object)) plain.set(object, 'it is refused together with others');
  }
}

/** The chart of the policies among the others, where no variable holds it. */
const POLICIES = 'the policies';

/** One try at a program. */
class Draft {
  private statements: Statement[] = [];
  private readonly kept: KeptFiles;
  private readonly names = new Names();
  private readonly payloads = new Payloads();
  private readonly variables: Environment = new Map();
  private readonly certificates = new Map<string, string>();
  private readonly endpoints: KnownEndpoint[] = [];
  private readonly cluster: KnownOfCluster;
  private readonly rollout?: RolloutInProgram;
  private hasCluster = false;
  private hasReferring = false;
  private readonly known = new Map<ReadObject, Written>();
  private ran?: { readonly charts: Map<string, Chart>; readonly app: App };

  public constructor(
    all: readonly ReadObject[],
    private readonly options: ImportOptions,
    private readonly plain: ReadonlyMap<ReadObject, string>,
    inPolicies?: RolloutInPolicies,
  ) {
    const objects = [...inPolicies?.inside ?? [], ...all.filter((read) => !inPolicies?.policies.includes(read))];
    this.kept = new KeptFiles(options.folder);
    this.cluster = { version: options.version, addresses: addressesIn(objects.map(({ object }) => object)) };
    for (const read of objects) if (!isInPolicy(read)) this.names.chart(read.file);
    if (inPolicies) this.rollout = new RolloutInProgram(inPolicies, this.names);
    const networks = objects.filter((read) => this.typedNetwork(read));
    const assumed = assumedCluster(this.cluster);
    if (!this.hasCluster) this.variables.set('cluster', makeAlone(assumed, this.variables));
    const rest = objects.filter((read) => !networks.includes(read));
    // What refers to endpoints comes after them.
    const last = rest.filter(({ object }) => refersToEndpoints(object));
    this.hasReferring = last.length > 0;
    const first = rest.filter(({ object }) => object.kind === 'MachineConfig' && !refersToEndpoints(object) || object.kind === 'MachineConfigPool');
    const done = new Set([...last, ...this.together(first), ...this.typedOperator(rest)]);
    for (const read of rest) if (!done.has(read)) this.write(this.known.get(read) ?? this.best(read));
    const grouped = this.together(last);
    for (const read of last) if (!grouped.has(read)) this.write(this.known.get(read)!);
    if (inPolicies) this.statements = inOrderOfReading(this.statements, inPolicies.inside);
  }

  /** The chart of an object as the program names it. */
  private chartOf(read: ReadObject): string {
    return isInPolicy(read) ? this.rollout!.chartOf(read) : this.names.chart(read.file);
  }

  /** What installs the NMState operator is several objects of one construct. */
  private typedOperator(rest: readonly ReadObject[]): readonly ReadObject[] {
    const objects = operatorObjects(rest.filter((read) => !this.plain.has(read)));
    if (!objects) return [];
    const [chart, instanceChart] = [objects[0], objects[3]].map((read) => this.chartOf(read));
    const written = tryCandidate(operatorCandidate(objects, instanceChart === chart ? undefined : instanceChart), objects, this.variables);
    if ('why' in written) return [];
    // It takes its name in both charts.
    if (instanceChart !== chart) this.names.id(instanceChart, objects[0].object);
    this.write(written);
    return objects;
  }

  /** The first Network object becomes the cluster that all else refers to. */
  private typedNetwork(read: ReadObject): boolean {
    if (this.hasCluster || this.plain.has(read)) return false;
    const candidate = networkCandidate(read.object, this.cluster);
    if (!candidate) return false;
    const written = tryCandidate(candidate, [read], this.variables);
    if ('why' in written) return false;
    this.hasCluster = true;
    this.variables.set('cluster', makeAlone(candidate, this.variables));
    this.write(written, 'cluster');
    return true;
  }

  /** What is there for several roles or pools is one construct. Imports of certificates come before what refers to them. */
  private together(all: readonly ReadObject[]): ReadonlySet<ReadObject> {
    const groups = new Map<string, { readonly written: Written; readonly objects: ReadObject[]; readonly roles: string[] }>();
    for (const read of all) {
      const written = this.best(read);
      const { roles } = written.candidate;
      this.known.set(read, written);
      if (!roles) continue;
      const key = `${read.file}\0${roles.key}\0${JSON.stringify(written.patches)}`;
      const group = groups.get(key);
      if (group) {
        group.objects.push(read);
        group.roles.push(...roles.own);
      } else {
        groups.set(key, { written, objects: [read], roles: [...roles.own] });
      }
    }
    const done = new Set<ReadObject>();
    for (const { written: { candidate: { roles: { of } = {} } }, objects, roles } of groups.values()) {
      const candidate = of!(roles);
      const written = tryCandidate(candidate, objects, this.variables);
      if ('why' in written) continue;
      this.write(written, this.nameOfCertificate(candidate));
      objects.forEach((read) => done.add(read));
    }
    return done;
  }

  /** The variable of the construct that brings a certificate, to which endpoints refer by its nickname. */
  private nameOfCertificate(candidate: Candidate): string | undefined {
    if (candidate.name !== 'CertImportMachineConfig') return undefined;
    const made = makeAlone(candidate, this.variables) as CertImportMachineConfig;
    if (this.certificates.has(made.nickname)) return undefined;
    const name = this.names.variable('certificate');
    this.certificates.set(made.nickname, name);
    this.variables.set(name, made);
    return name;
  }

  /** The first construct that writes an object; the object as it is where there is none. */
  private best(read: ReadObject): Written {
    let why = this.plain.get(read);
    if (why === undefined) {
      const { mark } = this.kept;
      for (const candidate of this.candidates(read)) {
        const written = typeof candidate === 'string' ? { why: candidate } : tryCandidate(candidate, [read], this.variables);
        if (!('why' in written)) return why === undefined || written.candidate.name !== 'MachineConfig' ? written : { ...written, instead: why };
        why ??= written.why;
        this.kept.forget(mark);
      }
    }
    return asItIs(read, this.kept, why ?? 'the library has no construct for it');
  }

  private *candidates({ object }: ReadObject): Iterable<Candidate | string> {
    try {
      const pool = poolCandidate(object);
      if (pool) yield pool;
      const parts = refersToEndpoints(object) ? partsOf(object, this.payloads) : undefined;
      if (parts) yield ofEndpointsCandidate(parts, this.endpoints);
      const policy = policyCandidate(object, this.certificates);
      if (policy) yield policy;
      const notTheCluster = whyNotTheCluster(object, this.cluster, this.hasCluster);
      if (notTheCluster !== undefined) yield notTheCluster;
      yield* machineConfigCandidates(object, this.kept, this.options.passwords, this.payloads);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      yield error.message;
    }
  }

  private write(written: Written, name?: string): void {
    const [first] = written.objects;
    const chart = this.chartOf(first);
    const id = this.names.id(chart, first.object);
    const isPatched = written.patches.some((ops) => ops.length > 0) && written.candidate.name !== 'ApiObject';
    const isEndpoint = written.candidate.name === 'ExternalIpsecEndpoint';
    const given = name ?? (isPatched || isEndpoint ? this.names.variable(id) : undefined);
    this.statements.push({ ...written, chart, id, name: given });
    if (!isEndpoint || !this.hasReferring) return;
    const endpoint = makeAlone(written.candidate, this.variables) as ExternalIpsecEndpoint;
    this.variables.set(given!, endpoint);
    this.endpoints.push({ name: given!, endpoint });
  }

  /** Runs the program, and says which statements the rules refuse together. */
  public refusals(): RefusedStatement[] {
    const app = new App();
    IpsecWarnings.of(app).silence();
    const charts = new Map(this.names.charts.map(({ name, id }) => [name, new Chart(app, id)]));
    this.ran = { app, charts };
    const variables: Environment = new Map<string, unknown>(charts);
    const ofStages = this.rollout?.run(variables);
    if (!this.hasCluster) variables.set('cluster', makeAlone(assumedCluster(this.cluster), variables));
    const made = new Map<string, Statement>();
    for (const statement of this.statements) {
      const construct = runWritten(statement, charts.get(statement.chart) ?? ofStages!.get(statement.chart)!, statement.id, variables);
      if (statement.name !== undefined) variables.set(statement.name, construct);
      made.set(construct.node.path, statement);
    }
    if (this.rollout) {
      const policies = this.rollout.statement(this.statements, variables);
      if ('why' in policies) return [policies];
      this.statements.push(policies);
      charts.set(POLICIES, writePolicies(policies, app, variables));
    }
    try {
      app.synthYaml();
      return [];
    } catch (error) {
      return refusedBy(error as Error, made, this.statements);
    }
  }

  /** @throws when the program does not write what was read */
  public program(): Program {
    this.refuseInexact();
    const { app } = this.ran!;
    const charts = this.names.charts;
    const text = printProgram({
      ...this.options,
      charts,
      statements: this.statements,
      hasCluster: this.hasCluster,
      kept: this.kept,
      assumed: assumedCluster(this.cluster),
      rollout: this.rollout?.printed,
    });
    const warnings = [...IpsecWarnings.of(app).list(), ...this.rollout?.warnings ?? []];
    return { text, files: this.kept.all, statements: this.statements, hasCluster: this.hasCluster, warnings };
  }

  /** The bytes that cdk8s would write are read again: what is equal as data may not be as YAML. */
  private refuseInexact(): void {
    const byChart = new Map<string, ReadObject[]>([...this.ran!.charts.keys()].map((name) => [name, []]));
    // What is in policies is compared in them.
    for (const read of this.statements.flatMap(({ objects }) => objects.filter((each) => !isInPolicy(each)))) {
      byChart.get(this.rollout?.isPolicy(read) ? POLICIES : this.chartOf(read))!.push(read);
    }
    for (const [name, chart] of this.ran!.charts) {
      const written = parseTexts(Buffer.from(Yaml.stringify(...chart.toJson()), 'utf8').toString('utf8')).filter((value) => value !== null);
      const expected = byChart.get(name)!;
      expected.forEach((read, i) => {
        const fresh = written[i] as PlainObject;
        const { rest } = splitAdded(fresh, differences(fresh, read.object));
        if (rest.length === 0 && written.length === expected.length) return;
        throw new InputError(`${read.file}: ${nameOf(read)} would not be written as it was read`
          + `${rest.length > 0 ? ` (it differs at '${rest[0].path}')` : ''}: keep this file as it is`);
      });
    }
  }
}
