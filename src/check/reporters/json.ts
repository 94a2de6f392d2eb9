import { printableJson } from '../../core/printable';
import { RULE_BY_ID } from '../../rules';
import type { Report } from '../check';

/** One JSON document, whatever was found. */
export function jsonReport({ findings, summary }: Report): string {
  return `${printableJson({
    findings: findings.map(({ rule, severity, message, fix, object: { apiVersion, kind, name }, path, file, line, column }) => ({
      id: rule, severity, message, fix, docs: RULE_BY_ID.get(rule)!.docs, object: { apiVersion, kind, name }, path, file, line, column,
    })),
    summary,
  })}\n`;
}
