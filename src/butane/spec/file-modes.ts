/* eslint-disable no-bitwise -- a mode is a set of bits */

/**
 * Whether a mode was most likely written in decimal by mistake: it is no usual mode as it stands, but would be one if its
 * decimal digits were octal. 644 is; 420, which is 0644, is not.
 */
export function looksDecimal(mode: number, directory: boolean): boolean {
  if (mode < 0 || mode > 7777 || /[89]/.test(String(mode))) return false;
  return !isTypical(mode, directory) && isTypical(parseInt(String(mode), 8), directory);
}

/** Whether a mode surprises nobody; some unusual ones are valid all the same. */
function isTypical(mode: number, directory: boolean): boolean {
  // The superuser ignores permissions, so having none is reasonable.
  if (mode === 0) return true;
  let [read, write, execute] = [false, false, false];
  for (const shift of [0, 3, 6]) {
    const bits = mode >> shift;
    const [r, w, x] = [(bits & 4) !== 0, (bits & 2) !== 0, (bits & 1) !== 0];
    if (!r && read || !w && write || !x && execute) return false;
    if (x && read && !execute) return false;
    if ((w || x) && !r) return false;
    [read, write, execute] = [read || r, write || w, execute || x];
  }
  if (!read) return false;
  const [setId, sticky] = [(mode & 0o6000) !== 0, (mode & 0o1000) !== 0];
  if (directory) return execute && (mode & 0o4000) === 0 && !((mode & 0o3000) !== 0 && !write);
  return !(setId && (!execute || (mode & 2) !== 0)) && !sticky;
}
