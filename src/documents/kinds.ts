import type { Subject } from './subjects';

export function isFirewall({ kind, apiVersion }: Subject): boolean {
  return kind === 'IngressNodeFirewall' && apiVersion.startsWith('ingressnodefirewall.openshift.io/');
}

export function isPool({ kind, apiVersion }: Subject): boolean {
  return kind === 'MachineConfigPool' && apiVersion.startsWith('machineconfiguration.openshift.io/');
}
