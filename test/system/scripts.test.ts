import * as fs from 'fs';
import * as path from 'path';
import { REPOSITORY, requireTools, run } from './tools';

requireTools({ bash: 'bash', shellcheck: 'shellcheck' });

const source = path.join(REPOSITORY, 'src');
const scripts = fs.readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sh')).sort();

test('there are scripts', () => {
  expect(scripts).toContain('cert-import/ipsec-addcert.sh');
});

test('the import script stays under 120 lines', () => {
  expect(fs.readFileSync(path.join(source, 'cert-import/ipsec-addcert.sh'), 'utf8').split('\n').length - 1).toBeLessThan(120);
});

describe.each(scripts)('%s', (script) => {
  const file = path.join(source, script);

  test('is quiet under shellcheck', () => {
    expect(run('shellcheck', [file])).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  });

  test('is understood by bash', () => {
    expect(run('bash', ['-n', file])).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  });

  test('is executable and ends with a line end', () => {
    const text = fs.readFileSync(file, 'utf8');
    expect(() => fs.accessSync(file, fs.constants.X_OK)).not.toThrow();
    expect(text.endsWith('\n')).toBe(true);
  });
});
