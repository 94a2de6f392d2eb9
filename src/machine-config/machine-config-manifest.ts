import type { EncodedContents } from './resource';
import type { OpenShiftVersion } from '../openshift/openshift-version';
import type { Manifest } from '../synthesis/manifests';

/** A file of a MachineConfig, its contents encoded once however many roles have it. */
export interface IgnitionFile {
  readonly path: string;
  /** The permission bits: `0o400`. */
  readonly mode: number;
  readonly contents: EncodedContents;
}

/** A systemd unit of a MachineConfig. */
export interface IgnitionUnit {
  readonly name: string;
  readonly enabled: boolean;
  readonly contents: string;
}

/** The parts of a MachineConfig that are the same for every role. */
export interface MachineConfigParts {
  readonly openshiftVersion: OpenShiftVersion;
  readonly annotations?: { [name: string]: string };
  readonly files: readonly IgnitionFile[];
  readonly units: readonly IgnitionUnit[];
}

/** The MachineConfig of one role, with the keys that Butane writes. */
export function machineConfigManifest(name: string, role: string, parts: MachineConfigParts): Manifest {
  return {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: { name, labels: { 'machineconfiguration.openshift.io/role': role }, annotations: parts.annotations },
    spec: {
      config: {
        ignition: { version: parts.openshiftVersion.ignitionVersion },
        storage: { files: parts.files.map(({ path, mode, contents }) => ({ contents, mode, overwrite: true, path })) },
        systemd: { units: parts.units },
      },
    },
  };
}
