import { commandsOf } from './commands';
import type { ConfigUnit } from './machine-configs';

/** A file that a unit runs. */
export interface Execution {
  readonly path: string;
  /** Whether systemd runs it itself; a shell that is told to read it needs no right to execute it. */
  readonly direct: boolean;
}

/** What a unit runs, where that is an absolute path without specifiers (`%i`) and variables. */
export function executionsOf({ text }: ConfigUnit): Execution[] {
  return valuesOf(text, /^Exec[A-Z][A-Za-z]{0,31}$/).flatMap((value): Execution[] => {
    const words = commandsOf(value.replace(/^[-@:+!|]+/, ''))[0] ?? [];
    const [program] = words;
    if (!program?.literal || !isPlainPath(program.text)) return [];
    if (!/\/(?:bash|sh|env)$/.test(program.text)) return [{ path: program.text, direct: true }];
    const script = words.slice(1).find(({ text: word }) => !word.startsWith('-') && !/^(?:\/usr)?(?:\/bin\/)?(?:ba)?sh$/.test(word));
    const isCommand = words.some(({ text: word }) => /^-\w*c$/.test(word)); // sh -c '…'
    return script?.literal && isPlainPath(script.text) && !isCommand ? [{ path: script.text, direct: false }] : [];
  });
}

/** The values of a setting of a unit, in order; long lines may go on after a backslash. */
export function valuesOf(text: string, setting: RegExp): string[] {
  return text.replace(/\\\r?\n/g, ' ').split(/\r?\n/).flatMap((line) => {
    const equals = line.indexOf('=');
    return equals > 0 && setting.test(line.slice(0, equals).trim()) ? [line.slice(equals + 1).trim()] : [];
  });
}

/** The assignments of `Environment=` in a unit. */
export function environmentOf({ text }: ConfigUnit): [name: string, value: string][] {
  const assignments = valuesOf(text, /^Environment$/).flatMap((value) => [...value.matchAll(/"([^"]*)"|'([^']*)'|([^\s"'][^\s]*)/g)]);
  return assignments.flatMap(([, double, single, bare]): [string, string][] => {
    const assignment = double ?? single ?? bare;
    const equals = Math.max(assignment.indexOf('='), 0);
    return /^[A-Za-z_]\w*$/.test(assignment.slice(0, equals)) ? [[assignment.slice(0, equals), assignment.slice(equals + 1)]] : [];
  });
}

/** The absolute paths that a text names. */
export function pathsIn(text: string): string[] {
  return text.match(/\/[\w./@+-]+/g) ?? [];
}

function isPlainPath(text: string): boolean {
  return text.startsWith('/') && !text.includes('%');
}
