import { nicknamesOf } from '../../documents/imports/imports';
import type { CertificateNames } from '../../documents/imports/issued-certificates';
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
    set({ certificateImports, issuedCertificates, connections }, report) {
      const certificates = new Map<string, HeldNames>();
      const add = (nicknames: readonly string[], names: CertificateNames) => {
        for (const nickname of nicknames) {
          if (!certificates.has(nickname)) certificates.set(nickname, new HeldNames(names));
          certificates.get(nickname)!.add(names);
        }
      };
      const unknown = new Set(issuedCertificates.filter(({ names }) => !names).flatMap(({ nicknames }) => nicknames));
      for (const found of certificateImports.all) {
        if (found.opened && 'bundle' in found.opened) add(nicknamesOf(found), found.opened.bundle._certificate);
      }
      for (const { nicknames, names } of issuedCertificates) if (names) add(nicknames, names);
      if (certificates.size === 0) return;
      for (const { subject, settings, settingsPath } of connections) {
        const nickname = finalText(settings, 'leftcert') ?? '';
        const held = certificates.get(nickname);
        if (!held || unknown.has(nickname)) continue;
        const [left, leftid] = [finalText(settings, 'left'), finalText(settings, 'leftid')];
        if (leftid !== undefined && !leftid.startsWith('%') && !held.has(leftid)) {
          report({
            subject,
            path: `${settingsPath}/leftid`,
            severity: 'error',
            message: `'leftid' (${show(leftid)}) is not among the subject alternative names of ${held}, so that the peer refuses the node`,
          });
        }
        if (left !== undefined && isDnsName(left) && !isIpv4(left) && !held.has(left)) {
          report({
            subject,
            path: `${settingsPath}/left`,
            message: `'left' (${show(left)}) is not among the subject alternative names of ${held}`,
            fix: "Issue the certificate with that name in its SAN, or write left: '%defaultroute'.",
          });
        }
      }
    },
  },
};

/** The names of all certificates that nodes have under one nickname. */
class HeldNames {
  private readonly dns = new Set<string>();
  private readonly addresses = new Set<string>();

  public constructor(private readonly first: CertificateNames) {}

  public add({ dnsNames, ipAddresses }: CertificateNames): void {
    for (const name of dnsNames) this.dns.add(name.toLowerCase());
    for (const address of ipAddresses) this.addresses.add(address);
  }

  /** As libreswan compares: an address with addresses, everything else with DNS names. Wildcards get the benefit of the doubt. */
  public has(id: string): boolean {
    if (isIpv4(id)) return this.addresses.has(id);
    const name = id.replace(/^@/, '').toLowerCase();
    return this.dns.has(name) || this.dns.has(name.replace(/^[^.]+/, '*'));
  }

  /** The first certificate stands for them all. */
  public toString(): string {
    const { subject, dnsNames, ipAddresses } = this.first;
    return `certificate '${subject}' (${[...dnsNames, ...ipAddresses].join(', ') || 'none'})`;
  }
}
