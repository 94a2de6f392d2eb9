import { RULE_BY_ID } from '../../rules';
import type { FileFinding, Report } from '../check';
import { summaryLine } from './summary';
import { ACKNOWLEDGE_ANNOTATION, asksToAcknowledge } from '../../core/acknowledgements';
import { printable, printableLines } from '../../core/printable';

type Paint = (text: string, style: 'bold' | 'red' | 'yellow' | 'dim') => string;

const CODES = { bold: '1', red: '31', yellow: '33', dim: '2' } as const;

/** For people: each finding with its line, and a summary. */
export function textReport(report: Report, colours: boolean): string {
  if (report.files === 0) return '';
  const paint: Paint = (text, style) => colours ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
  return `${report.findings.map((finding) => `${describe(finding, paint)}\n`).join('')}${paint(summaryLine(report), 'bold')}\n`;
}

function describe({ rule, severity, message, fix, object, file, line, column, excerpt }: FileFinding, paint: Paint): string {
  const gutter = String(line);
  const margin = ' '.repeat(gutter.length);
  const colour = severity === 'error' ? 'red' : 'yellow';
  return `${paint(printableLines(`${printable(file)}:${line}:${column}`), 'bold')}: ${paint(severity, colour)}: ${printable(message)} ${paint(`(${rule})`, 'dim')}
  ${gutter} | ${excerpt.text}
  ${margin} | ${' '.repeat(excerpt.caret)}${paint('^', colour)}
  in:  ${printable(`${object.kind} '${object.namespace === undefined ? '' : `${object.namespace}/`}${object.name}'`)}
  fix: ${printable(fix)}
${asksToAcknowledge(fix) ? `  how: annotation ${ACKNOWLEDGE_ANNOTATION}${rule}: <the reason>; in a program, acknowledge: { '${rule}': '<the reason>' }\n` : ''}\
  see: ${RULE_BY_ID.get(rule)!.docs}
`;
}
