import { Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { RULES } from './catalogue';
import { DocumentSet } from './document-set';
import type { SynthesisFacts } from './facts';
import { judge, sentence } from './judge';
import { objectDuplicate } from './network/object-duplicate';
import { Rule, needsSet } from './rule';
import { RecordedManifest, registerSynthesisCheck, SynthesisFinding } from '../synthesis/manifests';

/** The rules that need more than one object; what one object shows, its constructor has refused or told already. */
const ACROSS_OBJECTS: readonly Rule[] = RULES.filter(needsSet);

registerSynthesisCheck(function* judgeManifests(manifests) {
  const clusters = new Set(manifests.map(({ cluster }) => cluster).filter((cluster) => cluster !== undefined));
  if (clusters.size < 2) {
    yield* judgeGroup(ACROSS_OBJECTS, manifests);
    return;
  }
  for (const group of byCluster(manifests)) yield* judgeGroup(ACROSS_OBJECTS, group);
  for (const group of chartsOfSeveralClusters(manifests)) yield* judgeGroup([objectDuplicate], group);
});

function* judgeGroup(rules: readonly Rule[], group: readonly RecordedManifest[]): Iterable<SynthesisFinding> {
  const recordedOf = new Map<unknown, RecordedManifest>(group.map((recorded) => [recorded.manifest, recorded]));
  const factsOf = (document: unknown) => recordedOf.get(document)?.facts as SynthesisFacts | undefined;
  const cluster = group.map(({ facts }) => (facts as SynthesisFacts | undefined)?.cluster).find((facts) => facts !== undefined);
  const set = new DocumentSet(recordedOf.keys(), {
    ...cluster, fromConstructs: true, bundleOf: (document) => factsOf(document)?.bundle,
  });
  for (const judgement of judge(set, rules, 'set').judgements) {
    yield {
      rule: judgement.rule.id, severity: judgement.severity, message: sentence(judgement), subject: recordedOf.get(judgement.subject.document)!,
    };
  }
}

/**
 * Manifests that go to one cluster: those that name it, and those that name none but share a chart with it. An app may
 * write the same object for a thousand clusters.
 */
function byCluster(manifests: readonly RecordedManifest[]): Iterable<RecordedManifest[]> {
  const clusterOfChart = new Map<IConstruct, IConstruct>();
  for (const { owner, cluster } of manifests) {
    if (cluster) clusterOfChart.set(Chart.of(owner), cluster);
  }
  return grouped(manifests, ({ owner, cluster }) => cluster ?? clusterOfChart.get(Chart.of(owner)) ?? Chart.of(owner));
}

/** A chart is one file, which is applied to one cluster: two Network objects in it are one too many. */
function chartsOfSeveralClusters(manifests: readonly RecordedManifest[]): RecordedManifest[][] {
  return [...grouped(manifests, ({ owner }) => Chart.of(owner))]
    .filter((group) => new Set(group.map(({ cluster }) => cluster).filter((cluster) => cluster !== undefined)).size > 1);
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
