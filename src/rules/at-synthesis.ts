import { Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { interfaceDuplicate } from './interface-duplicate';
import { objectDuplicate } from './object-duplicate';
import { poolPaused } from './pool-paused';
import type { Document, Rule } from './rule';
import { RecordedManifest, registerSynthesisCheck, SynthesisFinding } from '../synthesis/manifests';

/** The rules that need more than one object; what one object shows, its constructor has refused already. */
const ACROSS_OBJECTS: readonly Rule[] = [objectDuplicate, interfaceDuplicate, poolPaused];

registerSynthesisCheck(function* judge(manifests) {
  const clusters = new Set(manifests.map(({ cluster }) => cluster).filter((cluster) => cluster !== undefined));
  if (clusters.size < 2) {
    yield* judgeGroup(ACROSS_OBJECTS, manifests);
    return;
  }
  for (const group of byCluster(manifests)) yield* judgeGroup(ACROSS_OBJECTS, group);
  for (const group of chartsOfSeveralClusters(manifests)) yield* judgeGroup([objectDuplicate], group);
});

function* judgeGroup(rules: readonly Rule[], group: readonly RecordedManifest[]): Iterable<SynthesisFinding> {
  const subjects = new Map<Document, RecordedManifest>(group.map((recorded) => [recorded.manifest, recorded]));
  for (const rule of rules) {
    for (const { document, message, severity } of rule.check([...subjects.keys()])) {
      yield { rule: rule.id, severity: severity ?? rule.severity, message, subject: subjects.get(document)! };
    }
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
