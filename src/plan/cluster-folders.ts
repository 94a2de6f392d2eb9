import type { ReadFile } from './read';
import { at, list, record, text } from '../documents/values';

/** Kinds of which a cluster has one object of a name, wherever it is kept. */
const OF_THE_CLUSTER: readonly string[] = [
  'operator.openshift.io/Network', 'operator.openshift.io/MachineConfiguration', 'machineconfiguration.openshift.io/MachineConfig',
  'machineconfiguration.openshift.io/MachineConfigPool', 'nmstate.io/NodeNetworkConfigurationPolicy',
];

/** Where the folders of clusters are: they are the folders in this one. */
export class ClusterFolders {
  /**
   * Finds them by what can't be in one cluster twice: where two folders have an object of one kind and name, they are two clusters'.
   * Undefined where no two folders do.
   */
  public static of(sides: readonly (readonly ReadFile[])[]): ClusterFolders | undefined {
    let found: readonly string[] | undefined;
    for (const files of sides) {
      for (const above of commonFolders(files)) if (!found || above.length < found.length) found = above;
    }
    return found && new ClusterFolders(found);
  }

  private constructor(public readonly above: readonly string[]) {}
}

/** The cluster's folder that a folder is, or is in; undefined where it is in none. */
export function clusterFolderOf(folder: readonly string[], { above }: ClusterFolders): string | undefined {
  return above.every((name, i) => folder[i] === name) ? folder[above.length] : undefined;
}

/** For each object that is in more than one folder, the folder that holds them all. */
function* commonFolders(files: readonly ReadFile[]): Iterable<readonly string[]> {
  const first = new Map<string, readonly string[]>();
  for (const { folder, documents } of files) {
    for (const document of documents) {
      for (const name of namesIn(document)) {
        const other = first.get(name);
        if (!other) {
          first.set(name, folder);
          continue;
        }
        let depth = 0;
        while (depth < other.length && depth < folder.length && other[depth] === folder[depth]) depth++;
        // A folder and one in it are no two clusters: one is the base of the other, or it is there twice by mistake.
        if (depth < other.length && depth < folder.length) yield folder.slice(0, depth);
      }
    }
  }
}

function* namesIn(document: unknown): Iterable<string> {
  const items = String(at(document, 'kind')).endsWith('List') ? list(at(document, 'items')) : [document];
  for (const item of items) {
    const [api, kind, name] = [text(at(item, 'apiVersion')), text(at(item, 'kind')), text(at(record(item)?.metadata, 'name'))];
    const type = `${api?.split('/')[0]}/${kind}`;
    if (name !== undefined && OF_THE_CLUSTER.includes(type)) yield `${type}/${name}`;
  }
}
