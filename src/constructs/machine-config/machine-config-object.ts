import type { MachineConfigInput } from './machine-config-input';
import { refuseUnsafeNames } from './single-line';
import { PayloadEncoder } from '../../butane/encoder';
import { EncodedContents } from '../../butane/resource';
import { MachineConfigObject } from '../../butane/spec/ignition';
import { Entry, formatPath } from '../../butane/spec/report';
import { ButaneVersion } from '../../butane/spec/versions';
import { InputError } from '../../core/input-error';
import { MACHINE_CONFIG_ROLE_LABEL } from '../../openshift/labels';
import { OpenShiftVersion } from '../../openshift/openshift-version';

/** Bytes as the contents of a file for a version; equal bytes are encoded once. */
export function encodePayload(version: OpenShiftVersion, body: Uint8Array, compress = true): EncodedContents {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return PayloadEncoder.shared.encode(bytes, compress && ButaneVersion.of(version).has('compression'));
}

/**
 * The MachineConfig that Butane would write, from its parts: what Butane and Ignition refuse is refused. What they warn of, and
 * what the operator refuses, the rules say when the object is written.
 *
 * @throws InputError which names the MachineConfig and everything that is wrong with it
 */
export function compileMachineConfig(input: MachineConfigInput): MachineConfigObject {
  refuseUnsafeNames(input);
  const { version, name, role, labels, annotations, files = [], units = [], users = [], compress = true } = input;
  const config = {
    variant: 'openshift',
    version: version.butaneVersion,
    metadata: { name, labels: { ...labels, [MACHINE_CONFIG_ROLE_LABEL]: role } },
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
  // Loaded here: an app without a MachineConfig needs no compiler.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { compileConfig } = require('../../butane/compile') as typeof import('../../butane/compile');
  try {
    const { object } = compileConfig(config, ButaneVersion.of(version), { compress });
    if (annotations && Object.keys(annotations).length > 0) object.metadata.annotations = { ...annotations };
    return object;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const reasons = error.entries.filter(({ severity }) => severity === 'error').map(({ path, text }) => `${formatPath(path)}: ${text}`);
    throw new InputError(`MachineConfig '${name}' for OpenShift ${version.toString()} is refused: ${reasons.join('; ')}`);
  }
}

function isRefusal(error: unknown): error is InputError & { entries: readonly Entry[] } {
  return error instanceof InputError && 'entries' in error;
}
