import type { Subject } from './subjects';

export function isFirewall({ kind, apiVersion }: Subject): boolean {
  return kind === 'IngressNodeFirewall' && apiVersion.startsWith('ingressnodefirewall.openshift.io/');
}
