/**
 * The text of a libreswan connection, made from a NetworkManager keyfile as NetworkManager-libreswan makes it.
 *
 * This one link of the lab's chain is ours: the plugin can't run without NetworkManager. It follows `shared/utils.c` of the
 * plugin's 2024 line with one difference: the plugin's `leftupdown` helper talks to NetworkManager, so that `true` stands in.
 */
export interface LibreswanConnection {
  /** What NetworkManager calls the connection: the name of nmstate's interface. */
  readonly id: string;
  /** What libreswan calls it. */
  readonly uuid: string;
  readonly text: string;
}

const SERVICE = 'org.freedesktop.NetworkManager.libreswan';

/** The keys in the order in which the plugin writes them, and how. A key that is not here is refused by the plugin too. */
const PARAMETERS: [key: string, write: (value: string | undefined, data: Data) => string | undefined][] = [
  ['ikev2', (value) => value ?? 'never'],
  ['right', plain],
  ['leftid', identity],
  ['rightid', identity],
  ['leftcert', quoted],
  ['rightcert', quoted],
  ['rightca', quoted],
  ['rightrsasigkey', quoted],
  ['leftrsasigkey', quoted],
  ['authby', (value, data) => data.leftrsasigkey ?? data.rightrsasigkey ? undefined : value ?? 'secret'],
  ['left', (value) => value ?? '%defaultroute'],
  ['leftmodecfgclient', (value) => value === 'no' ? 'no' : 'yes'],
  ['leftsubnet', plain],
  ['leftsubnets', plain],
  ['rightsubnet', (value) => value ?? '0.0.0.0/0'],
  ['rightsubnets', plain],
  ['leftprotoport', plain],
  ['rightprotoport', plain],
  ['leftsendcert', plain],
  ['type', plain],
  ['hostaddrfamily', plain],
  ['clientaddrfamily', plain],
  ['ike', plain],
  ['esp', plain],
  ['ikelifetime', plain],
  ['salifetime', plain],
  ['dpddelay', plain],
  ['dpdtimeout', plain],
  ['dpdaction', plain],
  ['ipsec-interface', plain],
  ['require-id-on-certificate', plain],
];

const WITH_WHITE_SPACE = ['leftcert', 'rightcert', 'leftrsasigkey', 'rightrsasigkey', 'rightca'];

type Data = { readonly [key: string]: string };

export function libreswanConnection(keyfile: string): LibreswanConnection {
  const { connection, vpn } = sections(keyfile);
  const { 'service-type': service, ...data } = vpn;
  if (connection.type !== 'vpn' || service !== SERVICE) throw new Error(`no connection of the libreswan plugin: ${keyfile}`);
  for (const [key, value] of Object.entries(data)) refuse(key, value);
  const lines = PARAMETERS.map(([key, write]) => [key, write(data[key], data)]).filter(([, value]) => value !== undefined).map(([key, value]) => ` ${key}=${value}`);
  return {
    id: connection.id,
    uuid: connection.uuid,
    text: [
      `conn ${connection.uuid}`, ...lines, ' rekey=yes', ' keyingtries=1', ' rightmodecfgserver=yes', ' modecfgpull=yes', ' leftupdown="/bin/true"', ' auto=add',
      ' nm-configured=yes', '',
    ].join('\n'),
  };
}

function sections(keyfile: string): { [section: string]: { [key: string]: string } } {
  const found: { [section: string]: { [key: string]: string } } = {};
  let section = '';
  for (const line of keyfile.split('\n')) {
    const header = /^\[(.+)\]$/.exec(line);
    if (header) found[section = header[1]] = {};
    else if (line !== '') found[section][line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
  }
  return found;
}

/** The plugin's own character rule (`check_val`), and its list of keys. */
function refuse(key: string, value: string): void {
  if (!PARAMETERS.some(([name]) => name === key)) throw new Error(`property '${key}' invalid or not supported`);
  const allowed = WITH_WHITE_SPACE.includes(key) ? /^[\x20\x21\x23-\x7e]*$/ : /^[\x21\x23-\x7e]*$/;
  if (!allowed.test(value)) throw new Error(`invalid character in '${key}'`);
}

function plain(value: string | undefined): string | undefined {
  return value;
}

function quoted(value: string | undefined): string | undefined {
  return value === undefined ? undefined : `"${value}"`;
}

function identity(value: string | undefined): string | undefined {
  return value === undefined || /^[@%]|^[0-9.]+$/.test(value) ? value : `@${value}`;
}
