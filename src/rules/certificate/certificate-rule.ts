import type { Rule } from '../rule';

/** A rule whose judgement is one of the certificate itself, which `src/certificate` makes. */
export function certificateRule(rule: Omit<Rule, 'on' | 'conceals'>): Rule {
  return {
    ...rule,
    conceals: true,
    on: {
      set({ certificateImports }, report) {
        for (const finding of certificateImports.findings(rule.id)) report(finding);
      },
    },
  };
}
