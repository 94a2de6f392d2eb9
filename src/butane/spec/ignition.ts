/**
 * Ignition configs, versions 3.2 to 3.5, as far as the openshift variant can write them. A field that is undefined is
 * absent; names without `?` are written even when empty.
 *
 * @see https://coreos.github.io/ignition/configuration-v3_5/
 */
export interface IgnitionConfig {
  ignition: Ignition;
  kernelArguments?: KernelArguments;
  passwd?: Passwd;
  storage?: Storage;
  systemd?: Systemd;
}

export interface Ignition {
  config?: { merge?: Resource[]; replace?: Resource };
  proxy?: { httpProxy?: string; httpsProxy?: string; noProxy?: string[] };
  security?: { tls?: { certificateAuthorities?: Resource[] } };
  timeouts?: { httpResponseHeaders?: number; httpTotal?: number };
  version?: string;
}

export interface KernelArguments {
  shouldExist?: string[];
  shouldNotExist?: string[];
}

export interface Passwd {
  groups?: PasswdGroup[];
  users?: PasswdUser[];
}

export interface PasswdGroup {
  gid?: number;
  name: string;
  passwordHash?: string;
  shouldExist?: boolean;
  system?: boolean;
}

export interface PasswdUser {
  gecos?: string;
  groups?: string[];
  homeDir?: string;
  name: string;
  noCreateHome?: boolean;
  noLogInit?: boolean;
  noUserGroup?: boolean;
  passwordHash?: string;
  primaryGroup?: string;
  sshAuthorizedKeys?: string[];
  shell?: string;
  shouldExist?: boolean;
  system?: boolean;
  uid?: number;
}

export interface Storage {
  directories?: Directory[];
  disks?: Disk[];
  files?: File[];
  filesystems?: Filesystem[];
  links?: Link[];
  luks?: Luks[];
  raid?: Raid[];
}

/** A user or a group: by number or by name. */
export interface Owner {
  id?: number;
  name?: string;
}

export interface FilesystemNode {
  group?: Owner;
  overwrite?: boolean;
  path: string;
  user?: Owner;
}

export interface Directory extends FilesystemNode {
  mode?: number;
}

export interface File extends FilesystemNode {
  append?: Resource[];
  contents?: Resource;
  mode?: number;
}

export interface Link extends FilesystemNode {
  hard?: boolean;
  target?: string;
}

export interface Resource {
  compression?: string;
  httpHeaders?: { name: string; value?: string }[];
  source?: string;
  verification?: { hash?: string };
}

export interface Disk {
  device: string;
  partitions?: Partition[];
  wipeTable?: boolean;
}

export interface Partition {
  guid?: string;
  label?: string;
  number?: number;
  resize?: boolean;
  shouldExist?: boolean;
  sizeMiB?: number;
  startMiB?: number;
  typeGuid?: string;
  wipePartitionEntry?: boolean;
}

export interface Filesystem {
  device: string;
  format?: string;
  label?: string;
  mountOptions?: string[];
  options?: string[];
  path?: string;
  uuid?: string;
  wipeFilesystem?: boolean;
}

export interface Raid {
  devices?: string[];
  level?: string;
  name: string;
  options?: string[];
  spares?: number;
}

export interface Luks {
  cex?: { enabled?: boolean };
  clevis?: Clevis;
  device?: string;
  discard?: boolean;
  keyFile?: Resource;
  label?: string;
  name: string;
  openOptions?: string[];
  options?: string[];
  uuid?: string;
  wipeVolume?: boolean;
}

export interface Clevis {
  custom?: { config?: string; needsNetwork?: boolean; pin?: string };
  tang?: Tang[];
  threshold?: number;
  tpm2?: boolean;
}

export interface Tang {
  advertisement?: string;
  thumbprint?: string;
  url?: string;
}

export interface Systemd {
  units?: Unit[];
}

export interface Unit {
  contents?: string;
  dropins?: Dropin[];
  enabled?: boolean;
  mask?: boolean;
  name: string;
}

export interface Dropin {
  contents?: string;
  name: string;
}

/** A MachineConfig as the tool writes it. */
export interface MachineConfigObject {
  apiVersion: 'machineconfiguration.openshift.io/v1';
  kind: 'MachineConfig';
  metadata: { labels?: { [key: string]: string }; annotations?: { [key: string]: string }; name: string };
  spec: MachineConfigSpec;
}

export interface MachineConfigSpec {
  config: IgnitionConfig;
  kernelArguments?: string[];
  extensions?: string[];
  fips?: boolean;
  kernelType?: string;
}
