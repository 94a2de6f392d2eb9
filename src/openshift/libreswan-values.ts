import { isIpv4, isIpv6 } from './ip';
import type { LibreswanOption } from './libreswan-option';
import { LIBRESWAN_OPTIONS } from './libreswan-options';

const VALUES: ReadonlyMap<string, readonly string[]> = new Map(LIBRESWAN_OPTIONS.flatMap(({ key, values, prop }) => {
  const known = typeof prop === 'object' && typeof prop.type === 'object' ? prop.type.members.map(({ value }) => value).sort() : values;
  return known ? [[key, known] as const] : [];
}));

/** The only values that an option takes, where it has a closed set. */
export function valuesOf({ key, values }: LibreswanOption): readonly string[] | undefined {
  return VALUES.get(key) ?? values;
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
        ?? (/^[1-9]\d{0,8}[smhd]?$/.test(String(value)) ? undefined : 'must be a number of seconds, or a number with the unit s, m, '
          + "h or d, such as '8h'");
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
  const values = valuesOf(option);
  if (values && !values.includes(value)) return `must be one of ${values.join(', ')}`;
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
