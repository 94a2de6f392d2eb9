/**
 * The name that a misspelt one is likely to stand for: the nearest one that differs in capitals, separators, and a few letters.
 *
 * @param most how many letters may differ
 */
export function nearest(given: string, names: readonly string[], most: number): string | undefined {
  let [found, least]: [string | undefined, number] = [undefined, most + 1];
  for (const name of names) {
    const far = distance(plain(given), plain(name), least);
    if (far < least) [found, least] = [name, far];
  }
  return found;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

/** Levenshtein's distance, how many letters to add, take out or change; `enough` where it is that or more. */
function distance(one: string, other: string, enough: number): number {
  if (Math.abs(one.length - other.length) >= enough) return enough;
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[other.length];
}
