import { certificateEnd, CertificateEnd } from './certificate-end';
import type { DocumentSet } from '../documents/document-set';
import { readCa } from '../documents/imports/ca-files';

/** A CA that a change has the nodes of a pool trust, or trust no longer. */
export interface AuthorityPlan extends CertificateEnd {
  readonly pool: string;
  readonly subject: string;
  readonly change: 'added' | 'removed';
}

/** The CAs that differ between two sets, in pools that import certificates before and after. */
export function authoritiesOf(before: DocumentSet, after: DocumentSet, time: Date): AuthorityPlan[] {
  const [old, now] = [byPool(before), byPool(after)];
  return [...now.keys()].sort().flatMap((pool) => {
    const [was, is] = [old.get(pool), now.get(pool)!];
    if (!was) return [];
    return [...without(was, is, pool, 'removed', time), ...without(is, was, pool, 'added', time)];
  });
}

type Authorities = ReadonlyMap<string, { readonly subject: string; readonly notAfter: Date }>;

function without(some: Authorities, others: Authorities, pool: string, change: AuthorityPlan['change'], time: Date): AuthorityPlan[] {
  return [...some].filter(([fingerprint]) => !others.has(fingerprint))
    .map(([, { subject, notAfter }]) => ({ pool, subject, change, ...certificateEnd(notAfter.getTime(), time) }))
    .sort((one, other) => one.subject < other.subject ? -1 : 1);
}

/** By their fingerprints; a pool with a CA file that can't be read is left out, because nobody can say what is in it. */
function byPool(set: DocumentSet): ReadonlyMap<string, Authorities> {
  const pools = new Map<string, Map<string, { subject: string; notAfter: Date }>>();
  const unread = new Set<string>();
  for (const { machineConfig: { role = '(unknown)' }, caFiles } of set.certificateImports.all) {
    for (const file of caFiles) {
      const { bundle } = readCa(file, true);
      if (!bundle) unread.add(role);
      const known = pools.get(role) ?? new Map();
      pools.set(role, known);
      for (const { fingerprintSha256, subject, notAfter } of bundle?._certificates ?? []) {
        known.set(fingerprintSha256, { subject: subject.toString(), notAfter });
      }
    }
  }
  for (const role of unread) pools.delete(role);
  return pools;
}
