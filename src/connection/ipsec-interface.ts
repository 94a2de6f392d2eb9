import type { LibreswanOptions } from './libreswan-options';
import { InputError } from '../core/input-error';
import { FLAG, NUMBER, optional } from '../core/kinds';

/** The ways to say whether a connection has a network interface of its own. */
export interface IpsecInterfaceParts extends Pick<LibreswanOptions, 'ipsecInterface'> {
  readonly ipsecInterfaceNumber?: number;
  readonly ipsecInterfaceEnabled?: boolean;
}

const PROPS = ['ipsecInterfaceNumber', 'ipsecInterfaceEnabled', 'ipsecInterface'] as const;

export const IPSEC_INTERFACE_KINDS = {
  ipsecInterfaceNumber: optional(NUMBER),
  ipsecInterfaceEnabled: optional(FLAG),
};

/**
 * `ipsec-interface` as libreswan takes it: `yes`, `no` or a number.
 *
 * @throws when it is said more than once
 */
export function ipsecInterfaceOf(parts: IpsecInterfaceParts): string | number | undefined {
  const [prop, other] = said(parts);
  if (other !== undefined) {
    throw new InputError(`'${prop}' (${parts[prop]}) and '${other}' (${parts[other]}) both say which interface the connection has: `
      + 'give one of the two');
  }
  const { ipsecInterfaceNumber, ipsecInterfaceEnabled, ipsecInterface } = parts;
  if (ipsecInterfaceEnabled === undefined) return ipsecInterfaceNumber ?? ipsecInterface;
  return ipsecInterfaceEnabled ? 'yes' : 'no';
}

/** The prop that said it, for what a rule says of it. */
export function ipsecInterfaceName(parts: IpsecInterfaceParts): string {
  return `'${said(parts)[0] ?? 'ipsecInterface'}'`;
}

function said(parts: IpsecInterfaceParts): (typeof PROPS[number])[] {
  return PROPS.filter((prop) => parts[prop] !== undefined);
}
