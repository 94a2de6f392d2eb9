import { RULE_BY_ID, RULES } from '../../src/rules/catalogue';
import { DocumentSet } from '../../src/rules/document-set';
import type { JudgeOptions } from '../../src/rules/facts';
import { judge } from '../../src/rules/judge';

/** What one rule finds in documents: severity, pointer and message of each finding. */
export function foundBy(rule: string, documents: readonly unknown[], options: JudgeOptions = {}): [severity: string, pointer: string, message: string][] {
  return judge(new DocumentSet(documents, options), [RULE_BY_ID.get(rule)!]).judgements.map(({ severity, pointer, message }) => [severity, pointer, message]);
}

/** The ids of everything that is found, with the severity where it is a warning. */
export function idsOf(documents: readonly unknown[], options: JudgeOptions = {}): string[] {
  return judge(new DocumentSet(documents, options), RULES).judgements.map(({ rule, severity }) => severity === 'error' ? rule.id : `${rule.id} (warning)`);
}
