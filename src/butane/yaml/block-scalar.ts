/** A block scalar as it stands in the source. */
export interface BlockScalarSource {
  /** Its indicators: `|`, `>-`, `|2+`. */
  readonly header: string;
  /** The indentation of the node that it is a value of. */
  readonly parentIndent: number;
  /** Its lines, up to where the text ends. */
  readonly body: string;
}

/**
 * The value of a block scalar, as yaml.v3's scanner reads it.
 *
 * YAML 1.2 ends every line: a scalar that the end of the file cuts off gets a line break which yaml.v3 does not see, and
 * the file on the node would be another one. The two also disagree on lines of blanks alone.
 */
export function blockScalar({ header, parentIndent, body }: BlockScalarSource): string {
  const lines = body.split(/\r\n|\n/);
  const given = /[1-9]/.exec(header);
  const indent = given ? parentIndent + Number(given[0]) : indentOf(lines, parentIndent);
  const folded = header.startsWith('>');
  let value = '';
  /** The break after the last line with content, and those of empty lines since. */
  let [pending, empty] = ['', ''];
  let afterBlank = false;
  lines.forEach((line, index) => {
    const end = index < lines.length - 1 ? '\n' : '';
    const content = line.slice(indent);
    if (content === '') {
      empty += end;
      return;
    }
    const blank = /^[ \t]/.test(content);
    const folds = folded && !afterBlank && !blank && pending !== '';
    value += `${folds ? empty === '' ? ' ' : '' : pending}${empty}${content}`;
    [pending, empty, afterBlank] = [end, '', blank];
  });
  return header.includes('-') ? value : header.includes('+') ? value + pending + empty : value + pending;
}

/** Set by the first line with content, or by the longest before it. */
function indentOf(lines: readonly string[], parentIndent: number): number {
  let longest = Math.max(parentIndent + 1, 1);
  for (const line of lines) {
    const spaces = /^ */.exec(line)![0].length;
    longest = Math.max(longest, spaces);
    if (spaces < line.length) break;
  }
  return longest;
}
