import type { Place } from './locate';
import type { YamlFile } from './yaml-file';

/** The line of a finding as a report shows it. */
export interface Excerpt {
  readonly line: number;
  readonly column: number;
  /** The line, or the part of a long one around the place, without anything that may be a secret. */
  readonly text: string;
  /** How many characters of `text` stand before the place. */
  readonly caret: number;
}

const MAX_WIDTH = 120;
const HIDDEN = '…';

/**
 * The line of a place, safe to print: no key, password or payload, however the document is laid out.
 *
 * @param conceal whether the value at the place may itself be a secret
 */
export function excerpt(file: YamlFile, place: Place, conceal: boolean): Excerpt {
  const { line, column } = file.position(place.offset);
  const source = file.line(line);
  // What follows a concealed key is left away altogether: its value may go on to the end of the line.
  const before = redact(source.slice(0, column - 1));
  const rest = source.slice(column - 1);
  const after = conceal ? `${/^(?:"[^"]*"|'[^']*'|[^\s:]*)\s*:?/.exec(rest)![0]}${HIDDEN}` : redact(rest);
  const from = Math.max(0, before.length - MAX_WIDTH / 2);
  const shown = before.slice(from) + after;
  const lead = from > 0 ? HIDDEN : '';
  const text = lead + (shown.length > MAX_WIDTH ? shown.slice(0, MAX_WIDTH) + HIDDEN : shown);
  return { line, column, text: printable(text), caret: lead.length + before.length - from };
}

/** Takes out payloads, long Base64, PEM, and the values of keys, options and variables that are named like secrets. */
export function redact(text: string): string {
  return text
    .replace(/\bdata:[^"'\s]*/gi, `data:${HIDDEN}`)
    .replace(/([\w-]*(?:psk|passw|passphrase|secret|token)[\w-]*["']?\s*[:=]\s*)(?:"(?:\\.|[^"\\])*"?|'[^']*'?|[^\s,}]+)/gi, `$1${HIDDEN}`)
    .replace(/(\s-[WK]\s*)(?:\\?"[^"]*"?|'[^']*'?|\S+)/g, `$1${HIDDEN}`)
    .replace(/[A-Za-z0-9+/]{48,}={0,2}/g, HIDDEN);
}

/** No control characters, which a terminal would obey. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it is about
  return text.replace(/\t/g, ' ').replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
