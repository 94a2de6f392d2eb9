/** Names of keys, options and variables that hold a secret, as a regular expression; parts of longer names count. */
export const SECRET_NAME =
  '(?:psk|pass|pwd|secret|token|credential|(?<![A-Za-z])(?:pin|key)(?![A-Za-z])|(?:api|private|shared|ssh)[_-]?key'
  // Not every longer name that ends so: `leftrsasigkey` is a public one.
  + '|(?:(?:left|right|tls|server|client)[_-]?key|key[_-]?data)(?![A-Za-z]))[\\w-]{0,60}';

const IS_SECRET_NAME = new RegExp(`${SECRET_NAME}$`, 'i');
const GIVEN = new RegExp(`(${SECRET_NAME}["']?\\s{0,40}[:=]\\s{0,40})\\S[^]*$`, 'i');

/** Whether what is given by this name is a secret. */
export function isSecretName(name: string): boolean {
  return IS_SECRET_NAME.test(name);
}

/** A value of a user's without what it gives by the name of a secret, and without all that comes after that. */
export function withoutGivenSecret(value: string): string {
  return value.replace(GIVEN, '$1…');
}
