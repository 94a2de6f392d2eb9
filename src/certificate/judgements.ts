import { Certificate } from './certificate';
import { now } from './clock';
import { printable } from './distinguished-name';
import { error, warning } from './finding';
import type { Finding } from '../core/finding';
import { isReservedName, RESERVED_PREFIX } from '../openshift/reserved-nickname';

/** The upper bound of X.520 for a common name, which NSS and OpenSSL keep to. */
const MAX_CN_LENGTH = 64;

const MIN_RSA_BITS = 2048;
const DAY = 24 * 60 * 60 * 1000;

/** Days before the end from which a certificate is due for renewal. */
export const EXPIRES_SOON_DAYS = 30;

/**
 * Extended key usages of which NSS wants one, where a certificate restricts its use at all.
 *
 * Measured with `certutil -V -u I` (NSS 3.87) and the same as NSS's own test, `tests/chains/scenarios/ipsec.cfg`.
 */
const IPSEC_USAGES: ReadonlyMap<string, string> = new Map([
  ['1.3.6.1.5.5.7.3.1', 'serverAuth'],
  ['1.3.6.1.5.5.7.3.2', 'clientAuth'],
  ['1.3.6.1.5.5.7.3.4', 'emailProtection'],
  ['1.3.6.1.5.5.7.3.5', 'ipsecEndSystem'],
  ['1.3.6.1.5.5.7.3.6', 'ipsecTunnel'],
  ['1.3.6.1.5.5.7.3.7', 'ipsecUser'],
  ['1.3.6.1.5.5.7.3.17', 'ipsecIKE'],
  ['1.3.6.1.5.5.8.2.2', 'iKEIntermediate'],
]);

/** NSS takes these as well, and nobody should ask a CA for them: Netscape's step-up (nsSGC), and any usage at all. */
const ODD_IPSEC_USAGES: ReadonlySet<string> = new Set(['2.16.840.1.113730.4.1', '2.5.29.37.0']);

/** Usages that NSS does not count as IPsec, by the name that people know. */
const OTHER_USAGES: ReadonlyMap<string, string> = new Map([
  ['1.3.6.1.5.5.7.3.3', 'codeSigning'],
  ['1.3.6.1.5.5.7.3.8', 'timeStamping'],
  ['1.3.6.1.5.5.7.3.9', 'OCSPSigning'],
]);

const BROKEN_HASHES: ReadonlyMap<string, string> = new Map([['md2', 'MD2'], ['md5', 'MD5'], ['sha1', 'SHA-1']]);

/** What is judged of a certificate before it is issued as well as after. */
export interface CertificateTraits extends Pick<Certificate, 'keyType' | 'keyBits' | 'keyUsage' | 'extendedKeyUsage'> {
  readonly subject: Pick<Certificate['subject'], 'commonNames' | 'toString'>;
}

/** `certificate-cn-reserved`, for a common name. */
export function problemOfReservedCn(certificate: CertificateTraits): Finding | undefined {
  const cn = certificate.subject.commonNames.find(isReservedName);
  return cn === undefined ? undefined
    : error('certificate-cn-reserved', `certificate CN '${printable(cn)}' begins with '${RESERVED_PREFIX}', `
      + 'which is reserved for pod-to-pod IPsec certificates',
    'Issue it with another CN.');
}

/** `certificate-cn-reserved`, for a nickname. */
export function problemOfReservedNickname(nickname: string): Finding | undefined {
  return !isReservedName(nickname) ? undefined
    : error('certificate-cn-reserved', `nickname '${nickname}' begins with '${RESERVED_PREFIX}', `
      + 'which is reserved for pod-to-pod IPsec certificates',
    'Choose another nickname.');
}

export function problemOfCnLength(certificate: CertificateTraits): Finding | undefined {
  const cn = certificate.subject.commonNames.find((name) => [...name].length > MAX_CN_LENGTH);
  return cn === undefined ? undefined
    : error('certificate-cn-length', `certificate CN '${printable(cn)}' has ${[...cn].length} characters, `
      + `and X.509 allows ${MAX_CN_LENGTH}`);
}

/** `certificate-expired`: the end has passed, or the beginning is still to come. */
export function problemOfValidity(certificate: Certificate): Finding | undefined {
  const time = now();
  if (certificate.notAfter < time) {
    return error(
      'certificate-expired',
      `certificate '${certificate.subject}' expired on ${certificate.notAfter.toISOString()}, and libreswan does not load it`,
    );
  }
  if (certificate.notBefore > time) {
    return error(
      'certificate-expired',
      `certificate '${certificate.subject}' is not valid before ${certificate.notBefore.toISOString()}, `
        + 'and libreswan does not load it until then',
      'Wait until then, or issue it with an earlier beginning.',
    );
  }
  return undefined;
}

export function problemOfExpiryAhead(certificate: Certificate, days = EXPIRES_SOON_DAYS): Finding | undefined {
  const left = certificate.notAfter.getTime() - now().getTime();
  if (left < 0 || left >= days * DAY) return undefined;
  const whole = Math.floor(left / DAY);
  const when = whole === 0 ? 'in less than a day' : whole === 1 ? 'in 1 day' : `in ${whole} days`;
  return warning(
    'certificate-expires-soon',
    `certificate '${certificate.subject}' expires ${when}, on ${certificate.notAfter.toISOString()}`,
    'Renew it now: a new one reaches the nodes by a rollout that reboots them one by one.',
  );
}

export function problemOfKeySize(certificate: CertificateTraits): Finding | undefined {
  const { keyType, keyBits } = certificate;
  return !keyType.startsWith('rsa') || keyBits === undefined || keyBits >= MIN_RSA_BITS ? undefined
    : error('certificate-key-size', `certificate '${certificate.subject}' has an RSA key of ${keyBits} bits, `
      + `and ${MIN_RSA_BITS} is the least that NSS and FIPS mode take`);
}

/** `certificate-key-type`: what `leftrsasigkey: '%cert'` can't use. */
export function problemOfKeyType(certificate: CertificateTraits): Finding | undefined {
  return certificate.keyType === 'rsa' ? undefined
    : error('certificate-key-type', `certificate '${certificate.subject}' has a key of type ${certificate.keyType}, `
      + 'and a connection with leftrsasigkey \'%cert\' signs with RSA');
}

/** `certificate-signature`. What a root says of itself is not trusted for its signature. */
export function problemOfSignature(certificate: Certificate): Finding | undefined {
  const hash = BROKEN_HASHES.get(certificate.signatureHash);
  return hash === undefined || certificate.isSelfSigned ? undefined
    : error('certificate-signature', `certificate '${certificate.subject}' is signed with ${hash}, `
      + 'which the crypto policies of RHEL 9 refuse');
}

export function problemOfUsage(certificate: CertificateTraits): Finding | undefined {
  const { keyUsage, extendedKeyUsage, subject } = certificate;
  if (keyUsage && !keyUsage.includes('digitalSignature') && !keyUsage.includes('nonRepudiation')) {
    return error(
      'certificate-usage',
      `certificate '${subject}' has key usage ${keyUsage.join(', ') || 'of nothing'}, `
        + 'and NSS wants digitalSignature or nonRepudiation for IPsec',
      'Issue it with digitalSignature.',
    );
  }
  if (extendedKeyUsage && !extendedKeyUsage.some((oid) => IPSEC_USAGES.has(oid) || ODD_IPSEC_USAGES.has(oid))) {
    const names = extendedKeyUsage.map((oid) => OTHER_USAGES.get(oid) ?? oid).join(', ');
    return error(
      'certificate-usage',
      `certificate '${subject}' has extended key usage ${names || 'of nothing'}, `
        + `and NSS wants one of ${[...IPSEC_USAGES.values()].join(', ')} for IPsec`,
      'Issue it with serverAuth and clientAuth.',
    );
  }
  return undefined;
}

/** What makes a CA of a certificate for everybody. */
export const SAY_CA = 'Issue the certificate of the CA again with basicConstraints=critical,CA:TRUE.';

/**
 * `certificate-ca`, for a certificate of a CA file, which is imported with the trust of a CA.
 *
 * Measured by IKE exchanges of libreswan 4.10 (test/system/libreswan.test.ts): a root that does not say whether it is a CA is taken.
 */
export function problemOfCa(certificate: Certificate): Finding | undefined {
  if (certificate.isCa) return undefined;
  return certificate.isRootByTrust
    ? warning('certificate-ca', `certificate '${certificate.subject}' does not say that it is a CA (it has no basic constraints), `
      + 'and is one by its trust in the NSS database alone', SAY_CA)
    : error('certificate-ca', `certificate '${certificate.subject}' is not a CA (its basic constraints or key usage do `
      + 'not let it sign others)',
    'Give the certificate of the CA that issued it.');
}
