import * as ignition from './ignition';

/**
 * A Butane config of the openshift variant after decoding: Ignition's fields under Ignition's names, and what Butane adds.
 *
 * @see https://coreos.github.io/butane/config-openshift-v4_22/
 */
export interface ButaneConfig {
  version: string;
  variant: string;
  ignition?: Omit<ignition.Ignition, 'version'>;
  kernelArguments?: ignition.KernelArguments;
  passwd?: { groups?: ignition.PasswdGroup[]; users?: PasswdUser[] };
  storage?: Storage;
  systemd?: { units?: Unit[] };
  bootDevice?: BootDevice;
  grub?: { users?: { name: string; passwordHash?: string }[] };
  metadata?: Metadata;
  openshift?: OpenShift;
}

export interface PasswdUser extends ignition.PasswdUser {
  sshAuthorizedKeysLocal?: string[];
}

export interface Storage extends ignition.Storage {
  filesystems?: Filesystem[];
  trees?: Tree[];
}

export interface Filesystem extends ignition.Filesystem {
  withMountUnit?: boolean;
}

export interface Tree {
  local: string;
  path?: string;
}

/** Contents: from the config itself, from a file, or from a URL. */
export interface Resource extends ignition.Resource {
  inline?: string;
  local?: string;
}

export interface Unit extends ignition.Unit {
  contentsLocal?: string;
  dropins?: Dropin[];
}

export interface Dropin extends ignition.Dropin {
  contentsLocal?: string;
}

export interface BootDevice {
  layout?: string;
  luks?: BootDeviceLuks;
  mirror?: { devices?: string[] };
}

export interface BootDeviceLuks {
  cex?: { enabled?: boolean };
  discard?: boolean;
  device?: string;
  tang?: ignition.Tang[];
  threshold?: number;
  tpm2?: boolean;
}

export interface Metadata {
  name: string;
  labels?: { [key: string]: string };
}

export interface OpenShift {
  kernelArguments?: string[];
  extensions?: string[];
  fips?: boolean;
  kernelType?: string;
}
