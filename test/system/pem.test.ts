import * as fs from 'fs';
import * as path from 'path';
import * as fc from 'fast-check';
import { Node } from './node';
import { Pki, requireTools, run, scratch } from './tools';
import { CaBundle } from '../../src';

requireTools({ bash: 'bash', certutil: 'libnss3-tools', openssl: 'openssl', pk12util: 'libnss3-tools', python3: 'python3' });

interface Case { readonly file: string; readonly title: string; readonly certificates?: number; readonly error?: string }

const folder = path.join(__dirname, '..', 'certificate', 'pem-cases');
const cases: Case[] = JSON.parse(fs.readFileSync(path.join(folder, 'cases.json'), 'utf8'));
const accepted = cases.filter(({ error }) => error === undefined);

const dir = scratch('pem');
const pki = new Pki(path.join(dir, 'pki'));
const ca = pki.authority();
const leaf = pki.leaf(ca);
const bundle = pki.bundle(leaf);

/** The number of certificates that OpenSSL finds in a file. */
function countOfOpenssl(file: string): number {
  const { stdout } = run('openssl', ['storeutl', '-noout', '-certs', file]);
  return Number(/Total found: (\d+)/.exec(stdout)?.[1] ?? 0);
}

const hex = (fingerprint: string) => fingerprint.replace(/:/g, '').toLowerCase();

describe('what synthesis takes as a CA file', () => {
  test.each(accepted)('OpenSSL reads alike: $title', ({ file, certificates }) => {
    expect(countOfOpenssl(path.join(folder, file))).toBe(certificates);
  });

  test.each(accepted)('the script imports whole: $title', ({ file }) => {
    const node = Node.make(path.join(dir, file), pki);
    const anchors = path.join(dir, `${file}.ca`);
    fs.writeFileSync(anchors, Buffer.concat([fs.readFileSync(ca.certificate), fs.readFileSync(path.join(folder, file))]));
    const wanted = CaBundle.fromFile(anchors).fingerprintsSha256.map(hex);
    const { code, stderr } = node.import({ IPSEC_PKCS12: bundle, IPSEC_CA: anchors });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const there = node.imported().certificates.filter((line) => line.includes(' CT,C,C ')).map((line) => line.split(' ').pop());
    node.remove();
    expect(there.sort()).toEqual([...new Set(wanted)].sort());
  });

  test('has as many certificates for OpenSSL, however a good file was changed', () => {
    const good = fs.readFileSync(path.join(folder, 'two.pem'), 'latin1');
    const file = path.join(dir, 'mutant.pem');
    const text = fc.constantFrom(
      ' ',
      '\t',
      '\r',
      '\n',
      '\r\n',
      '-',
      '#',
      '\u00ef\u00bb\u00bf',
      '\0',
      'A',
      '=',
      '-----BEGIN CERTIFICATE-----',
      '',
    );
    const edges = [...good.matchAll(/^|$|-----/gm)].map(({ index }) => index!);
    const place = fc.oneof(fc.constantFrom(...edges), fc.nat(good.length));
    const changes = fc.array(fc.tuple(place, fc.nat(3), text), { minLength: 1, maxLength: 3 });
    let taken = 0;
    fc.assert(fc.property(changes, (list) => {
      const mutant = list.reduce((all, [at, lost, added]) => all.slice(0, at) + added + all.slice(at + lost), good);
      fs.writeFileSync(file, mutant, 'latin1');
      let count: number;
      try {
        count = CaBundle.fromFile(file).subjects.length;
      } catch (error) {
        expect(error).toMatchObject({ name: 'InputError' });
        return;
      }
      taken++;
      expect(countOfOpenssl(file)).toBe(count);
    }), { numRuns: 1500 });
    // Some thirty of them, as chance will have it.
    expect(taken).toBeGreaterThan(5);
  });
});
