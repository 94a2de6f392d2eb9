import { mkdtempSync, readFileSync, writeFileSync } from 'fs';
import { createRequire } from 'module';
import { tmpdir } from 'os';
import { join } from 'path';
import { stringify } from 'yaml';
import { packageFolder } from './npm-package';
import { run } from '../../src/cli/main';
import { RULES } from '../../src/rules/catalogue';
import { RELEASE_STEP } from '../check/telco';
import { policy } from '../rules/documents';

/** Microsoft's package brings the schema of OASIS and the validator that it was written for. */
const SCHEMA_PACKAGE = packageFolder('@microsoft/jest-sarif', '1.0.0-beta.0');

function sarif(...args: string[]): any {
  let out = '';
  run({ args: ['check', '--format', 'sarif', ...args], stdout: (text) => { out += text; }, stderr: () => undefined });
  return JSON.parse(out);
}

function problemsOf(log: unknown): unknown {
  const requireBeside = createRequire(join(SCHEMA_PACKAGE, 'package.json'));
  const Ajv = requireBeside('ajv');
  const ajv = new Ajv({ schemaId: 'auto', validateSchema: false, unknownFormats: 'ignore' });
  ajv.addMetaSchema(requireBeside('ajv/lib/refs/json-schema-draft-04.json'));
  const validate = ajv.compile(JSON.parse(readFileSync(join(SCHEMA_PACKAGE, 'lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8')));
  validate(log);
  return validate.errors;
}

describe('SARIF', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sarif-'));
  const path = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };

  test('is valid by its schema, with findings, with unreadable input and with neither', () => {
    const log = sarif(path('a b.yaml', `${RELEASE_STEP}---\n${stringify(policy({ type: 'x', ikev2: 'no' }), { version: '1.1' })}`));
    expect(log.runs[0].results.length).toBeGreaterThan(2);
    expect(problemsOf(log)).toBeNull();
    expect(problemsOf(sarif(path('broken.yaml', 'a: ['), join(directory, 'nowhere')))).toBeNull();
    expect(problemsOf(sarif(path('empty.yaml', '')))).toBeNull();
    expect(problemsOf({ version: '2.1.0', runs: [{}] })).not.toBeNull();
  });

  test('repeats id, description and fix in the help, because GitHub shows nothing else', () => {
    const [{ tool: { driver: { rules } } }] = sarif(path('empty.yaml', '')).runs;
    expect(rules.map(({ id }: { id: string }) => id)).toEqual(RULES.map(({ id }) => id));
    for (const [i, rule] of RULES.entries()) {
      expect(rules[i].help.text).toContain(rule.id);
      expect(rules[i].help.text).toContain(rule.why);
      expect(rules[i].help.text).toContain(rule.fix);
    }
  });

  test('points to the rule, the line and the object, and knows a finding again when lines move', () => {
    const [result] = sarif(path('one.yaml', RELEASE_STEP)).runs[0].results;
    expect(result).toMatchObject({
      ruleId: 'network-mode-missing',
      ruleIndex: RULES.findIndex(({ id }) => id === 'network-mode-missing'),
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: expect.stringMatching(/^file:.*one\.yaml$/) },
            region: { startLine: 8, startColumn: 7 },
          },
        },
      ],
    });
    const [moved] = sarif(path('one.yaml', `# a comment\n${RELEASE_STEP}`)).runs[0].results;
    expect(moved.partialFingerprints).toEqual(result.partialFingerprints);
  });
});
