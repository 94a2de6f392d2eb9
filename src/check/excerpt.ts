import type { Place } from './locate';
import { Range, secretsInNodes } from './secrets';
import type { YamlDocument } from './yaml-file';
import { printable } from '../core/printable';

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
/** How much of a long line is looked at; no more of it is shown. */
const LOOKED_AT = 2 * MAX_WIDTH;

/**
 * The line of a place, safe to print: no key, password or payload, however the document is laid out.
 *
 * @param conceal whether the value at the place may itself be a secret
 */
export function excerpt({ file, nodes }: YamlDocument, place: Place, conceal: boolean): Excerpt {
  const { line, column } = file.position(place.offset);
  const lineStart = place.offset - column + 1;
  const from = Math.max(lineStart, place.offset - LOOKED_AT);
  const to = file.lineEnd(place.offset, LOOKED_AT);
  const { document, shift } = nodes();
  const hidden = [
    ...secretsInNodes(document, [from - shift, to - shift]).map(([start, end]): Range => [start + shift, end + shift]),
    ...file.secrets.within([from, to]),
  ];
  const before = without(file.text, [from, place.offset], hidden);
  const rest = file.text.slice(place.offset, to);
  // What follows a concealed key is left away altogether: its value may go on to the end of the line.
  const after = conceal ? `${/^(?:"[^"]*"|'[^']*'|[^\s:]*)\s*:?/.exec(rest)![0]}${HIDDEN}` : without(file.text, [place.offset, to], hidden);
  const cut = Math.max(0, before.length - MAX_WIDTH / 2);
  const shown = before.slice(cut) + after;
  const lead = cut > 0 || from > lineStart ? HIDDEN : '';
  const text = lead + (shown.length > MAX_WIDTH ? shown.slice(0, MAX_WIDTH) + HIDDEN : shown);
  return { line, column, text: printable(text), caret: lead.length + before.length - cut };
}

/** A part of a text, with a sign for each part of that which is hidden. */
function without(text: string, [from, to]: Range, hidden: readonly Range[]): string {
  const inside = hidden.filter(([start, end]) => start < to && end > from && end > start).sort((one, other) => one[0] - other[0]);
  let shown = '';
  let at = from;
  for (const [start, end] of inside) {
    if (end <= at) continue;
    // Ranges that touch are one.
    if (start > at || shown === '' && start <= at) shown += text.slice(at, Math.max(at, start)) + HIDDEN;
    at = Math.min(end, to);
  }
  return shown + text.slice(at, to);
}
