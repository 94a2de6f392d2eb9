import type { Report } from '../check';
import { summaryLine } from './summary';
import { printable } from '../../core/printable';
import { sentence } from '../../core/sentence';

/**
 * Workflow commands of GitHub Actions, which become annotations on the lines of a pull request.
 *
 * @see https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export function githubReport(report: Report): string {
  const { findings, problems } = report;
  return [
    ...findings.map((finding) => {
      const { severity, file, line, column, rule } = finding;
      return command(severity, { file, line, col: column, title: rule }, sentence(finding));
    }),
    ...problems.map(({ file, line, column, message }) => command('error', { file, line, col: column, title: 'unreadable' }, `${file} ${message}`)),
    `${summaryLine(report)}\n`,
  ].join('');
}

function command(name: string, properties: { readonly [key: string]: string | number | undefined }, message: string): string {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  return `::${name} ${given.map(([key, value]) => `${key}=${escapeProperty(printable(String(value)))}`).join(',')}::${escapeData(printable(message))}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
