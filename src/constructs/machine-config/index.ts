export { FileContents } from './file-contents';
export { FileMode } from './file-mode';
export { KernelType, MachineConfig, MachineConfigFile, MachineConfigProps, SystemdDropin, SystemdUnit } from './machine-config';
