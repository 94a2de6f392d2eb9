import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { compileMachineConfig } from './machine-config-object';
import { MachineConfigProps, MACHINE_CONFIG_KINDS, requireParts } from './machine-config-props';
import { Compression } from '../../butane/compression';
import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { InputError } from '../../core/input-error';
import { build } from '../../core/props';
import { isLabelValue, isObjectName } from '../../openshift/kubernetes-names';
import { writeManifest } from '../../synthesis/manifests';

/**
 * A MachineConfig: files, systemd units and kernel settings for the nodes of a pool.
 *
 * It goes through the rules of Butane and Ignition, and writes what `butane` would write from the same parts. Anyone who
 * may read MachineConfigs may read the files in it: keep secrets out.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.20/html/machine_configuration/machine-configs-configure
 */
export class MachineConfig extends Construct {
  /** The object. */
  public readonly apiObject: ApiObject;

  /**
   * @throws when the operator would refuse the object, or degrade the pool for it
   */
  public constructor(scope: Construct, id: string, props: MachineConfigProps) {
    super(scope, id);
    this.apiObject = build(this, props, MACHINE_CONFIG_KINDS, () => writeMachineConfig(this, props));
  }
}

function writeMachineConfig(scope: Construct, props: MachineConfigProps): ApiObject {
  const {
    openshiftVersion,
    name,
    role,
    files = [],
    units = [],
    sshAuthorizedKeys = [],
    passwordHash,
    compression = Compression.AUTO,
  } = props;
  requireParts(props);
  if (!isObjectName(name)) {
    throw new InputError(
      `name ('${name}') must be a name that Kubernetes takes: lower-case letters, digits, '-' and '.', such as '99-worker-chrony'`,
    );
  }
  if (role === '' || !isLabelValue(role)) {
    throw new InputError(
      `role ('${role}') must be the name of a MachineConfigPool, such as 'worker': letters, digits, '-', '_' and '.', at most 63`,
    );
  }
  const manifest = compileMachineConfig({
    version: openshiftVersion,
    name,
    role,
    labels: props.labels,
    annotations: annotations(props),
    files: files.map(({ path, contents, mode, overwrite = true }) => ({ path, contents: contents._bytes, mode: mode?.bits, overwrite })),
    units: units.map(({ name: unit, contents, enabled, mask, dropins }) => ({
      name: unit, contents, enabled, mask, dropins: dropins?.map((dropin) => ({ name: dropin.name, contents: dropin.contents })),
    })),
    users:
      sshAuthorizedKeys.length > 0 || passwordHash !== undefined
        ? [{ name: 'core', sshAuthorizedKeys: [...sshAuthorizedKeys], passwordHash }]
        : [],
    kernelArguments: props.kernelArguments,
    extensions: props.extensions,
    kernelType: props.kernelType,
    fips: props.fips,
    compress: compression !== Compression.NONE,
  });
  return writeManifest(scope, 'Resource', manifest, { facts: { cluster: { version: openshiftVersion } } });
}

function annotations(props: MachineConfigProps): { [name: string]: string } | undefined {
  const own = acknowledgementAnnotations(props.acknowledge);
  return own || props.annotations ? { ...props.annotations, ...own } : undefined;
}
