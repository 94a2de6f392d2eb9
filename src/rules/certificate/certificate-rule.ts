import type { IssuedCertificate } from '../../documents/imports/issued-certificates';
import type { FoundInSet, Rule } from '../rule';

type WithoutParts = Omit<Rule, 'on' | 'conceals'>;

/** A rule whose judgement is one of the certificate itself, which `src/certificate` makes. */
export function certificateRule(rule: WithoutParts): Rule {
  return {
    ...rule,
    conceals: true,
    on: {
      import({ problems }, report) {
        for (const problem of problems) {
          if (problem.rule === rule.id) report(problem);
        }
      },
    },
  };
}

/** The same for what a certificate's issuer is asked for, so that it can be judged before there is one. */
export function requestRule(rule: WithoutParts): Rule {
  const ofCertificates = certificateRule(rule);
  return {
    ...ofCertificates,
    on: {
      ...ofCertificates.on,
      set: ({ issuedCertificates }, report) => beforeTheyAreIssued(rule, issuedCertificates).forEach(report),
    },
  };
}

/** What a rule says of certificates that cert-manager is still to issue. */
export function beforeTheyAreIssued({ id }: Pick<Rule, 'id'>, certificates: readonly IssuedCertificate[]): FoundInSet[] {
  return certificates.flatMap(({ subject, problems }) =>
    problems.filter(({ rule }) => rule === id).map((problem) => ({ ...problem, subject })),
  );
}
