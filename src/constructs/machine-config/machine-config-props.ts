import { FileContents } from './file-contents';
import { FileMode } from './file-mode';
import { Compression } from '../../butane/compression';
import { ACKNOWLEDGE, FLAG, instance, Kind, KindsOf, listOf, mapOf, member, optional, TEXT } from '../../core/kinds';
import { requireProps } from '../../core/props';
import { OpenShiftVersion } from '../../openshift/openshift-version';

/** A file that a MachineConfig writes on each node of its pool. */
export interface MachineConfigFile {
  /**
   * Where it goes (`path`): an absolute path, on RHCOS under `/etc`, `/var` or `/usr/local`. Folders above it are made, 0755, owned by
   * root.
   *
   * @see https://coreos.github.io/ignition/configuration-v3_5/
   */
  readonly path: string;

  /**
   * What is in it (`contents.source`).
   *
   * @see https://coreos.github.io/ignition/configuration-v3_5/
   */
  readonly contents: FileContents;

  /**
   * Its permissions (`mode`).
   *
   * @default - 0644, by the Machine Config Operator
   * @see https://coreos.github.io/ignition/configuration-v3_5/
   */
  readonly mode?: FileMode;

  /**
   * Whether a file that is there already is replaced (`overwrite`).
   *
   * @default true - the Machine Config Operator replaces it in any case
   * @see https://coreos.github.io/ignition/configuration-v3_5/
   */
  readonly overwrite?: boolean;
}

/** A file that adds to a systemd unit. */
export interface SystemdDropin {
  /**
   * Its name (`name`), ending in `.conf`.
   *
   * @see https://coreos.github.io/ignition/configuration-v3_5/
   */
  readonly name: string;
  /**
   * What is in it (`contents`), in the syntax of systemd units.
   *
   * @see https://coreos.github.io/ignition/configuration-v3_5/
   */
  readonly contents: string;
}

/** A systemd unit that a MachineConfig writes, or one that it enables, disables, masks or adds to. */
export interface SystemdUnit {
  /**
   * Its name (`name`), such as `ipsec-import.service`.
   *
   * @see https://coreos.github.io/ignition/configuration-v3_5/
   */
  readonly name: string;

  /**
   * The unit file (`contents`).
   *
   * @default - the unit exists on the node already
   * @see https://coreos.github.io/ignition/configuration-v3_5/
   */
  readonly contents?: string;

  /**
   * Whether it is enabled (`enabled`), which needs an `[Install]` section in its contents.
   *
   * @default - left as it is
   * @see https://coreos.github.io/ignition/configuration-v3_5/
   */
  readonly enabled?: boolean;

  /**
   * Whether it is masked (`mask`), so that nothing starts it.
   *
   * @default - left as it is
   * @see https://coreos.github.io/ignition/configuration-v3_5/
   */
  readonly mask?: boolean;

  /**
   * Files that add to it (`dropins`).
   *
   * @default - none
   * @see https://coreos.github.io/ignition/configuration-v3_5/
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

  /**
   * The MachineConfigPool whose nodes get it (`machineconfiguration.openshift.io/role`): `master`, `worker` or the name of a custom
   * pool.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_apis/machineconfig-machineconfiguration-openshift-io-v1
   */
  readonly role: string;

  /**
   * Its name (`metadata.name`), by which the operator orders the configs of a pool: later ones win. `99-worker-chrony` is usual.
   *
   * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
   */
  readonly name: string;

  /**
   * Files to write (`storage.files`).
   *
   * @default - none
   * @see https://coreos.github.io/ignition/configuration-v3_5/
   */
  readonly files?: MachineConfigFile[];

  /**
   * Systemd units to write (`systemd.units`), enable, disable, mask or add to.
   *
   * @default - none
   * @see https://coreos.github.io/ignition/configuration-v3_5/
   */
  readonly units?: SystemdUnit[];

  /**
   * SSH keys of the user `core` (`sshAuthorizedKeys`), the only one whom the operator manages.
   *
   * @default - none
   * @see https://coreos.github.io/ignition/configuration-v3_5/
   */
  readonly sshAuthorizedKeys?: string[];

  /**
   * Hash of the password of the user `core` (`passwordHash`), in the form of `/etc/shadow`. Needs OpenShift 4.13.
   *
   * @default - none
   * @see https://coreos.github.io/ignition/configuration-v3_5/
   */
  readonly passwordHash?: string;

  /**
   * Kernel arguments to add (`kernelArguments`). Nodes reboot for them.
   *
   * @default - none
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_apis/machineconfig-machineconfiguration-openshift-io-v1
   */
  readonly kernelArguments?: string[];

  /**
   * RHCOS extensions to install (`extensions`), such as `ipsec` or `usbguard`.
   *
   * @default - none
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_apis/machineconfig-machineconfiguration-openshift-io-v1
   */
  readonly extensions?: string[];

  /**
   * The kernel that nodes boot (`kernelType`).
   *
   * @default - left as it is
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_apis/machineconfig-machineconfiguration-openshift-io-v1
   */
  readonly kernelType?: KernelType;

  /**
   * Whether FIPS mode is on (`fips`). It can't be changed on a running cluster.
   *
   * @default - left as it is
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_apis/machineconfig-machineconfiguration-openshift-io-v1
   */
  readonly fips?: boolean;

  /**
   * Whether the contents of files are compressed (`compression`).
   *
   * @default Compression.AUTO
   * @see https://coreos.github.io/ignition/configuration-v3_5/
   */
  readonly compression?: Compression;

  /**
   * Labels besides that of the role (`metadata.labels`).
   *
   * @default - none
   * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations (`metadata.annotations`).
   *
   * @default - none
   * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Warnings that are right here: rule ids and the reason for each, kept as annotations.
   *
   * @default - none
   */
  readonly acknowledge?: { [ruleId: string]: string };
}

const PLAIN_OBJECT: Kind = { what: 'objects', is: (value) => typeof value === 'object' && value !== null };

export const MACHINE_CONFIG_KINDS: KindsOf<MachineConfigProps> = {
  openshiftVersion: instance(OpenShiftVersion, "OpenShiftVersion.of('4.16')"),
  role: TEXT,
  name: TEXT,
  files: optional(listOf(PLAIN_OBJECT, 'files')),
  units: optional(listOf(PLAIN_OBJECT, 'units')),
  sshAuthorizedKeys: optional(listOf(TEXT, 'SSH keys')),
  passwordHash: optional({ what: 'a text', is: () => true }),
  kernelArguments: optional(listOf(TEXT, 'kernel arguments')),
  extensions: optional(listOf(TEXT, 'extensions', "['ipsec']")),
  kernelType: optional(member(KernelType)),
  fips: optional(FLAG),
  compression: optional(member(Compression)),
  labels: optional(mapOf(TEXT, 'texts')),
  annotations: optional(mapOf(TEXT, 'texts')),
  acknowledge: ACKNOWLEDGE,
};

const FILE_KINDS: KindsOf<MachineConfigFile> = {
  path: TEXT,
  contents: instance(FileContents, "FileContents.fromText('…')"),
  mode: optional(instance(FileMode, "FileMode.octal('0600')")),
  overwrite: optional(FLAG),
};

const UNIT_KINDS: KindsOf<SystemdUnit> = {
  name: TEXT,
  contents: optional(TEXT),
  enabled: optional(FLAG),
  mask: optional(FLAG),
  dropins: optional(listOf(PLAIN_OBJECT, 'drop-ins')),
};

const DROPIN_KINDS: KindsOf<SystemdDropin> = { name: TEXT, contents: TEXT };

/** @throws when a part is not what it has to be */
export function requireParts({ files = [], units = [] }: MachineConfigProps): void {
  for (const file of files) requireProps('MachineConfigFile', file, FILE_KINDS);
  for (const unit of units) {
    requireProps('SystemdUnit', unit, UNIT_KINDS);
    for (const dropin of unit.dropins ?? []) requireProps('SystemdDropin', dropin, DROPIN_KINDS);
  }
}
