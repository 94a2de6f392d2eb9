import * as fc from 'fast-check';
import { isMap, isScalar, isSeq, stringify, ToStringOptions, DocumentOptions } from 'yaml';
import { NodeBudget } from '../../src/check/node-budget';
import { YamlDocument, YamlFile, YamlProblem } from '../../src/check/yaml-file';

/** How many times as many documents as in a usual run, such as `FUZZ=400` for a million. */
const FUZZ = Number(process.env.FUZZ ?? 1);

type Read = YamlDocument | YamlProblem;

/** The same file, read by the quick readers where they take it, and by the YAML library alone. */
function both(text: string): { readonly quick: readonly Read[] | undefined; readonly library: readonly Read[] } {
  const file = () => new YamlFile('x.yaml', text, new NodeBudget()) as unknown as {
    readJson(): Read[] | undefined; readBlocks(): Read[] | undefined; readByLibrary(): Iterable<Read>;
  };
  return { quick: file().readJson() ?? file().readBlocks(), library: [...file().readByLibrary()] };
}

/** What is the same of a node whoever made it: its value, how it is written, and where in the file it begins and ends. */
function shape(node: unknown, text: string, shift: number): unknown {
  const placed = ({ range }: { range?: readonly number[] | null }) => [range![0] + shift, range![1] + shift];
  // How many of the empty lines behind it a collection has, the library itself says in two ways, by what follows.
  const collected = (own: { range?: readonly number[] | null }) => [placed(own)[0], text.slice(0, placed(own)[1]).trimEnd().length];
  const inside = (own: unknown) => shape(own, text, shift);
  if (isMap(node)) return { map: node.items.map(({ key, value }) => [inside(key), inside(value)]), at: collected(node) };
  if (isSeq(node)) return { seq: node.items.map(inside), at: collected(node) };
  if (!isScalar(node)) return 'other';
  const [start, end] = placed(node);
  // The key of a merge is a symbol, another one for each parse.
  const value = typeof node.value === 'symbol' ? String(node.value) : node.value;
  // Where nothing is written, there is no place to tell apart from others.
  return { value, type: node.type, at: start === end ? 'nowhere' : [start, end] };
}

function shapeOf(read: YamlDocument, text: string): unknown {
  const { document, shift } = read.nodes();
  return shape(document.contents, text, shift);
}

function expectSame(text: string): void {
  const { quick, library } = both(text);
  if (!quick) return;
  expect(quick.map((read) => ('value' in read ? read.value : read.message))).toEqual(
    library.map((read) => ('value' in read ? read.value : read.message)),
  );
  quick.forEach((read, i) => {
    const other = library[i];
    if ('value' in read && 'value' in other) expect(shapeOf(read, text)).toEqual(shapeOf(other, text));
  });
}

const WORDS = [
  'a', 'kubernetes.io/hostname', 'yes', 'No', 'null', '~', '0x1F', '0X1F', '0o7', '0b1', '1e3', '.5', 'e5', 'E5', '12', '-3', '+4', '007',
  '1_000',
  '12:30', '1:30:00', '2001-12-14',
  '192.0.2.10/32', '192.0.2.1', '%fromcert', '@x.y', 'true', 'on', '', ' x', 'x ', 'a: b', 'a #b', '#c', '- d', '-e', '--', '---', '...',
  '"q"', "it's", 'a\nb', 'a\nb\n', '\n', 'l1\n\n  l2\nl3\n',
  'tab\tx', 'a\n\tb\n', 'é', '\u2028', '\ud83d\ude00', '{}', '[]', '{a', '*c', '&d', '!e', '|', '>', '?', 'a:', 'a:b', '=', '<<',
  '__proto__', 'constructor', '\\', 'y', '.inf', '.nan', '-0', '00',
  '1.0', '1.', 'a\n#b\n---\nc\n', 'http://a.b:80/c',
];
const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(...WORDS)).map(([a, b]) => a + b) },
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text, fc.boolean(), fc.integer(), fc.constantFrom(null, 1.5, 1e21),
    fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(text, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));
const object = value.map((spec) => ({ apiVersion: 'v1', kind: 'List', spec }));
const style = fc.constantFrom<ToStringOptions & DocumentOptions>(
  { version: '1.1', lineWidth: 0 }, { lineWidth: 0 }, { version: '1.1' }, { indentSeq: false, lineWidth: 0 },
  { lineWidth: 0, singleQuote: true },
  { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE' }, { lineWidth: 0, indent: 4 },
);
const CHARACTERS = [
  ' ', '  ', '\n', ':', ': ', '- ', '-', '#', ' #', '"', "'", '|', '|-', '>', '{', '}', '[', ']', ',', 'a', '1', '0', '\t', '\\', '!',
  '&', '*', '?', '%', '@', '\r', '---', '...', '~', '=', 'e', '.', '_',
  '\n  ', '\n- ', '\n\n', '\n---\n', '\u0085', '\ufeff',
];
const edits = fc.array(fc.record({ at: fc.nat(2000), cut: fc.nat(3), put: fc.constantFrom('', ...CHARACTERS) }), { maxLength: 4 });

function edited(original: string, changes: readonly { readonly at: number; readonly cut: number; readonly put: string }[]): string {
  return changes.reduce((text_, { at, cut, put }) => {
    const place = at % (text_.length + 1);
    return text_.slice(0, place) + put + text_.slice(place + cut);
  }, original);
}

describe('what the quick readers take, they read as the YAML library reads it, to the last offset', () => {
  jest.setTimeout(20_000 * FUZZ);
  const separator = fc.constantFrom('---\n', '---\n', '---\n# c\n', '---\n\n', '\n---\n', '--- # x\n', '...\n---\n');

  test('documents in blocks, as programs write them and with changes', () => {
    fc.assert(fc.property(object, style, edits, (document, options, changes) => {
      expectSame(edited(stringify(document, options), changes));
    }), { numRuns: 1500 * FUZZ });
  });

  test('several documents in one file', () => {
    fc.assert(fc.property(fc.array(fc.tuple(object, style, edits, separator), { minLength: 2, maxLength: 4 }), (documents) => {
      expectSame(documents.map(([document, options, changes, before]) => before + edited(stringify(document, options), changes)).join(''));
    }), { numRuns: 500 * FUZZ });
  });

  test('JSON', () => {
    fc.assert(fc.property(object, fc.constantFrom(0, 1, 2, 4, '\t'), edits, (document, indent, changes) => {
      expectSame(edited(JSON.stringify(document, null, indent), changes));
    }), { numRuns: 700 * FUZZ });
  });
});

describe('the quick readers take what programs write', () => {
  const policy = {
    apiVersion: 'nmstate.io/v1',
    kind: 'NodeNetworkConfigurationPolicy',
    metadata: { name: 'ipsec-storage', annotations: {} },
    spec: {
      desiredState: {
        interfaces: [
          { name: 'ipsec', type: 'ipsec', libreswan: { leftid: '%fromcert', left: '192.0.2.1', rekey: false, dpddelay: 30 } },
          { script: 'a\n\n  b\n' },
        ],
      },
    },
  };

  test.each<[string, string]>([
    ['cdk8s', stringify(policy, { version: '1.1', lineWidth: 0 })],
    ['a Go program, with lists that are not indented', stringify(policy, { version: '1.1', lineWidth: 0, indentSeq: false })],
    ['a JSON writer', JSON.stringify(policy, null, 2)],
    ['a list of documents', `${stringify(policy)}---\n# Source: chart/templates/policy.yaml\n${stringify(policy)}`],
  ])('%s', (_, written) => {
    const { quick } = both(written);
    expect(quick?.map((read) => 'value' in read && read.value)).toEqual(written.includes('---\n') ? [policy, policy] : [policy]);
  });

  test.each<[string, string]>([
    ['a key that is there twice', '{"a": 1, "b": {"c": 1, "c": 2}}'],
    ['a key that is there twice, escaped', '{"a": 1, "\\u0061": 2}'],
    ['tabs', '{\n\t"a": 1}'],
    ['a merge', 'a: {}\n<<: b\n'],
    ['an anchor', 'a: &b c\n'],
    ['a key that is there twice in a block', 'a: 1\nb: 2\na: 3\n'],
    ['a text of several lines', 'a: b\n  c\n'],
    ['a comment behind a value', 'a: b # c\n'],
    ['a carriage return', 'a: b\r\n'],
  ])('and leave %s to the library', (_, written) => {
    expect(both(written).quick).toBeUndefined();
  });
});
