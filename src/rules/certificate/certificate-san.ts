import type { Certificate } from '../../certificate/certificate';
import { nicknamesOf } from '../../documents/imports/imports';
import { finalText } from '../../documents/policies';
import { show } from '../../documents/values';
import { isDnsName, isIpv4 } from '../../openshift/ip';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const certificateSan: Rule = {
  id: 'certificate-san',
  severity: 'warning',
  title:
    "`left` is a host name that the certificate's SAN does not hold; an error where `leftid` is a name or address that it does not hold",
  why: 'The peer compares the id with the subject alternative names of the certificate, '
    + 'a DNS name with DNS names and an address with addresses.',
  fix: "Issue the certificate with that name or address in its SAN, or use leftid: '%fromcert'.",
  docs: DOCS.libreswanNss,

  on: {
    set({ certificateImports, connections }, report) {
      const certificates = new Map<string, Certificate[]>();
      for (const found of certificateImports.all) {
        if (!found.opened || !('bundle' in found.opened)) continue;
        for (const name of nicknamesOf(found)) certificates.set(name, [...certificates.get(name) ?? [], found.opened.bundle._certificate]);
      }
      if (certificates.size === 0) return;
      for (const { subject, settings, settingsPath } of connections) {
        const held = certificates.get(finalText(settings, 'leftcert') ?? '');
        if (!held) continue;
        const [left, leftid] = [finalText(settings, 'left'), finalText(settings, 'leftid')];
        if (leftid !== undefined && !leftid.startsWith('%') && !held.some((certificate) => holds(certificate, leftid))) {
          report({
            subject,
            path: `${settingsPath}/leftid`,
            severity: 'error',
            message: `'leftid' (${show(leftid)}) is not among the subject alternative names of certificate '${held[0].subject}' `
              + `(${namesOf(held[0])}), so that the peer refuses the node`,
          });
        }
        if (left !== undefined && isDnsName(left) && !isIpv4(left) && !held.some((certificate) => holds(certificate, left))) {
          report({
            subject,
            path: `${settingsPath}/left`,
            message: `'left' (${show(left)}) is not among the subject alternative names of certificate '${held[0].subject}' `
              + `(${namesOf(held[0])})`,
            fix: "Issue the certificate with that name in its SAN, or write left: '%defaultroute'.",
          });
        }
      }
    },
  },
};

/** As libreswan compares: an address with addresses, everything else with DNS names. Wildcards get the benefit of the doubt. */
function holds({ dnsNames, ipAddresses }: Certificate, id: string): boolean {
  if (isIpv4(id)) return ipAddresses.includes(id);
  const name = id.replace(/^@/, '').toLowerCase();
  return dnsNames.some((dns) => dns.toLowerCase() === name || dns.startsWith('*.') && name.replace(/^[^.]+/, '*') === dns.toLowerCase());
}

function namesOf({ dnsNames, ipAddresses }: Certificate): string {
  return [...dnsNames, ...ipAddresses].join(', ') || 'none';
}
