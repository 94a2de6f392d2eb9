import { nearest } from '../core/nearest';

/** What follows the refusal of a misspelt command or option: what it is likely to stand for, and where all of them are listed. */
export function meant(given: string, names: readonly string[], help: string): string {
  const name = nearest(given, names, Math.max(1, Math.floor(given.replace(/^-+/, '').length / 3)));
  return name === undefined ? `; ${help}` : `: did you mean '${name}'? ${help}`;
}
