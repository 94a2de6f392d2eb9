export { FileContents } from './file-contents';
export { FileMode } from './file-mode';
export { MachineConfig } from './machine-config';
export { KernelType, MachineConfigFile, MachineConfigProps, SystemdDropin, SystemdUnit } from './machine-config-props';
