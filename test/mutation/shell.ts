import { spawnSync } from 'node:child_process';
import type { Mutant } from './mutant';

/**
 * What may stand for what in a line of a script; the first group is what is replaced. `|| true` stays: a script ends at neither that nor
 * `&& true`.
 */
const SWAPS: readonly (readonly [pattern: RegExp, put: string])[] = [
  [/ (==) /gd, '!='], [/ (!=) /gd, '=='], [/\[\[ (! )/gd, ''], [/(?:^|;|&&|\|\|)\s*(! )/gd, ''],
  [/ (&&) /gd, '||'], [/ (\|\|) (?!true\b)/gd, '&&'], [/(-n) /gd, '-z'], [/(-z) /gd, '-n'], [/(-e) /gd, '-d'], [/(-f) "/gd, '-d'],
  [/ (-gt|>) [\d$]/gd, '-le'], [/return (0)\b/gd, '1'], [/return (1)\b/gd, '0'], [/exit (\d)\b/gd, '9'],
  [/\b(umask 077)/gd, 'umask 000'], [/(2>&1)/gd, ''],
];

/** A line that may go: it calls something, and closes or opens nothing. */
const LINE = /^\s+(?=\S)(?!local\b|done|fi\b|esac|else|then|do\b|\}|#|case\b|if\b|for\b|while\b|until\b|elif\b).*[^\\{|&(]$/;

/** One mutant for each operator and each line that can go; what is then no script counts as none. */
export function mutantsOfShell(file: string, text: string): Mutant[] {
  const mutants: Mutant[] = [];
  let next = 0;
  for (const [i, line] of text.split('\n').entries()) {
    const offset = next;
    next += line.length + 1;
    const add = (start: number, end: number, put: string) => {
      mutants.push({ file, line: i + 1, start: offset + start, end: offset + end, put });
    };
    if (!/^\s*(#|$)/.test(line)) {
      for (const [pattern, put] of SWAPS) {
        for (const match of line.matchAll(pattern)) add(...(match as RegExpMatchArray & { indices: [number, number][] }).indices[1], put);
      }
      if (LINE.test(line)) add(/\S/.exec(line)!.index, line.length, ':');
    }
  }
  return mutants.filter(({ start, end, put }) => (
    spawnSync('bash', ['-n'], { input: text.slice(0, start) + put + text.slice(end) }).status === 0));
}
