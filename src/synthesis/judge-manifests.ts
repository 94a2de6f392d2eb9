import { App, Chart, YamlOutputType } from 'cdk8s';
import { IConstruct } from 'constructs';
import { inProps, PropNames } from './prop-names';
import type { Manifest, RecordedManifest } from './recorded-manifest';
import type { Finding } from '../core/finding';
import { InputError } from '../core/input-error';
import { sentence } from '../core/sentence';
import { DocumentSet } from '../documents/document-set';
import type { ClusterFacts, SynthesisFacts } from '../documents/facts';
import type { NodePolicy } from '../documents/policies';
import { Judge, objectDuplicate, ObjectFinding, RULES } from '../rules';

const ALONE = new Judge(RULES, 'alone');
const TOGETHER = new Judge(RULES, 'together');
const DUPLICATES = new Judge([objectDuplicate]);

/** What a rule says of a manifest to whoever wrote the construct. */
export interface ManifestFinding extends Finding {
  /** The manifest that the finding is about. */
  readonly recorded: RecordedManifest;
}

/**
 * What the rules that read one object say of a manifest that was just written.
 *
 * @throws when one of them calls it an error
 */
export function judgeWritten(recorded: RecordedManifest): ManifestFinding[] {
  const { manifest, about } = recorded;
  const set = emptySet(about.facts);
  set.addDocument(manifest);
  const { findings } = ALONE.judge(set);
  if (findings.length === 0) return NONE;
  return withoutErrors(findings.map((found) => findingOf(found, recorded)));
}

const NONE: ManifestFinding[] = [];

/** Thousands of objects in a row share their facts. */
let last: { readonly facts?: SynthesisFacts; readonly set: DocumentSet } | undefined;

function emptySet(facts: SynthesisFacts | undefined): DocumentSet {
  if (last && last.facts === facts) {
    last.set.clear();
  } else {
    last = {
      facts,
      set: new DocumentSet([], {
        ...facts?.cluster,
        fromConstructs: true,
        bundleOf: () => facts?.bundle,
        caBundleOf: () => facts?.caBundle,
      }),
    };
  }
  return last.set;
}

/**
 * Has rules that need several objects judge some of an app early, at the line that makes the mistake.
 *
 * @throws when one of them calls it an error
 */
export function refuseTogether(judge: Judge, manifests: readonly Manifest[], facts: ClusterFacts | undefined, props?: PropNames): void {
  const { findings } = judge.judge(new DocumentSet(manifests, { ...facts, fromConstructs: true }));
  withoutErrors(findings.map((found) => toldInProps(found, props)));
}

function withoutErrors<T extends Finding>(findings: T[]): T[] {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new InputError(errors.map(({ message, rule }) => `${message} (${rule})`).join('\n'));
  return findings;
}

/** What the rules that need several objects say of all manifests of an app. */
export function* judgeTogether(manifests: readonly RecordedManifest[]): Iterable<ManifestFinding> {
  const clusters = new Set(manifests.map(({ about }) => about.cluster).filter((cluster) => cluster !== undefined));
  if (clusters.size < 2) {
    yield* judgeGroup(TOGETHER, manifests);
    return;
  }
  for (const group of byCluster(manifests)) yield* judgeGroup(TOGETHER, group);
  for (const group of chartsOfSeveralClusters(manifests)) yield* judgeGroup(DUPLICATES, group);
}

function* judgeGroup(judge: Judge, group: readonly RecordedManifest[]): Iterable<ManifestFinding> {
  const recordedOf = indexOf(group);
  const cluster = group.find(({ about }) => about.cluster && about.facts?.cluster)?.about.facts?.cluster;
  const set = new DocumentSet([], {
    ...cluster,
    fromConstructs: true,
    appliedWith: (document) => fileOf(recordedOf(document)!),
    bundleOf: (document) => recordedOf(document)?.about.facts?.bundle,
    caBundleOf: (document) => recordedOf(document)?.about.facts?.caBundle,
  });
  addAll(group, set);
  for (const found of judge.judge(set).findings) yield findingOf(found, recordedOf(found.subject.document)!);
}

/** Of thousands of policies that are alike one is read, and of the others what is their own. */
function addAll(group: readonly RecordedManifest[], set: DocumentSet): void {
  const read = new Map<object, NodePolicy>();
  for (const { manifest, knownState } of group) {
    const alike = knownState && read.get(knownState);
    if (alike) {
      set.addAlike(manifest, alike);
    } else {
      set.addDocument(manifest);
      if (knownState) read.set(knownState, set.policies.at(-1)!);
    }
  }
}

/** Finds what was recorded of a document; it has looked no further than whoever asked needed. */
function indexOf(group: readonly RecordedManifest[]): (document: unknown) => RecordedManifest | undefined {
  const known = new Map<unknown, RecordedManifest>();
  let next = 0;
  return (document) => {
    for (; next < group.length && !known.has(document); next++) known.set(group[next].manifest, group[next]);
    return known.get(document);
  };
}

/** What stands for the file that a manifest will be in: its chart, the app, or nothing but itself. */
function fileOf({ owner, manifest }: RecordedManifest): unknown {
  const root = owner.node.root as Partial<App>;
  if (root.yamlOutputType === YamlOutputType.FILE_PER_APP) return root;
  return root.yamlOutputType === YamlOutputType.FILE_PER_RESOURCE ? manifest : Chart.of(owner);
}

function findingOf(found: ObjectFinding, recorded: RecordedManifest): ManifestFinding {
  return { ...toldInProps(found, recorded.about.props), recorded };
}

/** One sentence, fix and all, in the words of the props. */
function toldInProps(found: ObjectFinding, props: PropNames | undefined): Finding {
  return { rule: found.rule, severity: found.severity, message: inProps(sentence(found), props) };
}

/**
 * Manifests that go to one cluster: those that name it, and those that name none but share a chart with it. An app may
 * write the same object for a thousand clusters.
 */
function byCluster(manifests: readonly RecordedManifest[]): Iterable<RecordedManifest[]> {
  const clusterOfChart = new Map<IConstruct, IConstruct>();
  for (const { owner, about: { cluster } } of manifests) {
    if (cluster) clusterOfChart.set(Chart.of(owner), cluster);
  }
  return grouped(manifests, ({ owner, about }) => about.cluster ?? clusterOfChart.get(Chart.of(owner)) ?? Chart.of(owner));
}

/** A chart is one file, which is applied to one cluster: two Network objects in it are one too many. */
function chartsOfSeveralClusters(manifests: readonly RecordedManifest[]): RecordedManifest[][] {
  return [...grouped(manifests, ({ owner }) => Chart.of(owner))]
    .filter((group) => new Set(group.map(({ about }) => about.cluster).filter((cluster) => cluster !== undefined)).size > 1);
}

function grouped(manifests: readonly RecordedManifest[], keyOf: (recorded: RecordedManifest) => IConstruct): Iterable<RecordedManifest[]> {
  const groups = new Map<IConstruct, RecordedManifest[]>();
  for (const recorded of manifests) {
    const key = keyOf(recorded);
    const group = groups.get(key);
    if (group) group.push(recorded);
    else groups.set(key, [recorded]);
  }
  return groups.values();
}
