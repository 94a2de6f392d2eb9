import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import * as fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { YamlNode, YamlSource } from '../../src/butane/yaml/yaml-source';
import { anyValue, edited, edits, FUZZ, style } from '../core/yaml-texts';

interface Readers { text: string; root?: YamlNode; readBlocks(): boolean; readByLibrary(): void }

/** A config that the quick reader takes, read by it and by the YAML library alone. */
function both(text: string): { readonly quick: YamlNode; readonly library: YamlNode | undefined } | undefined {
  const source = () => Object.assign(Object.create(YamlSource.prototype) as Readers, { text });
  const [quick, library] = [source(), source()];
  if (!quick.readBlocks()) return undefined;
  library.readByLibrary();
  return { quick: quick.root!, library: library.root };
}

function expectSame(text: string): boolean {
  const read = both(text);
  if (read) expect(read.quick).toEqual(read.library);
  return read !== undefined;
}

describe('what the quick reader takes of a config, it reads as the YAML library reads it, to the last offset', () => {
  jest.setTimeout(20_000 * FUZZ);
  const config = fc.oneof(anyValue, anyValue.map((mode) => ({ variant: 'openshift', storage: { files: [{ path: '/a', mode }] } })));

  test('configs as programs write them and with changes', () => {
    let taken = 0;
    fc.assert(fc.property(config, style, edits, (document, options, changes) => {
      if (expectSame(edited(stringify(document, options), changes))) taken++;
    }), { numRuns: 2000 * FUZZ });
    expect(taken).toBeGreaterThan(100 * FUZZ);
  });

  test('modes, versions and words, which Butane reads in another way than Kubernetes', () => {
    const text = 'variant: openshift\nversion: 4.20.0\na: 0644\nb: yes\nc: ~\nd:\ne: 1_000\nf: 2001-12-14\ng: "0644"\nh: 0x1F\n';
    expect(expectSame(text)).toBe(true);
    expect(both(text)!.quick).toMatchObject({
      pairs: ['openshift', '4.20.0', '0644', 'yes', '~', '', '1_000', '2001-12-14', '0644', '0x1F'].map((written, i) => ({
        value: { kind: 'scalar', text: written, plain: i !== 8 },
      })),
    });
  });

  // People's configs have comments and the like, and are the library's; so each is also read as a program would write it.
  test.each(['butane-cases', 'wild-cases'])('%s, and how a program would write them', (folder) => {
    const files = (readdirSync(join(__dirname, folder), { recursive: true }) as string[]).filter((file) => file.endsWith('.bu'));
    const texts = files.map((file) => readFileSync(join(__dirname, folder, file), 'utf8'));
    for (const text of texts) expectSame(text);
    const taken = texts.filter((text) => expectSame(stringify(parse(text, { version: '1.1' }), { lineWidth: 0 })));
    expect([taken.length, files.length]).toEqual([files.length, files.length]);
    expect(files.length).toBeGreaterThan(0);
  });
});

test.each<[string, string]>([
  ['a comment', 'a: b # c\n'],
  ['an alias', 'a: &b c\nd: *b\n'],
  ['a key that is there twice', 'a: 1\nb: 2\na: 3\n'],
  ['a second document', 'a: b\n---\nc: d\n'],
  ['a text that the end of the file cuts off', 'a: b'],
  ['more lines than a config may have tokens', 'a:\n' + '- b\n'.repeat(50_000)],
])('the quick reader leaves %s to the library', (_, text) => {
  expect(both(text)).toBeUndefined();
});
