/**
 * What a terminal obeys instead of showing it, or what turns the direction of what stands beside it: C0 and C1 controls,
 * DEL, format characters (bidirectional overrides, zero width, tags), separators of lines, halves of surrogate pairs.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufff9-\ufffb]/gu;

/** Text of a user's, on one line and safe for a terminal, a log and an annotation: what they would obey is replaced. */
export function printable(text: string): string {
  return text.replace(/\t/g, ' ').replace(UNPRINTABLE, '\ufffd');
}

/**
 * Text of several lines for a terminal or a log, whose line breaks are this program's own. No line begins with `::`: CI
 * systems take such a line for a command to them.
 */
export function printableLines(text: string): string {
  return text.split('\n').map((line) => printable(line).replace(/^(\s*):(?=:)/, '$1\ufffd')).join('\n');
}
