/** A word of a command; `literal` where no part of it is a variable or a command of its own. */
export interface Word {
  readonly text: string;
  readonly literal: boolean;
}

/** One command of a script or a unit: its words, from the name of the program on. */
export type Command = readonly Word[];

/**
 * The calls of a program in a shell script or a systemd unit, wherever in a line they stand.
 *
 * This reads what scripts like the documented one say; it is no shell, and what it does not understand it passes over.
 */
export function callsOf(program: string, text: string): Command[] {
  if (!text.includes(program)) return [];
  return [...commands(text)].flatMap((words) => {
    const i = words.findIndex((word) => word.text === program || word.text.endsWith(`/${program}`) || word.text.endsWith(`=${program}`));
    return i < 0 ? [] : [words.slice(i)];
  });
}

/** The word after an option, in `-n name`, `-nname` or `--name=value` form; undefined where the option is missing. */
export function optionOf(command: Command, option: string): Word | undefined {
  for (const [i, word] of command.entries()) {
    if (word.text === option) return command[i + 1];
    if (word.text.startsWith(option) && word.text.length > option.length && !option.startsWith('--')) return { ...word, text: word.text.slice(option.length) };
  }
  return undefined;
}

export function hasOption(command: Command, option: string): boolean {
  return command.some(({ text }) => text === option);
}

function* commands(text: string): Iterable<Command> {
  for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    let words: Word[] = [];
    for (const token of line.matchAll(/\s+|#.*|[;&|(){}`]+|(?:"(?:\\.|[^"\\])*"|'[^']*'|\$\((?:[^()"]|"[^"]*")*\)|\$\{[^}]*\}|\\.|[^\s;&|(){}`"'\\])+|./g)) {
      const [raw] = token;
      if (/^\s/.test(raw)) continue;
      if (raw.startsWith('#')) break;
      if (/^[;&|(){}`]/.test(raw)) {
        if (words.length > 0) yield words;
        words = [];
      } else {
        // A word in quotes can be a whole command, as in `sh -c '…'` and `systemd-run`.
        const bare = unquote(raw);
        if (/\s/.test(bare.text) && /certutil|pk12util/.test(bare.text)) yield* commands(bare.text);
        words.push(bare);
      }
    }
    if (words.length > 0) yield words;
  }
}

function unquote(raw: string): Word {
  let literal = true;
  const text = raw.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)|[$`]/g, (part, double?: string, single?: string, escaped?: string) => {
    if (single !== undefined) return single;
    if (escaped !== undefined) return escaped;
    if (part === '$' || part === '`' || /(?<!\\)[$`]/.test(double ?? '')) literal = false;
    return double === undefined ? part : double.replace(/\\([$`"\\])/g, '$1');
  });
  return { text, literal };
}
