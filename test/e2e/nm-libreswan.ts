/**
 * The text of a libreswan connection, made from a NetworkManager keyfile as NetworkManager-libreswan makes it.
 *
 * This one link of the lab's chain is ours: the plugin can't run without NetworkManager. `test/connection/nm-libreswan.test.ts` holds it
 * against
 * what the plugin itself wrote for 177 connections. There is one difference: the plugin's `leftupdown` helper talks to NetworkManager, so
 * that `true`
 * stands in.
 */
import { isIPv4, isIPv6 } from 'net';

export interface LibreswanConnection {
  /** What NetworkManager calls the connection: the name of nmstate's interface. */
  readonly id: string;
  /** What libreswan calls it. */
  readonly uuid: string;
  readonly text: string;
  /** What the plugin then has libreswan do: initiate at once, or when the first packet wants to go. */
  readonly command: 'up' | 'route';
  /** Whether NetworkManager asks for a secret first that stands in no keyfile, and starts nothing where nobody answers. */
  readonly wantsSecret: boolean;
}

/** The helper that the plugin names, in the lab and where nothing is run. */
const LEFTUPDOWN = '/bin/true';

const SERVICE = 'org.freedesktop.NetworkManager.libreswan';

/** What stands in the section `vpn` and is NetworkManager's own. */
const OWN = ['service-type', 'persistent', 'timeout', 'user-name'];

const WITH_WHITE_SPACE = ['leftcert', 'rightcert', 'leftrsasigkey', 'rightrsasigkey', 'rightca'];

type Data = { readonly [key: string]: string | undefined };

/** One line of the connection: what it says where nothing is filled in, and where the plugin fills in what is missing. */
interface Line {
  readonly key: string;
  /** How it is written; undefined where libreswan is not told. */
  readonly write?: (value: string) => string | undefined;
  readonly fill?: (data: Data) => string | undefined;
  /** Whether it is NetworkManager's word, and not a key of the keyfile. */
  readonly made?: true;
}

const made = (key: string, fill: (data: Data) => string | undefined): Line => ({ key, fill, made: true });
const quoted = (value: string) => `"${value}"`;

const LINES: readonly Line[] = [
  { key: 'ikev2', fill: () => 'never' },
  { key: 'right' },
  { key: 'leftid' },
  { key: 'rightid' },
  { key: 'leftcert', write: quoted },
  { key: 'rightcert', write: quoted },
  { key: 'rightrsasigkey', write: quoted, fill: ({ leftcert, rightcert }) => leftcert ?? rightcert ? '%cert' : undefined },
  { key: 'leftrsasigkey', write: quoted, fill: ({ leftcert }) => leftcert ? '%cert' : undefined },
  { key: 'left', fill: () => '%defaultroute' },
  { key: 'leftmodecfgclient', fill: () => 'yes' },
  { key: 'pfs', write: (value) => value === 'no' ? value : undefined },
  { key: 'authby', fill: (data) => hasKeys(data) ? undefined : 'secret' },
  { key: 'ike', fill: (data) => isAggressive(data) ? 'aes256-sha1;modp1536' : undefined },
  { key: 'ikelifetime', fill: (data) => isIkev1(data) ? '24h' : undefined },
  { key: 'salifetime', fill: (data) => isIkev1(data) ? '24h' : undefined },
  { key: 'hostaddrfamily' },
  { key: 'clientaddrfamily' },
  { key: 'leftsubnet' },
  { key: 'rightsubnet', fill: (data) => isIpv6Inside(data) ? '::/0' : '0.0.0.0/0' },
  { key: 'leftsubnets' },
  { key: 'rightsubnets' },
  { key: 'narrowing' },
  { key: 'fragmentation' },
  { key: 'mobike' },
  { key: 'dpddelay' },
  { key: 'dpdtimeout' },
  { key: 'dpdaction' },
  { key: 'ipsec-interface' },
  { key: 'type' },
  { key: 'require-id-on-certificate' },
  { key: 'leftsendcert' },
  { key: 'rightca', write: quoted },
  { key: 'leftprotoport', write: quoted },
  { key: 'rightprotoport', write: quoted },
  { key: 'rekey', fill: () => 'yes' },
  made('cisco-unity', ({ vendor }) => vendor === 'Cisco' ? 'yes' : undefined),
  { key: 'esp', fill: (data) => isAggressive(data) ? 'aes256-sha1' : undefined },
  made('keyingtries', ({ rekey }) => rekey === undefined ? '1' : undefined),
  made('aggrmode', (data) => isAggressive(data) ? 'yes' : undefined),
  made('leftxauthclient', (data) => isIkev1(data) ? 'yes' : undefined),
  made('rightxauthserver', (data) => isIkev1(data) ? 'yes' : undefined),
  made('remote-peer-type', (data) => isIkev1(data) ? 'cisco' : undefined),
  made('rightmodecfgserver', () => 'yes'),
  made('modecfgpull', () => 'yes'),
];

/** Keys that the plugin takes and writes into no line of their own. */
const SILENT = [
  'nm-auto-defaults',
  'nm-connect-mode',
  'vendor',
  'pskvalue-flags',
  'xauthpassword-flags',
  'pskinputmodes',
  'xauthpasswordinputmodes',
];

const KNOWN = new Set([...LINES.flatMap(({ key, made: own }) => own ? [] : [key]), ...SILENT]);

export function libreswanConnection(keyfile: string, leftupdown = LEFTUPDOWN): LibreswanConnection {
  const { connection, vpn, 'vpn-secrets': secrets = {} } = sections(keyfile);
  if (connection.type !== 'vpn' || vpn['service-type'] !== SERVICE) throw new Error(`no connection of the libreswan plugin: ${keyfile}`);
  const filled = vpn['nm-auto-defaults'] !== 'no';
  const data = dataOf(vpn, filled);
  const lines = LINES.flatMap((line) => {
    const value = valueOf(line, data, filled);
    const written = value === undefined || !line.write ? value : line.write(value);
    return written === undefined ? [] : [` ${line.key}=${written}`];
  });
  const ondemand = data['nm-connect-mode'] === 'ondemand';
  return {
    id: connection.id,
    uuid: connection.uuid,
    text: [
      ...notes([[!filled, 'nm-auto-defaults=no'], [ondemand, 'nm-connect-mode=ondemand']]),
      `conn ${connection.uuid}`, ...lines, ` leftupdown="${leftupdown}"`, ' auto=add', ' nm-configured=yes', '',
    ].join('\n'),
    command: ondemand ? 'route' : 'up',
    wantsSecret: isIkev1(data) && filled ? secrets.xauthpassword === undefined : !hasOwnKey(data) && secrets.pskvalue === undefined,
  };
}

/** What the plugin could not say in libreswan's words stands above the connection. */
function notes(said: readonly [boolean, string][]): string[] {
  const texts = said.flatMap(([is, text]) => is ? [`# ${text}`] : []);
  return texts.length === 0 ? [] : ["# NetworkManager specific configs, don't remove:", ...texts, ''];
}

function valueOf({ key, fill, made: own }: Line, data: Data, filled: boolean): string | undefined {
  if (!filled) return own ? undefined : data[key];
  if (own) return fill!(data);
  if (key === 'authby') return fill!(data); // whatever the keyfile says
  if (key === 'leftmodecfgclient') return data[key] === 'no' ? 'no' : 'yes';
  return data[key] ?? fill?.(data);
}

/** The entries as the plugin takes them, which refuses keys and characters. */
function dataOf(vpn: { readonly [key: string]: string }, filled: boolean): Data {
  const data: { [key: string]: string } = {};
  for (const [key, given] of Object.entries(vpn)) {
    if (OWN.includes(key)) continue;
    if (!KNOWN.has(key)) throw new Error(`property '${key}' invalid or not supported`);
    const value = filled && /^(?:left|right)id$/.test(key) ? identity(given) : given;
    if (!(WITH_WHITE_SPACE.includes(key) ? /^[\x20\x21\x23-\x7e]*$/ : /^[\x21\x23-\x7e]*$/).test(value)) {
      throw new Error(`Invalid character in '${value}'`);
    }
    data[key] = value;
  }
  return data;
}

function identity(value: string): string {
  return /^[@%]/.test(value) || isIPv4(value) || isIPv6(value) ? value : `@${value}`;
}

function isIkev1({ ikev2 = 'never' }: Data): boolean {
  return !['insist', 'yes', 'propose', 'permit'].includes(ikev2);
}

function isAggressive(data: Data): boolean {
  return isIkev1(data) && data.leftid !== undefined;
}

function hasOwnKey({ leftcert, leftrsasigkey }: Data): boolean {
  return (leftcert ?? leftrsasigkey) !== undefined;
}

function hasKeys(data: Data): boolean {
  return hasOwnKey(data) || (data.rightcert ?? data.rightrsasigkey) !== undefined;
}

function isIpv6Inside({ clientaddrfamily, leftsubnet = '' }: Data): boolean {
  return clientaddrfamily === 'ipv6' || leftsubnet.includes(':');
}

/** A keyfile as GLib reads it. */
function sections(keyfile: string): { [section: string]: { [key: string]: string } } {
  const found: { [section: string]: { [key: string]: string } } = {};
  let section = '';
  for (const line of keyfile.split('\n')) {
    const header = /^\[(.+)\]$/.exec(line);
    const entry = /^([^=]+)=\s*(.*)$/.exec(line);
    if (header) {
      found[section = header[1]] ??= {};
    } else if (entry) {
      found[section][entry[1]] = entry[2].replace(/\\(.)/g, (escape, letter: string) => UNESCAPED[letter] ?? escape);
    } else if (line !== '' && !line.startsWith('#')) {
      throw new Error('Could not load file '
      + `'/etc/NetworkManager/system-connections/${found.connection.id}.nmconnection'`);
    }
  }
  return found;
}

const UNESCAPED: { readonly [letter: string]: string | undefined } = { '\\': '\\', 's': ' ', 'n': '\n', 't': '\t', 'r': '\r' };
