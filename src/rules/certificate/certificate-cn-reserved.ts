import { beforeTheyAreIssued } from './certificate-rule';
import { problemOfReservedNickname } from '../../certificate/judgements';
import { finalText } from '../../documents/policies';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const certificateCnReserved: Rule = {
  id: 'certificate-cn-reserved',
  severity: 'error',
  title: 'a CN or a nickname that begins with `ovs_`',
  why: 'OVN-Kubernetes names the certificates of pod-to-pod IPsec so, in the same database.',
  fix: 'Issue the certificate with another CN, under another nickname.',
  docs: DOCS.enableExternal,

  on: {
    import({ problems }, report) {
      for (const problem of problems) {
        if (problem.rule === 'certificate-cn-reserved') report(problem);
      }
    },
    'daemon-set-import'({ nickname, path }, report) {
      const problem = problemOfReservedNickname(nickname);
      if (problem) report({ path, message: problem.message, fix: problem.fix });
    },
    set: ({ issuedCertificates }, report) => beforeTheyAreIssued(certificateCnReserved, issuedCertificates).forEach(report),
    connection({ settings, settingsPath }, report) {
      const problem = problemOfReservedNickname(finalText(settings, 'leftcert') ?? '');
      if (problem) report({ path: `${settingsPath}/leftcert`, message: problem.message, fix: problem.fix });
    },
  },
};
