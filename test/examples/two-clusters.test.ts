import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { runCommand } from '../cli/command';
import { makeCa, makeLeaf, makePkcs12 } from '../pki';

/** Both clusters as the example writes them, with a CA that issued the certificates of both gateways. */
const directory = mkdtempSync(join(tmpdir(), 'two-clusters-'));
const dist = (name: string) => join(directory, 'dist', name);

beforeAll(() => {
  const ca = makeCa();
  writeFileSync(join(directory, 'ca.pem'), ca.pem);
  for (const name of ['berlin', 'paris']) {
    const gateway = `gateway.${name}.example.com`;
    const identity = makeLeaf({ ca, cn: gateway, dnsNames: [gateway] });
    writeFileSync(join(directory, `${name}.p12`), makePkcs12({ identity, friendlyName: 'left_server', password: name }));
    writeFileSync(join(directory, `${name}.password`), `${name}\n`);
  }
  const before = process.cwd();
  try {
    process.chdir(directory);
    jest.requireActual('../../examples/two-clusters');
  } finally {
    process.chdir(before);
  }
});

interface Settings { readonly [key: string]: string }

function tunnelsOf(name: string): Settings[] {
  return readdirSync(dist(name)).sort()
    .flatMap((file) => parseAllDocuments(readFileSync(join(dist(name), file), 'utf8')).map((document) => document.toJSON()))
    .filter(({ kind }) => kind === 'NodeNetworkConfigurationPolicy')
    .map(({ spec }) => spec.desiredState.interfaces[0].libreswan);
}

test('each end of each tunnel is the mirror of the other', () => {
  const [berlin, paris] = [tunnelsOf('berlin'), tunnelsOf('paris')];
  const pairs = (tunnels: readonly Settings[], left: string, right: string) =>
    tunnels.map((tunnel) => `${tunnel[`${left}id`]} ${tunnel[`${left}subnet`]} to ${tunnel[`${right}id`]} ${tunnel[`${right}subnet`]}`).sort();
  expect(pairs(berlin, 'left', 'right')).toEqual([
    '@gateway.berlin.example.com 192.168.10.0/24 to @gateway.paris.example.com 192.168.20.0/24',
    '@gateway.berlin.example.com 192.168.11.0/24 to @gateway.paris.example.com 192.168.20.0/24',
  ]);
  expect(pairs(paris, 'right', 'left')).toEqual(pairs(berlin, 'left', 'right'));
  for (const key of ['ike', 'esp', 'ikev2', 'type', 'rightca']) {
    expect([...new Set([...berlin, ...paris].map((tunnel) => tunnel[key]))]).toHaveLength(1);
  }
  expect(berlin[0].rightca).toBe('%same');
  expect([berlin[0].right, paris[0].right]).toEqual(['203.0.113.20', '198.51.100.10']);
});

test.each(['berlin', 'paris'])('check finds nothing in the files of %s, not even a warning', (name) => {
  const { code, stdout } = runCommand(['check', '--fail-on', 'warning', '--openshift-version', '4.22', dist(name)]);
  expect([code, stdout]).toEqual([0, expect.stringContaining('0 errors, 0 warnings')]);
});
