import type { LibreswanSettings } from './connection';
import { isShared, shared } from '../core/shared';

/**
 * A connection as an interface of an nmstate state. Connections that libreswan is told the same of have one in common.
 *
 * @see https://nmstate.io/features/ipsec.html
 */
export function nmstateInterface(interfaceName: string, libreswan: LibreswanSettings | undefined): object {
  if (!libreswan) return { name: interfaceName, type: 'ipsec', state: 'absent' };
  if (!isShared(libreswan)) return { name: interfaceName, type: 'ipsec', libreswan };
  let known = KNOWN.get(libreswan);
  if (known?.name !== interfaceName) KNOWN.set(libreswan, known = shared({ name: interfaceName, type: 'ipsec', libreswan }));
  return known!;
}

const KNOWN = new WeakMap<LibreswanSettings, { readonly name: string }>();
