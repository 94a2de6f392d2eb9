import * as fc from 'fast-check';
import { readKeyfile, writeKeyfile } from '../../src/openshift/keyfile-format';
import { isKeyfilePath } from '../../src/openshift/network-manager';

/** Whatever the rules let through, and what they do not: blanks, line ends, backslashes, quotes and signs that mean something in lists. */
const values = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(' ', '\\', '\n', '\r', '\t', ';', '#', '=', '[', ']', 's', 'n') }));
const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);

test('what is written is what is read, whatever the values', () => {
  fc.assert(fc.property(fc.dictionary(names, fc.dictionary(names, values)), (sections) => {
    const read = readKeyfile(writeKeyfile(sections))!;
    expect(Object.fromEntries([...read].map(([name, entries]) => [name, Object.fromEntries(entries)]))).toEqual({ ...sections });
  }));
});

test('equal connections are equal bytes, in whatever order they were said', () => {
  fc.assert(fc.property(fc.dictionary(names, values), (entries) => {
    const turned = Object.fromEntries(Object.entries(entries).reverse());
    expect(writeKeyfile({ vpn: turned })).toBe(writeKeyfile({ vpn: entries }));
  }));
});

test('each value is one line, whose ends are no blanks', () => {
  fc.assert(fc.property(values, (value) => {
    const lines = writeKeyfile({ vpn: { key: value } }).split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/^key=(?:|[^ \t\r].*[^ \t\r]|[^ \t\r])$/s);
  }));
});

test('comments, blank lines, carriage returns and blanks around are no part of what is said', () => {
  expect(readKeyfile('# made by hand\r\n\r\n[vpn] \r\n  left = a b \r\n;x=y\r\nright=a\\;b\\sc\\\\s\r\n')).toEqual(new Map([
    ['vpn', new Map([['left', 'a b '], [';x', 'y'], ['right', 'a\\;b c\\s']])],
  ]));
});

test('a section that comes twice is one, and of an entry that comes twice the last is taken', () => {
  expect(readKeyfile('[vpn]\na=1\n[ipv4]\n[vpn]\na=2\nb=3\n')).toEqual(
    new Map([
      [
        'vpn',
        new Map([
          ['a', '2'],
          ['b', '3'],
        ]),
      ],
      ['ipv4', new Map()],
    ]),
  );
});

test.each(['left=a\n', '[vpn]\nserver\n', '[vpn\nleft=a\n', '[vpn]\n=a\n'])(
  'a file with a line that is none is taken by nobody: %j',
  (text) => {
    expect(readKeyfile(text)).toBeUndefined();
  },
);

test.each([
  ['/etc/NetworkManager/system-connections/ipsec-storage.nmconnection', true],
  ['/etc/NetworkManager/system-connections/ipsec-storage', true],
  ['/run/NetworkManager/system-connections/ipsec-storage.nmconnection', true],
  ['/usr/lib/NetworkManager/system-connections/ipsec-storage', false],
  ['/etc/NetworkManager/conf.d/ipsec.conf', false],
  ['/etc/NetworkManager/system-connections/', false],
])('%s is where NetworkManager looks for connections: %s', (path, is) => {
  expect(isKeyfilePath(path)).toBe(is);
});
