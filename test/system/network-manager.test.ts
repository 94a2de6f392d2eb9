import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { REPOSITORY, requireTools, run } from './tools';
import { Connection, ConnectionDelivery, ConnectMode, EndpointState, LibreswanSettings } from '../../src/connection/connection';
import { keyfileOf } from '../../src/connection/keyfile';
import { readKeyfile } from '../../src/openshift/keyfile-format';

requireTools({ nmcli: 'network-manager' });

/** What NetworkManager itself makes of a keyfile: it reads it, and writes it anew. No daemon runs for that. */
function rewritten(keyfile: string) {
  const { code, stdout, stderr } = run('nmcli', ['--offline', 'connection', 'modify', 'connection.id', 'ipsec0'], {
    input: keyfile,
    env: { LC_ALL: 'C' },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

function connection(libreswan: LibreswanSettings, connectMode = ConnectMode.START): Connection & { readonly libreswan: LibreswanSettings } {
  return {
    interfaceName: 'ipsec0',
    target: {},
    state: EndpointState.PRESENT,
    delivery: ConnectionDelivery.KEYFILE,
    connectMode,
    libreswan,
  };
}

const SETTINGS = {
  left: '%defaultroute',
  leftcert: 'left_server',
  right: 'storage.example.com',
  rightsubnet: '10.1.2.3/32',
  ikev2: 'insist',
  leftmodecfgclient: false,
};

describe('NetworkManager reads from our keyfile what was meant', () => {
  test('the connection and its settings', () => {
    const made = keyfileOf(connection(SETTINGS, ConnectMode.ON_DEMAND));
    const sections = readKeyfile(rewritten(made))!;
    const meant = readKeyfile(made)!;
    expect(sections.get('vpn')).toEqual(meant.get('vpn'));
    expect(sections.get('ipv4')).toEqual(meant.get('ipv4'));
    expect(Object.fromEntries(sections.get('connection')!)).toEqual({
      id: 'ipsec0',
      type: 'vpn',
      uuid: meant.get('connection')!.get('uuid'),
    });
  });

  // Each in the middle of a value, at both of its ends, and twice.
  test.each([...' !#$%&\'()*+,-./0:;<=>?@A[\\]^_`a{|}~'])('the character %j', (character) => {
    const value = `${character}x${character}${character}y s\\n${character}`;
    const read = readKeyfile(rewritten(keyfileOf(connection({ ...SETTINGS, leftcert: value }))))!;
    expect(read.get('vpn')!.get('leftcert')).toBe(value);
  });

  test('control: a backslash that is not escaped is read as another value', () => {
    expect(rewritten(keyfileOf(connection(SETTINGS)).replace('left_server', 'left\\server'))).toContain('\nleftcert=left erver\n');
  });
});

describe('our reader reads what NetworkManager reads', () => {
  test.each([
    'left= a b  ',
    'left=a\\sb',
    'left=a\\;b',
    'left=a;b#c',
    'left = a',
    '# left=b\nleft=a',
    'left=a\nleft=b',
    'left=\\\\s',
    '  left=a',
    'left=\\ta',
  ])('%j', (lines) => {
    const text = `[connection]\nid=ipsec0\ntype=vpn\nuuid=bff0b8b3-6218-5e8f-9ee5-8bf647b402a9\n[vpn]\nservice-type=x\n${lines}\n`;
    expect(readKeyfile(text)!.get('vpn')!.get('left')).toBe(readKeyfile(rewritten(text))!.get('vpn')!.get('left'));
  });

  test('a line that is none is refused by both', () => {
    const text = '[connection]\nid=ipsec0\ntype=vpn\n[vpn]\nservice-type=x\nserver\n';
    expect(readKeyfile(text)).toBeUndefined();
    expect(run('nmcli', ['--offline', 'connection', 'modify', 'connection.id', 'x'], { input: text }).code).not.toBe(0);
  });
});

describe('ipsec-dropconnection.sh', () => {
  const script = join(REPOSITORY, 'src/constructs/endpoint/ipsec-dropconnection.sh');
  let directory: string;
  beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'nmcli-')); });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** Runs it with an nmcli that keeps a list of profiles, and records what it was told. */
  function drop(profiles: readonly string[], body = '', name = 'ipsec-storage') {
    const [list, calls] = [join(directory, 'list'), join(directory, 'calls')];
    writeFileSync(list, profiles.map((line) => `${line}\n`).join(''));
    writeFileSync(join(directory, 'nmcli'), `#!/bin/bash
${body}
case "$*" in
  '--terse --fields UUID,TYPE,NAME connection show') cat '${list}' ;;
  *) echo "$*" >>'${calls}' ;;&
  *' delete uuid '*) sed -i "/^\${!#}:/d" '${list}' ;;
esac
`);
    chmodSync(join(directory, 'nmcli'), 0o755);
    const { code, stdout, stderr } = run('bash', [script], {
      env: { PATH: `${directory}:/usr/bin:/bin`, ...(name === '' ? {} : { IPSEC_CONNECTION: name }) },
    });
    return {
      code,
      stdout,
      stderr,
      calls: existsSync(calls) ? readFileSync(calls, 'utf8').trimEnd().split('\n') : [],
      left: readFileSync(list, 'utf8'),
    };
  }

  test('takes every VPN connection of the name down, removes it, and nothing else', () => {
    expect(drop(['u1:vpn:ipsec-storage', 'u2:802-3-ethernet:ipsec-storage', 'u3:vpn:ipsec-storage-2', 'u4:vpn:ipsec-storage'])).toEqual({
      code: 0,
      stdout:
        'removed the connection ipsec-storage (u1)\nremoved the connection ipsec-storage (u4)\nthere is no connection ipsec-storage\n',
      stderr: '',
      calls: [
        '--wait 10 connection down uuid u1',
        '--wait 10 connection delete uuid u1',
        '--wait 10 connection down uuid u4',
        '--wait 10 connection delete uuid u4',
      ],
      left: 'u2:802-3-ethernet:ipsec-storage\nu3:vpn:ipsec-storage-2\n',
    });
  });

  test('changes nothing where there is none', () => {
    expect(drop(['u3:vpn:other'])).toMatchObject({ code: 0, stdout: 'there is no connection ipsec-storage\n', calls: [] });
  });

  test('removes one that is not up', () => {
    expect(
      drop(['u1:vpn:ipsec-storage'], 'if [[ $* == *" down "* ]]; then echo "Error: not an active connection" >&2; exit 10; fi'),
    ).toMatchObject({ code: 0, left: '' });
  });

  test.each([
    ['NetworkManager does not run', 'echo "Error: NetworkManager is not running." >&2; exit 8', 8],
    ['it can\'t be removed', 'if [[ $* == *" delete "* ]]; then echo "Error: no rights" >&2; exit 1; fi', 1],
  ])('fails where %s, so that the unit tries again', (_, body, code) => {
    expect(drop(['u1:vpn:ipsec-storage'], body)).toMatchObject({ code, left: 'u1:vpn:ipsec-storage\n' });
  });

  test('fails without a name', () => {
    expect(drop(['u1:vpn:'], '', '')).toMatchObject({ code: 1, calls: [] });
  });
});
