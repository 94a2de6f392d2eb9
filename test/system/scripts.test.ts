import * as fs from 'fs';
import * as path from 'path';
import { REPOSITORY, requireTools, run, scriptOnNode } from './tools';

requireTools({ bash: 'bash', shellcheck: 'shellcheck' });

const source = path.join(REPOSITORY, 'src');
const scripts = fs.readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sh')).sort();

test('there are scripts', () => {
  expect(scripts).toContain('constructs/certificates/ipsec-addcert.sh');
});

// What two scripts share is no script: it is judged in each of them, as the node gets it.
const SHARED = 'constructs/certificates/nss.sh';

describe.each(scripts.filter((script) => script !== SHARED))('%s', (script) => {
  const original = path.join(source, script);
  const file = fs.readFileSync(original, 'utf8').includes('/nss.sh"\n') ? scriptOnNode(path.basename(script)) : original;

  test('is quiet under shellcheck', () => {
    expect(run('shellcheck', [file])).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  });

  test('is understood by bash', () => {
    expect(run('bash', ['-n', file])).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  });

  test('is executable and ends with a line end', () => {
    expect(() => fs.accessSync(original, fs.constants.X_OK)).not.toThrow();
    expect(fs.readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
  });
});

test.each(scripts.filter((script) => script.startsWith('constructs/certificates/')))(
  '%s can be read: no line over 140 columns',
  (script) => {
    const lines = fs.readFileSync(path.join(source, script), 'utf8').split('\n');
    expect(lines.filter((line) => line.length > 140)).toEqual([]);
  },
);
