import { createHash } from 'crypto';
import { Connection, ConnectMode, LibreswanSettings } from './connection';
import { writeKeyfile } from '../openshift/keyfile-format';
import { CONNECT_MODE_KEY, KEYFILE_FOLDER, LIBRESWAN_SERVICE, ON_DEMAND } from '../openshift/network-manager';

/** Where a node has the keyfile of a connection. It is the file that NetworkManager itself writes for a connection of NMState. */
export function keyfilePath({ interfaceName }: Pick<Connection, 'interfaceName'>): string {
  return `${KEYFILE_FOLDER}/${interfaceName}.nmconnection`;
}

/**
 * A live connection as a keyfile of NetworkManager: what nmstate makes of the same connection, key by key, and the mode of
 * connecting besides, which nmstate can't say.
 *
 * @see https://networkmanager.dev/docs/api/latest/nm-settings-keyfile.html
 */
export function keyfileOf({ interfaceName, libreswan, connectMode }: Connection & { readonly libreswan: LibreswanSettings }): string {
  // No address comes with the connection: the limit of time for one is the longest there is, as nmstate has it.
  const noAddress = { 'dhcp-timeout': '2147483647', 'method': 'disabled' };
  return writeKeyfile({
    connection: { 'autoconnect': 'true', 'autoconnect-slaves': '-1', 'id': interfaceName, 'type': 'vpn', 'uuid': uuidOf(interfaceName) },
    ipv4: noAddress,
    ipv6: noAddress,
    vpn: {
      ...dataOf(libreswan),
      ...connectMode === ConnectMode.ON_DEMAND ? { [CONNECT_MODE_KEY]: ON_DEMAND } : {},
      'service-type': LIBRESWAN_SERVICE,
    },
  });
}

/** That what is missing is filled in is the plugin's default, and nmstate does not write it. */
function dataOf(libreswan: LibreswanSettings): { readonly [key: string]: string } {
  const said = Object.entries(libreswan).filter(([key, value]) => !(key === 'nm-auto-defaults' && value === true));
  return Object.fromEntries(said.map(([key, value]) => [key, inWords(value)]));
}

function inWords(value: string | number | boolean): string {
  return typeof value === 'boolean' ? value ? 'yes' : 'no' : String(value);
}

/** RFC 4122, appendix C: the namespace of URLs. */
const URL_NAMESPACE = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/**
 * The UUID of a connection, which NetworkManager tells its connections apart by. It follows from the name (RFC 4122, version 5),
 * and from nothing else: a file that changes is the same connection still, and every node has the same bytes. nmstate derives
 * it in the same way.
 */
export function uuidOf(interfaceName: string): string {
  const bytes = createHash('sha1').update(URL_NAMESPACE).update(`ipsec://${interfaceName}`).digest().subarray(0, 16);
  bytes[6] = 0x50 + bytes[6] % 0x10; // the version
  bytes[8] = 0x80 + bytes[8] % 0x40; // the variant
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
