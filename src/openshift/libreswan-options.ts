import { isIpv4, isIpv6 } from './ip';
import type { VersionFloor } from './openshift-version';

/** What nmstate takes as the value of a libreswan key. */
export type LibreswanValueType = 'string' | 'boolean' | 'seconds' | 'lifetime' | 'yes, no or number';

/** One key that nmstate knows in the `libreswan` section of an interface of type `ipsec`. */
export interface LibreswanOption {
  readonly key: string;
  readonly type: LibreswanValueType;
  /** The only values allowed, where the key has a closed set. */
  readonly values?: readonly string[];
  /** NetworkManager-libreswan lets white space through for this key only where this is set. */
  readonly whiteSpace?: boolean;
  /** The first releases whose nodes know the key; unset where every release with `ipsecConfig.mode` does. */
  readonly since?: VersionFloor;
  /** Whether the key holds a secret, whose value no message repeats. */
  readonly secret?: boolean;
}

/** Node releases by their NetworkManager-libreswan: 1.2.27 and up, 1.2.29 and up, and the one after 1.2.29. */
const PLUGIN_1_2_27: VersionFloor = ['4.19.19', '4.20.3', '4.21.0'];
const PLUGIN_1_2_29: VersionFloor = ['4.19.22', '4.20.11', '4.21.0'];
const PLUGIN_1_2_30: VersionFloor = ['4.22.0'];

/**
 * Every key of nmstate's `LibreswanConfig` up to nmstate 2.2.60, in its order. nmstate refuses any other one on the node.
 *
 * Sources: nmstate `rust/src/lib/ifaces/ipsec.rs` and nmstate/nmstate#2993 (leftsendcert), #2889 (nm-auto-defaults),
 * #3023 (rightca), #3031 (protoports), #3100 (subnets); plugin versions by node release were read on 4.19 to 4.22 nodes.
 * `rightca` came with plugin 1.2.27, and works reliably from the release that carries 1.2.29.
 */
export const LIBRESWAN_OPTIONS: readonly LibreswanOption[] = [
  { key: 'right', type: 'string' },
  { key: 'rightid', type: 'string' },
  { key: 'rightrsasigkey', type: 'string', whiteSpace: true },
  { key: 'rightcert', type: 'string', whiteSpace: true },
  { key: 'rightca', type: 'string', whiteSpace: true, since: PLUGIN_1_2_29 },
  { key: 'left', type: 'string' },
  { key: 'leftid', type: 'string' },
  { key: 'leftrsasigkey', type: 'string', whiteSpace: true },
  { key: 'leftcert', type: 'string', whiteSpace: true },
  { key: 'leftsendcert', type: 'string', values: ['always', 'ifasked', 'never'], since: PLUGIN_1_2_27 },
  { key: 'ikev2', type: 'string', values: ['insist', 'never', 'no', 'propose', 'yes'] },
  { key: 'psk', type: 'string', secret: true },
  { key: 'ikelifetime', type: 'lifetime' },
  { key: 'salifetime', type: 'lifetime' },
  { key: 'ike', type: 'string' },
  { key: 'esp', type: 'string' },
  { key: 'dpddelay', type: 'seconds' },
  { key: 'dpdtimeout', type: 'seconds' },
  { key: 'dpdaction', type: 'string', values: ['clear', 'hold', 'restart'] },
  { key: 'ipsec-interface', type: 'yes, no or number' },
  { key: 'authby', type: 'string' },
  { key: 'rightsubnet', type: 'string' },
  { key: 'rightsubnets', type: 'string', since: PLUGIN_1_2_30 },
  { key: 'rightprotoport', type: 'string', since: PLUGIN_1_2_29 },
  { key: 'leftsubnet', type: 'string' },
  { key: 'leftsubnets', type: 'string', since: PLUGIN_1_2_30 },
  { key: 'leftprotoport', type: 'string', since: PLUGIN_1_2_29 },
  { key: 'leftmodecfgclient', type: 'boolean' },
  { key: 'type', type: 'string', values: ['transport', 'tunnel'] },
  { key: 'hostaddrfamily', type: 'string', values: ['ipv4', 'ipv6'] },
  { key: 'clientaddrfamily', type: 'string', values: ['ipv4', 'ipv6'] },
  { key: 'require-id-on-certificate', type: 'boolean' },
  { key: 'nm-auto-defaults', type: 'boolean', since: PLUGIN_1_2_29 },
];

/** The annotation that names the keys which a user wrote on purpose though this library does not know them. */
export const LIBRESWAN_EXTRA_ANNOTATION = 'ipsec.cdk8s.io/libreswan-extra';

const BY_KEY: ReadonlyMap<string, LibreswanOption> = new Map(LIBRESWAN_OPTIONS.map((option) => [option.key, option]));

/** The option of a key, or undefined where nmstate does not know the key. */
export function libreswanOption(key: string): LibreswanOption | undefined {
  return BY_KEY.get(key);
}

/**
 * What is wrong with a value by itself, as the end of a sentence that begins with key and value; undefined where the
 * node takes it. NetworkManager-libreswan's character rule: printable ASCII without `"`, white space for some keys only.
 */
export function libreswanValueProblem(option: LibreswanOption, value: unknown): string | undefined {
  switch (option.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false without quotes';
    case 'seconds':
      return isCount(value, 2 ** 53) ? undefined : 'must be a whole number of seconds without a unit';
    case 'lifetime':
      return stringProblem(option, value)
        ?? (/^[1-9]\d{0,8}[smhd]?$/.test(String(value)) ? undefined : "must be a number of seconds, or a number with the unit s, m, h or d, such as '8h'");
    case 'yes, no or number':
      return value === 'yes' || value === 'no' || isCount(value, 2 ** 32) ? undefined
        : "must be 'yes', 'no' or the number of the interface (3 gives ipsec3)";
    case 'string':
      return stringProblem(option, value);
  }
}

/** What NetworkManager-libreswan refuses in the values of keys with and without white space. */
const NOT_PRINTABLE = /[^ -!#-~]/u;
const NOT_VISIBLE = /[^!#-~]/u;

function stringProblem(option: LibreswanOption, value: unknown): string | undefined {
  if (typeof value !== 'string') return 'must be a text';
  if (value === '') return 'must not be empty: leave the key out instead';
  if (option.values && !option.values.includes(value)) return `must be one of ${option.values.join(', ')}`;
  const character = (option.whiteSpace ? NOT_PRINTABLE : NOT_VISIBLE).exec(value)?.[0];
  if (character === undefined) return undefined;
  return `has the character ${describeCharacter(character)}, which NetworkManager-libreswan refuses: it takes printable ASCII without '"'`
    + (option.whiteSpace ? '' : ', and no white space for this key');
}

function describeCharacter(character: string): string {
  if (character === ' ') return "' '";
  const code = character.codePointAt(0)!;
  return code > 0x20 && code < 0x7f ? `'${character}'` : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

function isCount(value: unknown, limit: number): boolean {
  if (typeof value === 'string') return /^\d{1,16}$/.test(value) && Number(value) < limit;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < limit;
}

/**
 * Whether NetworkManager-libreswan takes an identity as it is. Any other text gets an `@` put in front, so that a
 * distinguished name becomes a host name that no certificate holds.
 */
export function isIdentity(text: string): boolean {
  return /^[@%]./.test(text) || isIpv4(text) || isIpv6(text);
}
