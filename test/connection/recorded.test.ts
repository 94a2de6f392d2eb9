import { parse } from 'yaml';
import { RECORDED } from './nm-libreswan-cases/cases';
import { Connection, ConnectionDelivery, ConnectMode, EndpointState, LibreswanSettings } from '../../src/connection/connection';
import { keyfileOf } from '../../src/connection/keyfile';
import { readKeyfile } from '../../src/openshift/keyfile-format';
import { libreswanValueProblem } from '../../src/openshift/libreswan-values';
import { keyfileOption } from '../../src/openshift/network-manager';

/** What nmstate was told: one interface. */
interface Stated { readonly name: string; readonly ipv4?: object; readonly libreswan: LibreswanSettings }

const stated = RECORDED.flatMap(({ name, state, keyfile }) => state === undefined || keyfile === undefined ? []
  : [{ name, keyfile, own: parse(state).interfaces[0] as Stated }]);

/** Connections that an endpoint can't say: a shared secret, or addresses for the interface. */
const unsaid = ({ own }: { own: Stated }) => 'psk' in own.libreswan || own.ipv4 !== undefined;
/** Values that nmstate wrote unescaped or without their blanks, so that NetworkManager read others. */
const MISWRITTEN = ['035-right-space', '059-leftcert-backslash', '060-leftcert-leading-space', '064-leftcert-line-break'];
/** Values that the rules refuse, and nmstate leaves out. */
const EMPTY = ['124-leftid-empty', '125-rightsubnet-empty'];

const same = stated.filter((each) => !unsaid(each) && ![...MISWRITTEN, ...EMPTY].includes(each.name));

test('hardly any connection is left out of the comparison', () => {
  expect(stated.length).toBe(156);
  expect(stated.filter(unsaid).map(({ name }) => name)).toEqual([
    '004-nmstate-documentation',
    '093-authby-secret-without-rsasigkeys',
    '094-psk',
    '127-every-key',
  ]);
  expect(same.length).toBe(146);
});

test.each(same)('$name is the keyfile of nmstate, byte for byte', ({ keyfile, own }) => {
  expect(keyfileOf(connection(own))).toBe(keyfile);
});

test.each(stated.filter(unsaid))('$name differs only in what an endpoint does not say', ({ keyfile, own }) => {
  const { psk: _, ...libreswan } = own.libreswan;
  const made = readKeyfile(keyfileOf(connection({ ...own, libreswan })))!;
  const theirs = readKeyfile(keyfile)!;
  for (const section of ['connection', 'ipv6', 'vpn']) expect(made.get(section)).toEqual(theirs.get(section));
});

test.each(stated.filter(({ name }) => MISWRITTEN.includes(name)))(
  '$name says what was meant, where the rules take it at all',
  ({ own }) => {
    const made = readKeyfile(keyfileOf(connection(own)))!.get('vpn')!;
    for (const [key, value] of Object.entries(own.libreswan)) {
      if (typeof value === 'string' && libreswanValueProblem(keyfileOption(key)!, value) === undefined) expect(made.get(key)).toBe(value);
    }
  },
);

test('when the node calls the peer is one entry more, in the words of the plugin', () => {
  const { keyfile } = RECORDED.find(({ name }) => name === '128-keyfile-nm-connect-mode-ondemand')!;
  const theirs = readKeyfile(keyfile!)!.get('vpn')!;
  const { 'service-type': _, 'nm-connect-mode': __, ...libreswan } = Object.fromEntries(theirs);
  const made = readKeyfile(keyfileOf({ ...connection({ name: 'ipsec-host', libreswan }), connectMode: ConnectMode.ON_DEMAND }))!.get(
    'vpn',
  )!;
  expect(made).toEqual(new Map([...theirs].sort()));
});

function connection({ name, libreswan }: Stated): Connection & { readonly libreswan: LibreswanSettings } {
  return {
    interfaceName: name,
    target: { nodeSelector: { 'node-role.kubernetes.io/worker': '' } },
    state: EndpointState.PRESENT,
    delivery: ConnectionDelivery.KEYFILE,
    connectMode: ConnectMode.START,
    libreswan,
  };
}
