import { withVariables } from './variables';
import { commandLines, Word } from './words';

/** One command of a script or a unit: its words, from the name of the program on. */
export type Command = readonly Word[];

/** Programs whose calls are looked for inside a quoted word too, as in `sh -c '…'`. */
const PROGRAMS = /certutil|pk12util|openssl/;

/** How deep commands stand inside commands (`$(…)`, `sh -c '…'`); what is deeper is made to be so. */
const MAX_DEPTH = 8;

/**
 * The commands of a text, wherever in a line they stand, with the values of its variables where they are plain to see. Read this
 * once for a text, and look for programs in it.
 */
export function commandsOf(text: string): readonly Command[] {
  return withVariables([...commands(text, 0)]);
}

/** Those that call a program, from its name on. */
export function callsOf(program: string, all: readonly Command[]): Command[] {
  return all.flatMap((words) => {
    const i = words.findIndex((word) => word.text === program || word.text.endsWith(`/${program}`) || word.text.endsWith(`=${program}`));
    return i < 0 ? [] : [words.slice(i)];
  });
}

/** The word after an option, in `-n name`, `-nname` or `--name=value` form; undefined where the option is missing. */
export function optionOf(command: Command, option: string): Word | undefined {
  for (const [i, word] of command.entries()) {
    if (word.text === option) return command[i + 1];
    if (word.text.startsWith(option) && word.text.length > option.length && !option.startsWith('--')) {
      return { ...word, text: word.text.slice(option.length) };
    }
  }
  return undefined;
}

/** What an option says, where that is no variable. */
export function literalOf(command: Command, option: string): string | undefined {
  const word = optionOf(command, option);
  return word?.literal ? word.text : undefined;
}

export function hasOption(command: Command, option: string): boolean {
  return command.some(({ text }) => text === option);
}

function* commands(text: string, depth: number): Iterable<Command> {
  for (const { words, inner } of commandLines(text)) {
    if (depth < MAX_DEPTH) for (const each of inner) if (PROGRAMS.test(each)) yield* commands(each, depth + 1);
    if (words.length > 0) yield words;
  }
}
