import { DaemonSetImport, isSecretOf } from './daemon-set-imports';
import type { ImportFinding } from './imported-authorities';
import type { Certificate } from '../../certificate/certificate';
import {
  CertificateTraits, problemOfCnLength, problemOfKeySize, problemOfKeyType, problemOfReservedCn, problemOfUsage,
} from '../../certificate/judgements';
import { isPlaceholder } from '../placeholders';
import type { Subject } from '../subjects';
import { at, list, text } from '../values';

/** The subject alternative names of a certificate, and whose they are. */
export interface CertificateNames extends Pick<Certificate, 'dnsNames' | 'ipAddresses'> {
  readonly subject: Pick<Certificate['subject'], 'toString'>;
}

/** A certificate that cert-manager issues into a Secret which a DaemonSet of the set brings to the nodes. */
export interface IssuedCertificate {
  readonly subject: Subject;
  /** The names that the nodes have it under. */
  readonly nicknames: readonly string[];
  /** The names that it will have; undefined where a template writes some of them. */
  readonly names: CertificateNames | undefined;
  readonly problems: readonly ImportFinding[];
}

/** Any other Certificate is somebody else's matter. */
export function issuedCertificates(subjects: readonly Subject[], imports: readonly DaemonSetImport[]): IssuedCertificate[] {
  if (imports.length === 0) return [];
  return subjects.filter(isCertificate).flatMap((subject) => {
    const { metadata, spec } = subject.object;
    const secret = final(at(spec, 'secretName'));
    const namespace = text(at(metadata, 'namespace'));
    const importing = secret === undefined ? [] : imports.filter((each) => isSecretOf(each, secret, namespace));
    if (importing.length === 0) return [];
    return [{
      subject,
      nicknames: importing.map(({ nickname }) => nickname),
      names: namesOf(spec, subject.name ?? ''),
      problems: problemsOf(traitsOf(spec, subject.name ?? '')),
    }];
  });
}

function isCertificate({ kind, apiVersion }: Subject): boolean {
  return kind === 'Certificate' && apiVersion.startsWith('cert-manager.io/');
}

function problemsOf(traits: CertificateTraits): ImportFinding[] {
  return [
    [problemOfReservedCn(traits), '/spec/commonName'] as const,
    [problemOfCnLength(traits), '/spec/commonName'] as const,
    [problemOfKeyType(traits), '/spec/privateKey/algorithm'] as const,
    [problemOfKeySize(traits), '/spec/privateKey/size'] as const,
    [problemOfUsage(traits), '/spec/usages'] as const,
  ].flatMap(([problem, path]) => problem ? [{ ...problem, path }] : []);
}

/** What cert-manager will ask its issuer for. */
function traitsOf(spec: unknown, name: string): CertificateTraits {
  const bits = at(spec, 'privateKey', 'size');
  return {
    subject: subjectOf(spec, name),
    keyType: keyTypeOf(at(spec, 'privateKey', 'algorithm')),
    keyBits: typeof bits === 'number' ? bits : undefined,
    ...usagesOf(at(spec, 'usages')),
  };
}

/** The Certificate's own name stands for a subject without a common name. */
function subjectOf(spec: unknown, name: string): CertificateTraits['subject'] {
  const commonName = final(at(spec, 'commonName'));
  return { commonNames: commonName === undefined ? [] : [commonName], toString: () => commonName === undefined ? name : `CN=${commonName}` };
}

function namesOf(spec: unknown, name: string): CertificateNames | undefined {
  const [dnsNames, ipAddresses] = [allFinal(at(spec, 'dnsNames')), allFinal(at(spec, 'ipAddresses'))];
  return dnsNames && ipAddresses && { dnsNames, ipAddresses, subject: subjectOf(spec, name) };
}

/** RSA where nothing is said, and where a template says it. */
function keyTypeOf(algorithm: unknown): string {
  return final(algorithm)?.toLowerCase() ?? 'rsa';
}

const KEY_USAGES: ReadonlyMap<string, string> = new Map([
  ['signing', 'digitalSignature'],
  ['digital signature', 'digitalSignature'],
  ['content commitment', 'nonRepudiation'],
  ['key encipherment', 'keyEncipherment'],
  ['key agreement', 'keyAgreement'],
  ['data encipherment', 'dataEncipherment'],
  ['cert sign', 'keyCertSign'],
  ['crl sign', 'cRLSign'],
  ['encipher only', 'encipherOnly'],
  ['decipher only', 'decipherOnly'],
]);

/** @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.KeyUsage */
const EXTENDED_USAGES: ReadonlyMap<string, string> = new Map([
  ['any', '2.5.29.37.0'],
  ['server auth', '1.3.6.1.5.5.7.3.1'],
  ['client auth', '1.3.6.1.5.5.7.3.2'],
  ['code signing', '1.3.6.1.5.5.7.3.3'],
  ['email protection', '1.3.6.1.5.5.7.3.4'],
  ['s/mime', '1.3.6.1.5.5.7.3.4'],
  ['ipsec end system', '1.3.6.1.5.5.7.3.5'],
  ['ipsec tunnel', '1.3.6.1.5.5.7.3.6'],
  ['ipsec user', '1.3.6.1.5.5.7.3.7'],
  ['timestamping', '1.3.6.1.5.5.7.3.8'],
  ['ocsp signing', '1.3.6.1.5.5.7.3.9'],
  ['microsoft sgc', '1.3.6.1.4.1.311.10.3.3'],
  ['netscape sgc', '2.16.840.1.113730.4.1'],
]);

/** Signatures and encipherment where nothing is said; a list that a template fills in, in part or whole, is unknown. */
function usagesOf(usages: unknown): Pick<CertificateTraits, 'keyUsage' | 'extendedKeyUsage'> {
  const named = allFinal(usages) ?? [];
  if (named.length === 0) return { keyUsage: undefined, extendedKeyUsage: undefined };
  const [own, extended] = [KEY_USAGES, EXTENDED_USAGES].map((known) => named.flatMap((usage) => known.get(usage) ?? []));
  return { keyUsage: own, extendedKeyUsage: extended.length === 0 ? undefined : extended };
}

/** The texts of a list; undefined where a template writes one of them, or all. */
function allFinal(values: unknown): string[] | undefined {
  if (isPlaceholder(values)) return undefined;
  const known = list(values).map(final);
  return known.some((value) => value === undefined) ? undefined : known as string[];
}

/** A text that is final; undefined where it is missing, no text, or a template writes it. */
function final(value: unknown): string | undefined {
  return typeof value === 'string' && !isPlaceholder(value) ? value : undefined;
}
