import type { Connection } from './connection';

/**
 * A connection as an interface of an nmstate state.
 *
 * @see https://nmstate.io/features/ipsec.html
 */
export function nmstateInterface({ interfaceName, libreswan }: Connection): object {
  return libreswan ? { name: interfaceName, type: 'ipsec', libreswan } : { name: interfaceName, type: 'ipsec', state: 'absent' };
}
