export { InputError } from './input-error';
export { IpsecWarning, IpsecWarnings } from './warnings';
