import type { Word } from './words';

/** A value that variables make longer than this is made to be so. */
const MAX_LENGTH = 4096;

const VARIABLE = /\$(?:\{(\w{1,64})\}|(\w{1,64}))/g;
const ASSIGNMENT = /^([A-Za-z_]\w{0,63})=([^]*)$/;
const LOOPS = /^(?:for|while|until|read|mapfile|readarray|getopts|select)$/;
const DECLARES = /^(?:export|readonly|local|declare|typeset|-\w+)$/;

/**
 * The commands of a script with the values of variables that it sets once, to a text or to others of this kind:
 * `certs=/etc/pki/certs`, and then `pk12util -i "$certs/node.p12"`.
 */
export function withVariables(commands: readonly (readonly Word[])[]): (readonly Word[])[] {
  const times = new Map<string, number>();
  const count = (name: string) => times.set(name, (times.get(name) ?? 0) + 1);
  for (const words of commands) {
    for (const { name } of assignmentsIn(words)) count(name);
    // `for name in …` and `read name` give it other values.
    if (LOOPS.test(words[0].text)) for (const { text } of words) times.set(text, 2);
  }
  if (times.size === 0) return [...commands];
  const values = new Map<string, string>();
  return commands.map((words) => {
    const resolved = words.map((word) => word.literal ? word : resolve(word, values));
    for (const { name, value } of assignmentsIn(resolved)) if (value !== undefined && times.get(name) === 1) values.set(name, value);
    return resolved;
  });
}

interface Assignment {
  readonly name: string;
  /** Undefined where it is not known. */
  readonly value?: string;
}

/** `name=value` at the beginning of a command, before or in place of the program. */
function assignmentsIn(words: readonly Word[]): Assignment[] {
  const found: Assignment[] = [];
  for (const { text, literal } of words) {
    const [, name, value] = ASSIGNMENT.exec(text) ?? [];
    if (name !== undefined) found.push({ name, value: literal ? value : undefined });
    else if (!DECLARES.test(text)) break;
  }
  return found;
}

function resolve(word: Word, values: ReadonlyMap<string, string>): Word {
  const text = word.text.replace(VARIABLE, (all, braced?: string, bare?: string) => values.get(braced ?? bare!) ?? all);
  return text.length > MAX_LENGTH || /[$`]/.test(text) ? word : { text, literal: true };
}
