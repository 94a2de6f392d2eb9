import { RULE_BY_ID } from '../../src/rules/catalogue';
import { DocumentSet } from '../../src/rules/document-set';
import type { JudgeOptions } from '../../src/rules/facts';
import { judge } from '../../src/rules/judge';

/** Severity, pointer and message. */
type Found = [severity: string, pointer: string, message: string];

/** What one rule finds in documents. */
export function foundBy(rule: string, documents: readonly unknown[], options: JudgeOptions = {}): Found[] {
  const { judgements } = judge(new DocumentSet(documents, options), [RULE_BY_ID.get(rule)!]);
  return judgements.map(({ severity, pointer, message }) => [severity, pointer, message]);
}

/** What one rule says is to be done about what it finds in documents. */
export function fixesOf(rule: string, documents: readonly unknown[], options: JudgeOptions = {}): string[] {
  return judge(new DocumentSet(documents, options), [RULE_BY_ID.get(rule)!]).judgements.map(({ fix }) => fix);
}
