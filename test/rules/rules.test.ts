import { readFileSync } from 'fs';
import { join } from 'path';
import { rulesMarkdown } from '../../projenrc/rules-markdown';
import { RULE_IDS } from '../../src/core/rule-ids';
import { RULES } from '../../src/rules/catalogue';

describe('the catalogue', () => {
  test('has exactly the ids that are public, each once', () => {
    expect(RULES.map(({ id }) => id)).toEqual(RULE_IDS);
    expect(new Set(RULE_IDS).size).toBe(RULE_IDS.length);
  });

  test('keeps every id that was ever published', () => {
    const published = readFileSync(join(__dirname, 'published-ids.txt'), 'utf8').trim().split('\n');
    expect(published.filter((id) => !(RULE_IDS as readonly string[]).includes(id))).toEqual([]);
  });

  test('is what RULES.md says; `npx projen rules` writes it', () => {
    expect(readFileSync(join(__dirname, '../../RULES.md'), 'utf8')).toBe(rulesMarkdown());
  });
});
