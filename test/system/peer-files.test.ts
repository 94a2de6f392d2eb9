import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Wire } from './pluto';
import { must, NssDatabase, Pki, REPOSITORY, run, scratch, sleep } from './tools';
import { labPeers } from '../../examples/lab-peers';

// What the library writes for peers is loaded by the programs that it is for. The lab has their tunnels.
const dir = scratch('peer-files');
const pki = new Pki(path.join(dir, 'pki'));
const ca = pki.authority();
const names = ['storage', 'storage-address', 'storage-under-intermediate', 'storage-cn', 'storage-pss', 'impostor', 'stranger'];
const leaves = names.map((name) => pki.leaf(ca, {
  subject: `/O=Lab/CN=${name}`,
  san: 'DNS:storage.example.com',
  signature: name.endsWith('-pss') ? ['-sigopt', 'rsa_padding_mode:pss'] : [],
}));
labPeers(dir);
const connections = fs.readdirSync(path.join(dir, 'peers')).sort();
const file = (connection: string, end: string) => {
  const folder = path.join(dir, 'peers', connection);
  return path.join(folder, fs.readdirSync(folder).find((name) => name.endsWith(end))!);
};

describe('libreswan', () => {
  const wire = new Wire(dir);

  test.each(connections)('takes %s', (connection) => {
    const result = run('ipsec', ['addconn', '--config', file(connection, '.ipsec.conf'), '--checkconfig']);
    expect([result.code, result.stdout, result.stderr]).toEqual([0, '', '']);
  });

  test('loads each, and has the ends, ids and algorithms in it', async () => {
    const pluto = wire.pluto(1);
    const database = new NssDatabase(pluto.nss).create().add('CA', ca);
    leaves.forEach((leaf, i) => database.importBundle(pki.bundle(leaf, { name: names[i] })));
    await pluto.start();
    const status = async (connection: string) => {
      const config = file(connection, '.ipsec.conf');
      for (const [, name] of fs.readFileSync(config, 'utf8').matchAll(/^conn (.*)$/gm)) {
        const result = pluto.within('ipsec', ['auto', '--config', config, '--replace', name]);
        expect([name, result.code, result.stderr]).toEqual([name, 0, '']);
        await sleep(20); // what it logs is read meanwhile, and it waits for that
      }
      return pluto.whack('--status').stdout.replace(/^\d+ /gm, '');
    };
    // Its default route is the tunnels' address where no other one is said.
    must('ip', ['-n', wire.namespaces[1], 'route', 'add', 'default', 'via', '192.0.2.1']);
    const seen: Record<string, string> = {};
    for (const connection of connections) seen[connection] = await status(connection);
    expect(seen.transport).toContain(
      '"ipsec-transport": 10.0.0.21[@storage.example.com]...%any[%fromcert]; unrouted; eroute owner: #0\n');
    expect(seen.subnet).toContain(
      '"ipsec-subnet": 198.51.100.0/24===192.0.2.2[@storage.example.com]---192.0.2.1...%any[%fromcert]; unrouted; eroute owner: #0\n');
    expect(seen['known-subject']).toContain('...%any[O=Lab, CN=nodes.cluster.example.com]');
    expect(seen.cnsa).toContain('"ipsec-cnsa":   IKE algorithms: AES_GCM_16_256-HMAC_SHA2_512-DH20, '
      + 'AES_GCM_16_256-HMAC_SHA2_512-MODP3072, AES_GCM_16_256-HMAC_SHA2_512-MODP4096\n');
    expect(seen.cnsa).toContain('"ipsec-cnsa":   ESP algorithms: AES_GCM_16_256-NONE\n');
    expect(seen.short).toMatch(/"ipsec-short": +ike_life: 50s; ipsec_life: 30s;/);
    expect(seen.probed).toMatch(/"ipsec-probed": +liveness: active; dpdaction:clear; dpddelay:2s/);
  }, 120_000);

  test('takes from the file that nodes share a certificate, also where ipsec.conf includes it', () => {
    const folder = path.join(dir, 'included');
    fs.mkdirSync(folder);
    fs.copyFileSync(path.join(REPOSITORY, 'test/system/fixtures/shared.ipsec.conf'), path.join(folder, 'shared.conf'));
    fs.writeFileSync(path.join(folder, 'ipsec.conf'), `config setup\n\ninclude ${folder}/*.conf\n`);
    expect(must('ipsec', ['addconn', '--config', path.join(folder, 'ipsec.conf'), '--configsetup'])).toContain("export uniqueids='no'\n");
  });
});

describe('strongSwan', () => {
  let said: string;
  beforeAll(() => {
    const swanctl = path.join(dir, 'swanctl');
    const certificates = path.join(dir, 'certificates');
    for (const each of [swanctl, certificates]) fs.mkdirSync(each);
    for (const connection of connections) fs.copyFileSync(file(connection, '.swanctl.conf'), path.join(swanctl, `${connection}.swanctl.conf`));
    leaves.forEach((leaf, i) => {
      fs.copyFileSync(leaf.certificate, path.join(certificates, `${names[i]}.pem`));
      fs.copyFileSync(leaf.key, path.join(certificates, `${names[i]}.key`));
    });
    fs.copyFileSync(ca.certificate, path.join(certificates, 'ca.pem'));
    said = must(path.join(REPOSITORY, 'test/system/charon.sh'), [swanctl, certificates], { env: { HOME: os.homedir() } });
  }, 120_000);

  test('loads every file', () => {
    expect(said).toContain(`successfully loaded ${connections.length} connections, 0 unloaded\n`);
    expect(said).not.toMatch(/failed|unknown|invalid/);
  });

  test.each<[connection: string, lines: string]>([
    ['transport', `ipsec-transport: IKEv2, no reauthentication, rekeying every 14400s
  local:  10.0.0.21
  remote: %any
  local public key authentication:
    id: storage.example.com
    certs: O=Lab, CN=storage
  remote public key authentication:
    id: %any
    cacerts: O=Lab, CN=Lab CA
  ipsec-transport: TRANSPORT, rekeying every 3600s
    local:  dynamic
    remote: dynamic
`],
    ['by-address', `ipsec-by-address: IKEv2, no reauthentication, rekeying every 14400s
  local:  10.0.0.21
  remote: %any
  local public key authentication:
    id: 10.0.0.21
    certs: O=Lab, CN=storage-address
`],
    ['known-subject', `  remote public key authentication:
    id: O=Lab, CN=nodes.cluster.example.com
`],
    ['short', `ipsec-short: IKEv2, no reauthentication, rekeying every 50s
  local:  %any
  remote: 10.0.0.11
`],
    ['probed', `ipsec-probed: IKEv2, no reauthentication, rekeying every 14400s, dpd delay 2s
`],
    ['subnets', `  ipsec-subnets-1: TUNNEL, rekeying every 3600s
    local:  203.0.113.0/24
`],
  ])('has of %s what it says', (_, lines) => {
    expect(said).toContain(lines);
  });
});
