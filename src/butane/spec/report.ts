import { printable } from '../../core/printable';
/** Where a message points: the keys and indexes from the root of the config. */
export type Path = readonly (string | number)[];

/** A place in the source, both counted from 1; columns count characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One message of the compiler. */
export interface Entry {
  readonly severity: 'error' | 'warning';
  readonly text: string;
  readonly path: Path;
  /** Where in the source; unknown until the report is correlated with it. */
  readonly position?: Position;
  /** Found by this library, not by Butane: the Machine Config Operator will refuse it later. */
  readonly ours?: boolean;
}

/** An entry in the form of `butane --raw-errors`. */
export function formatEntry({ severity, text, path, position, ours }: Entry): string {
  const place = [
    ...path.length > 0 ? [formatPath(path)] : [],
    ...position ? [`line ${position.line} col ${position.column}`] : [],
  ].join(', ');
  return `${severity}${place ? ` at ${place}` : ''}: ${text}${ours ? ' (openshift-ipsec, not butane)' : ''}`;
}

/** `$.storage.files.0.mode`. */
export function formatPath(path: Path): string {
  return ['$', ...path].join('.');
}

/** The lines of a source as positions count them. */
export function linesOf(source: string): readonly string[] {
  return source.split(/\r\n|[\n\r\u0085\u2028\u2029]/);
}

/** The line of the source that a message is about, given as it may be shown, and a caret under the place. */
export function caret(text: string, { column }: Position): string {
  // A base64 blob on one line would bury the message.
  const start = Math.max(0, column - 1 - CONTEXT);
  const characters = [...text.slice(0, 2 * (start + 2 * CONTEXT))].slice(start, start + 2 * CONTEXT);
  return `  ${printable(characters.join(''))}\n  ${' '.repeat(column - 1 - start)}^`;
}

const CONTEXT = 80;
