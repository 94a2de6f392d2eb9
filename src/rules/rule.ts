import type { Judged } from './judged';
import type { Finding, Severity } from '../core/finding';
import type { RuleId } from '../core/rule-ids';
import type { JudgeOptions } from '../documents/facts';
import type { Subject } from '../documents/subjects';

/** What a rule says of the thing that it judges; what it leaves out is as the rule itself says. */
export interface Found extends Pick<Finding, 'message' | 'fix'>, Partial<Pick<Finding, 'severity'>> {
  /** A JSON pointer (RFC 6901) from the object to the place. */
  readonly path: string;
  /** Where it is about another object than the one that is judged. */
  readonly subject?: Subject;
}

/** What a rule over the whole set says: it has to tell which object it is about. */
export type FoundInSet = Found & { readonly subject: Subject };

/** Takes what a rule found; a rule over the whole set has to say which object it is about. */
export type Report<On extends keyof Judged> = (found: On extends 'set' ? FoundInSet : Found) => void;

/** What a rule judges of each thing that it reads, in time linear in its size. */
export type Judging = {
  readonly [On in keyof Judged]?: (it: Judged[On], report: Report<On>, facts: JudgeOptions) => void;
};

/**
 * One judgement. It is the only place that makes it: constructs and `openshift-ipsec check` both run it.
 *
 * What a template still has to fill in is unknown to a rule, and no fault.
 */
export interface Rule {
  /** Public; its meaning never changes. */
  readonly id: RuleId;
  readonly severity: Severity;
  /** What the rule finds, as a phrase. */
  readonly title: string;
  /** What happens on the cluster otherwise. */
  readonly why: string;
  /** What to do, as a sentence. */
  readonly fix: string;
  /** The vendor's page. */
  readonly docs: string;
  /** Whether the place that it points at may hold a secret, which no report repeats. */
  readonly conceals?: true;
  /**
   * What it reads, and how it judges each. What needs several objects is judged on the `set`, when an app is synthesized;
   * anything else as soon as a construct has written the object.
   */
  readonly on: Judging;
}

/** Whether a rule needs several objects, so that it runs at synthesis. */
export function needsSet({ on }: Rule): boolean {
  return on.set !== undefined;
}
