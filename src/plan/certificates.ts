import type { DocumentSet } from '../documents/document-set';
import { CertificateImport, nicknamesOf } from '../documents/imports/imports';
import { bytesOf } from '../documents/machine-config/machine-configs';
import { at, text } from '../documents/values';

/** A certificate as far as its MachineConfig shows it. */
export interface ShownCertificate {
  /** Undefined where the bundle needs a password and no annotation says it. */
  readonly subject?: string;
  /** When it ends, in ISO 8601. */
  readonly notAfter?: string;
  /** Whole days until then; negative once it has ended. */
  readonly daysLeft?: number;
}

/** A certificate that a change brings, replaces or takes away. */
export interface CertificatePlan {
  readonly pool: string;
  readonly nickname: string;
  readonly change: 'added' | 'replaced' | 'repacked' | 'removed';
  readonly before?: ShownCertificate;
  readonly after?: ShownCertificate;
}

const DAY = 24 * 60 * 60 * 1000;

/** The certificates that differ between two sets; `repacked` is the same one in another bundle, with another password or chain. */
export function certificatesOf(before: DocumentSet, after: DocumentSet, time: Date): CertificatePlan[] {
  const [old, now] = [byPlace(before, time), byPlace(after, time)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((place): CertificatePlan[] => {
    const [one, other] = [old.get(place), now.get(place)];
    if (one && other && one.content === other.content) return [];
    const { pool, nickname } = (other ?? one)!;
    const change = !one
      ? 'added'
      : !other
        ? 'removed'
        : one.identity !== undefined && one.identity === other.identity
          ? 'repacked'
          : 'replaced';
    return [{ pool, nickname, change, ...one ? { before: one.shown } : {}, ...other ? { after: other.shown } : {} }];
  });
}

/** The certificates that a set imports, by nickname. */
export function nicknamesIn(set: DocumentSet): ReadonlySet<string> {
  return new Set(set.certificateImports.all.flatMap(nicknamesOf));
}

interface Imported {
  readonly pool: string;
  readonly nickname: string;
  readonly content: string;
  readonly identity?: string;
  readonly shown: ShownCertificate;
}

function byPlace(set: DocumentSet, time: Date): ReadonlyMap<string, Imported> {
  return new Map(set.certificateImports.all.filter(({ bundle }) => bundle).map((found) => {
    const imported = importedBy(found, time);
    return [JSON.stringify([imported.pool, imported.nickname]), imported];
  }));
}

function importedBy(found: CertificateImport, time: Date): Imported {
  const { machineConfig: { role = '(unknown)', subject }, bundle, opened } = found;
  const annotation = (name: string) => text(at(subject.object.metadata, 'annotations', `ipsec.cdk8s.io/certificate-${name}`));
  const own = opened && 'bundle' in opened ? opened.bundle : undefined;
  const notAfter = own?.notAfter ?? annotation('not-after');
  const end = notAfter === undefined ? NaN : Date.parse(notAfter);
  return {
    pool: role,
    nickname: nicknamesOf(found)[0] ?? bundle!.path,
    content: bytesOf(bundle!)?.toString('base64') ?? JSON.stringify(bundle!.contents ?? null),
    identity: own?.fingerprintSha256 ?? annotation('sha256'),
    shown: {
      subject: own?.subject ?? annotation('subject'),
      ...Number.isNaN(end) ? {} : { notAfter: new Date(end).toISOString(), daysLeft: Math.floor((end - time.getTime()) / DAY) },
    },
  };
}
