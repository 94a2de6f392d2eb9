/** A file with one place changed. */
export interface Mutant {
  /** From the root of the repository. */
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly put: string;
}

export function mutated(text: string, { start, end, put }: Mutant): string {
  return text.slice(0, start) + put + text.slice(end);
}

/** What was changed, on one line. */
export function shown(text: string, { file, line, start, end, put }: Mutant): string {
  return `${file}:${line}: ${oneLine(text.slice(start, end))} → ${oneLine(put)}`;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 70 ? `${line.slice(0, 67)}…` : line;
}
