import { DocumentSet } from '../../src/documents/document-set';
import type { JudgeOptions } from '../../src/documents/facts';
import { RULE_BY_ID } from '../../src/rules/catalogue';
import { Judge } from '../../src/rules/judge';

/** Severity, pointer and message. */
type Found = [severity: string, pointer: string, message: string];

/** What one rule finds in documents. */
export function foundBy(rule: string, documents: readonly unknown[], options: JudgeOptions = {}): Found[] {
  const { findings } = new Judge([RULE_BY_ID.get(rule)!]).judge(new DocumentSet(documents, options));
  return findings.map(({ severity, pointer, message }) => [severity, pointer, message]);
}

/** What one rule says is to be done about what it finds in documents. */
export function fixesOf(rule: string, documents: readonly unknown[], options: JudgeOptions = {}): string[] {
  return new Judge([RULE_BY_ID.get(rule)!]).judge(new DocumentSet(documents, options)).findings.map(({ fix }) => fix);
}
