import type { DocumentSet } from './document-set';
import type { Subject } from './subjects';

/** How bad it is: an error fails on the cluster or is insecure, a warning works but not as most people think. */
export type Severity = 'error' | 'warning';

/** What a rule found in one object. */
export interface Finding {
  readonly subject: Subject;
  /** A JSON pointer (RFC 6901) from the object to the place. */
  readonly path: string;
  /** What was found and why it matters; the fix follows after it. */
  readonly message: string;
  /** Where it says more than the rule's own. */
  readonly fix?: string;
  /** Where it differs from the rule's own. */
  readonly severity?: Severity;
}

/** One judgement over the objects of one cluster. */
export interface Rule {
  /** Public; its meaning never changes. */
  readonly id: string;
  readonly severity: Severity;
  /** What the rule finds, as a phrase. */
  readonly title: string;
  /** What happens on the cluster otherwise. */
  readonly why: string;
  /** What to do, as a sentence. */
  readonly fix: string;
  /** The vendor's page. */
  readonly docs: string;
  /** Whether it shows only across objects, so that no constructor can have judged it; such a rule runs at synthesis. */
  readonly acrossObjects?: true;
  /** Whether the place that it points at may hold a secret, which no report repeats. */
  readonly conceals?: true;
  /** Judges all objects in one pass, linear in their number. */
  check(set: DocumentSet): Iterable<Finding>;
}
