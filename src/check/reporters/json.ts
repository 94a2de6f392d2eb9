import { printableJson } from '../../core/printable';
import type { Report } from '../check';

/** One JSON document, whatever was found. */
export function jsonReport({ findings, summary }: Report): string {
  return `${printableJson({
    findings: findings.map(({ rule, severity, message, fix, object: { apiVersion, kind, name }, path, file, line, column }) => ({
      id: rule.id, severity, message, fix, docs: rule.docs, object: { apiVersion, kind, name }, path, file, line, column,
    })),
    summary,
  })}\n`;
}
