import { CertificateEnd, certificateEnd } from './certificate-end';
import type { DocumentSet } from '../documents/document-set';
import type { DaemonSetImport } from '../documents/imports/daemon-set-imports';
import { CertificateImport, nicknamesOf } from '../documents/imports/imports';
import { bytesOf } from '../documents/machine-config/machine-configs';
import { at, text } from '../documents/values';

/** A certificate as far as its MachineConfig shows it. */
export interface ShownCertificate extends CertificateEnd {
  /** Undefined where the bundle needs a password and no annotation says it. */
  readonly subject?: string;
  readonly issuer?: string;
  /** Its fingerprint. */
  readonly sha256?: string;
  /** The Secret that a DaemonSet takes it from, as `namespace/name`: which one it is stands in no manifest. */
  readonly secret?: string;
}

/** A certificate that a change brings, replaces or takes away. */
export interface CertificatePlan {
  readonly pool: string;
  readonly nickname: string;
  readonly change: 'added' | 'replaced' | 'repacked' | 'removed';
  readonly before?: ShownCertificate;
  readonly after?: ShownCertificate;
}

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
  const all = [
    ...set.daemonSetImports.flatMap(fromSecrets),
    ...set.certificateImports.all.filter(({ bundle }) => bundle).map((found) => importedBy(found, time)),
  ];
  return new Map(all.map((imported) => [JSON.stringify([imported.pool, imported.nickname]), imported]));
}

function fromSecrets({ nickname, roles, secret: { name, namespace } }: DaemonSetImport): Imported[] {
  const secret = namespace === undefined ? name : `${namespace}/${name}`;
  return (roles.length === 0 ? ['(unknown)'] : roles).map((pool) => ({ pool, nickname, content: `Secret ${secret}`, shown: { secret } }));
}

function importedBy(found: CertificateImport, time: Date): Imported {
  const { machineConfig: { role = '(unknown)', subject }, bundle, opened } = found;
  const annotation = (name: string) => text(at(subject.object.metadata, 'annotations', `ipsec.cdk8s.io/certificate-${name}`));
  const own = opened && 'bundle' in opened ? opened.bundle : undefined;
  const notAfter = own?.notAfter ?? annotation('not-after');
  const sha256 = own?.fingerprintSha256 ?? annotation('sha256');
  return {
    pool: role,
    nickname: nicknamesOf(found)[0] ?? bundle!.path,
    content: bytesOf(bundle!)?.toString('base64') ?? JSON.stringify(bundle!.contents ?? null),
    identity: sha256,
    shown: {
      subject: own?.subject ?? annotation('subject'),
      issuer: own?.issuer ?? annotation('issuer'),
      ...certificateEnd(notAfter === undefined ? NaN : Date.parse(notAfter), time),
      sha256,
    },
  };
}
