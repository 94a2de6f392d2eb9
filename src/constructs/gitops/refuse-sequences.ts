import { IConstruct } from 'constructs';
import { InputError } from '../../core/input-error';
import { IpsecRollout } from '../rollout/ipsec-rollout';

/**
 * @throws when a rollout writes one object with one content after the other, which a tool with one wanted state would apply in turn for
 * ever
 */
export function refuseSequences(scope: IConstruct, tool: string): void {
  for (const rollout of scope.node.findAll()) {
    if (!(rollout instanceof IpsecRollout) || !rollout._isSequence) continue;
    const what = rollout._mtuMigration
      ? ["'mtuMigration'", 'starts a migration and ends it', 'commit the start alone, and the end when every pool is updated']
      : [
        "'pause'",
        'pauses pools and unpauses them',
        'leave it out (a reboot more), or pause and unpause by apply.sh or a window of its own',
      ];
    throw new InputError(
      `${rollout.node.path}: ${what[0]} ${what[1]}, and ${tool} has one wanted state, in which an object can't have two contents: `
        + what[2],
    );
  }
}
