import { spawnSync } from 'child_process';
import { goProgram } from '../go-program';

/** Kubernetes objects as they are applied. */
export type Objects = readonly object[];

/** What the Machine Config Operator says of a change; a list that is empty is left out. */
export interface Verdict {
  /** Why it takes the MachineConfigs not at all. */
  readonly refused?: string;
  /** Changed files and units, each in alphabetical order. */
  readonly files?: readonly string[];
  readonly units?: readonly string[];
  /** Whether the operating system changes: its image, its kernel's arguments, extensions. */
  readonly system?: boolean;
  /**
   * What is done on the node, in order, such as `Restart ipsec-import.service`; files in alphabetical order, where the operator's own is
   * random.
   */
  readonly actions?: readonly string[];
  readonly drain: boolean;
  /** What the files have that were asked for, in Base64. */
  readonly contents?: { readonly [path: string]: string };
}

// Parts of its image library that need C libraries, and that no judgement reaches.
const TAGS = ['containers_image_openpgp', 'exclude_graphdriver_btrfs', 'exclude_graphdriver_devicemapper'];

/** The program, which is built where it is not yet. */
export const mcoProgram = () => goProgram('mco', { tags: TAGS });

const MAX_OUTPUT = 256 * 1024 * 1024;

/** What every pool has besides. */
const OF_EVERY_POOL = {
  apiVersion: 'machineconfiguration.openshift.io/v1',
  kind: 'MachineConfig',
  metadata: { name: '00-worker', labels: { 'machineconfiguration.openshift.io/role': 'worker' } },
  spec: { config: { ignition: { version: '3.4.0' } } },
};

/** A change of the MachineConfigs of a pool, and the MachineConfiguration of the cluster. */
export interface Question {
  readonly old: Objects;
  readonly new: Objects;
  readonly policy?: object;
  /** Files of the new ones whose contents are asked for. */
  readonly read?: readonly string[];
}

/** Has the operator's own functions render the MachineConfigs of a pool before and after a change, and say what the daemon then does. */
export function judgeAll(questions: readonly Question[]): Verdict[] {
  const input = questions.map((question) => `${JSON.stringify(question)}\n`).join('');
  const { status, stdout, stderr } = spawnSync(mcoProgram(), { input, encoding: 'utf8', maxBuffer: MAX_OUTPUT });
  if (status !== 0) throw new Error(`judge-mco: exit ${status}\n${stderr}`);
  return stdout.trim().split('\n').map((line) => JSON.parse(line) as Verdict);
}

/** The same for one change, in a pool that has another MachineConfig besides; `changed` is all that it calls changed. */
export function judgeChange(before: Objects, after: Objects, policy?: object) {
  const inPool = (own: Objects) => [OF_EVERY_POOL, ...own];
  const [{ files = [], units = [], system, ...said }] = judgeAll([{ old: inPool(before), new: inPool(after), policy }]);
  const changed = [...files, ...units, ...system ? ['operating system'] : []];
  return changed.length === 0 ? said : { changed, ...said };
}

/** What the operator writes to a node's files for these MachineConfigs. */
export function filesWritten(objects: Objects, read: readonly string[]): Map<string, Buffer> {
  const [{ refused, contents = {} }] = judgeAll([{ old: [OF_EVERY_POOL], new: [OF_EVERY_POOL, ...objects], read }]);
  if (refused !== undefined) throw new Error(`refused: ${refused}`);
  return new Map(Object.entries(contents).map(([path, base64]) => [path, Buffer.from(base64, 'base64')]));
}
