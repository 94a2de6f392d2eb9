import type { Statement } from './written';
import { InputError } from '../core/input-error';

/** A statement that is not taken, and the reason. */
export interface RefusedStatement {
  readonly statement: Statement;
  readonly why: string;
}

const TOGETHER = 'it is refused together with others';

/**
 * The statements that a failed synthesis names; all that have a construct, where it names none of them.
 *
 * @param made the statements by the path of what they made
 * @throws when there is nothing left that could be written as it is
 */
export function refusedBy(error: Error, made: ReadonlyMap<string, Statement>, statements: readonly Statement[]): RefusedStatement[] {
  const told = String(error.message).split('\n').map((line) => line.replace(/^\s*\[[^\]]*\]\s*/, '').trim());
  const refused = [...made].flatMap(([path, statement]) => {
    const lines = told.filter((line) => line.startsWith(`${path}: `)).map((line) => line.slice(path.length + 2));
    return lines.length === 0 || statement.plain !== undefined ? [] : [{ statement, why: lines.join('; ') }];
  });
  if (refused.length > 0) return refused;
  const typed = statements.filter(({ plain }) => plain === undefined);
  if (typed.length === 0) throw new InputError(`the program can't be synthesized: ${told[0]}`);
  return typed.map((statement) => ({ statement, why: TOGETHER }));
}
