import { fileSource } from '../core/local-file';
import { printable } from '../core/printable';

/** An argument as messages show it: a key or other content that was given in place of a path or name is not repeated. */
export function shown(argument: string): string {
  try {
    fileSource('argument', argument);
  } catch {
    return argument === '' ? "''" : `(${argument.length} characters that are no name)`;
  }
  return `'${printable(argument)}'`;
}
