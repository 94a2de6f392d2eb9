import * as fc from 'fast-check';
import { DocumentOptions, ToStringOptions } from 'yaml';

/** How many times as many documents as in a usual run, such as `FUZZ=400` for a million. */
export const FUZZ = Number(process.env.FUZZ ?? 1);

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
/** Anything that JSON can hold. */
export const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text, fc.boolean(), fc.integer(), fc.constantFrom(null, 1.5, 1e21),
    fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(text, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;

/** How a program may write it. */
export const style = fc.constantFrom<ToStringOptions & DocumentOptions>(
  { version: '1.1', lineWidth: 0 }, { lineWidth: 0 }, { version: '1.1' }, { indentSeq: false, lineWidth: 0 },
  { lineWidth: 0, singleQuote: true },
  { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE' }, { lineWidth: 0, indent: 4 },
);
const CHARACTERS = [
  ' ', '  ', '\n', ':', ': ', '- ', '-', '#', ' #', '"', "'", '|', '|-', '>', '{', '}', '[', ']', ',', 'a', '1', '0', '\t', '\\', '!',
  '&', '*', '?', '%', '@', '\r', '---', '...', '~', '=', 'e', '.', '_',
  '\n  ', '\n- ', '\n\n', '\n---\n', '\u0085', '\ufeff',
];
/** Changes to a text at chosen places, of characters that mean something in YAML. */
export const edits = fc.array(fc.record({ at: fc.nat(2000), cut: fc.nat(3), put: fc.constantFrom('', ...CHARACTERS) }), { maxLength: 4 });

export function edited(original: string, changes: readonly { readonly at: number; readonly cut: number; readonly put: string }[]): string {
  return changes.reduce((text_, { at, cut, put }) => {
    const place = at % (text_.length + 1);
    return text_.slice(0, place) + put + text_.slice(place + cut);
  }, original);
}
