import { DocumentSet } from './document-set';
import type { JudgeOptions } from './facts';
import { Opener, Unopened } from './opener';
import type { Subject } from './subjects';

/** The objects of one check, cluster by cluster. */
export interface Clusters {
  readonly sets: readonly DocumentSet[];
  /** Texts that look like manifests and could not be read. */
  readonly unopened: readonly Unopened[];
}

/**
 * All documents as the objects of one cluster; or of several, where what holds them (a ManifestWork, a SyncSet, the
 * manifests of a cluster in its namespace) names more than one: the same object is rightly there for each of them then.
 */
export function clustersOf(documents: Iterable<unknown>, facts: JudgeOptions): Clusters {
  const opener = new Opener(facts.parseYaml);
  const all: Subject[] = [];
  const named = new Set<string>();
  for (const document of documents) {
    for (const subject of opener.open(document)) {
      all.push(subject);
      if (subject.cluster !== undefined) named.add(subject.cluster);
    }
  }
  const groups = named.size > 1 ? grouped(all) : [all];
  return { sets: groups.map((subjects) => DocumentSet.of(subjects, facts, opener)), unopened: opener.unopened };
}

function grouped(subjects: readonly Subject[]): Subject[][] {
  const groups = new Map<string | undefined, Subject[]>();
  for (const subject of subjects) {
    const group = groups.get(subject.cluster);
    if (group) group.push(subject);
    else groups.set(subject.cluster, [subject]);
  }
  return [...groups.values()];
}
