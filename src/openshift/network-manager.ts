import type { LibreswanOption } from './libreswan-option';
import { libreswanOption, ON_DEMAND_RELEASES } from './libreswan-options';
import { libreswanValueProblem } from './libreswan-values';

/** Where NetworkManager has the connections that an administrator brings. */
export const KEYFILE_FOLDER = '/etc/NetworkManager/system-connections';

/** All folders where it looks for them, and the end that files in all but the first must have. */
const FOLDERS = /^\/(?:etc|run|usr\/lib)\/NetworkManager\/system-connections\/[^/]+$/;

/** What a keyfile says that its connection is the libreswan plugin's. */
export const LIBRESWAN_SERVICE = 'org.freedesktop.NetworkManager.libreswan';

/** What a keyfile's section `vpn` holds that is NetworkManager's own, and nothing of the plugin's. */
export const VPN_SETTINGS: readonly string[] = ['persistent', 'service-type', 'timeout', 'user-name'];

/** The key that says when the node calls the peer, and its words; any other one means `up`. */
export const CONNECT_MODE_KEY = 'nm-connect-mode';
export const ON_DEMAND = 'ondemand';

/** Keys of secrets, which stand in a section of their own. */
export const SECRET_KEYS: readonly string[] = ['pskvalue', 'xauthpassword'];

/**
 * What NetworkManager-libreswan takes besides the keys of nmstate. It refuses the connection for any other key.
 *
 * Source: the plugin's nm-settings-libreswan(5), and what the plugin itself said to a keyfile with each.
 */
const PLUGIN_OPTIONS: readonly LibreswanOption[] = [
  { key: CONNECT_MODE_KEY, type: 'string', values: [ON_DEMAND, 'up'], since: ON_DEMAND_RELEASES, prop: 'connectMode' },
  ...['fragmentation', 'mobike', 'narrowing', 'pfs', 'rekey'].map((key): LibreswanOption => ({ key, type: 'string', values: ['no', 'yes'] })),
  ...['leftusername', 'leftxauthusername', 'vendor'].map((key): LibreswanOption => ({ key, type: 'string', whiteSpace: true })),
  ...['dhgroup', 'domain', 'pfsgroup', 'pskinputmodes', 'pskvalue-flags', 'xauthpassword-flags', 'xauthpasswordinputmodes']
    .map((key): LibreswanOption => ({ key, type: 'string' })),
];

const BY_KEY: ReadonlyMap<string, LibreswanOption> = new Map(PLUGIN_OPTIONS.map((option) => [option.key, option]));

/** The option of a key in a keyfile, or undefined where the plugin does not know the key. */
export function keyfileOption(key: string): LibreswanOption | undefined {
  return BY_KEY.get(key) ?? libreswanOption(key);
}

/** What is wrong with a value of a keyfile by itself, as the end of a sentence; undefined where the plugin takes it. */
export function keyfileValueProblem(option: LibreswanOption, value: unknown): string | undefined {
  if (option.type === 'boolean') return typeof value === 'boolean' ? undefined : 'must be yes or no';
  if (option.type !== 'seconds' || value === '0') return libreswanValueProblem(option, value);
  // Here the plugin passes on a unit too.
  return libreswanValueProblem({ ...option, type: 'lifetime' }, value);
}

/** The keys of a keyfile that nmstate can't say. */
export function pluginKeys(): Iterable<string> {
  return BY_KEY.keys();
}

/** Whether NetworkManager takes the file at a path for a connection. */
export function isKeyfilePath(path: string): boolean {
  return FOLDERS.test(path) && (path.startsWith('/etc/') || path.endsWith('.nmconnection'));
}
