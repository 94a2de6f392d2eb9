import type { Manifest } from '../../synthesis/recorded-manifest';

/** What the Job is made of. */
export interface VerificationJob {
  /** Of the Job; its ServiceAccount and the ConfigMap with the script have the same name. */
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly image: string;
  readonly timeoutSeconds: number;
  /** What the script is told, by the names of its environment variables. */
  readonly variables: { readonly [name: string]: string };
}

/** The file name of the script, in the library as in the pod. */
export const SCRIPT = 'ipsec-verify.sh';

const SCRIPT_DIRECTORY = '/opt/ipsec-verification';

/** The script ends in time on its own; Kubernetes ends the pod only where it hangs. */
const GRACE_SECONDS = 120;

const DAY = 24 * 60 * 60;

/** A Job that runs the script once. Its pod meets the restricted pod security standard, without a user id, which OpenShift assigns. */
export function verificationJob({ metadata, image, timeoutSeconds, variables }: VerificationJob): Manifest {
  const { name } = metadata;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata,
    spec: {
      activeDeadlineSeconds: timeoutSeconds + GRACE_SECONDS,
      backoffLimit: 0,
      ttlSecondsAfterFinished: DAY,
      template: {
        spec: {
          automountServiceAccountToken: true,
          containers: [verifyContainer(image, variables)],
          hostNetwork: false,
          restartPolicy: 'Never',
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          serviceAccountName: name,
          volumes: [{ name: 'script', configMap: { name } }, { name: 'tmp', emptyDir: {} }],
        },
      },
    },
  };
}

function verifyContainer(image: string, variables: VerificationJob['variables']): object {
  // kubectl keeps what it learns of the API in the home directory, and the root file system is read-only.
  const environment = { ...variables, HOME: '/tmp' };
  return {
    name: 'verify',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['/bin/sh', `${SCRIPT_DIRECTORY}/${SCRIPT}`],
    env: Object.entries(environment).map(([name, value]) => ({ name, value })),
    resources: { requests: { cpu: '10m', memory: '64Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
    },
    volumeMounts: [
      { name: 'script', mountPath: SCRIPT_DIRECTORY, readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}
