/** How jsii-docgen spells what a language has otherwise, and what the language has. */
export interface Spelling {
  /** How a property of a class or interface is read. */
  readonly getter: (name: string) => string;
  /** How a constant of a type is read: by the name that it has in TypeScript, and the one that jsii-docgen gives it. */
  readonly constant: (type: string, name: string, shown: string) => string;
  /** Whether a struct is always given by its address. */
  readonly structsByAddress: boolean;
  /** A usage or a type, as the language has it. */
  readonly corrected: (text: string) => string;
}

const AS_IT_IS: Spelling = {
  getter: (name) => name,
  constant: (_, __, shown) => shown,
  structsByAddress: false,
  corrected: (text) => text,
};

const SPELLINGS: { readonly [title: string]: Spelling } = {
  // What may be left out stands behind what must be given, and a map says the type of its keys.
  Python: { ...AS_IT_IS, corrected: (text) => requiredFirst(text, / = None,?$/).replaceAll('typing.Mapping[', 'typing.Mapping[str, ') },
  Java: {
    ...AS_IT_IS,
    getter: (name) => `get${name.charAt(0).toUpperCase()}${name.slice(1)}()`,
    corrected: (text) => requiredFirst(text, /^\/\//),
  },
  Go: {
    getter: (name) => `${name}()`,
    constant: (type, name) => `ipsec.${type}_${name}()`,
    structsByAddress: true,
    corrected: (text) => text.replace(/\bf64\b/g, 'float64'),
  },
};

/** How a language spells an API, by the title of its page. */
export function spellingOf(title: string): Spelling {
  return SPELLINGS[title] ?? AS_IT_IS;
}

/** The parameters of a usage, a line each: inherited ones come first by themselves, whether or not they must be given. */
function requiredFirst(usage: string, optional: RegExp): string {
  const lines = usage.split('\n');
  const isOptional = (line: string) => optional.test(line);
  const first = lines.findIndex(isOptional);
  if (first < 0) return usage;
  const end = lines.reduce((last, line, i) => isOptional(line) ? i + 1 : last, 0);
  const isEnd = (line: string) => /^(?:\)|\s+\.build\(\);)/.test(line);
  const last = Math.max(end, lines.findIndex(isEnd));
  const parameters = lines.slice(first, last).map((line) => line.replace(/,$/, ''));
  const ordered = [...parameters.filter((line) => !isOptional(`${line},`)), ...parameters.filter((line) => isOptional(`${line},`))];
  const isList = lines.slice(0, last).some((line) => line.endsWith(','));
  return [
    ...lines.slice(0, first),
    ...ordered.map((line, i) => isList && i < ordered.length - 1 ? `${line},` : line),
    ...lines.slice(last),
  ].join('\n');
}
