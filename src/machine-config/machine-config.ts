import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { isLabelValue, isObjectName } from '../openshift/kubernetes-names';
import { OpenShiftVersion } from '../openshift/openshift-version';
import { InputError } from '../synthesis/input-error';
import { writeManifest } from '../synthesis/manifests';
import { IpsecWarnings } from '../synthesis/warnings';
import { formatPath } from './butane/report';
import { Compression } from './compression';
import { FileContents } from './file-contents';
import { FileMode } from './file-mode';
import { compileMachineConfig } from './machine-config-object';

/** A file that a MachineConfig writes on each node of its pool. */
export interface MachineConfigFile {
  /** Where it goes: an absolute path, on RHCOS under `/etc`, `/var` or `/usr/local`. Folders above it are made, 0755, owned by root. */
  readonly path: string;

  /** What is in it. */
  readonly contents: FileContents;

  /**
   * Its permissions.
   *
   * @default - 0644, by the Machine Config Operator
   */
  readonly mode?: FileMode;

  /**
   * Whether a file that is there already is replaced.
   *
   * @default true - the Machine Config Operator replaces it in any case
   */
  readonly overwrite?: boolean;
}

/** A file that adds to a systemd unit. */
export interface SystemdDropin {
  /** Its name, ending in `.conf`. */
  readonly name: string;
  /** What is in it, in the syntax of systemd units. */
  readonly contents: string;
}

/** A systemd unit that a MachineConfig writes, or one that it enables, disables, masks or adds to. */
export interface SystemdUnit {
  /** Its name, such as `ipsec-import.service`. */
  readonly name: string;

  /**
   * The unit file.
   *
   * @default - the unit exists on the node already
   */
  readonly contents?: string;

  /**
   * Whether it is enabled, which needs an `[Install]` section in its contents.
   *
   * @default - left as it is
   */
  readonly enabled?: boolean;

  /**
   * Whether it is masked, so that nothing starts it.
   *
   * @default - left as it is
   */
  readonly mask?: boolean;

  /**
   * Files that add to it.
   *
   * @default - none
   */
  readonly dropins?: SystemdDropin[];
}

/** The kernel that nodes boot. */
export enum KernelType {
  /** The kernel of RHCOS. */
  DEFAULT = 'default',
  /** The real-time kernel, for worker nodes on x86_64. */
  REALTIME = 'realtime',
}

/** Properties of `MachineConfig`. */
export interface MachineConfigProps {
  /** The version of the cluster: it decides the Ignition version, and what may be said. */
  readonly openshiftVersion: OpenShiftVersion;

  /** The MachineConfigPool whose nodes get it: `master`, `worker` or the name of a custom pool. */
  readonly role: string;

  /** Its name, by which the operator orders the configs of a pool: later ones win. `99-worker-chrony` is usual. */
  readonly name: string;

  /**
   * Files to write.
   *
   * @default - none
   */
  readonly files?: MachineConfigFile[];

  /**
   * Systemd units to write, enable, disable, mask or add to.
   *
   * @default - none
   */
  readonly units?: SystemdUnit[];

  /**
   * SSH keys of the user `core`, the only one whom the operator manages.
   *
   * @default - none
   */
  readonly sshAuthorizedKeys?: string[];

  /**
   * Hash of the password of the user `core`, in the form of `/etc/shadow`. Needs OpenShift 4.13.
   *
   * @default - none
   */
  readonly passwordHash?: string;

  /**
   * Kernel arguments to add. Nodes reboot for them.
   *
   * @default - none
   */
  readonly kernelArguments?: string[];

  /**
   * RHCOS extensions to install, such as `ipsec` or `usbguard`.
   *
   * @default - none
   */
  readonly extensions?: string[];

  /**
   * The kernel that nodes boot.
   *
   * @default - left as it is
   */
  readonly kernelType?: KernelType;

  /**
   * Whether FIPS mode is on. It can't be changed on a running cluster.
   *
   * @default - left as it is
   */
  readonly fips?: boolean;

  /**
   * Whether the contents of files are compressed.
   *
   * @default Compression.AUTO
   */
  readonly compression?: Compression;

  /**
   * Labels besides that of the role.
   *
   * @default - none
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations.
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
}

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
    const { openshiftVersion, name, role, files = [], units = [], sshAuthorizedKeys = [], passwordHash, compression = Compression.AUTO } = props;
    if (!isObjectName(name)) {
      throw new InputError(`name ('${name}') must be a name that Kubernetes takes: lower-case letters, digits, '-' and '.', such as '99-worker-chrony'`);
    }
    if (role === '' || !isLabelValue(role)) {
      throw new InputError(`role ('${role}') must be the name of a MachineConfigPool, such as 'worker': letters, digits, '-', '_' and '.', at most 63`);
    }
    const { manifest, warnings } = compileMachineConfig({
      version: openshiftVersion,
      name,
      role,
      labels: props.labels,
      annotations: props.annotations,
      files: files.map(({ path, contents, mode, overwrite = true }) => ({ path, contents: contents._bytes, mode: mode?.bits, overwrite })),
      units: units.map(({ name: unit, contents, enabled, mask, dropins }) => ({
        name: unit, contents, enabled, mask, dropins: dropins?.map((dropin) => ({ name: dropin.name, contents: dropin.contents })),
      })),
      users: sshAuthorizedKeys.length > 0 || passwordHash !== undefined ? [{ name: 'core', sshAuthorizedKeys: [...sshAuthorizedKeys], passwordHash }] : [],
      kernelArguments: props.kernelArguments,
      extensions: props.extensions,
      kernelType: props.kernelType,
      fips: props.fips,
      compress: compression !== Compression.NONE,
    });
    for (const { text, path, ours } of warnings) {
      IpsecWarnings.of(this)._add({ ruleId: ours ? 'machineconfig-operator' : 'machineconfig-butane', message: `${formatPath(path)}: ${text}`, path: this.node.path });
    }
    this.apiObject = writeManifest(this, 'Resource', manifest);
  }
}
