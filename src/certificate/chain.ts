import { Certificate } from './certificate';
import { now } from './clock';

/** Signatures to check at most; a real chain takes a handful. Only a file of many CAs of one name, made to hang, needs more. */
const MAX_SIGNATURES = 5000;

/**
 * The way from a certificate up to one that is trusted, both included; undefined where there is none. What is trusted is a CA,
 * whatever it says of itself.
 *
 * Issuers are looked up by name, so a file of many CAs costs few signatures; each certificate is visited once, so CAs that
 * sign each other do not go round. A way of certificates that are all valid now is preferred to one that is not.
 */
export function findChain(leaf: Certificate, anchors: readonly Certificate[], others: readonly Certificate[]): Certificate[] | undefined {
  const candidates = unique([...anchors, ...others.filter(({ isCa }) => isCa)]);
  const trusted = new Set(anchors.map(({ fingerprintSha256 }) => fingerprintSha256));
  return climb(leaf, candidates.filter(isValidNow), trusted) ?? climb(leaf, candidates, trusted);
}

function climb(leaf: Certificate, candidates: readonly Certificate[], trusted: ReadonlySet<string>): Certificate[] | undefined {
  const bySubject = new Map<string, Certificate[]>();
  for (const candidate of candidates) {
    const key = candidate.subject.key;
    bySubject.set(key, [...bySubject.get(key) ?? [], candidate]);
  }
  let signatures = 0;
  const reachedFrom = new Map<Certificate, Certificate | undefined>([[leaf, undefined]]);
  // The map grows while it is walked: breadth first, so the shortest way wins.
  for (const certificate of reachedFrom.keys()) {
    if (trusted.has(certificate.fingerprintSha256)) return pathTo(certificate, reachedFrom);
    for (const issuer of bySubject.get(certificate.issuer.key) ?? []) {
      if (reachedFrom.has(issuer)) continue;
      if (++signatures > MAX_SIGNATURES) return undefined;
      if (certificate.issuedBy(issuer)) reachedFrom.set(issuer, certificate);
    }
  }
  return undefined;
}

function pathTo(anchor: Certificate, reachedFrom: ReadonlyMap<Certificate, Certificate | undefined>): Certificate[] {
  const path: Certificate[] = [];
  for (let certificate: Certificate | undefined = anchor; certificate; certificate = reachedFrom.get(certificate)) {
    path.unshift(certificate);
  }
  return path;
}

function isValidNow({ notBefore, notAfter }: Certificate): boolean {
  const time = now();
  return notBefore <= time && time <= notAfter;
}

function unique(certificates: readonly Certificate[]): Certificate[] {
  return [...new Map(certificates.map((certificate) => [certificate.fingerprintSha256, certificate])).values()];
}
