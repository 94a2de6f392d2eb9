import { assert, array, constantFrom, property, string } from 'fast-check';
import { base64In } from '../../src/check/secrets';
import { isSecretName } from '../../src/core/secret-names';

test.each(['leftrsasigkey', 'rightrsasigkey', 'monkey', 'keyDatabase', 'keyingtries', 'leftkeys', 'keyexchange'])('%s names no secret', (name) => {
  expect(isSecretName(name)).toBe(false);
});

test('long Base64 is found wherever it is, as a regular expression finds it', () => {
  const part = constantFrom('A'.repeat(46), '/'.repeat(47), '0+z'.repeat(16), 'Q'.repeat(49), 'a', 'Z', '9', '=', '==', '-', ' ', '\n', '\u00e9', '@', '[', '`', '{');
  assert(
    property(array(part, { maxLength: 12 }), string({ maxLength: 8 }), (parts, more) => {
      const text = parts.join('') + more + parts.reverse().join('');
      const expected = [...text.matchAll(/[A-Za-z0-9+/]{48,}={0,2}/g)].map((match) => [match.index, match.index + match[0].length]);
      expect(base64In(text)).toEqual(expected);
    }),
    { numRuns: 3000 },
  );
});
