import { Judged, thingsIn } from './judged';
import type { Found, Rule } from './rule';
import { Silence } from './silence';
import { ACKNOWLEDGE_ANNOTATION } from '../core/acknowledgements';
import type { Finding } from '../core/finding';
import type { DocumentSet } from '../documents/document-set';
import type { JudgeOptions } from '../documents/facts';
import { IpsecInterface, looksAtPolicies } from '../documents/policies';
import { annotationsOf, outerPointer, pointerTo, Subject } from '../documents/subjects';

/** A finding, and where in the objects it is. */
export interface ObjectFinding extends Required<Finding> {
  readonly subject: Subject;
  /** A JSON pointer from the document to the place, or to the text that it stands in. */
  readonly pointer: string;
  /** A JSON pointer to the place from the text that it stands in, or from the document where it stands in none. */
  readonly innerPointer: string;
}

/** What the rules found. */
export interface Verdict {
  readonly findings: readonly ObjectFinding[];
  /** How many findings an annotation acknowledges; they are not among the findings. */
  readonly acknowledged: number;
}

/** Which parts of rules run: those that read one object, or those that need them all. */
export type When = 'alone' | 'together';

/** The part of a rule that reads one kind of thing. */
interface Part {
  readonly rule: Rule;
  readonly judge: (it: Judged[keyof Judged], report: (found: Found) => void, facts: JudgeOptions) => void;
}

/** Rules, sorted once by what they read. An app has each of its objects judged by itself, so that a call makes next to nothing new. */
export class Judge {
  private readonly parts: readonly (readonly [on: keyof Judged, parts: readonly Part[]])[];
  private readonly silence = new Silence<Part>();
  private spare?: Session;

  public constructor(rules: readonly Rule[], when?: When) {
    const parts = new Map<keyof Judged, Part[]>();
    for (const rule of rules) {
      for (const on of Object.keys(rule.on) as (keyof Judged)[]) {
        if (when !== undefined && (on === 'set') !== (when === 'together')) continue;
        if (!parts.has(on)) parts.set(on, []);
        parts.get(on)!.push({ rule, judge: rule.on[on] as Part['judge'] });
      }
    }
    this.parts = [...parts];
  }

  /** Judges the objects of one cluster. */
  public judge(set: DocumentSet): Verdict {
    // Thousands of objects in a row have nothing to be told: one session serves until one has.
    const session = this.spare ?? new Session();
    this.spare = undefined;
    for (const [on, parts] of this.parts) {
      const things = thingsIn(set, on);
      if (things.length === 0) continue;
      if (on === 'interface' || on === 'connection') {
        this.judgeInterfaces(on, things as readonly IpsecInterface[], parts, session, set.facts);
        continue;
      }
      for (const part of parts) session.judgeAll(part, things, set.facts);
    }
    if (session.found > 0) return session;
    this.spare = session;
    return NOTHING;
  }

  /** Leaves out what is known to find nothing. */
  private judgeInterfaces(
    on: 'interface' | 'connection', things: readonly IpsecInterface[], parts: readonly Part[], session: Session, facts: JudgeOptions,
  ): void {
    const silents = things.map((own) => this.silence.about(own, facts)?.[on]);
    if (silents.every((silent) => silent?.size === parts.length)) return;
    // Of those behind it nothing is known, nor kept.
    let known = things.length;
    while (known > 0 && silents[known - 1] === undefined) known--;
    const others = things.slice(known);
    for (const part of parts) {
      for (let i = 0; i < known; i++) {
        const silent = silents[i];
        if (silent?.has(part)) continue;
        const [found, looks] = [session.found, looksAtPolicies()];
        session.judge(part, things[i], facts);
        if (session.found === found && looksAtPolicies() === looks) silent?.add(part);
      }
      session.judgeAll(part, others, facts);
    }
  }
}

/** What one call has found so far. */
class Session implements Verdict {
  public readonly findings: ObjectFinding[] = [];
  public acknowledged = 0;
  private rule!: Rule;
  private it!: Judged[keyof Judged];

  /** How many findings there are, acknowledged or not. */
  public get found(): number {
    return this.findings.length + this.acknowledged;
  }

  public judge({ rule, judge }: Part, it: Judged[keyof Judged], facts: JudgeOptions): void {
    this.rule = rule;
    this.it = it;
    judge(it, this.report, facts);
  }

  public judgeAll({ rule, judge }: Part, all: readonly Judged[keyof Judged][], facts: JudgeOptions): void {
    const { report } = this;
    this.rule = rule;
    for (const it of all) {
      this.it = it;
      judge(it, report, facts);
    }
  }

  private readonly report = ({ subject = subjectOf(this.it)!, path, message, severity, fix }: Found): void => {
    const { rule } = this;
    if (isAcknowledged(subject, rule.id)) {
      this.acknowledged++;
      return;
    }
    this.findings.push({
      rule: rule.id,
      subject,
      pointer: outerPointer(subject, path),
      innerPointer: pointerTo(subject, path),
      message,
      severity: severity ?? rule.severity,
      fix: fix ?? rule.fix,
    });
  };
}

const NOTHING: Verdict = { findings: [], acknowledged: 0 };

/** The object that a thing stands in; a set is none, and its rules say which object they are about. */
function subjectOf(it: Judged[keyof Judged]): Subject | undefined {
  if ('subject' in it) return it.subject;
  if ('machineConfig' in it) return it.machineConfig.subject;
  return 'document' in it ? it : undefined;
}

/** An annotation on the object itself, or on the policy that holds it, with a reason. */
function isAcknowledged(subject: Subject, rule: string): boolean {
  const annotation = `${ACKNOWLEDGE_ANNOTATION}${rule}`;
  return annotationsOf(subject).some(([name, reason]) => name === annotation && typeof reason === 'string' && reason.trim() !== '')
    || subject.held !== undefined && isAcknowledged(subject.held.by, rule);
}
