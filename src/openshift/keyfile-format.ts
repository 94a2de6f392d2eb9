/** The sections of a keyfile, and the entries of each, as NetworkManager reads them. */
export type KeyfileSections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** How a text stands in a keyfile where it would be read as something else. */
const ESCAPES: readonly (readonly [plain: string, written: string])[] = [['\\', '\\\\'], ['\n', '\\n'], ['\r', '\\r'], ['\t', '\\t']];

const PLAIN: ReadonlyMap<string, string> = new Map([...ESCAPES.map(([plain, written]) => [written, plain] as const), ['\\s', ' ']]);

/**
 * A keyfile: sections and entries in the order of their names, so that equal connections are equal bytes.
 *
 * @see https://networkmanager.dev/docs/api/latest/nm-settings-keyfile.html
 */
export function writeKeyfile(sections: { readonly [section: string]: { readonly [key: string]: string } }): string {
  return inOrder(sections).map(([name, entries]) => [
    `[${name}]\n`, ...inOrder(entries).map(([key, value]) => `${key}=${escaped(value)}\n`),
  ].join('')).join('\n');
}

/**
 * What NetworkManager reads in a keyfile; undefined where it takes none of it, because a line is neither section, entry nor
 * comment.
 */
export function readKeyfile(text: string): KeyfileSections | undefined {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const content = line.trimStart();
    if (content === '' || content.startsWith('#')) continue;
    const header = /^\[([^[\]]+)\]\s*$/.exec(content)?.[1];
    const equals = content.indexOf('=');
    if (header !== undefined) {
      section = sections.get(header) ?? new Map();
      sections.set(header, section);
    } else if (section && equals > 0) {
      section.set(content.slice(0, equals).trimEnd(), unescaped(content.slice(equals + 1).trimStart()));
    } else {
      return undefined;
    }
  }
  return sections;
}

/** By code units, as every machine sorts them. */
function inOrder<T>(map: { readonly [name: string]: T }): [string, T][] {
  return Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** Blanks at the beginning would be dropped by the reader, and those at the end by whoever edits the file. */
function escaped(value: string): string {
  const written = ESCAPES.reduce((text, [plain, escape]) => text.replaceAll(plain, escape), value);
  return written.replace(/^ +| +$/g, (blanks) => '\\s'.repeat(blanks.length));
}

/** What is no escape stays as it is, as does a `;`, which ends an item in lists alone. */
function unescaped(value: string): string {
  return value.replace(/\\./g, (escape) => PLAIN.get(escape) ?? escape);
}
