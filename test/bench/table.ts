import type { Figure } from './processes';

/** A line of a table: what is compared with what, and at most how many times the anchor it should cost. */
export interface Row {
  readonly title: string;
  readonly anchor: Named;
  readonly work: Named;
  /** Times the anchor; undefined where nothing is asked. */
  readonly wanted?: number;
}

/** A figure and what it is called. */
export interface Named {
  readonly name: string;
  readonly figure: Figure;
}

/** How a figure is shown: in seconds, or as what stands for them. */
export type Shown = (figure: Figure) => string;

export const inSeconds: Shown = ({ seconds }) => `${seconds < 0.1 ? seconds.toFixed(3) : seconds.toFixed(2)} s`;

/** A table in Markdown, with a column for memory where any figure has it. */
export function table(heading: string, rows: readonly Row[], shown: Shown = inSeconds): string[] {
  const hasMemory = rows.some(({ work }) => work.figure.megabytes !== undefined);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const head = [heading, 'anchor', 'today', 'ratio', 'wanted', ...hasMemory ? ['memory'] : []];
  return [
    line(head),
    line(head.map(() => '---')),
    ...rows.map(({ title, anchor, work, wanted }) => line([
      title,
      `${anchor.name} ${shown(anchor.figure)}${anchor.figure.megabytes === undefined ? '' : `, ${anchor.figure.megabytes} MB`}`,
      shown(work.figure),
      (work.figure.seconds / anchor.figure.seconds).toFixed(2),
      wanted === undefined ? '' : `≤ ${wanted}`,
      ...hasMemory ? [work.figure.megabytes === undefined ? '' : `${work.figure.megabytes} MB`] : [],
    ])),
    '',
  ];
}
