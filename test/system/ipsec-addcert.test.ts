import * as fs from 'fs';
import * as path from 'path';
import { Cutter, Node } from './node';
import { Certificate, IMPORT_SCRIPT, must, NssDatabase, Pki, requireTools, run, scratch, sleep, start } from './tools';

requireTools({
  'bash': 'bash',
  'certutil': 'libnss3-tools',
  'flock': 'util-linux',
  'modutil': 'libnss3-tools',
  'openssl': 'openssl',
  'pk12util': 'libnss3-tools',
  'python3': 'python3',
  'systemd-creds': 'systemd',
});

const dir = scratch('ipsec-addcert');
const pki = new Pki(path.join(dir, 'pki'));
const other = '/O=Lab/CN=node1-new.example.com';

const ca = pki.authority();
const caSameName = pki.authority();
const caOtherName = pki.authority('/O=Lab/CN=Lab CA 2');
const leaf = pki.leaf(ca);
const renewed = pki.leaf(ca);
const renewedSameKey = pki.leaf(ca, { key: leaf.key });
const renewedOtherName = pki.leaf(ca, { subject: other });
const bundle = pki.bundle(leaf);
const caFile = ca.certificate;
const cutter = new Cutter(path.join(dir, 'shim'));

const certificates: Record<string, Certificate> = { ca, caSameName, caOtherName, leaf, renewed, renewedSameKey, renewedOtherName };
const good = ['ipsec-ca/… CT,C,C ca', 'left_server u,u,u leaf'];

let count = 0;
let node: Node;
beforeEach(() => node = Node.make(path.join(dir, `node${++count}`), pki));
// Whatever happened, the operator's entries are what they were, and nothing is left in /run.
afterEach(() => {
  if (fs.existsSync(path.join(node.database.dir, 'cert9.db')) && operatorExpected) {
    expect(node.operatorEntries()).toEqual(Node.operatorEntries());
  }
  expect(fs.readdirSync(node.temporary)).toEqual([]);
  operatorExpected = true;
  node.remove();
});
let operatorExpected = true;

function inputs(p12: string = bundle, anchors: string = caFile, more: Record<string, string> = {}): Record<string, string> {
  return { IPSEC_PKCS12: p12, IPSEC_CA: anchors, ...more };
}

function imports(given: Record<string, string>, which: string = leaf.sha256): void {
  const nickname = given.IPSEC_NICKNAME ?? 'left_server';
  expect(node.import(given)).toEqual({
    code: 0, signal: null, stderr: '', stdout: `ipsec-addcert: ${nickname} imported, certificate ${which}\n`,
  });
}

function refuses(given: Record<string, string>, message: string): void {
  const before = node.database.content();
  expect(node.import(given)).toEqual({ code: 1, signal: null, stdout: '', stderr: `ipsec-addcert: ${message}\n` });
  expect(node.database.content()).toEqual(before);
}

const modeOf = (file: string) => fs.statSync(file).mode.toString(8);
const upToDate = { code: 0, signal: null, stderr: '', stdout: 'ipsec-addcert: left_server is up to date\n' };

describe('a first import', () => {
  const ec = pki.leaf(ca, { keyType: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'] });

  test.each<[string, () => string, Certificate]>([
    ['with the algorithms of OpenSSL 3', () => bundle, leaf],
    ['with the old algorithms (-legacy)', () => pki.bundle(leaf, { args: ['-legacy'] }), leaf],
    ['with the CA inside', () => pki.bundle(leaf, { chain: [ca] }), leaf],
    ['with an EC key', () => pki.bundle(ec), ec],
  ])('takes a bundle %s', (_, file, which) => {
    imports(inputs(file()), which.sha256);
    expect(node.imported({ ...certificates, leaf: which })).toEqual({ certificates: good, keys: 1 });
  });

  test.each([
    ['a line end', 'pässwörd s3cret\n'], ['no line end', 'pässwörd s3cret'], ['the line end of Windows', 'pässwörd s3cret\r\n'],
  ])('takes the password from a file with %s', (_, text) => {
    const file = pki.bundle(leaf, { password: 'pässwörd s3cret' });
    imports(inputs(file, caFile, { IPSEC_PASSWORD_FILE: pki.text(text) }));
    expect(node.imported(certificates)).toEqual({ certificates: good, keys: 1 });
  });

  test.each([['an empty file', ''], ['an empty line', '\n']])('takes %s for the empty password', (_, text) => {
    imports(inputs(bundle, caFile, { IPSEC_PASSWORD_FILE: pki.text(text) }));
  });

  test('takes the password from a systemd credential named after the nickname', () => {
    const credentials = path.join(node.temporary, '..', 'credentials');
    fs.mkdirSync(credentials);
    // As the unit has it: encrypted on the node by systemd-creds, decrypted under this name when the unit starts.
    const env = { SYSTEMD_CREDENTIAL_SECRET: path.join(node.temporary, '..', 'credential.secret') };
    const encrypted = path.join(node.temporary, '..', 'left_server.encrypted');
    must('systemd-creds', ['encrypt', '--with-key=host', '--name=left_server.password', '-', encrypted], { env, input: 's3cret' });
    expect(fs.readFileSync(encrypted, 'latin1')).not.toContain('s3cret');
    must('systemd-creds', ['decrypt', '--name=left_server.password', encrypted, path.join(credentials, 'left_server.password')], { env });
    imports(inputs(pki.bundle(leaf, { password: 's3cret' }), caFile, { CREDENTIALS_DIRECTORY: credentials }));
  });

  test.each([
    ['no directory', false],
    ['an empty directory', true],
  ])('makes the database where there is %s, readable for root alone', (_, directory) => {
    operatorExpected = false;
    node = Node.make(path.join(dir, `node${count}`), pki, { empty: true });
    if (directory) fs.mkdirSync(node.database.dir);
    imports(inputs());
    expect(node.imported(certificates)).toEqual({ certificates: good, keys: 1 });
    for (const file of fs.readdirSync(node.database.dir)) {
      expect([file, modeOf(path.join(node.database.dir, file)).slice(-2)]).toEqual([file, '00']);
    }
  });

  test('takes every CA of the file, with text around them and line ends of Windows', () => {
    const text = [ca, caOtherName, caSameName].map((each) => `some text\n${fs.readFileSync(each.certificate, 'utf8')}`).join('');
    imports(inputs(bundle, pki.text(text.replace(/\n/g, '\r\n'))));
    expect(node.imported(certificates).certificates)
      .toEqual(['ipsec-ca/… CT,C,C ca', 'ipsec-ca/… CT,C,C caOtherName', 'ipsec-ca/… CT,C,C caSameName', 'left_server u,u,u leaf']);
  });

  test('keeps intermediates of the bundle without trusting them, and drops them with the bundle', () => {
    const intermediate = pki.leaf(ca, { subject: '/O=Lab/CN=Lab Intermediate', ca: true });
    const below = pki.leaf(intermediate, { subject: other });
    imports(inputs(pki.bundle(below, { chain: [intermediate] })), below.sha256);
    expect(node.imported({ ...certificates, intermediate, below }).certificates)
      .toEqual(['ipsec-ca/… ,, intermediate', 'ipsec-ca/… CT,C,C ca', 'left_server u,u,u below']);
    imports(inputs());
    expect(node.imported(certificates)).toEqual({ certificates: good, keys: 1 });
  });
});

describe('a second import', () => {
  test('of the same inputs does nothing and needs no password', () => {
    const password = pki.text('s3cret');
    const given = inputs(pki.bundle(leaf, { password: 's3cret' }), caFile, { IPSEC_PASSWORD_FILE: password });
    imports(given);
    fs.rmSync(password);
    const files = () => ['cert9.db', 'key4.db', '.ipsec-addcert.left_server']
      .map((file) => fs.statSync(path.join(node.database.dir, file)).mtimeMs);
    const before = files();
    expect(node.import(given)).toEqual(upToDate);
    expect(node.import(given)).toEqual(upToDate);
    expect(files()).toEqual(before);
  });

  test.each<[string, string[]]>([
    ['the certificate is gone', ['-F', '-n', 'left_server']],
    ['the key is gone', ['-F', '-k', 'KEY']],
    ['the CA is gone', ['-D', '-n', 'CA']],
    ['the CA is no longer trusted', ['-M', '-t', ',,', '-n', 'CA']],
    ['the certificate has another nickname', ['--rename', '-n', 'left_server', '--new-n', 'node1.example.com - Lab']],
  ])('repairs the database when %s, whatever was noted', (_, command) => {
    imports(inputs());
    const { keys } = node.database.content();
    const key = keys.find((each) => !JSON.stringify(Node.operatorEntries()).includes(each))!;
    const name = `ipsec-ca/${ca.sha256.slice(0, 16)}`;
    must('certutil', ['-d', node.database.url, ...command.map((arg) => arg === 'KEY' ? key : arg === 'CA' ? name : arg)]);
    expect(node.imported(certificates)).not.toEqual({ certificates: good, keys: 1 });
    imports(inputs());
    expect(node.imported(certificates)).toEqual({ certificates: good, keys: 1 });
  });

  test('fails when the password is needed and its file is missing', () => {
    refuses(inputs(bundle, caFile, { IPSEC_PASSWORD_FILE: '/nonexistent/password' }), 'the password file /nonexistent/password is missing');
  });
});

describe('rotation', () => {
  beforeEach(() => imports(inputs()));

  test.each([
    ['the same subject and another key', 'renewed'],
    ['the same subject and the same key', 'renewedSameKey'],
    ['another subject', 'renewedOtherName'],
  ])('to a certificate with %s leaves the new one alone, and back again the old one', (_, which) => {
    imports(inputs(pki.bundle(certificates[which])), certificates[which].sha256);
    expect(node.imported(certificates)).toEqual({ certificates: ['ipsec-ca/… CT,C,C ca', `left_server u,u,u ${which}`], keys: 1 });
    imports(inputs());
    expect(node.imported(certificates)).toEqual({ certificates: good, keys: 1 });
  });

  test.each([
    ['the same name', 'caSameName'],
    ['another name', 'caOtherName'],
  ])('of the CA to one with %s leaves the new one alone', (_, which) => {
    const issued = pki.leaf(certificates[which]);
    imports(inputs(pki.bundle(issued), certificates[which].certificate), issued.sha256);
    expect(node.imported({ ...certificates, issued })).toEqual({
      certificates: [`ipsec-ca/… CT,C,C ${which}`, 'left_server u,u,u issued'],
      keys: 1,
    });
  });

  test('through a file with both CAs adds one and later removes the other', () => {
    imports(inputs(bundle, pki.pem(ca, caSameName)));
    expect(node.imported(certificates).certificates).toEqual([
      'ipsec-ca/… CT,C,C ca',
      'ipsec-ca/… CT,C,C caSameName',
      'left_server u,u,u leaf',
    ]);
    imports(inputs());
    expect(node.imported(certificates)).toEqual({ certificates: good, keys: 1 });
  });

  test('takes the trust of a CA that only the bundle still holds', () => {
    const intermediate = pki.leaf(ca, { subject: '/O=Lab/CN=Lab Intermediate', ca: true });
    const below = pki.leaf(intermediate);
    const file = pki.bundle(below, { chain: [intermediate] });
    imports(inputs(file, pki.pem(ca, intermediate)), below.sha256);
    imports(inputs(file, caFile), below.sha256);
    expect(node.imported({ ...certificates, intermediate, below }).certificates)
      .toEqual(['ipsec-ca/… ,, intermediate', 'ipsec-ca/… CT,C,C ca', 'left_server u,u,u below']);
  });

  test('to something wrong keeps the old certificate', () => {
    refuses(inputs(pki.bundle(pki.leaf(caOtherName))), `the certificate of ${newest('p12')} fails against ${caFile}: `
      + 'depth lookup: unable to get local issuer certificate');
    expect(node.imported(certificates)).toEqual({ certificates: good, keys: 1 });
  });
});

/** The last file of a kind that the PKI made, for messages. */
function newest(extension: string): string {
  const files = fs
    .readdirSync(path.join(dir, 'pki'))
    .filter((file) => file.endsWith(`.${extension}`))
    .map((file) => Number.parseInt(file, 10));
  return path.join(dir, 'pki', `${Math.max(...files)}.${extension}`);
}

describe('what it refuses leaves the database as it was', () => {
  test('a wrong password', () => {
    const file = pki.bundle(leaf, { password: 's3cret' });
    const message = `cannot open ${file} (wrong password, or a damaged file): PKCS12 decode not verified: `
      + 'SEC_ERROR_BAD_PASSWORD: The security password entered is incorrect.';
    refuses(inputs(file), message);
    refuses(inputs(file, caFile, { IPSEC_PASSWORD_FILE: pki.text('wrong') }), message);
  });

  test.each<[string, () => string, RegExp]>([
    [
      'a bundle without MAC',
      () => pki.bundle(leaf, { args: ['-nomac'] }),
      /^cannot open \S+ \(wrong password, or a damaged file\): .*SEC_ERROR_BAD_DER/,
    ],
    ['a file that is no bundle', () => caFile, /^cannot open \S+ \(wrong password, or a damaged file\): .*SEC_ERROR_BAD_DER/],
    ['another friendly name', () => pki.bundle(leaf, { name: 'node1-cert' }),
      /^\S+ has the friendly name 'node1-cert', not 'left_server': make it again with openssl pkcs12 -export -name left_server$/],
    ['no friendly name', () => pki.bundle(leaf, { name: null }),
      /^\S+ has the friendly name 'node1.example.com - Lab', not 'left_server': make it again with openssl pkcs12 -export -name left_server$/],
    ['no key', () => pki.bundle(leaf, { args: ['-nokeys'] }), /^\S+ must hold exactly one private key with its certificate, it holds 0$/],
    ['two keys', () => twoKeys(), /^\S+ must hold exactly one private key with its certificate, it holds 2$/],
    ['a common name of the operator', () => pki.bundle(pki.leaf(ca, { subject: '/O=Lab/CN=ovs_node1' })),
      /^the certificate of \S+ has a common name that begins with ovs_, reserved for pod-to-pod IPsec$/],
    ['an expired certificate', () => pki.bundle(pki.leaf(ca, { days: -1 })), /fails against \S+: depth lookup: certificate has expired$/],
    [
      "another CA's certificate",
      () => pki.bundle(pki.leaf(caOtherName)),
      /fails against \S+: depth lookup: unable to get local issuer certificate$/,
    ],
    ['a missing bundle', () => '/nonexistent/left_server.p12', /^\/nonexistent\/left_server.p12 is missing or empty$/],
  ])('%s', (_, file, message) => {
    const before = node.database.content();
    const result = node.import(inputs(file()));
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^ipsec-addcert: [^\n]*\n$/);
    expect(result.stderr.slice('ipsec-addcert: '.length).trimEnd()).toMatch(message);
    expect(node.database.content()).toEqual(before);
  });

  function twoKeys(): string {
    const both = new NssDatabase(path.join(dir, `two${count}`)).create().importBundle(bundle)
      .importBundle(pki.bundle(renewed, { name: 'left_server' }));
    const out = path.join(dir, 'two.p12');
    must('pk12util', ['-o', out, '-n', 'left_server', '-d', both.url, '-W', '']);
    return out;
  }

  test('a CA file without a certificate, or with a broken one', () => {
    const none = pki.text('no certificate here\n');
    refuses(inputs(bundle, none), `${none} holds no certificate`);
    const broken = pki.text(fs.readFileSync(caFile, 'utf8').replace(/\n[^\n]{20}/, '\n'));
    refuses(inputs(bundle, broken), `the certificate on line 1 of ${broken} is damaged: OpenSSL cannot read it`);
    refuses(inputs(bundle, '/nonexistent/ca.pem'), '/nonexistent/ca.pem is missing or empty');
  });

  test.each(['../x', 'ovs_node1', 'CA', 'a b', '-n'])('the nickname %j', (nickname) => {
    refuses(
      inputs(bundle, caFile, { IPSEC_NICKNAME: nickname }),
      `nickname '${nickname}' must be letters, digits, . _ - and not CA or ovs_`,
    );
  });

  test('a certificate that others have under their own nickname', () => {
    node.database.importBundle(pki.bundle(leaf, { name: 'theirs' }));
    refuses(inputs(), `the certificate of ${bundle} is in the database as 'theirs'`);
  });
});

describe('two nicknames side by side', () => {
  const storage = pki.leaf(ca, { subject: '/O=Lab/CN=storage-client' });
  const storageSameName = pki.leaf(caSameName);
  const names = { ...certificates, storage, storageSameName };
  const asStorage = (which: Certificate, anchors: string) =>
    inputs(pki.bundle(which, { name: 'storage' }), anchors, { IPSEC_NICKNAME: 'storage' });

  test('share a CA, which stays as long as one of them needs it', () => {
    imports(inputs());
    imports(asStorage(storage, caFile), storage.sha256);
    expect(node.imported(names)).toEqual({ certificates: [...good, 'storage u,u,u storage'], keys: 2 });
    const issued = pki.leaf(caOtherName);
    imports(inputs(pki.bundle(issued), caOtherName.certificate), issued.sha256);
    expect(node.imported({ ...names, issued }).certificates)
      .toEqual(['ipsec-ca/… CT,C,C ca', 'ipsec-ca/… CT,C,C caOtherName', 'left_server u,u,u issued', 'storage u,u,u storage']);
    const moved = pki.leaf(caOtherName, { subject: '/O=Lab/CN=storage-client' });
    imports(asStorage(moved, caOtherName.certificate), moved.sha256);
    expect(node.imported({ ...names, issued, moved }).certificates)
      .toEqual(['ipsec-ca/… CT,C,C caOtherName', 'left_server u,u,u issued', 'storage u,u,u moved']);
  });

  test('keep apart two certificates of one subject', () => {
    imports(inputs());
    imports(asStorage(storageSameName, caSameName.certificate), storageSameName.sha256);
    imports(inputs(pki.bundle(renewed)), renewed.sha256);
    expect(node.imported(names)).toEqual({
      certificates: [
        'ipsec-ca/… CT,C,C ca',
        'ipsec-ca/… CT,C,C caSameName',
        'left_server u,u,u renewed',
        'storage u,u,u storageSameName',
      ],
      keys: 2,
    });
    expect(node.import(inputs(newest('p12')))).toEqual(upToDate);
  });

  test('import at the same time', async () => {
    const results = await Promise.all([
      node.startImport(inputs()), node.startImport(asStorage(storage, caFile)), node.startImport(inputs()),
    ].map((each) => each.done));
    expect(results.map((each) => [each.code, each.stderr])).toEqual([[0, ''], [0, ''], [0, '']]);
    expect(node.imported(names)).toEqual({ certificates: [...good, 'storage u,u,u storage'], keys: 2 });
  });
});

describe('what the documented script left', () => {
  /** The database after the documented script, a renewal, another CA of one name, and a renewal with another subject. */
  function documented(): void {
    node.database.add('CA', ca).add('CA', caSameName);
    for (const each of [leaf, renewed, renewedOtherName]) node.database.importBundle(pki.bundle(each, { chain: [ca] }));
    expect(node.imported(certificates)).toEqual({
      certificates: [
        'CA CT,C,C CT,C,C ca',
        'CA CT,C,C CT,C,C caSameName',
        'left_server u,u,u u,u,u leaf',
        'left_server u,u,u u,u,u renewed',
        'node1-new.example.com - Lab u,u,u renewedOtherName',
      ],
      keys: 3,
    });
  }

  test.each(['leaf', 'renewed', 'renewedSameKey', 'renewedOtherName'])('is cleaned up by the import of %s', (which) => {
    documented();
    imports(inputs(pki.bundle(certificates[which])), certificates[which].sha256);
    expect(node.imported(certificates)).toEqual({ certificates: ['ipsec-ca/… CT,C,C ca', `left_server u,u,u ${which}`], keys: 1 });
  });

  test('includes keys without certificate', () => {
    node.database.add('CA', ca).importBundle(pki.bundle(renewed));
    must('certutil', ['-D', '-d', node.database.url, '-n', 'left_server']);
    imports(inputs());
    expect(node.imported(certificates)).toEqual({ certificates: good, keys: 1 });
  });

  test('stays as it is when the import fails', () => {
    documented();
    refuses(inputs(pki.bundle(leaf, { name: 'other' })), `${newest('p12')} has the friendly name 'other', not 'left_server': `
      + 'make it again with openssl pkcs12 -export -name left_server');
  });

  test('is left to left_server by another nickname', () => {
    documented();
    const storage = pki.leaf(ca, { subject: '/O=Lab/CN=storage-client' });
    imports(inputs(pki.bundle(storage, { name: 'storage' }), caFile, { IPSEC_NICKNAME: 'storage' }), storage.sha256);
    expect(node.imported({ ...certificates, storage }).certificates).toEqual([
      'CA CT,C,C CT,C,C ca', 'CA CT,C,C CT,C,C caSameName', 'left_server u,u,u u,u,u leaf', 'left_server u,u,u u,u,u renewed',
      'node1-new.example.com - Lab u,u,u renewedOtherName', 'storage u,u,u storage',
    ]);
    imports(inputs(pki.bundle(pki.leaf(caOtherName)), caOtherName.certificate), lastLeaf());
    expect(node.imported({ ...certificates, storage }).certificates).toEqual([
      'ipsec-ca/… CT,C,C ca', 'ipsec-ca/… CT,C,C caOtherName', `left_server u,u,u ${lastLeaf()}`, 'storage u,u,u storage',
    ]);
  });

  function lastLeaf(): string {
    const text = must('openssl', ['pkcs12', '-in', newest('p12'), '-nokeys', '-passin', 'pass:']);
    return must('openssl', ['x509', '-noout', '-fingerprint', '-sha256'], { input: text })
      .trim()
      .replace(/.*=/, '')
      .replace(/:/g, '')
      .toLowerCase();
  }
});

test('certificates of others stay, whatever they look like', () => {
  const stranger = pki.leaf(caOtherName, { subject: '/O=Lab/CN=stranger' });
  node.database.add('theirs', caOtherName, 'C,,').importBundle(pki.bundle(stranger, { name: null }));
  imports(inputs());
  imports(inputs(pki.bundle(renewed), pki.pem(ca, caOtherName)), renewed.sha256);
  expect(node.imported({ ...certificates, stranger }).certificates)
    .toEqual(['ipsec-ca/… CT,C,C ca', 'left_server u,u,u renewed', 'stranger - Lab u,u,u stranger', 'theirs C,, caOtherName']);
});

describe('a database with a password of its own', () => {
  const password = 'Nss-Passw0rd';
  const form: Record<string, string> = {
    'one line': `${password}\n`,
    'libreswan\'s nsspassword': `NSS Certificate DB:${password}\nNSS FIPS 140-2 Certificate DB:${password}\n`,
  };

  test.each(
    Object.keys(form).flatMap(
      (file) =>
        [
          [file, false],
          [file, true],
        ] as const,
    ),
  )('is opened with %s (FIPS mode: %s)', (file, fips) => {
    operatorExpected = false;
    node = Node.make(path.join(dir, `node${count}`), pki, { empty: true });
    node.database.create(pki.text(`${password}\n`));
    if (fips) must('modutil', ['-fips', 'true', '-dbdir', node.database.url, '-force']);
    const own = { IPSEC_NSS_PASSWORD_FILE: pki.text(form[file]) };
    imports(inputs(bundle, caFile, own));
    imports(inputs(pki.bundle(renewed), pki.pem(caSameName, ca), own), renewed.sha256);
    imports(inputs(bundle, caFile, own));
    expect(node.import(inputs(bundle, caFile, own))).toEqual(upToDate);
    expect(node.imported(certificates)).toEqual({ certificates: good, keys: 1 });
    const before = node.database.content();
    expect(node.import(inputs(pki.bundle(renewed), caFile, { IPSEC_NSS_PASSWORD_FILE: pki.text('wrong') }))).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^ipsec-addcert: cannot write the database in [^\n]*SEC_ERROR_BAD_PASSWORD[^\n]*\n$/),
    });
    expect(node.database.content()).toEqual(before);
    refuses(inputs(bundle, caFile, { IPSEC_NSS_PASSWORD_FILE: '/nonexistent/file' }), '/nonexistent/file is missing or empty');
  });
});

describe('a node under stress', () => {
  const locker =
    'import sqlite3, sys, time\nfor f in sys.argv[2:]:\n c = sqlite3.connect(f, isolation_level=None); c.execute("BEGIN EXCLUSIVE"); '
      + 'globals()[f] = c\n'
      + 'print("locked", flush=True); time.sleep(float(sys.argv[1]))';

  test('waits while another writer holds the database, and says so when that lasts', async () => {
    const file = path.join(node.database.dir, 'cert9.db');
    const short = start('python3', ['-c', locker, '2.5', file]);
    await sleep(300);
    imports(inputs());
    await short.done;
    // It lasts until the import has given up, however slow the machine is.
    const long = start('python3', ['-c', locker, '600', file]);
    await sleep(300);
    const result = await node.startImport(inputs(pki.bundle(renewed), caFile, { IPSEC_WAIT: '1' })).done;
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^ipsec-addcert: cannot (read|write the database in) \S+: .*SEC_ERROR_\w+.*\n$/);
    process.kill(long.pid);
    await long.done;
    expect(node.imported(certificates)).toEqual({ certificates: good, keys: 1 });
  });

  test('sees what somebody writes between the copy of the database and its list', () => {
    const stranger = pki.leaf(caOtherName, { subject: '/O=Lab/CN=stranger' });
    const bin = path.join(dir, 'writes-between');
    fs.mkdirSync(bin);
    // The list of the node's certificates, asked for the first time.
    fs.writeFileSync(path.join(bin, 'certutil'), `#!/bin/bash
PATH=\${PATH#*:}
if [[ " $* " == *" sql:${node.database.dir} "*' -L ' && ! -e ${bin}/done ]]; then
  touch ${bin}/done
  certutil -A -d ${node.database.url} -n storage -t ,, -i ${stranger.certificate}
fi
exec certutil "$@"
`, { mode: 0o755 });
    const given = inputs(pki.bundle(leaf, { name: 'storage' }), caFile, { IPSEC_NICKNAME: 'storage' });
    const result = run('bash', [IMPORT_SCRIPT], { env: { ...node.env(given), PATH: `${bin}:${process.env.PATH}:/usr/sbin:/sbin` } });
    expect(fs.existsSync(path.join(bin, 'done'))).toBe(true);
    expect(result).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: `ipsec-addcert: the database has a certificate 'storage' that this script did not import (sha256 ${stranger.sha256}): `
        + `choose another nickname, or give it up with certutil -D -n storage -d ${node.database.url} and start the import again\n`,
    });
    expect(node.imported({ ...certificates, stranger })).toEqual({ certificates: ['storage ,, stranger'], keys: 0 });
  });

  test('keeps the old certificate where the new one came without its key, whatever NSS said', () => {
    imports(inputs());
    const bin = path.join(dir, 'without-key');
    fs.mkdirSync(bin);
    fs.writeFileSync(path.join(bin, 'pk12util'), `#!/bin/bash
PATH=\${PATH#*:}
[[ " $* " != *" sql:${node.database.dir} "* ]] || { touch ${bin}/done; exit 0; }
exec pk12util "$@"
`, { mode: 0o755 });
    const given = inputs(pki.bundle(renewedOtherName));
    const result = run('bash', [IMPORT_SCRIPT], { env: { ...node.env(given), PATH: `${bin}:${process.env.PATH}:/usr/sbin:/sbin` } });
    expect(fs.existsSync(path.join(bin, 'done'))).toBe(true);
    const stderr = 'ipsec-addcert: cannot verify left_server with its key: no tool said why\n';
    expect(result).toEqual({ code: 1, signal: null, stdout: '', stderr });
    expect(node.imported(certificates)).toEqual({ certificates: good, keys: 1 });
    imports(given, renewedOtherName.sha256);
  });

  test('leaves alone what the operator writes meanwhile', async () => {
    imports(inputs());
    const authority = pki.authority('/CN=operator');
    const loop =
      'for i in $(seq 25); do until certutil -A -d "$1" -n ovs_new$i -t ,, -i "$2/$i.pem" 2>/dev/null; do sleep 0.05; done; '
        + 'sleep 0.1; done';
    const many = path.join(dir, 'many');
    fs.mkdirSync(many);
    for (let i = 1; i <= 25; i++) {
      fs.copyFileSync(pki.leaf(authority, { key: leaf.key, subject: `/CN=ovs${i}` }).certificate, path.join(many, `${i}.pem`));
    }
    const operator = start('bash', ['-c', loop, 'loop', node.database.url, many]);
    const bundles = [pki.bundle(renewedOtherName), bundle];
    for (const [at, each] of bundles.entries()) {
      const result = await node.startImport(inputs(each)).done;
      expect([at, result.code, result.stderr]).toEqual([at, 0, '']);
    }
    expect((await operator.done).code).toBe(0);
    expect(node.database.content().certificates.filter((each) => each.nickname.startsWith('ovs_new'))).toHaveLength(25);
    expect(node.imported(certificates)).toEqual({ certificates: good, keys: 1 });
  });

  test('never shows the password in the list of processes, and says it nowhere', async () => {
    const password = 'Vz9-visible-Qk3';
    const given = inputs(pki.bundle(renewed, { password }), caFile, { IPSEC_PASSWORD_FILE: pki.text(password) });
    const running = node.startImport(given);
    let done = false;
    void running.done.then(() => done = true);
    let samples = 0;
    const seen = new Set<string>();
    while (!done) {
      for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        try {
          const line = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8') + fs.readFileSync(`/proc/${pid}/environ`, 'utf8');
          if (line.includes('pk12util')) seen.add('pk12util');
          if (line.includes(password)) seen.add(line);
        } catch { /* it has ended */ }
      }
      samples++;
      await sleep(1);
    }
    const result = await running.done;
    expect(result.code).toBe(0);
    expect(samples).toBeGreaterThan(10);
    expect([...seen].filter((each) => each !== 'pk12util')).toEqual([]);
    expect(result.stdout + result.stderr).not.toContain(password);
  });

  test('undoes everything on SIGTERM, up to the moment when the new certificate is proved', async () => {
    imports(inputs());
    const before = node.imported(certificates);
    for (const command of [1, 2, 3, 4, 5, 6]) {
      expect(await cutter.run(node, inputs(renewedBundle, bothCas), command, 'TERM')).toMatchObject({ code: 143, stdout: '', stderr: '' });
      expect([command, node.imported(certificates)]).toEqual([command, before]);
      expect(fs.readdirSync(node.temporary)).toEqual([]);
    }
  });
  const renewedBundle = pki.bundle(renewedOtherName);
  const bothCas = pki.pem(ca, caOtherName);

  test('on a full disk keeps the old certificate, and the next run imports', () => {
    const database = path.join(dir, 'full');
    fs.mkdirSync(database);
    if (process.getuid!() !== 0) throw new Error('this test needs root, to mount a small tmpfs');
    must('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', database]);
    try {
      fs.cpSync(node.database.dir, database, { recursive: true });
      const small = { IPSEC_NSS_DIR: database, IPSEC_WAIT: '1' };
      imports(inputs(bundle, caFile, small));
      const held = new NssDatabase(database);
      const before = held.content();
      const filler = path.join(database, 'filler');
      for (const free of [0, 16, 32, 64]) {
        fs.rmSync(filler, { force: true });
        run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1k']);
        fs.truncateSync(filler, Math.max(0, fs.statSync(filler).size - free * 1024));
        const result = node.import(inputs(pki.bundle(renewedOtherName), pki.pem(ca, caOtherName), small));
        const usable = held.content().certificates.filter((each) => [leaf.sha256, renewedOtherName.sha256].includes(each.sha256));
        expect([free, usable.length > 0]).toEqual([free, true]);
        if (result.code === 0) break;
        expect(result.stderr.trimEnd().split('\n').filter((line) => line.startsWith('ipsec-addcert: ')).length).toBeGreaterThan(0);
      }
      fs.rmSync(filler, { force: true });
      expect(node.import(inputs(bundle, caFile, small)).code).toBe(0);
      expect(held.content()).toEqual(before);
    } finally {
      must('umount', [database]);
    }
  });
});

describe('a power cut', () => {
  /** Does `check` for a node that was cut off before each of the import's writing commands, three nodes at a time. */
  async function everywhere(given: Record<string, string>, check: (cutOff: Node, kill: number) => Promise<void>): Promise<void> {
    const rehearsal = node.clone(path.join(dir, 'rehearsal'));
    const commands = (await cutter.run(rehearsal, given)).commands;
    expect(commands).toBeGreaterThan(2);
    rehearsal.remove();
    let next = 1;
    await Promise.all([1, 2, 3].map(async () => {
      for (let kill = next++; kill <= commands; kill = next++) {
        const cutOff = node.clone(path.join(dir, `cut${kill}`));
        expect([kill, (await cutter.run(cutOff, given, kill)).signal]).toEqual([kill, 'SIGKILL']);
        await check(cutOff, kill);
        cutOff.remove();
      }
    }));
  }

  const issued = pki.leaf(caSameName);
  test.each<[string, () => void, Record<string, string>, string[], string[]]>([
    ['during a first import', () => undefined, inputs(), good, []],
    ['while everything is rotated', () => imports(inputs()), inputs(pki.bundle(issued), caSameName.certificate),
      ['ipsec-ca/… CT,C,C caSameName', 'left_server u,u,u issued'], [leaf.sha256, issued.sha256]],
    ['while what the documented script left is cleaned up', () => {
      node.database.add('CA', ca).add('CA', caSameName);
      for (const each of [leaf, renewedOtherName]) node.database.importBundle(pki.bundle(each));
    }, inputs(pki.bundle(renewedSameKey)), ['ipsec-ca/… CT,C,C ca', 'left_server u,u,u renewedSameKey'], [leaf.sha256, renewedSameKey.sha256]],
  ])('%s, before any of its commands, is healed by the next run', async (_, prepare, given, expected, usable) => {
    prepare();
    await everywhere(given, async (cutOff, kill) => {
      const held = cutOff.database.content().certificates;
      if (usable.length > 0) expect([kill, held.some((each) => usable.includes(each.sha256))]).toEqual([kill, true]);
      const healed = await cutOff.startImport(given).done;
      expect([kill, healed.code, healed.stderr]).toEqual([kill, 0, '']);
      expect([kill, cutOff.imported({ ...certificates, issued })]).toEqual([kill, { certificates: expected, keys: 1 }]);
      expect([kill, cutOff.operatorEntries()]).toEqual([kill, Node.operatorEntries()]);
      expect([kill, fs.readdirSync(cutOff.temporary)]).toEqual([kill, []]);
    });
  });

  const rotated = ['ipsec-ca/… CT,C,C ca', 'left_server u,u,u renewedOtherName'];

  test('after which the new bundle can no longer be read leaves one good certificate under the nickname all the same', async () => {
    imports(inputs());
    const given = inputs(pki.bundle(renewedOtherName, { password: 's3cret' }), caFile, { IPSEC_PASSWORD_FILE: pki.text('s3cret') });
    await everywhere(given, async (cutOff, kill) => {
      const failed = await cutOff.startImport({ ...given, IPSEC_PASSWORD_FILE: '/nonexistent' }).done;
      expect([kill, failed.code, failed.stderr]).toEqual([kill, 1, 'ipsec-addcert: the password file /nonexistent is missing\n']);
      const under = cutOff.database.content().certificates.filter((each) => each.nickname === 'left_server');
      expect([kill, under.length]).toEqual([kill, 1]);
      must('certutil', ['-V', '-d', cutOff.database.url, '-n', 'left_server', '-u', 'I']);
      expect([kill, (await cutOff.startImport(given).done).code]).toEqual([kill, 0]);
      expect([kill, cutOff.imported(certificates)]).toEqual([kill, { certificates: rotated, keys: 1 }]);
    });
  });
});
