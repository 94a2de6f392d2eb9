import type { Report } from '../check';

/** The result in one line: without it, silence would mean that all is well, or that nothing was there to judge. */
export function summaryLine({ summary: { errors, warnings, acknowledged, objects, judged }, files }: Report): string {
  return `${count(errors, 'error')}, ${count(warnings, 'warning')}${acknowledged > 0 ? `, ${acknowledged} acknowledged` : ''} in ${count(files, 'file')}; `
    + judgedOf(judged, objects);
}

export function judgedOf(judged: number, objects: number): string {
  return `${judged} of ${objects} objects judged`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
