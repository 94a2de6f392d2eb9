import * as fc from 'fast-check';
import { parse } from 'yaml';
import { isLeftFromDocumentation, isPlaceholder, isPlaceholderUrl, isWhollyPlaceholder } from '../../src/documents/placeholders';

describe('a value that is still to be filled in', () => {
  test.each([
    '{{ .Values.peer }}', '{{hub fromSecret "ns" "name" "key" hub}}', '{{ capture.eth.interfaces.0.name }}', '{{- $host -}}',
    '99-{{ role }}-x', '{% if x %}a{% endif %}',
    '${PEER}', '${PEER:-192.0.2.10}', '${PEER}/32', '${{PEER}}', '$PEER', '$name', 'worker-$index', '$(PEER)', '$(params.peer)', '<peer>',
    '<peer address>/32', '<path:secret/data/x#psk>', '\uE000/32',
  ])('is %s', (value) => {
    expect(isPlaceholder(value)).toBe(true);
  });

  test.each(['role', '.Values.x | quote', 'hub fromSecret "a" "b" hub', "x | default('b')", '$x'])(
    'is {{ %s }} without quotes, which YAML reads as a map',
    (inner) => {
      const read = parse(`a: {{ ${inner} }}`, { logLevel: 'silent' }) as { a: unknown };
      expect(typeof read.a).toBe('object');
      expect(isPlaceholder(read.a)).toBe(true);
    },
  );

  test('is a key that is an expression', () => {
    const [key] = Object.keys(parse('{{ key }}: value', { logLevel: 'silent' }) as object);
    expect(isPlaceholder(key)).toBe(true);
  });

  test.each([
    'storage.example.com', '192.0.2.10/32', '%defaultroute', '%fromcert', '@storage.example.com', 'a $ b', '5$', 'cn=host$, o=x',
    '{vhost:%priv}', 'a < b > c', '<', '<<EOF', '', '$1', '()', '{}',
    undefined, null, 5, true, [], ['{{ x }}'], {}, { a: null }, { a: 1, b: 2 }, { '{ a }': 1 },
  ])('is not %p', (value) => {
    expect(isPlaceholder(value)).toBe(false);
    expect(isWhollyPlaceholder(value)).toBe(false);
  });

  test('is unknown as a whole only where nothing else stands beside it', () => {
    for (const whole of ['{{ .psk }}', '${PSK}', ' $PSK ', '{{ a }}{{ b }}', '<psk>', '<path:secret/data/x#psk>']) {
      expect([whole, isWhollyPlaceholder(whole)]).toEqual([whole, true]);
    }
    for (const part of ['pa$word', 'x${PSK}', '{{ a }}b', 'k<ey>1']) expect([part, isWhollyPlaceholder(part)]).toEqual([part, false]);
    expect(isWhollyPlaceholder({ '{ psk }': null })).toBe(true);
  });

  test('is a name of the documentation where no tool fills it in', () => {
    for (const left of ['<external_host>', '<external address>/32']) expect([left, isLeftFromDocumentation(left)]).toEqual([left, true]);
    for (const other of ['<path:secret/data/x#psk>', '${HOST}', 'a<b', 5]) {
      expect([other, isLeftFromDocumentation(other)]).toEqual([other, false]);
    }
  });
});

describe('a data URL', () => {
  test.each([
    'data:text/plain;charset=us-ascii;base64,$CA_CERT_DATA', 'data:;base64,${CA}', 'data:;base64,{{hub fromSecret "a" "b" "c" hub}}',
    'data:,{{ .Files.Get "x" }}', 'data:,$SCRIPT', 'data:,${SCRIPT}',
    'data:;base64,<base64 of the file>', '${SOURCE}', 'data:${TYPE},x',
  ])('is unknown: %s', (url) => {
    expect(isPlaceholderUrl(url)).toBe(true);
  });

  test.each(['data:,echo%20$HOME', 'data:,x', 'data:;base64,eA==', 'data:,a${B}', 'data:,<html>a'])('is known: %s', (url) => {
    expect(isPlaceholderUrl(url)).toBe(false);
  });
});

test('any text is judged in linear time', () => {
  fc.assert(fc.property(fc.stringMatching(/^[{}$(<>a%]{1,6}$/), (unit) => {
    const text = unit.repeat(200_000 / unit.length);
    const start = process.cpuUsage();
    isPlaceholder(text);
    isWhollyPlaceholder(text);
    isPlaceholderUrl(`data:,${text}`);
    isPlaceholderUrl(`data:;base64,${text}`);
    isLeftFromDocumentation(text);
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(60);
  }), { numRuns: 60 });
});
