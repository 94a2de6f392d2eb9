/**
 * What a terminal obeys instead of showing it, or what turns the direction of what stands beside it: C0 and C1 controls,
 * DEL, format characters (bidirectional overrides, zero width, tags), separators of lines, halves of surrogate pairs.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufff9-\ufffb]/gu;

/** Text of a user's, on one line and safe for a terminal, a log and an annotation: what they would obey is replaced. */
export function printable(text: string): string {
  return text.replace(/\t/g, ' ').replace(UNPRINTABLE, '\ufffd').replace(/##\[/g, '##\ufffd');
}

/**
 * Text of several lines for a terminal or a log, whose line breaks are this program's own. No line begins with `::`: CI
 * systems take such a line for a command to them.
 */
export function printableLines(text: string): string {
  return text.split('\n').map((line) => printable(line).replace(/^(\s*):(?=:)/, '$1\ufffd')).join('\n');
}

/** JSON for programs that may end up on a terminal all the same: what that would obey stands escaped, and means the same. */
export function printableJson(value: unknown): string {
  const escaped = (text: string) =>
    [...Array(text.length).keys()].map((unit) => `\\u${text.charCodeAt(unit).toString(16).padStart(4, '0')}`).join('');
  return JSON.stringify(value, null, 2)
    .replace(UNPRINTABLE, (character) => (character === '\n' ? character : escaped(character)))
    .replaceAll('##[', '##\\u005b');
}
