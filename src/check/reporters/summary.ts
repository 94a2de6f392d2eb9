import { printable, printableLines } from '../../core/printable';
import type { Report } from '../check';

/** The result in one line: without it, silence would mean that all is well, or that nothing was there to judge. */
export function summaryLine({ summary: { errors, warnings, acknowledged, objects, judged }, files, problems }: Report): string {
  const known = acknowledged > 0 ? `, ${acknowledged} acknowledged` : '';
  return `${count(errors, 'error')}, ${count(warnings, 'warning')}${known} in ${count(files, 'file')}; ${judgedOf(judged, objects)}${unreadIn(problems)}`;
}

/** So many files are named; of more the number is told. */
const NAMED = 3;

/** What could not be read is not among the objects, so that the figures before it say nothing of it. */
function unreadIn(problems: Report['problems']): string {
  const names = [...new Set(problems.map(({ file }) => file))];
  if (names.length === 0) return '';
  const shown = names.slice(0, NAMED).map((name) => printableLines(printable(name)));
  return `; NOT READ, wholly or in part: ${shown.join(', ')}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ''}`;
}

export function judgedOf(judged: number, objects: number): string {
  return `${judged} of ${objects} objects judged`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
