import type { Invocation } from './invocation';
import { InputError } from '../core/input-error';

/** Bad usage, or a file that can't be used. */
export class UsageError extends InputError {}

/** Runs a command; what is wrong with how it was called is told in one line, and is exit code 2. */
export function withUsage(command: string, { stderr }: Invocation, run: () => number): number {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    stderr(`openshift-ipsec ${command}: ${error.message}\n`);
    return 2;
  }
}
