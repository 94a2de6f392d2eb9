import * as fs from 'fs';
import * as path from 'path';
import { Certificate, DOCUMENTED_SCRIPT, NssDatabase, Pki, REPOSITORY, requireTools, run, scratch } from './tools';

requireTools({ bash: 'bash', certutil: 'libnss3-tools', openssl: 'openssl', pk12util: 'libnss3-tools', python3: 'python3' });

// Why the other script exists: what the documented one does with a certificate's second life.
const dir = scratch('documented-addcert');
const pki = new Pki(path.join(dir, 'pki'));
const ca = pki.authority();
const caSameName = pki.authority();
const caOtherName = pki.authority('/O=Lab/CN=Lab CA 2');
const leaf = pki.leaf(ca);
const renewed = pki.leaf(ca);
const renewedOtherName = pki.leaf(ca, { subject: '/O=Lab/CN=node1-new.example.com' });
const names = new Map(Object.entries({ ca, caSameName, caOtherName, leaf, renewed, renewedOtherName })
  .map(([name, { sha256 }]): [string, string] => [sha256, name]));

let count = 0;
let database: NssDatabase;
beforeEach(() => {
  database = new NssDatabase(path.join(dir, `nss${++count}`)).create();
});

/** Runs a copy with the paths of the node replaced. */
function documented(bundle: string, anchors: string) {
  const script = fs.readFileSync(DOCUMENTED_SCRIPT, 'utf8').replace(/\/var\/lib\/ipsec\/nss\//g, database.dir)
    .replace(/\/etc\/pki\/certs\/left_server\.p12/g, bundle).replace(/\/etc\/pki\/certs\/ca\.pem/g, anchors);
  return run('bash', ['-e', '-c', script]);
}

const bundle = (which: Certificate, password?: string) => pki.bundle(which, { password });
const content = () => database.content().certificates.map(({ nickname, sha256 }) => `${nickname}: ${names.get(sha256)}`);

test('is the text of the reference, byte for byte', () => {
  const text = fs.readFileSync(DOCUMENTED_SCRIPT, 'utf8');
  expect(text.split('\n')).toHaveLength(6);
  const reference = path.join(REPOSITORY, '..', 'shared', 'reference');
  if (!fs.existsSync(reference)) {
    console.warn(`not compared with the reference: ${reference} is not here`);
    return;
  }
  const page = fs.readdirSync(reference).filter((file) => file.endsWith('.txt'))
    .map((file) => fs.readFileSync(path.join(reference, file), 'utf8')).join('\n').split('\n');
  const first = page.findIndex((line) => line.trim() === '#!/bin/bash -e');
  const indent = page[first].length - page[first].trimStart().length;
  expect(text).toBe(page.slice(first, first + 5).map((line) => `${line.slice(indent)}\n`).join(''));
});

test('imports a certificate, at every boot again', () => {
  const file = bundle(leaf);
  for (let boot = 1; boot <= 3; boot++) expect(documented(file, ca.certificate)).toMatchObject({ code: 0 });
  expect(content()).toEqual(['CA: ca', 'left_server: leaf']);
});

test('leaves the CA and no certificate when the bundle has a password', () => {
  expect(documented(bundle(leaf, 's3cret'), ca.certificate)).toMatchObject({
    code: 18,
    stderr: expect.stringContaining('SEC_ERROR_BAD_PASSWORD'),
  });
  expect(content()).toEqual(['CA: ca']);
});

test('succeeds with a renewed certificate of another subject, and keeps the old one under the nickname', () => {
  documented(bundle(leaf), ca.certificate);
  expect(documented(bundle(renewedOtherName), ca.certificate)).toMatchObject({ code: 0 });
  expect(content()).toEqual(['CA: ca', 'left_server: leaf', 'node1-new.example.com - Lab: renewedOtherName']);
});

test('has two certificates under the nickname after a renewal with the same subject', () => {
  documented(bundle(leaf), ca.certificate);
  expect(documented(bundle(renewed), ca.certificate)).toMatchObject({ code: 0 });
  expect(content().sort()).toEqual(['CA: ca', 'left_server: leaf', 'left_server: renewed']);
  expect(database.content().keys).toHaveLength(2);
});

test('keeps trusting the old CA after one of the same name came', () => {
  documented(bundle(leaf), ca.certificate);
  expect(documented(bundle(leaf), caSameName.certificate)).toMatchObject({ code: 0 });
  expect(content().sort()).toEqual(['CA: ca', 'CA: caSameName', 'left_server: leaf']);
  expect(database.content().trust.CA).toEqual(['CT,C,C', 'CT,C,C']);
});

test('fails at every boot once the CA has another name', () => {
  documented(bundle(leaf), ca.certificate);
  const other = bundle(pki.leaf(caOtherName));
  for (let boot = 1; boot <= 2; boot++) {
    expect(documented(other, caOtherName.certificate)).toMatchObject({
      code: 255,
      stderr: expect.stringContaining('SEC_ERROR_ADDING_CERT'),
    });
  }
  expect(content()).toEqual(['CA: ca', 'left_server: leaf']);
});

test('imports the first of two CAs', () => {
  expect(documented(bundle(leaf), pki.pem(ca, caOtherName))).toMatchObject({ code: 0 });
  expect(content()).toEqual(['CA: ca', 'left_server: leaf']);
});

test('fails after the import when the friendly name is another', () => {
  expect(documented(pki.bundle(leaf, { name: 'node1-cert' }), ca.certificate)).toMatchObject({ code: 255 });
  expect(content()).toEqual(['CA: ca', 'node1-cert: leaf']);
});
