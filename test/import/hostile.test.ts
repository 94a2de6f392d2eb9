import { gzipSync } from 'zlib';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { comparable, importTexts, runProgram } from './running';
import { escapeUnprintable, literal } from '../../src/import/code';
import { ImportRefused } from '../../src/import/import';

const PARTS = ["'", '"', '`', '\\', '${', '}', '\n', '\r', '\u2028', '\u2029', '*/', '/*', '//', '</script>', '\0', '\ud800', '\u202e', '\ufeff', '{{', '#',
  "'); globalThis.broken = true; ('", '`+(globalThis.broken = true)+`', '\n globalThis.broken = true;\n', '\\u0027', 'constructor', 'a', ' '];
const text = fc.oneof(fc.string({ maxLength: 20 }), fc.array(fc.constantFrom(...PARTS), { maxLength: 6 }).map((parts) => parts.join('')));
const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text.filter((key) => key !== '__proto__'), tie('value'), { maxKeys: 4 })),
})).value;

/** What the program would run, were it to get out of a literal. */
const broken = () => Object.hasOwn(globalThis, 'broken');

test('a literal is the value that it stands for, whatever is in it', () => {
  fc.assert(fc.property(value, (given) => {
    const { text: code } = literal(given);
    expect(code).toMatch(/^[^\u2028\u2029\r\0]*$/);
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    expect(new Function(`return ${code};`)()).toEqual(given);
    expect(broken()).toBe(false);
  }), { numRuns: 2000 });
});

test('a comment is one line', () => {
  fc.assert(fc.property(text, (given) => expect(escapeUnprintable(given)).not.toMatch(/[\n\r\u2028\u2029]/)));
});

test('names, labels and values of objects do not get out of the program', () => {
  fc.assert(fc.property(text, text, value, text, (name, label, spec, file) => {
    const objects = [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { [label]: label } }, data: spec },
      {
        apiVersion: 'nmstate.io/v1',
        kind: 'NodeNetworkConfigurationPolicy',
        metadata: { name: 'a' },
        spec: { desiredState: { interfaces: [{ name, type: 'ipsec', libreswan: { right: name, leftcert: label, rightid: label, left: name, type: 'tunnel' } }] } },
      },
      {
        apiVersion: 'machineconfiguration.openshift.io/v1',
        kind: 'MachineConfig',
        metadata: { name: 'b', labels: { 'machineconfiguration.openshift.io/role': label } },
        spec: {
          config: {
            ignition: { version: '3.4.0' },
            storage: { files: [{ path: `/etc/${name}`, contents: { source: 'data:,a' } }] },
            systemd: { units: [{ name: 'a.service', contents: name }] },
          },
        },
      },
    ];
    const input = `${file.replace(/[^\w .'"`$-]/g, '')}.yaml`;
    try {
      const imported = importTexts({ [input]: objects.map((object) => JSON.stringify(object)).join('\n---\n') });
      for (const [path] of imported.files) expect(path).toMatch(/^app-files\/[A-Za-z0-9_][\w.-]*$/);
      const expected = objects.map((object) => comparable(JSON.parse(JSON.stringify(object))));
      expect(runProgram(imported).map(comparable)).toEqual(expect.arrayContaining(expected));
    } catch (error) {
      // Half of a surrogate pair is no text of UTF-8, and some names are none of cdk8s: refused, and nothing is run.
      if (!(error instanceof Error) || error.name !== 'InputError') throw error;
      expect(error.message).not.toContain('unexpected');
    }
    expect(broken()).toBe(false);
  }), { numRuns: 150 });
}, 120_000);

test('no key, certificate or password comes into the program', () => {
  const SECRETS = ['TopSecretOne', 'TopSecretTwo', 'TopSecretThree', 'TopSecretFour', 'TopSecretFive', 'TopSecretSix'];
  const [one, two, three, four, five, six] = SECRETS;
  const objects = [
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, stringData: { 'tls.key': one, 'name': two } },
    {
      apiVersion: 'nmstate.io/v1',
      kind: 'NodeNetworkConfigurationPolicy',
      metadata: { name: 'b' },
      spec: { desiredState: { interfaces: [{ name: 'b', type: 'ipsec', libreswan: { right: '192.0.2.1', psk: three } }] } },
    },
    {
      apiVersion: 'machineconfiguration.openshift.io/v1',
      kind: 'MachineConfig',
      metadata: { name: 'c', labels: { 'machineconfiguration.openshift.io/role': 'worker' } },
      spec: {
        config: {
          ignition: { version: '3.4.0' },
          systemd: { units: [{ name: 'a.service', enabled: true, contents: `[Service]\nExecStart=/usr/bin/pk12util -W "${four}"\n[Install]\nWantedBy=a\n` }] },
          passwd: { users: [{ name: 'core', passwordHash: five }] },
          storage: { files: [{ path: '/etc/a', mode: 384, contents: { source: `data:;base64,${Buffer.from(six).toString('base64')}` } }] },
        },
      },
    },
  ];
  const imported = importTexts({ 'a.yaml': objects.map((object) => stringify(object)).join('---\n') });
  for (const secret of SECRETS) {
    expect(imported.text).not.toContain(secret);
    expect(imported.text).not.toContain(Buffer.from(secret).toString('base64'));
    expect([...imported.files.values()].some((bytes) => bytes.includes(secret))).toBe(true);
  }
  expect(runProgram(imported).map(comparable)).toEqual(expect.arrayContaining(objects));
});

test('a key that is the prototype, as a value, is refused', () => {
  expect(() => importTexts({ 'a.json': '{"apiVersion":"v1","kind":"X","metadata":{"name":"a"},"spec":{"__proto__":{"a":1}}}' })).toThrow(ImportRefused);
});

test('a MachineConfig that unpacks to more than any cluster takes stays as it is', () => {
  const file = (path: string, size: number) => ({
    path, mode: 384, contents: { compression: 'gzip', source: `data:;base64,${gzipSync(Buffer.alloc(size, '\n')).toString('base64')}` },
  });
  const machineConfig = {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: { name: 'a', labels: { 'machineconfiguration.openshift.io/role': 'worker' } },
    spec: { config: { ignition: { version: '3.4.0' }, storage: { files: [1, 2, 3].map((i) => file(`/etc/${i}`, 11 * 1024 * 1024)) } } },
  };
  const imported = importTexts({ 'a.json': JSON.stringify(machineConfig) });
  expect(Math.max(...[...imported.files.values()].map(({ length }) => length), imported.text.length)).toBeLessThan(1024 * 1024);
  expect(runProgram(imported).map(comparable)).toEqual([machineConfig]);
});
