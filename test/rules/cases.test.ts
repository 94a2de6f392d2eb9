import { Case, documentsOf, factsOf, readCases } from './cases';
import { RULE_BY_ID } from '../../src/rules/catalogue';
import { DocumentSet } from '../../src/rules/document-set';
import { judge, sentence } from '../../src/rules/judge';

const CASES = [...readCases()];

/** What one rule finds in the documents of a case, as cases say it. */
function found(id: string, one: Case): object[] {
  const rule = RULE_BY_ID.get(id)!;
  const documents = documentsOf(one);
  return judge(new DocumentSet(documents, factsOf(one)), [rule]).judgements.map((judgement) => {
    const document = documents.indexOf(judgement.subject.document as never);
    return {
      ...judgement.severity === rule.severity ? {} : { severity: judgement.severity },
      at: judgement.pointer,
      ...document === 0 ? {} : { document: document + 1 },
      says: sentence(judgement),
    };
  });
}

describe.each(CASES)('%s', (id, { breaks, passes }) => {
  test.each(breaks.map((one) => [one.case, one] as const))('finds: %s', (_, one) => {
    expect(found(id, one)).toEqual([one.finds].flat());
  });

  test.each(passes.map((one) => [one.case, one] as const))('lets pass: %s', (_, one) => {
    expect(found(id, one)).toEqual([]);
  });
});
