import { RULES } from './catalogue';
import { Judge, ObjectFinding, Verdict } from './judge';
import { Clusters, clustersOf } from '../documents/clusters';
import type { JudgeOptions } from '../documents/facts';

/** What all rules found in all objects, and how many these are. */
export interface FullVerdict extends Verdict, Clusters {
  readonly objects: number;
  readonly judged: number;
}

const ALL_RULES = new Judge(RULES);

/** Judges documents by all rules, those of each cluster together. */
export function judgeAll(documents: Iterable<unknown>, options: JudgeOptions): FullVerdict {
  const { sets, unopened } = clustersOf(documents, options);
  const findings: ObjectFinding[] = [];
  let [acknowledged, objects, judged] = [0, 0, 0];
  for (const set of sets) {
    const verdict = ALL_RULES.judge(set);
    for (const finding of verdict.findings) findings.push(finding);
    acknowledged += verdict.acknowledged;
    objects += set.objectCount;
    judged += set.judgedCount;
  }
  return { sets, unopened, findings, acknowledged, objects, judged };
}
