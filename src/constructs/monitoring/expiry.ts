import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { InputError } from '../../core/input-error';
import { at, text } from '../../documents/values';
import { MACHINE_CONFIG_ROLE_LABEL } from '../../openshift/labels';

/** A certificate that MachineConfigs carry, with its end as Prometheus counts. */
export interface WatchedCertificate {
  readonly subject: string;
  readonly fingerprint: string;
  /** Seconds since 1970. */
  readonly end: number;
  /** The pools that get it, in one text. */
  readonly pools: string;
}

/**
 * The certificates below constructs, by the annotations that every import has. The end is a constant of the certificate, and no
 * date of today: the same certificate is the same rule.
 *
 * @throws where a construct brings none
 */
export function certificatesBelow(constructs: readonly IConstruct[]): WatchedCertificate[] {
  const found = new Map<string, { subject: string; end: number; pools: Set<string> }>();
  for (const construct of constructs) {
    const own = construct.node.findAll().filter((child): child is ApiObject => ApiObject.isApiObject(child)).flatMap(certificateOf);
    if (own.length === 0) {
      throw new InputError(
        `'certificates' has '${construct.node.path}', whose MachineConfigs say no certificate: `
          + 'give a CertImportMachineConfig or HostCertificates with its bundle',
      );
    }
    for (const { fingerprint, subject, end, pool } of own) {
      const known = found.get(fingerprint);
      if (known) known.pools.add(pool);
      else found.set(fingerprint, { subject, end, pools: new Set([pool]) });
    }
  }
  return [...found].map(([fingerprint, { subject, end, pools }]) => ({ fingerprint, subject, end, pools: [...pools].sort().join(',') }))
    .sort((one, other) => one.end - other.end || (one.fingerprint < other.fingerprint ? -1 : 1));
}

function certificateOf(
  object: ApiObject,
): { readonly fingerprint: string; readonly subject: string; readonly end: number; readonly pool: string }[] {
  if (object.kind !== 'MachineConfig') return [];
  const metadata: unknown = at(object.toJson(), 'metadata');
  const annotation = (name: string) => text(at(metadata, 'annotations', `ipsec.cdk8s.io/certificate-${name}`));
  const [notAfter, fingerprint] = [annotation('not-after'), annotation('sha256')];
  const end = Math.floor(Date.parse(notAfter ?? '') / 1000);
  if (fingerprint === undefined || Number.isNaN(end)) return [];
  return [{ fingerprint, end, subject: annotation('subject') ?? '', pool: String(at(metadata, 'labels', MACHINE_CONFIG_ROLE_LABEL)) }];
}
