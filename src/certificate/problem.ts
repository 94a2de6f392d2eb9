/** What is wrong with a certificate, under the id of the rule that says so. */
export interface Problem {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  /** One sentence: what was found, why it matters, and the fix. It begins with what it is about. */
  readonly message: string;
  /** What to do, for whoever shows it by itself, where it is not what the rule says. */
  readonly fix?: string;
}

export function error(rule: string, message: string, fix?: string): Problem {
  return { rule, severity: 'error', message, ...fix === undefined ? {} : { fix } };
}

export function warning(rule: string, message: string, fix?: string): Problem {
  return { rule, severity: 'warning', message, ...fix === undefined ? {} : { fix } };
}

/** A name out of a file, fit for one line of a terminal: control characters as `\1B`. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (character) => `\\${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
