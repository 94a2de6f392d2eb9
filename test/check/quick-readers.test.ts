import * as fc from 'fast-check';
import { isMap, isScalar, isSeq, stringify } from 'yaml';
import { NodeBudget } from '../../src/check/node-budget';
import { YamlDocument, YamlFile, YamlProblem } from '../../src/check/yaml-file';
import { anyValue, edited, edits, FUZZ, style } from '../core/yaml-texts';

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

const object = anyValue.map((spec) => ({ apiVersion: 'v1', kind: 'List', spec }));

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
    ['a JSON writer, with texts that look like keys', JSON.stringify({ ...policy, data: { 'a:': ':', '\\': '\\":', 'b"': '": ', 'c': [' :', '":'] } })],
    ['a list of documents', `${stringify(policy)}---\n# Source: chart/templates/policy.yaml\n${stringify(policy)}`],
  ])('%s', (_, written) => {
    const { quick } = both(written);
    expect(quick?.map((read) => 'value' in read && read.value)).toEqual(written.includes('---\n') ? [policy, policy] : [written.startsWith('{') ? JSON.parse(written) : policy]);
  });

  test.each<[string, string]>([
    ['a key that is there twice', '{"a": 1, "b": {"c": 1, "c": 2}}'],
    ['a key that is there twice beside texts that begin with a colon', '{"a": ":b", "c": [":"], "d": 1, "d": ": "}'],
    ['a key that is there twice, once far from its colon', '{"a": 1, "b": ":", "a" : 2}'],
    ['a key before a far colon', '{"a" : 1}'],
    ['a key before a value in another line', '{"a":\n  1}'],
    ['a key that is longer than YAML has them', `{"${'a'.repeat(1000)}": 1}`],
    ['a key that is longer by its escapes', `{"${'\\u0061'.repeat(170)}": 1}`],
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
