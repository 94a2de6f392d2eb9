import { chmodSync } from 'fs';
import { asNobody } from '../as-nobody';
import { TemporaryFolder, fixture, fixturePath, passwordOf } from './fixture';
import { CaBundle, Pkcs12Bundle } from '../../src';
import { makeCa, makeLeaf, makePkcs12, toPem } from '../pki';

const folder = new TemporaryFolder();
afterAll(() => folder.remove());

const refusal = (message: string) => expect.objectContaining({ name: 'InputError', message });
const EXPORT = 'openssl pkcs12 -export -name left_server -inkey key.pem -in cert.pem -certfile ca.pem -out left_server.p12';
const DAMAGED = `the file is damaged or something else: copy it again as binary, or export it again with ${EXPORT}`;

describe('Pkcs12Bundle.fromFile', () => {
  test('tells what the certificate says', () => {
    const bundle = Pkcs12Bundle.fromFile(fixturePath('openssl3.p12'), { passwordFile: folder.write('password', 'secret\n') });
    const facts = /\[leaf\][^[]*Fingerprint=(\S+)\n.*\nnotAfter=(\S+) (\S+)Z/.exec(fixture('openssl-facts.txt').toString())!;
    expect({ ...pick(bundle) }).toEqual({
      friendlyName: 'left_server',
      subject: 'CN=node1.example.com,O=Example\\, Inc.,C=DE',
      issuer: 'CN=Example CA,O=Example\\, Inc.,C=DE',
      fingerprintSha256: facts[1],
      notAfter: `${facts[2]}T${facts[3]}.000Z`,
    });
  });

  test.each<[string, string]>([
    ['secret', 'secret'], ['secret\n', 'secret'], ['secret\r\n', 'secret'], ['secret\n\n', 'secret\n'], ['secret \n', 'secret '],
    ['secret\r', 'secret\r'], ['', ''], ['\n', ''], ['\r\n', ''],
  ])('password file %p holds the password %p', (content, password) => {
    const identity = makeLeaf({ ca: makeCa() });
    const path = folder.write('bundle.p12', makePkcs12({ identity, password }));
    expect(Pkcs12Bundle.fromFile(path, { passwordFile: folder.write('password', content) }).subject).toBe('CN=node1.example.com,O=Test');
  });

  test('a missing file is named as it was given', () => {
    expect(() => Pkcs12Bundle.fromFile('certs/lft.p12')).toThrow(
      refusal(`PKCS#12 file 'certs/lft.p12' does not exist (the path is relative to the working directory, ${process.cwd()})`),
    );
    expect(() => Pkcs12Bundle.fromFile('/nowhere/left.p12')).toThrow(refusal("PKCS#12 file '/nowhere/left.p12' does not exist"));
    expect(() => Pkcs12Bundle.fromFile('package.json/left.p12')).toThrow(
      refusal(`PKCS#12 file 'package.json/left.p12' does not exist (the path is relative to the working directory, ${process.cwd()})`),
    );
  });

  test('a directory, an empty file, a huge one, a name with a NUL', () => {
    expect(() => Pkcs12Bundle.fromFile('/tmp')).toThrow(refusal("PKCS#12 file '/tmp' is a directory: name a file in it"));
    const empty = folder.write('empty.p12', '');
    expect(() => Pkcs12Bundle.fromFile(empty)).toThrow(refusal(`PKCS#12 file '${empty}' is empty`));
    const huge = folder.write('huge.p12', Buffer.alloc(1024 * 1024 + 1, 0x30));
    expect(() => Pkcs12Bundle.fromFile(huge)).toThrow(
      refusal(`PKCS#12 file '${huge}' has 1048577 bytes, more than the 1048576 that any certificate file needs: name the right file`),
    );
    expect(() => Pkcs12Bundle.fromFile('/a\0b')).toThrow(refusal("PKCS#12 file '/a\0b' has a name that no file can have"));
  });

  test('content that is empty, or of more than a megabyte, without a file', () => {
    const most = 1024 * 1024;
    expect(() => Pkcs12Bundle.fromBase64('')).toThrow(refusal('PKCS#12 content is empty'));
    expect(() => Pkcs12Bundle.fromBase64(Buffer.alloc(most + 1, 0x30).toString('base64'))).toThrow(
      refusal(`PKCS#12 content has ${most + 1} bytes, more than the ${most} that any certificate file needs: name the right file`),
    );
    expect(() => CaBundle.fromPem('')).toThrow(refusal('CA PEM text is empty'));
    expect(() => CaBundle.fromPem(' '.repeat(most + 1))).toThrow(
      refusal(`CA PEM text has ${most + 1} bytes, more than the ${most} that any certificate file needs: name the right file`),
    );
    expect(CaBundle.fromPem(makeCa().pem.padEnd(most))._certificates).toHaveLength(1);
  });

  test('a file that this user must not read', () => {
    const path = folder.write('locked.p12', 'x');
    chmodSync(path, 0);
    asNobody(() => {
      expect(() => Pkcs12Bundle.fromFile(path)).toThrow(
        refusal(`PKCS#12 file '${path}' must not be read by this user: check its permissions`),
      );
    });
  });

  test('the password file is named too', () => {
    const bundle = fixturePath('openssl3.p12');
    expect(() => Pkcs12Bundle.fromFile(bundle, { passwordFile: 'pasword' })).toThrow(
      refusal(
        `'passwordFile' names no file (paths are relative to the working directory, ${process.cwd()}): `
          + 'it must be the path of the file that holds the password; '
          + 'what was given is not shown, in case it is the password itself',
      ),
    );
    const wrong = folder.write('wrong', Buffer.alloc(5000));
    expect(() => Pkcs12Bundle.fromFile(bundle, { passwordFile: wrong })).toThrow(
      refusal(
        `password file '${wrong}' has 5000 bytes, more than the 4096 that any password file needs: `
          + 'name the file that holds the password and nothing else',
      ),
    );
  });

  test('a password in Latin-1, with which OpenSSL opens the bundle and NSS does not', () => {
    const latin1 = folder.write('latin1', passwordOf('password-latin1.p12'));
    expect(() => Pkcs12Bundle.fromFile(fixturePath('password-latin1.p12'), { passwordFile: latin1 })).toThrow(
      refusal(
        `password file '${latin1}' is not in UTF-8, and pk12util on the nodes takes no other password: write it in UTF-8, `
          + 'and export the bundle with it',
      ),
    );
  });

  test('a wrong password, none, and one too many', () => {
    const path = fixturePath('openssl3.p12');
    const wrong = folder.write('wrong', 'hunter2\n');
    const empty = folder.write('empty', '\n');
    expect(() => Pkcs12Bundle.fromFile(path)).toThrow(
      refusal(`PKCS#12 file '${path}' does not open without a password: name the file that holds it as 'passwordFile'`),
    );
    const tail = 'it is the wrong one, or the bundle is damaged (one line end after the password is dropped, every other character counts)';
    expect(() => Pkcs12Bundle.fromFile(path, { passwordFile: wrong })).toThrow(
      refusal(`PKCS#12 file '${path}' does not open with the password in '${wrong}': ${tail}`),
    );
    expect(() => Pkcs12Bundle.fromFile(path, { passwordFile: empty })).toThrow(
      refusal(`PKCS#12 file '${path}' does not open with the empty password ('${empty}' holds none): ${tail}`),
    );
    const open = fixturePath('empty-password.p12');
    expect(() => Pkcs12Bundle.fromFile(open, { passwordFile: wrong })).toThrow(
      refusal(
        `PKCS#12 file '${open}' does not open with the password in '${wrong}', but without one: leave out 'passwordFile', `
          + 'or export the bundle with that password',
      ),
    );
  });

  test.each<[string, string]>([
    ['leaf.pem', `is a PEM file, not PKCS#12: make a bundle of it with ${EXPORT}`],
    ['leaf.key', `is a PEM file, not PKCS#12: make a bundle of it with ${EXPORT}`],
    ['make.sh', 'is a text file, not PKCS#12: name the .p12 file itself, and decode it first where it is in Base64 (base64 -d)'],
    ['ca.der', `is a certificate without its private key, not PKCS#12: make a bundle of both with ${EXPORT}`],
    ['ca.p7b', `is PKCS#7, which holds certificates without a key, not PKCS#12: make a bundle with ${EXPORT}`],
    ['java.jks', 'is a Java keystore, not PKCS#12: convert it with keytool -importkeystore -deststoretype pkcs12'],
  ])('%s', (name, reason) => {
    const path = name === 'make.sh' ? folder.write('text.p12', fixture('openssl3.p12').toString('base64')) : fixturePath(name);
    expect(() => Pkcs12Bundle.fromFile(path)).toThrow(refusal(`PKCS#12 file '${path}' ${reason}`));
  });

  test('a private key in DER, a truncated bundle, one with something behind it, noise', () => {
    const key = makeLeaf({ ca: makeCa() }).key.export({ format: 'der', type: 'pkcs8' });
    const reasonOf = (content: Buffer) => {
      try {
        Pkcs12Bundle.fromFile(folder.write('left.p12', content));
        return '';
      } catch (error) {
        return (error as Error).message.replace(/^PKCS#12 file '.*?' /, '');
      }
    };
    const bundle = fixture('openssl3.p12');
    expect(
      [key, bundle.subarray(0, 1000), Buffer.concat([bundle, Buffer.from('\n')]), Buffer.from([0xff, 0, 1, 2])].map(reasonOf),
    ).toEqual([
      `is a private key without its certificate, not PKCS#12: make a bundle of both with ${EXPORT}`,
      `cannot be read as PKCS#12: it is cut off; ${DAMAGED}`,
      `cannot be read as PKCS#12: 1 bytes follow the end of its data; ${DAMAGED}`,
      `cannot be read as PKCS#12: type 0xff has no place in it; ${DAMAGED}`,
    ]);
  });
});

describe('Pkcs12Bundle.fromBase64', () => {
  test('takes what base64 prints, in lines or not', () => {
    const base64 = fixture('empty-password.p12').toString('base64');
    const lines = base64.replace(/.{76}/g, '$&\n');
    for (const text of [base64, lines, ` ${base64}\r\n`]) {
      expect(Pkcs12Bundle.fromBase64(text)._content.equals(fixture('empty-password.p12'))).toBe(true);
    }
  });

  test.each<[string, string]>([
    ['not base64!', 'PKCS#12 content is not Base64: pass what `base64 left_server.p12` prints'],
    ['AAAAA', 'PKCS#12 content is not Base64: pass what `base64 left_server.p12` prints'],
    ['', 'PKCS#12 content is empty'],
    [toPem('CERTIFICATE', Buffer.from('x')), `PKCS#12 content is a PEM file, not PKCS#12: make a bundle of it with ${EXPORT}`],
  ])('refuses %p', (text, message) => {
    expect(() => Pkcs12Bundle.fromBase64(text)).toThrow(refusal(message));
  });
});

test('no message holds a password or a byte of the key', () => {
  const password = 'correct horse battery staple';
  const ca = makeCa();
  const identity = makeLeaf({ ca });
  const key = identity.key.export({ format: 'der', type: 'pkcs8' });
  const passwordFile = folder.write('password', password);
  const good = makePkcs12({ identity, password });
  const cleared = makePkcs12({ identity, password, keys: [key, key] });
  const cases: (() => unknown)[] = [
    () => Pkcs12Bundle.fromFile(folder.write('a', cleared), { passwordFile }),
    () => Pkcs12Bundle.fromFile(folder.write('b', good.subarray(0, -40)), { passwordFile }),
    () => Pkcs12Bundle.fromFile(fixturePath('openssl3.p12'), { passwordFile }),
    () => Pkcs12Bundle.fromFile(fixturePath('empty-password.p12'), { passwordFile }),
    () => Pkcs12Bundle.fromFile(folder.write('c', makePkcs12({ keys: [key], certificates: [ca.certificate], password })), { passwordFile }),
    () =>
      Pkcs12Bundle.fromFile(
        folder.write('d', makePkcs12({ keys: [key.subarray(0, 900)], certificates: [identity.certificate], password })),
        {
          passwordFile,
        },
      ),
    () => Pkcs12Bundle.fromFile(folder.write('e', toPem('PRIVATE KEY', key))),
    () => Pkcs12Bundle.fromFile(folder.write('f', key)),
    () => Pkcs12Bundle.fromFile(folder.write('g', makePkcs12({ bags: [key], password })), { passwordFile }),
    () => Pkcs12Bundle.fromBase64(toPem('PRIVATE KEY', key)),
    () => Pkcs12Bundle.fromBase64(key.toString('base64')),
  ];
  for (const attempt of cases) {
    const thrown = catchError(attempt);
    const text = `${thrown.name} ${thrown.message} ${thrown.stack} ${JSON.stringify(thrown)} ${(thrown as { cause?: unknown }).cause}`;
    expect(thrown.name).toBe('InputError');
    expect(text).not.toContain(password);
    for (let i = 0; i + 9 <= key.length; i += 9) {
      const piece = key.subarray(i, i + 9);
      expect(text.includes(piece.toString('hex')) || text.includes(piece.toString('base64'))).toBe(false);
    }
  }
});

function catchError(attempt: () => unknown): Error {
  try {
    attempt();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

function pick({ friendlyName, subject, issuer, fingerprintSha256, notAfter }: Pkcs12Bundle) {
  return { friendlyName, subject, issuer, fingerprintSha256, notAfter };
}
