import { clusterFolderOf, ClusterFolders } from './cluster-folders';
import { ReadFile } from './read';
import { parseTexts } from '../check/yaml-file';
import { DocumentSet } from '../documents/document-set';
import type { JudgeOptions } from '../documents/facts';
import { Opener } from '../documents/opener';
import type { Subject } from '../documents/subjects';

/** What the manifests of one cluster are, before and after. */
export interface ClusterSides {
  /** Its name, where there is more than one cluster: its folder, or what the objects say that hold its own. */
  readonly name?: string;
  readonly before: DocumentSet;
  readonly after: DocumentSet;
}

/** The clusters of both sides, and the texts in their objects that can't be read. */
export interface PlannedClusters {
  readonly clusters: readonly ClusterSides[];
  readonly problems: readonly string[];
}

/** What stands beside the folders of the clusters, or names no cluster where others do. */
const NAMELESS = '(no cluster named)';

/**
 * The clusters that two sides are for, in the order of their names. One plan is for one cluster: where the folders of a side hold the same
 * object, each is the folder of a cluster; where what holds objects (a ManifestWork, a SyncSet) names several clusters, so are they.
 */
export function clustersOfSides(before: readonly ReadFile[], after: readonly ReadFile[], passwords: readonly Buffer[]): PlannedClusters {
  const folders = ClusterFolders.of([before, after]);
  const options: JudgeOptions = { parseYaml: parseTexts, passwords };
  const sides = [before, after].map((files) => new OpenedSide(files, folders, options));
  const names = [...new Set(['', ...sides.flatMap((side) => side.folders)])].sort();
  const clusters = names.flatMap((folder) => named(folder, sides, options));
  const judged = clusters.filter(({ before: old, after: now }) => old.judgedCount + now.judgedCount > 0);
  const planned = judged.length > 0 ? judged : clusters.slice(0, 1);
  return {
    clusters: planned.length > 1 ? planned : planned.map(({ before: old, after: now }) => ({ before: old, after: now })),
    problems: sides.flatMap(({ opener }) => opener.unopened.map(({ subject, why }) =>
      `a text in ${subject.kind} '${subject.name ?? ''}' looks like manifests and is not planned: ${why}`)),
  };
}

/** The objects of one side, by the folders of clusters; the empty name is for files that are in none. */
class OpenedSide {
  public readonly opener: Opener;
  private readonly byFolder = new Map<string, Subject[]>();

  public constructor(files: readonly ReadFile[], folders: ClusterFolders | undefined, { parseYaml }: JudgeOptions) {
    this.opener = new Opener(parseYaml);
    for (const { folder, documents } of files) {
      const name = folders ? clusterFolderOf(folder, folders) ?? '' : '';
      const subjects = this.byFolder.get(name) ?? [];
      this.byFolder.set(name, subjects);
      for (const document of documents) for (const subject of this.opener.open(document)) subjects.push(subject);
    }
  }

  public get folders(): readonly string[] {
    return [...this.byFolder.keys()];
  }

  public of(folder: string): readonly Subject[] {
    return this.byFolder.get(folder) ?? [];
  }
}

/** The clusters in a folder of one: mostly itself. */
function named(folder: string, sides: readonly OpenedSide[], options: JudgeOptions): ClusterSides[] {
  const [before, after] = sides.map((side) => side.of(folder));
  const clusters = new Set([...before, ...after].map(({ cluster }) => cluster));
  const names = [...clusters].filter((name) => name !== undefined);
  const set = (subjects: readonly Subject[], side: OpenedSide) => DocumentSet.of(subjects, options, side.opener);
  if (names.length < 2) return [{ name: folder === '' ? NAMELESS : folder, before: set(before, sides[0]), after: set(after, sides[1]) }];
  const groups = [before, after].map((subjects) => groupedByCluster(subjects));
  return [...clusters].sort(byName).map((name) => ({
    name: name === undefined ? folder === '' ? NAMELESS : folder : folder === '' ? name : `${folder}/${name}`,
    before: set(groups[0].get(name) ?? [], sides[0]),
    after: set(groups[1].get(name) ?? [], sides[1]),
  }));
}

function groupedByCluster(subjects: readonly Subject[]): ReadonlyMap<string | undefined, readonly Subject[]> {
  const groups = new Map<string | undefined, Subject[]>();
  for (const subject of subjects) {
    const group = groups.get(subject.cluster);
    if (group) group.push(subject);
    else groups.set(subject.cluster, [subject]);
  }
  return groups;
}

function byName(one: string | undefined, other: string | undefined): number {
  const [a, b] = [one ?? '', other ?? ''];
  return a < b ? -1 : a > b ? 1 : 0;
}
