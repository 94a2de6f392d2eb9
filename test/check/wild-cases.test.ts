import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { checkInputs } from '../../src/check/check';

/** What a case asks for: `expect.txt` says it in words, `expect.json` so that this test can hold it. */
interface Expected {
  /**
   * Findings that there must be: rule, place (a JSON pointer, or its beginning), severity, part of the message; only what is given is
   * compared.
   */
  readonly must?: readonly { readonly rule: string; readonly path?: string; readonly severity?: string; readonly message?: string }[];
  /** Rules that must find nothing; `*` stands for all. */
  readonly mustNot?: readonly string[];
  /** Passwords of bundles, as `--p12-password-file` would give them. */
  readonly passwords?: readonly string[];
}

const CASES = join(__dirname, 'wild-cases');
const cases = readdirSync(CASES, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();

describe('what people have, and what check must say of it', () => {
  test.each(cases)('%s', (name) => {
    const folder = join(CASES, name);
    const input = readdirSync(folder).find((file) => file.startsWith('input.'))!;
    expect(existsSync(join(folder, 'expect.txt'))).toBe(true);
    const { must = [], mustNot = [], passwords } = JSON.parse(readFileSync(join(folder, 'expect.json'), 'utf8')) as Expected;
    expect(must.length + mustNot.length).toBeGreaterThan(0);
    const { findings } = checkInputs([{ name: input, text: readFileSync(join(folder, input), 'utf8') }], {
      passwords: passwords?.map((password) => Buffer.from(password)),
    });
    const found = findings.map(({ rule, severity, path, message }) => ({ rule, severity, path, message }));
    for (const { rule, path = '', severity, message = '' } of must) {
      const hit = found.some((one) => one.rule === rule && one.path.startsWith(path) && (severity ?? one.severity) === one.severity
        && one.message.includes(message));
      if (!hit) throw new Error(`no ${rule} at ${path || 'any place'}; found: ${JSON.stringify(found, undefined, 1)}`);
    }
    const unwanted = found.filter(({ rule }) =>
      mustNot.some((pattern) => pattern === rule || (pattern.endsWith('*') && rule.startsWith(pattern.slice(0, -1)))),
    );
    expect(unwanted).toEqual([]);
  });
});
