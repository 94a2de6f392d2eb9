import { spawnSync } from 'child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { demo } from '../../examples/demo';
import { decodeContents } from '../data-url';
import { requireTools } from './tools';

requireTools({ openssl: 'openssl' });

describe('the bundle in the demo\'s manifests', () => {
  const out = mkdtempSync(join(tmpdir(), 'demo-'));
  afterAll(() => rmSync(out, { recursive: true }));
  demo([], out);
  const certificates = readdirSync(join(out, 'manifests')).find((file) => file.includes('-certificates-'))!;
  const [, worker] = parseAllDocuments(readFileSync(join(out, 'manifests', certificates), 'utf8')).map((document) =>
    document.toJSON(),
  );
  const { contents } = worker.spec.config.storage.files.find(({ path }: { path: string }) => path === '/etc/pki/certs/left_server.p12');
  const bundle = join(out, 'found.p12');
  writeFileSync(bundle, decodeContents(contents));

  const openssl = (...args: string[]) => spawnSync('openssl', ['pkcs12', '-in', bundle, ...args], { encoding: 'utf8' });

  test('opens with the demo\'s password, and holds the certificate under its nickname', () => {
    const { status, stdout } = openssl('-passin', `file:${join(out, 'pki/left_server.password')}`, '-nokeys', '-clcerts');
    expect(status).toBe(0);
    expect(stdout).toMatch(/friendlyName: left_server\n/);
    expect(stdout).toMatch(/CN = nodes\.cluster\.example\.com\n/);
  });

  test('does not open with another one', () => {
    expect(openssl('-passin', 'pass:another', '-noout').status).not.toBe(0);
    expect(openssl('-passin', 'pass:', '-noout').status).not.toBe(0);
  });
});
