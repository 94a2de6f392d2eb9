import type { EncodedContents } from '../../butane/resource';
import type { PasswdUser, Unit } from '../../butane/spec/ignition';
import type { OpenShiftVersion } from '../../openshift/openshift-version';

/** A file of a MachineConfig; its contents as bytes, or encoded already because several MachineConfigs carry them. */
export interface MachineConfigFileInput {
  readonly path: string;
  readonly mode?: number;
  readonly overwrite?: boolean;
  readonly contents: Uint8Array | EncodedContents;
}

/** The parts of a MachineConfig, each judged already on its own. */
export interface MachineConfigInput {
  readonly version: OpenShiftVersion;
  readonly name: string;
  readonly role: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  readonly files?: readonly MachineConfigFileInput[];
  readonly units?: readonly Unit[];
  readonly users?: readonly PasswdUser[];
  readonly kernelArguments?: readonly string[];
  readonly extensions?: readonly string[];
  readonly kernelType?: string;
  readonly fips?: boolean;
  /** Whether payloads may be compressed, where the version allows it; on unless it is said. */
  readonly compress?: boolean;
}
