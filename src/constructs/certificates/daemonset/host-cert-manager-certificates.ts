import { ApiObject, Chart, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { NodeSecret, secretNameOf } from './node-secret';
import { acknowledgementAnnotations } from '../../../core/acknowledgements';
import { InputError } from '../../../core/input-error';
import { ACKNOWLEDGE, Kind, KindsOf, listOf, member, optional, TEXT } from '../../../core/kinds';
import { build, requireProps } from '../../../core/props';
import { isDnsName } from '../../../openshift/ip';
import { isObjectName } from '../../../openshift/kubernetes-names';
import { isReservedName } from '../../../openshift/reserved-nickname';
import { writeManifest } from '../../../synthesis/manifests';

/** Private keys that libreswan signs with where a connection says `leftrsasigkey: '%cert'`: RSA, and no other kind. */
export enum CertificateKeyAlgorithm {
  /** RSA with 2048 bits, the least that FIPS mode takes. */
  RSA_2048 = 'RSA-2048',
  /** RSA with 3072 bits. */
  RSA_3072 = 'RSA-3072',
  /** RSA with 4096 bits. */
  RSA_4096 = 'RSA-4096',
}

/** The issuer of cert-manager that signs the certificates. */
export interface CertManagerIssuer {
  /**
   * Its name (`issuerRef.name`).
   *
   * @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
   */
  readonly name: string;

  /**
   * Its kind (`issuerRef.kind`): `Issuer`, in the namespace of the certificates, `ClusterIssuer`, or the kind of another group.
   *
   * @default 'Issuer'
   * @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
   */
  readonly kind?: string;

  /**
   * Its API group (`issuerRef.group`).
   *
   * @default 'cert-manager.io'
   * @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
   */
  readonly group?: string;

  /**
   * The longest time for which it issues certificates, such as what is left of its own CA certificate, or a limit of Vault.
   *
   * @default - unknown, and the duration is not held against it
   */
  readonly maxDuration?: Duration;
}

/** What `HostCertManagerCertificates` is made of. */
export interface HostCertManagerCertificatesProps {
  /**
   * The nodes (`dnsNames`), by their names, which are the DNS names in their certificates.
   *
   * @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
   */
  readonly hosts: string[];

  /**
   * The issuer that signs the certificates (`issuerRef`).
   *
   * @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
   */
  readonly issuer: CertManagerIssuer;

  /**
   * The name of each host's Secret and Certificate (`secretName`), in which `{node}` stands for the host: `ipsec-{node}`.
   *
   * @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
   */
  readonly secretName: string;

  /**
   * The namespace of the Certificates and their Secrets (`metadata.namespace`), which the DaemonSet must share.
   *
   * @default - the chart's namespace, required otherwise
   * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
   */
  readonly namespace?: string;

  /**
   * The organization (O) in the certificates' subjects (`subject.organizations`).
   *
   * @default - none
   * @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
   */
  readonly organization?: string;

  /**
   * The kind and length of the private keys (`privateKey.algorithm`).
   *
   * @default CertificateKeyAlgorithm.RSA_3072
   * @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
   */
  readonly algorithm?: CertificateKeyAlgorithm;

  /**
   * How long a certificate is valid (`duration`), an hour at least.
   *
   * @default Duration.days(90)
   * @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
   */
  readonly duration?: Duration;

  /**
   * How long before its end a certificate is issued anew (`renewBefore`), five minutes at least. Until then the nodes must have taken
   * it, and you may want to notice if they have not.
   *
   * @default - a third of `duration`
   * @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec
   */
  readonly renewBefore?: Duration;

  /**
   * Warnings that are right here: rule ids and the reason for each, kept as annotations.
   *
   * @default - none
   */
  readonly acknowledge?: { [ruleId: string]: string };
}

/**
 * A certificate of its own for each node, which cert-manager issues and renews.
 *
 * It writes a cert-manager `Certificate` for each host, with an RSA key that is new at each renewal, the host as DNS name, and usages
 * that NSS takes for IPsec. Give `nodeSecret` to `CertImportDaemonSet`, which brings them to the nodes.
 *
 * @see https://cert-manager.io/docs/usage/certificate/
 */
export class HostCertManagerCertificates extends Construct {
  /** The Secrets, for `CertImportDaemonSet`, whose pods may then read these and no other ones. */
  public readonly nodeSecret: NodeSecret;

  /** The Certificates, in the order of the hosts, to be annotated or patched. */
  public readonly certificates: ApiObject[];

  /**
   * @throws when a host, a name or the issuer can't be one, or a time is too short or longer than the issuer's
   */
  public constructor(scope: Construct, id: string, props: HostCertManagerCertificatesProps) {
    super(scope, id);
    const { nodeSecret, certificates } = build(this, props, KINDS, () => writeCertificates(this, props));
    this.nodeSecret = nodeSecret;
    this.certificates = certificates;
  }
}

const DURATION: Kind = {
  what: 'a Duration, such as Duration.days(90)',
  is: (value) => typeof (value as Duration | undefined)?.toSeconds === 'function',
};
const ISSUER: Kind = {
  what: "the name and kind of an issuer, such as { name: 'ipsec', kind: 'ClusterIssuer' }",
  is: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

const KINDS: KindsOf<HostCertManagerCertificatesProps> = {
  hosts: listOf(TEXT, 'names of nodes', "['worker-0.example.com']"),
  issuer: ISSUER,
  secretName: TEXT,
  namespace: optional(TEXT),
  organization: optional(TEXT),
  algorithm: optional(member(CertificateKeyAlgorithm)),
  duration: optional(DURATION),
  renewBefore: optional(DURATION),
  acknowledge: ACKNOWLEDGE,
};
const ISSUER_KINDS: KindsOf<CertManagerIssuer> = {
  name: TEXT,
  kind: optional(TEXT),
  group: optional(TEXT),
  maxDuration: optional(DURATION),
};

function writeCertificates(scope: Construct, props: HostCertManagerCertificatesProps) {
  const { hosts, issuer } = props;
  refuseHosts(hosts);
  requireProps('issuer', issuer, ISSUER_KINDS);
  refuseIssuer(issuer);
  const namespace = props.namespace ?? Chart.of(scope).namespace;
  if (namespace === undefined) {
    throw new InputError(
      "'namespace' (not set) must say where the Certificates and their Secrets are, such as 'ipsec': give it here or to the chart",
    );
  }
  const nodeSecret = NodeSecret.perNode(props.secretName, { nodes: hosts });
  const spec = commonSpec(props);
  const annotations = acknowledgementAnnotations(props.acknowledge);
  const certificates = hosts.map((host) => {
    const name = secretNameOf(props.secretName, host);
    return writeManifest(scope, host, {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name, namespace, annotations },
      spec: { secretName: name, commonName: commonNameOf(host), dnsNames: [host], ...spec },
    });
  });
  return { nodeSecret, certificates };
}

/** What all hosts' certificates have in common. */
function commonSpec(
  { issuer, organization, algorithm = CertificateKeyAlgorithm.RSA_3072, ...props }: HostCertManagerCertificatesProps,
): object {
  const duration = (props.duration ?? Duration.days(90)).toSeconds();
  const renewBefore = props.renewBefore?.toSeconds() ?? Math.floor(duration / 3);
  refuseTimes(duration, renewBefore, issuer.maxDuration?.toSeconds());
  return {
    ...organization === undefined ? {} : { subject: { organizations: [organization] } },
    duration: goDuration(duration),
    renewBefore: goDuration(renewBefore),
    // A key that stays for years would make the renewal of its certificate worth little.
    privateKey: { algorithm: 'RSA', size: Number(algorithm.slice('RSA-'.length)), rotationPolicy: 'Always' },
    usages: ['digital signature', 'key encipherment', 'server auth', 'client auth'],
    issuerRef: { name: issuer.name, kind: issuer.kind ?? 'Issuer', group: issuer.group ?? 'cert-manager.io' },
  };
}

/** A common name has 64 characters at most, and a host may have 253; the DNS name in the certificate is what counts. */
function commonNameOf(host: string): string {
  return host.length <= 64 ? host : host.split('.')[0];
}

function goDuration(seconds: number): string {
  return `${Math.floor(seconds / 3600)}h${Math.floor(seconds % 3600 / 60)}m${seconds % 60}s`;
}

function refuseHosts(hosts: readonly string[]): void {
  if (hosts.length === 0) throw new InputError("'hosts' (an empty list) must name at least one node, such as 'worker-0.example.com'");
  const seen = new Set<string>();
  for (const host of hosts) {
    if (isReservedName(host)) {
      throw new InputError(
        `'hosts' has '${host}', and certificates whose name begins with 'ovs_' are those that the cluster makes for traffic between `
          + 'pods: name the node as \'oc get nodes\' does',
      );
    }
    if (!isObjectName(host) || !isDnsName(host)) {
      throw new InputError(`'hosts' has '${host}', which can't be the name of a node and a DNS name: name the node as 'oc get nodes' does`);
    }
    if (seen.has(host)) throw new InputError(`'hosts' has '${host}' twice: each host gets one certificate, name it once`);
    seen.add(host);
  }
}

function refuseIssuer({ name, kind, group }: CertManagerIssuer): void {
  if (!isObjectName(name)) {
    throw new InputError(`'issuer.name' ('${name}') can't be the name of an issuer: lower-case letters, digits, '-' and '.'`);
  }
  if (kind !== undefined && !/^[A-Z][A-Za-z0-9]*$/.test(kind)) {
    throw new InputError(`'issuer.kind' ('${kind}') can't be a kind: 'Issuer', 'ClusterIssuer', or that of another group`);
  }
  if (group !== undefined && !isDnsName(group)) {
    throw new InputError(`'issuer.group' ('${group}') can't be an API group, such as 'cert-manager.io'`);
  }
  if ((group ?? 'cert-manager.io') === 'cert-manager.io' && kind !== undefined && !['Issuer', 'ClusterIssuer'].includes(kind)) {
    throw new InputError(
      `'issuer.kind' ('${kind}') must be 'Issuer' or 'ClusterIssuer', which are what cert-manager.io has: `
        + 'give \'issuer.group\' for an issuer of another group',
    );
  }
}

const HOUR = 3600;
const MINUTE = 60;

/** @see https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec */
function refuseTimes(duration: number, renewBefore: number, max: number | undefined): void {
  if (duration < HOUR) {
    throw new InputError(`'duration' (${goDuration(duration)}) must be an hour at least, which is the least that cert-manager takes`);
  }
  if (max !== undefined && duration > max) {
    throw new InputError(
      `'duration' (${goDuration(duration)}) is longer than the issuer's 'maxDuration' (${goDuration(max)}): `
        + 'the certificate would end with the issuer\'s, '
        + "or not be issued; give a shorter 'duration'",
    );
  }
  if (renewBefore < 5 * MINUTE) {
    throw new InputError(
      `'renewBefore' (${goDuration(renewBefore)}) must be five minutes at least, which is the least that cert-manager takes`,
    );
  }
  if (renewBefore >= duration) {
    throw new InputError(
      `'renewBefore' (${goDuration(renewBefore)}) must be shorter than 'duration' (${goDuration(duration)}): `
        + 'the certificate would be issued anew for ever',
    );
  }
}
