import { expectSaid } from './said';

test.each([
  ['a\nb\n', 'a\nb\n'],
  ['in 12 days\n', 'in … days\n'],
  ['a\nb\nc\nd\n', 'a\n…\nd\n'],
  ['a (b)\n', 'a (b)\n'],
])('%j is said by %j', (printed, says) => expectSaid(printed, says));

test.each([
  ['a\nb\n', 'a\n'],
  ['a\n', 'a\nb\n'],
  ['in 12 days\n', 'in … weeks\n'],
  ['a\nb\nc\n', 'a\n…\nd\n'],
  ['aXb\n', 'a.b\n'],
  ['in 12\n13 days\n', 'in … days\n'],
])('%j is not said by %j', (printed, says) => expect(() => expectSaid(printed, says)).toThrow());
