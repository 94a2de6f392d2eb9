import type { Rule } from '../rule';

/** A rule whose judgement is one of the certificate itself, which `src/certificate` makes. */
export function certificateRule(rule: Omit<Rule, 'check' | 'conceals'>): Rule {
  return { ...rule, conceals: true, check: ({ certificateImports }) => certificateImports.findings(rule.id) };
}
