/** What is wrong with a certificate, under the id of the rule that says so. */
export interface Problem {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  /** One sentence: what was found, why it matters, and the fix. It begins with what it is about. */
  readonly message: string;
}

export function error(rule: string, message: string): Problem {
  return { rule, severity: 'error', message };
}

export function warning(rule: string, message: string): Problem {
  return { rule, severity: 'warning', message };
}
