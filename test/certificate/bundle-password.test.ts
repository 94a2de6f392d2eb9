import { TemporaryFolder, fixturePath } from './fixture';
import { Pkcs12Bundle, Pkcs12BundleOptions } from '../../src';

const folder = new TemporaryFolder();
afterAll(() => folder.remove());

const VARIABLE = 'OPENSHIFT_IPSEC_TEST_PASSWORD';
afterEach(() => delete process.env[VARIABLE]);

const P12 = fixturePath('openssl3.p12');
const OPEN = fixturePath('empty-password.p12');
const open = (options: Pkcs12BundleOptions, path = P12) => Pkcs12Bundle.fromFile(path, options);
const refusal = (message: string) => expect.objectContaining({ name: 'InputError', message });

test('a password opens a bundle as its file does, from a text and from an environment variable', () => {
  const byFile = open({ passwordFile: folder.write('password', 'secret\n') });
  process.env[VARIABLE] = 'secret';
  for (const bundle of [open({ password: 'secret' }), open({ passwordVariable: VARIABLE })]) {
    expect(bundle.fingerprintSha256).toBe(byFile.fingerprintSha256);
    expect(bundle._hasPassword).toBe(true);
    expect(bundle._content.equals(byFile._content)).toBe(true);
  }
});

test('the empty text and the empty variable are the empty password', () => {
  process.env[VARIABLE] = '';
  expect(open({ password: '' }, OPEN)._opensWithoutPassword).toBe(true);
  expect(open({ passwordVariable: VARIABLE }, OPEN)._opensWithoutPassword).toBe(true);
});

test('every character counts, a line end too', () => {
  const tail = 'it is the wrong one, or the bundle is damaged (every character counts)';
  process.env[VARIABLE] = 'secret\n';
  expect(() => open({ password: 'secret\n' })).toThrow(
    refusal(`PKCS#12 file '${P12}' does not open with the password in the option 'password': ${tail}`));
  expect(() => open({ passwordVariable: VARIABLE })).toThrow(
    refusal(`PKCS#12 file '${P12}' does not open with the password in the environment variable '${VARIABLE}': ${tail}`));
  expect(() => open({ password: '' })).toThrow(
    refusal(`PKCS#12 file '${P12}' does not open with the empty password (the option 'password' holds none): ${tail}`));
});

test('a password that is none is told which option to leave out', () => {
  process.env[VARIABLE] = 'hunter2';
  expect(() => open({ password: 'hunter2' }, OPEN)).toThrow(refusal(`PKCS#12 file '${OPEN}' does not open with the password in `
    + "the option 'password', but without one: leave out 'password', or export the bundle with that password"));
  expect(() => open({ passwordVariable: VARIABLE }, OPEN)).toThrow(refusal(`PKCS#12 file '${OPEN}' does not open with the password in `
    + `the environment variable '${VARIABLE}', but without one: leave out 'passwordVariable', or export the bundle with that password`));
});

test('two ways at once', () => {
  expect(() => open({ passwordFile: 'a', password: 'hunter2' })).toThrow(
    refusal("'passwordFile' and 'password' both give the password of the bundle: give one of the two"));
});

test('a variable that is not set', () => {
  const message = "'passwordVariable' names no environment variable that is set: it must be the name of the one that holds the password, "
    + 'without a dollar sign, and be exported to this process; what was given is not shown, in case it is the password itself';
  for (const passwordVariable of [VARIABLE, `$${VARIABLE}`, '', 7 as unknown as string]) {
    expect(() => open({ passwordVariable })).toThrow(refusal(message));
  }
});

test('what is no text, and what no node could type', () => {
  expect(() => open({ password: 4711 as unknown as string })).toThrow(
    refusal("'password' must be a text, the password itself; what was given is not shown"));
  for (const password of ['a\0b', 'a\uD800', '\uFFFD']) {
    expect(() => open({ password })).toThrow(refusal(
      "'password' holds a zero byte or what is no UTF-8, and pk12util on the nodes takes no such password: export the bundle with another"));
  }
});

test('no error shows the password, and the bundle keeps none', () => {
  const password = 'correct horse battery staple';
  process.env[VARIABLE] = password;
  for (const options of [{ password }, { passwordVariable: VARIABLE }, { passwordVariable: password }]) {
    let shown = '';
    try {
      open(options);
    } catch (error) {
      shown = `${(error as Error).message} ${(error as Error).stack} ${JSON.stringify(error)}`;
    }
    expect(shown).toMatch(/InputError/);
    expect(shown).not.toContain(password);
  }
  const bundle = open({ password: 'secret' });
  expect(JSON.stringify(Object.values(bundle).filter((value) => !Buffer.isBuffer(value)))).not.toContain('"secret"');
});

test('the end of validity is a date of the language, and not one to change', () => {
  const bundle = open({ password: 'secret' });
  bundle.notAfterDate.setFullYear(1970);
  expect(bundle.notAfterDate.toISOString()).toBe(bundle.notAfter);
});
