import type { DocumentSet } from './document-set';
import type { Rule, Severity } from './rule';
import { annotationsOf, outerPointer, pointerTo, Subject } from './subjects';
import { ACKNOWLEDGE_ANNOTATION } from '../synthesis/acknowledgements';

/** A finding with everything that its rule says about it. */
export interface Judgement {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly subject: Subject;
  /** A JSON pointer from the document to the place, or to the text that it stands in. */
  readonly pointer: string;
  /** A JSON pointer to the place from the text that it stands in, or from the document where it stands in none. */
  readonly innerPointer: string;
  readonly message: string;
  readonly fix: string;
}

/** What the rules found. */
export interface Verdict {
  readonly judgements: readonly Judgement[];
  /** How many findings an annotation acknowledges; they are not among the judgements. */
  readonly acknowledged: number;
}

/** Judges the objects of one cluster by these rules. */
export function judge(set: DocumentSet, rules: readonly Rule[]): Verdict {
  const judgements: Judgement[] = [];
  let acknowledged = 0;
  for (const rule of rules) {
    for (const { subject, path, message, severity, fix } of rule.check(set)) {
      if (isAcknowledged(subject, rule.id)) {
        acknowledged++;
        continue;
      }
      const pointer = outerPointer(subject, path);
      const innerPointer = pointerTo(subject, path);
      judgements.push({ rule, subject, pointer, innerPointer, message, severity: severity ?? rule.severity, fix: fix ?? rule.fix });
    }
  }
  return { judgements, acknowledged };
}

/** What was found, why it matters, and the fix, as one sentence. */
export function sentence({ message, fix }: Pick<Judgement, 'message' | 'fix'>): string {
  return `${message}; ${fix.charAt(0).toLowerCase()}${fix.slice(1).replace(/\.$/, '')}`;
}

/** An annotation on the object itself, or on the policy that holds it, with a reason. */
function isAcknowledged(subject: Subject, rule: string): boolean {
  const annotation = `${ACKNOWLEDGE_ANNOTATION}${rule}`;
  return annotationsOf(subject).some(([name, reason]) => name === annotation && typeof reason === 'string' && reason.trim() !== '')
    || subject.held !== undefined && isAcknowledged(subject.held.by, rule);
}
