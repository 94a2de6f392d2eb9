/** What the variables of the program hold when it runs. */
export type Environment = Map<string, unknown>;

/**
 * A piece of the program: its text, and what it makes when it runs. The two are made together, so that what was proven of the one holds
 * for the other.
 */
export interface Code {
  readonly text: string;
  /** The names that it takes from packages, and the variables. */
  readonly uses: readonly string[];
  readonly make: (variables: Environment) => unknown;
}

/** The width of a line of the program. */
const WIDTH = 120;

/** A value that JSON can hold. */
export function literal(value: unknown): Code {
  if (typeof value === 'string') return textLiteral(value);
  if (Array.isArray(value)) return listOf(value.map(literal));
  if (typeof value === 'object' && value !== null) {
    return recordOf(Object.entries(value).map(([key, inner]): [string, Code] => [key, literal(inner)]));
  }
  return { text: Object.is(value, -0) ? '-0' : String(value), uses: [], make: () => value };
}

/** A text of several lines stands in the program line by line. */
function textLiteral(value: string): Code {
  const lines = value.split('\n');
  const text = lines.length < 3 ? quoted(value) : `[\n${lines.map((line) => `  ${quoted(line)},\n`).join('')}].join('\\n')`;
  return { text, uses: [], make: () => value };
}

/** A text as a literal of TypeScript that nothing in it can end: what is no plain character of a line is escaped. */
export function quoted(value: string): string {
  const escaped = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escapeUnprintable(escaped)}'`;
}

/** What ends a line, turns its direction or does not show stands as an escape. */
export function escapeUnprintable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (character) =>
    [...Array(character.length).keys()].map((unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`).join(''),
  );
}

/** A list. */
export function listOf(items: readonly Code[]): Code {
  return {
    text: inBrackets('[', items.map(({ text }) => text), ']', ''),
    uses: usesOf(items),
    make: (variables) => items.map((item) => item.make(variables)),
  };
}

/** A map; an entry without a value is left out. */
export function recordOf(entries: readonly (readonly [key: string, value: Code | undefined])[]): Code {
  const given = entries.filter((entry): entry is readonly [string, Code] => entry[1] !== undefined);
  return {
    text: inBrackets('{', given.map(([key, value]) => (value.text === key ? key : `${keyText(key)}: ${value.text}`)), '}', ' '),
    uses: usesOf(given.map(([, value]) => value)),
    make: (variables) => Object.fromEntries(given.map(([key, value]) => [key, value.make(variables)])),
  };
}

/** A key as it stands in a literal; the prototype is no key there unless it is computed. */
function keyText(key: string): string {
  if (key === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
}

/** On one line where it fits there, and an item a line otherwise. */
function inBrackets(open: string, items: readonly string[], close: string, space: string): string {
  if (items.length === 0) return `${open}${close}`;
  const line = `${open}${space}${items.join(', ')}${space}${close}`;
  if (line.length <= WIDTH - 40 && !line.includes('\n')) return line;
  return `${open}\n${items.map((item) => `${indented(item)},\n`).join('')}${close}`;
}

export function indented(text: string): string {
  return text.split('\n').map((line) => (line === '' ? line : `  ${line}`)).join('\n');
}

/** What stands before the name of a variable among the names that code uses. */
export const VARIABLE = 'variable ';

/** A variable of the program. */
export function variable(name: string): Code {
  return { text: name, uses: [VARIABLE + name], make: (variables) => variables.get(name) };
}

/** A property of what some code makes. */
export function property(of: Code, path: string, read: (value: never) => unknown): Code {
  return { text: `${of.text}${path}`, uses: of.uses, make: (variables) => read(of.make(variables) as never) };
}

/** A call of a function of the library, or of the program's own. */
export function call(text: string, uses: readonly string[], args: readonly Code[], run: (...given: never[]) => unknown): Code {
  return {
    text: `${text}(${args.map((arg) => arg.text).join(', ')})`,
    uses: [...uses, ...usesOf(args)],
    make: (variables) => run(...args.map((arg) => arg.make(variables)) as never[]),
  };
}

/** The member of an enumeration that has this value; the value itself where none has it, which the construct then refuses. */
export function member(name: string, of: { readonly [member: string]: string }, value: unknown): Code {
  const found = Object.keys(of).find((key) => of[key] === value);
  return found === undefined ? literal(value) : { text: `${name}.${found}`, uses: [name], make: () => value };
}

export function usesOf(codes: readonly Code[]): string[] {
  return codes.flatMap(({ uses }) => uses);
}
