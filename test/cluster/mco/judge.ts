import { spawnSync } from 'child_process';
import { goProgram } from '../go-program';

/** Kubernetes objects as they are applied. */
export type Objects = readonly object[];

/** What the Machine Config Operator says of a change. */
export interface Verdict {
  /** Why it takes the MachineConfigs not at all. */
  readonly refused?: string;
  /** Changed files and units, in alphabetical order. */
  readonly changed?: readonly string[];
  /**
   * What is done on the node, in order, such as `Restart ipsec-import.service`; files in alphabetical order, where the operator's own is
   * random.
   */
  readonly actions?: readonly string[];
  readonly drain: boolean;
}

// Parts of its image library that need C libraries, and that no judgement reaches.
const TAGS = ['containers_image_openpgp', 'exclude_graphdriver_btrfs', 'exclude_graphdriver_devicemapper'];

const MAX_OUTPUT = 64 * 1024 * 1024;

/** What every pool has besides. */
const OF_EVERY_POOL = {
  apiVersion: 'machineconfiguration.openshift.io/v1',
  kind: 'MachineConfig',
  metadata: { name: '00-worker', labels: { 'machineconfiguration.openshift.io/role': 'worker' } },
  spec: { config: { ignition: { version: '3.4.0' } } },
};

/** Has the operator's own functions render the MachineConfigs of a pool before and after a change, and say what the daemon then does. */
export function judgeChange(before: Objects, after: Objects, policy?: object): Verdict {
  const input = JSON.stringify({ old: [OF_EVERY_POOL, ...before], new: [OF_EVERY_POOL, ...after], policy });
  const { status, stdout, stderr } = spawnSync(goProgram('mco', TAGS), { input, encoding: 'utf8', maxBuffer: MAX_OUTPUT });
  if (status !== 0) throw new Error(`judge-mco: exit ${status}\n${stderr}`);
  return JSON.parse(stdout);
}
