import type { DocumentSet } from './document-set';
import type { Judged } from './judged';
import type { Rule, Found, Judging, Severity } from './rule';
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

/** Judges the objects of one cluster by these rules, or by the parts of them that read one kind of thing. */
export function judge(set: DocumentSet, rules: readonly Rule[], only?: keyof Judged): Verdict {
  const judgements: Judgement[] = [];
  let acknowledged = 0;
  const add = (rule: Rule, subject: Subject, { path, message, severity, fix }: Found) => {
    if (isAcknowledged(subject, rule.id)) {
      acknowledged++;
      return;
    }
    judgements.push({
      rule,
      subject,
      pointer: outerPointer(subject, path),
      innerPointer: pointerTo(subject, path),
      message,
      severity: severity ?? rule.severity,
      fix: fix ?? rule.fix,
    });
  };
  for (const rule of rules) {
    for (const on of Object.keys(rule.on) as (keyof Judged)[]) {
      if (only === undefined || on === only) judgeAll(set, on, rule.on, (subject, found) => add(rule, subject, found));
    }
  }
  return { judgements, acknowledged };
}

function judgeAll<On extends keyof Judged>(
  set: DocumentSet, on: On, { [on]: judgeOne }: Judging, add: (subject: Subject, found: Found) => void,
): void {
  let it: Judged[On];
  const report = (found: Found) => add(found.subject ?? subjectOf(it)!, found);
  for (it of set.all(on)) judgeOne!(it, report, set.facts);
}

/** The object that a thing stands in; a set is none, and its rules say which object they are about. */
function subjectOf(it: Judged[keyof Judged]): Subject | undefined {
  if ('subject' in it) return it.subject;
  if ('machineConfig' in it) return it.machineConfig.subject;
  return 'document' in it ? it : undefined;
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
