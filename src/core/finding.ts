import type { RuleId } from './rule-ids';

/** How bad it is: an error fails on the cluster or is insecure, a warning works but not as most people think. */
export type Severity = 'error' | 'warning';

/** What a rule has to say. Every floor adds where it stands: in a certificate, an object, a manifest of a construct, a file. */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** What was found and why it matters. It begins with what it is about; the fix follows after it. */
  readonly message: string;
  /** What to do, as a sentence; the rule's own where it is left out. */
  readonly fix?: string;
}
