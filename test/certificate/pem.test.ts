import * as fs from 'fs';
import * as path from 'path';
import { CaBundle } from '../../src';

interface Case { readonly file: string; readonly title: string; readonly certificates?: number; readonly error?: string }

const folder = path.join(__dirname, 'pem-cases');
const cases: Case[] = JSON.parse(fs.readFileSync(path.join(folder, 'cases.json'), 'utf8'));

describe('a CA file', () => {
  test('of each case is there, and each file has its case', () => {
    expect(fs.readdirSync(folder).filter((name) => name.endsWith('.pem')).sort()).toEqual(cases.map(({ file }) => file).sort());
  });

  test.each(cases.filter(({ error }) => error === undefined))('is taken whole with $title', ({ file, certificates }) => {
    expect(CaBundle.fromFile(path.join(folder, file)).subjects).toHaveLength(certificates!);
  });

  test.each(cases.filter(({ error }) => error !== undefined))('is refused with $title', ({ file, error }) => {
    const name = path.join(folder, file);
    expect(() => CaBundle.fromFile(name)).toThrow(expect.objectContaining({ name: 'InputError', message: `CA file '${name}' ${error}` }));
  });
});
