import type { ReadObject } from './candidate';
import { VARIABLE } from './code';
import type { Statement } from './written';

/**
 * Statements in the order of what they write, for objects whose order in a list is part of what was read; what a statement refers to
 * comes before it.
 */
export function inOrderOfReading(statements: readonly Statement[], objects: readonly ReadObject[]): Statement[] {
  const place = new Map(objects.map((read, i) => [read, i]));
  const placeOf = (statement: Statement) => Math.min(...statement.objects.map((read) => place.get(read) ?? objects.length));
  const byName = new Map(statements.map((statement) => [statement.name, statement]));
  const ordered = new Set<Statement>();
  const visit = (statement: Statement): void => {
    if (ordered.has(statement)) return;
    for (const use of statement.candidate.props.uses) {
      const named = use.startsWith(VARIABLE) ? byName.get(use.slice(VARIABLE.length)) : undefined;
      if (named && named !== statement) visit(named);
    }
    ordered.add(statement);
  };
  [...statements].sort((one, other) => placeOf(one) - placeOf(other)).forEach(visit);
  return [...ordered];
}
