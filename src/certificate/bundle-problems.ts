import { CaBundle } from './ca-bundle';
import { Certificate } from './certificate';
import { findChain } from './chain';
import { printable } from './distinguished-name';
import { error, warning } from './finding';
import {
  SAY_CA, problemOfCa, problemOfCnLength, problemOfExpiryAhead, problemOfKeySize, problemOfKeyType, problemOfReservedCn,
  problemOfReservedNickname, problemOfSignature, problemOfUsage, problemOfValidity,
} from './judgements';
import { Pkcs12Bundle } from './pkcs12-bundle';
import type { Finding } from '../core/finding';

export interface BundleExpectations {
  /** The name under which connections look for the certificate: their `leftcert`. */
  readonly nickname: string;
  /** The CA file, where there is one. */
  readonly caBundle?: CaBundle;
  readonly expiresSoonDays?: number;
  /** Whether the import proves the certificate with `openssl verify` too, which takes fewer CAs than NSS does. */
  readonly provenByOpenSsl?: boolean;
}

/**
 * Everything that is wrong with a bundle that was read, errors first.
 *
 * That it opens and holds one key that fits its certificate was proven by reading it.
 */
export function bundleProblems(bundle: Pkcs12Bundle, expected: BundleExpectations): Finding[] {
  const { nickname, caBundle } = expected;
  const certificate = bundle._certificate;
  const chain = findChain(certificate, anchors(bundle, caBundle), [...bundle._chain, ...caBundle?._certificates ?? []]);
  const above = chain?.filter((other) => other !== certificate) ?? [];
  const inChain = (other: Certificate) => above.some((one) => one.isSameAs(other));
  const about = (problem: Finding | undefined): Finding | undefined =>
    problem && { ...problem, message: `${bundle._source}: ${problem.message}` };
  const problems = [
    problemOfReservedNickname(nickname),
    problemOfFriendlyName(bundle, nickname),
    caBundle && problemOfMissingRoot(caBundle),
    ...caBundle?._certificates.map((ca) => problemOfCaIn(caBundle, ca, expected.provenByOpenSsl === true && inChain(ca))) ?? [],
    ...[
      problemOfReservedCn(certificate),
      problemOfCnLength(certificate),
      problemOfValidity(certificate),
      chain || !(caBundle?._certificates.some(isTrustedRoot) ?? true) ? undefined : problemOfChain(certificate, caBundle),
      problemOfKeyType(certificate),
      problemOfUsage(certificate),
      ...[certificate, ...above].flatMap((one) => [problemOfKeySize(one), problemOfSignature(one)]),
      ...above.map(problemOfValidity),
      ...[certificate, ...above].map((one) => problemOfExpiryAhead(one, expected.expiresSoonDays)),
    ].map(about),
    problemOfLegacyEncryption(bundle),
    ...caBundle?._certificates.filter((ca) => !inChain(ca)).map((ca) => problemOfSpare(caBundle, ca)) ?? [],
  ].filter((problem) => problem !== undefined);
  return [...problems.filter(({ severity }) => severity === 'error'), ...problems.filter(({ severity }) => severity === 'warning')];
}

/** What is wrong with CA certificates as such, whatever they vouch for. */
export function caProblems(caBundle: CaBundle): Finding[] {
  return [
    problemOfMissingRoot(caBundle),
    ...caBundle._certificates.flatMap((ca) => [problemOfCaIn(caBundle, ca, false), problemOfSpare(caBundle, ca)]),
  ].filter((problem) => problem !== undefined);
}

/** A CA that a bundle does not need may be another's, or on its way out. */
function problemOfSpare({ _source }: CaBundle, ca: Certificate): Finding | undefined {
  const problem = problemOfValidity(ca);
  return problem && warning(problem.rule, `${_source}: ${problem.message}`, TAKE_IT_OUT);
}

const TAKE_IT_OUT = 'Take it out of the file, or put the renewed one in its place.';

/** `certificate-nickname`: NSS imports under the friendly name, and connections look for the nickname. */
export function problemOfFriendlyName(bundle: Pkcs12Bundle, nickname: string): Finding | undefined {
  if (bundle._friendlyName === nickname) return undefined;
  const name = bundle._friendlyName && printable(bundle._friendlyName);
  if (name !== undefined) {
    return error(
      'certificate-nickname',
      `${bundle._source} has the friendly name '${name}', and NSS imports it under that name, not under the nickname '${nickname}'`,
      `Export it again with openssl pkcs12 -export -name ${shellWord(nickname)}, or say nickname '${name}'.`,
    );
  }
  return error(
    'certificate-nickname',
    `${bundle._source} has no friendly name, and NSS makes one up instead of the nickname '${nickname}'`,
    howToName(nickname),
  );
}

/** `pkcs12-legacy-encryption`. */
export function problemOfLegacyEncryption(bundle: Pkcs12Bundle): Finding | undefined {
  return bundle._legacyCiphers.length === 0 ? undefined
    : warning('pkcs12-legacy-encryption', `${bundle._source} is encrypted with ${bundle._legacyCiphers.join(' and ')}, `
      + 'which NSS refuses in FIPS mode');
}

/** `certificate-untrusted`. */
function problemOfChain(certificate: Certificate, caBundle: CaBundle | undefined): Finding {
  const where = caBundle ? `${caBundle._source} does not hold` : 'the bundle does not hold';
  return error(
    'certificate-untrusted',
    `certificate '${certificate.subject}' was issued by '${certificate.issuer}', and ${where} a CA to which its chain leads`,
    'Add that CA to the CA file, or the intermediate CAs to the bundle (openssl pkcs12 -export -certfile).',
  );
}

/**
 * Every CA of the file; the import on the node proves the certificate against these alone, since a root that only the
 * bundle brings is not trusted. Without a file, the roots of the bundle are what there is to judge by.
 */
function anchors(bundle: Pkcs12Bundle, caBundle: CaBundle | undefined): readonly Certificate[] {
  return caBundle ? caBundle._certificates.filter(isTrustedRoot) : bundle._chain.filter(isRoot);
}

function isRoot({ isCa, isSelfSigned }: Certificate): boolean {
  return isCa && isSelfSigned;
}

/** Where it stands in the CA file, and gets the trust of a CA. */
function isTrustedRoot(certificate: Certificate): boolean {
  return isRoot(certificate) || certificate.isRootByTrust;
}

/** `certificate-ca`, of what NSS takes; the rest was refused when the file was read. */
function problemOfCaIn({ _source }: CaBundle, ca: Certificate, provenByOpenSsl: boolean): Finding | undefined {
  const problem = problemOfCa(ca);
  if (!problem || !provenByOpenSsl || ca.isCaForOpenSsl) return problem && { ...problem, message: `${_source}: ${problem.message}` };
  return error('certificate-ca', `${_source}: certificate '${ca.subject}' has neither basic constraints nor a key usage, `
    + "and the import script proves the node's certificate with OpenSSL, which takes no such CA", SAY_CA);
}

/** `certificate-ca`: libreswan looks for a certificate that issued itself, and finds no CA at all without one. */
function problemOfMissingRoot(caBundle: CaBundle): Finding | undefined {
  if (caBundle._certificates.some(isTrustedRoot)) return undefined;
  return error(
    'certificate-ca',
    `${caBundle._source} holds no root CA, only ${caBundle._certificates.map(({ subject }) => `'${subject}'`).join(', ')}: `
      + 'libreswan trusts roots alone, and refuses every peer without one',
    'Add the CA that issued itself to the file.',
  );
}

/** cert-manager writes no friendly name and has no setting for one, so the bundle is made of its Secret's other keys. */
function howToName(nickname: string): string {
  const name = shellWord(nickname);
  return (
    `Export it with openssl pkcs12 -export -name ${name}; a bundle by cert-manager, which cannot set the name, `
      + 'is made again from the tls.key, tls.crt and ca.crt of its Secret with '
      + `openssl pkcs12 -export -inkey tls.key -in tls.crt -certfile ca.crt -out ${name}.p12 -name ${name}.`
  );
}

function shellWord(text: string): string {
  return /^[\w.@%+-]+$/.test(text) ? text : `'${text.replace(/'/g, "'\\''")}'`;
}
