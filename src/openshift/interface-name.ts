/** The longest name of a network interface: IFNAMSIZ is 16 with the zero at its end. */
export const MAX_INTERFACE_NAME_LENGTH = 15;

/** Whether the kernel takes the text as the name of a network interface (`dev_valid_name`). */
export function isKernelInterfaceName(text: string): boolean {
  return /^[^\s/:]+$/.test(text) && Buffer.byteLength(text) <= MAX_INTERFACE_NAME_LENGTH && text !== '.' && text !== '..';
}
