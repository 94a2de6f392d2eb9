import type { Invocation } from './invocation';

/** A command of the program. Each is loaded only when it is called: a start costs no more than what it needs. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly load: () => { readonly run: (invocation: Invocation) => number; readonly help: string };
}
