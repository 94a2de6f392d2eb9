import { OpenShiftVersion } from '../openshift/openshift-version';
import { InputError } from '../synthesis/input-error';
import { compileConfig } from './butane/compile';
import { PayloadEncoder } from './butane/encoder';
import { MachineConfigObject, PasswdUser, Unit } from './butane/ignition';
import { Entry, formatPath } from './butane/report';
import { ROLE_LABEL } from './butane/validate-input';
import { ButaneVersion } from './butane/versions';
import { EncodedContents } from './resource';
import { refuseUnsafeNames } from './single-line';

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

/** Bytes as the contents of a file for a version; equal bytes are encoded once. */
export function encodePayload(version: OpenShiftVersion, body: Uint8Array, compress = true): EncodedContents {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return PayloadEncoder.shared.encode(bytes, compress && ButaneVersion.of(version).has('compression'));
}

/**
 * The MachineConfig that Butane would write, from its parts: through the same rules as a config file.
 *
 * @throws InputError which names the MachineConfig and everything that is wrong with it
 */
export function compileMachineConfig(input: MachineConfigInput): { readonly manifest: MachineConfigObject; readonly warnings: readonly Entry[] } {
  refuseUnsafeNames(input);
  const { version, name, role, labels, annotations, files = [], units = [], users = [], compress = true } = input;
  const config = {
    variant: 'openshift',
    version: version.butaneVersion,
    metadata: { name, labels: { ...labels, [ROLE_LABEL]: role } },
    openshift: {
      kernelArguments: input.kernelArguments && [...input.kernelArguments],
      extensions: input.extensions && [...input.extensions],
      fips: input.fips,
      kernelType: input.kernelType,
    },
    storage: {
      files: files.map(({ path, mode, overwrite, contents }) => ({
        path, mode, overwrite, contents: contents instanceof Uint8Array ? encodePayload(version, contents, compress) : { ...contents },
      })),
    },
    systemd: { units: [...units] },
    passwd: { users: [...users] },
  };
  try {
    const { object, entries } = compileConfig(config, ButaneVersion.of(version), { compress });
    if (annotations && Object.keys(annotations).length > 0) object.metadata.annotations = { ...annotations };
    return { manifest: object, warnings: entries };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const reasons = error.entries.filter(({ severity }) => severity === 'error').map(({ path, text }) => `${formatPath(path)}: ${text}`);
    throw new InputError(`MachineConfig '${name}' for OpenShift ${version.toString()} is refused: ${reasons.join('; ')}`);
  }
}

function isRefusal(error: unknown): error is InputError & { entries: readonly Entry[] } {
  return error instanceof InputError && 'entries' in error;
}
