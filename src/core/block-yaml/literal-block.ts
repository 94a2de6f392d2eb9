/** A literal block as programs write it (`|` and `|-`). */
export interface LiteralBlock {
  readonly value: string;
  /** Behind its last line that is not empty. */
  readonly end: number;
  /** How many lines were looked at. */
  readonly lines: number;
}

const [TAB, SPACE] = [9, 32];

/**
 * Reads a literal block whose lines are further in than a column; undefined where it is one that the YAML library has to read.
 *
 * @param at where its header is
 * @param headerEnd the end of the line of its header
 * @param end the end of the document
 */
export function literalBlock(text: string, at: number, headerEnd: number, end: number, column: number): LiteralBlock | undefined {
  const header = text.slice(at, headerEnd);
  if (header !== '|' && header !== '|-') return undefined;
  let from = headerEnd + 1;
  let indent = 0;
  let value = '';
  let blank = 0;
  let valueEnd = from;
  let lines = 0;
  while (from < end) {
    const lineEnd = text.indexOf('\n', from);
    if (lineEnd < 0 || lineEnd >= end) return undefined;
    let first = from;
    while (text.charCodeAt(first) === SPACE) first++;
    if (first === lineEnd) {
      // An empty line; one of spaces may be more than that.
      if (first > from && (indent === 0 || first - from > indent)) return undefined;
      blank++;
    } else {
      if (indent === 0) indent = first - from;
      if (first - from < indent || indent <= column) break;
      if (text.charCodeAt(first) === TAB) return undefined;
      value += `${'\n'.repeat(blank)}${text.slice(from + indent, lineEnd)}\n`;
      blank = 0;
      valueEnd = lineEnd + 1;
    }
    lines++;
    from = lineEnd + 1;
  }
  if (value === '') return undefined;
  return { value: header === '|-' ? value.slice(0, -1) : value, end: valueEnd, lines };
}
