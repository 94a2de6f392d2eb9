import type { CliImage } from './cli-image';
import type { NamedObject } from './daemon-set-rights';
import type { NodeSecret } from './node-secret';
import { NODE_ROLE_PREFIX } from '../../../openshift/labels';
import type { OpenShiftVersion } from '../../../openshift/openshift-version';
import type { Manifest } from '../../../synthesis/recorded-manifest';

/** What the DaemonSet is made of. */
export interface ImportDaemonSet {
  /** Of the DaemonSet; its ServiceAccount and the ConfigMap with the scripts have the same name. */
  readonly metadata: NamedObject & { readonly annotations?: { readonly [name: string]: string } };
  readonly version: OpenShiftVersion;
  readonly image: CliImage;
  readonly secret: NodeSecret;
  readonly nickname: string;
  readonly roles: readonly string[];
  readonly toleratedTaints: readonly string[];
  readonly priorityClassName: string;
  readonly maxUnavailable: string;
  /** `key=value` of the label that a node gets. */
  readonly nodeLabel?: string;
  readonly removeWithSecret: boolean;
  /** Whether the ConfigMap holds CAs beside those of the Secret. */
  readonly hasMoreCas: boolean;
  /** Changes with the scripts, so that the pods start anew with them. */
  readonly checksum: string;
}

/** The program of the pod, and the key of the ConfigMap that holds it. */
export const PROGRAM = 'ipsec-from-secret.sh';

/** The key of the ConfigMap with the CAs that the construct was given. */
export const MORE_CAS = 'more-ca.pem';

const CONTAINER = 'import';
const PROGRAMS = '/opt/ipsec-from-secret';
const SECRET = '/run/secrets/ipsec';
const MEMORY = '/run/ipsec-from-secret';
const HOST = '/host';

/**
 * One pod on each node of the roles.
 *
 * The pod is privileged, because it writes the node's NSS database by the node's own programs: `chroot`, a tmpfs, and SELinux labels of
 * the node need that. It shares the node's network, so that it works where the network of the pods, which may be what the certificate is
 * for, does not. Everything else is taken away: no token where none is used, a root file system that can't be written.
 */
export function importDaemonSet(set: ImportDaemonSet): Manifest {
  const { metadata: { name, namespace, annotations }, image, roles } = set;
  const labels = { 'app.kubernetes.io/name': 'ipsec-cert-import', 'app.kubernetes.io/instance': name };
  const triggers = image._annotations(CONTAINER);
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace, labels, annotations: { ...annotations, ...triggers } },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: maxUnavailableOf(set.maxUnavailable) } },
      template: {
        metadata: { labels, annotations: { 'ipsec.cdk8s.io/scripts-sha256': set.checksum } },
        spec: {
          ...placement(roles),
          automountServiceAccountToken: set.secret._perNode,
          containers: [container(set)],
          dnsPolicy: 'Default',
          hostNetwork: true,
          priorityClassName: set.priorityClassName,
          serviceAccountName: name,
          terminationGracePeriodSeconds: 30,
          tolerations: [...new Set([...roles.flatMap(taintsOf), ...set.toleratedTaints])].map((key) => ({ key, operator: 'Exists' })),
          volumes: volumes(set),
        },
      },
    },
  };
}

/** A selector where one role says it all; terms of which any will do, where there are several. */
function placement(roles: readonly string[]): object {
  const linux = { 'kubernetes.io/os': 'linux' };
  if (roles.length === 1) return { nodeSelector: { ...linux, [`${NODE_ROLE_PREFIX}${roles[0]}`]: '' } };
  const nodeSelectorTerms = roles.map((role) => ({ matchExpressions: [{ key: `${NODE_ROLE_PREFIX}${role}`, operator: 'Exists' }] }));
  return { nodeSelector: linux, affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } };
}

function taintsOf(role: string): string[] {
  return [...role === 'master' ? [`${NODE_ROLE_PREFIX}control-plane`] : [], `${NODE_ROLE_PREFIX}${role}`];
}

function maxUnavailableOf(value: string): number | string {
  return value.endsWith('%') ? value : Number(value);
}

function container(set: ImportDaemonSet): object {
  const run = (what: string) => ['/bin/bash', `${PROGRAMS}/${PROGRAM}`, what];
  return {
    name: CONTAINER,
    image: set.image._image(set.version),
    imagePullPolicy: 'IfNotPresent',
    command: run('follow'),
    env: environment(set),
    livenessProbe: { exec: { command: run('alive') }, initialDelaySeconds: 60, periodSeconds: 60, timeoutSeconds: 10, failureThreshold: 3 },
    readinessProbe: { exec: { command: run('ready') }, periodSeconds: 15, timeoutSeconds: 20, failureThreshold: 2 },
    resources: { requests: { cpu: '10m', memory: '64Mi' } },
    securityContext: { privileged: true, readOnlyRootFilesystem: true, runAsUser: 0 },
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [
      { name: 'host', mountPath: HOST, mountPropagation: 'HostToContainer' },
      { name: 'memory', mountPath: MEMORY },
      { name: 'programs', mountPath: PROGRAMS, readOnly: true },
      ...set.secret._perNode ? [] : [{ name: 'secret', mountPath: SECRET, readOnly: true }],
    ],
  };
}

function environment({ secret, nickname, metadata, nodeLabel, removeWithSecret, hasMoreCas }: ImportDaemonSet): object[] {
  const { certificateKey, privateKeyKey, caKey, pkcs12Key, passwordKey } = secret._keys;
  const values: { readonly [name: string]: string | undefined } = {
    HOME: MEMORY, // where oc keeps what it learns of the API
    IPSEC_NICKNAME: nickname,
    IPSEC_NAMESPACE: metadata.namespace,
    IPSEC_SECRET: secret._nameIn('IPSEC_NODE'),
    IPSEC_MOUNT: secret._perNode ? undefined : SECRET,
    IPSEC_CERTIFICATE_KEY: certificateKey,
    IPSEC_PRIVATE_KEY_KEY: privateKeyKey,
    IPSEC_PKCS12_KEY: pkcs12Key,
    IPSEC_PASSWORD_KEY: passwordKey,
    IPSEC_CA_KEY: caKey,
    IPSEC_MORE_CAS: hasMoreCas ? `${PROGRAMS}/${MORE_CAS}` : undefined,
    IPSEC_NODE_LABEL: nodeLabel,
    IPSEC_REMOVE: removeWithSecret ? 'yes' : undefined,
  };
  return [
    // Before the variables that use it.
    { name: 'IPSEC_NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    ...Object.entries(values).filter(([, value]) => value !== undefined).map(([name, value]) => ({ name, value })),
  ];
}

function volumes({ metadata: { name }, secret }: ImportDaemonSet): object[] {
  return [
    { name: 'host', hostPath: { path: '/', type: 'Directory' } },
    { name: 'memory', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } },
    { name: 'programs', configMap: { name, defaultMode: 0o500 } },
    // Optional, so that the pod starts before the Secret is there, and says that it waits for it.
    ...secret._perNode ? [] : [{ name: 'secret', secret: { secretName: secret._name, defaultMode: 0o400, optional: true } }],
  ];
}
