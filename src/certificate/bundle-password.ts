import { isUtf8 } from 'buffer';
import { existsSync } from 'fs';
import { InputError } from '../core/input-error';
import { SizeLimit, readNamedFile } from '../core/local-file';

/** The ways to give a bundle's password; one of them at most. */
export interface PasswordProps {
  readonly passwordFile?: string;
  readonly passwordVariable?: string;
  readonly password?: string;
}

/** A password, and how messages speak of where it came from. Neither ever says what it is. */
export interface GivenPassword {
  readonly bytes: Buffer;
  /** After "the password in": `'left_server.password'`. */
  readonly source: string;
}

const WAYS = ['passwordFile', 'passwordVariable', 'password'] as const;

/** A password and its line end are never longer; NSS itself stops far below. */
const PASSWORD_FILE: SizeLimit = { bytes: 4096, reason: 'any password file needs: name the file that holds the password and nothing else' };

/**
 * The password that options give.
 *
 * @throws when they give several, or one that can't be read; what was given is never shown, in case it is the password itself
 */
export function givenPassword(props: PasswordProps): GivenPassword | undefined {
  const [way, other] = WAYS.filter((prop) => props[prop] !== undefined);
  if (other !== undefined) throw new InputError(`'${way}' and '${other}' both give the password of the bundle: give one of the two`);
  switch (way) {
    case 'passwordFile': return { bytes: readPassword(props.passwordFile!), source: `'${props.passwordFile}'` };
    case 'passwordVariable': return fromVariable(props.passwordVariable!);
    case 'password': return { bytes: encoded(props.password, "'password'"), source: "the option 'password'" };
    default: return undefined;
  }
}

function fromVariable(name: string): GivenPassword {
  const value = typeof name === 'string' ? process.env[name] : undefined;
  if (value === undefined) {
    throw new InputError("'passwordVariable' names no environment variable that is set: it must be the name of the one that holds the "
      + 'password, without a dollar sign, and be exported to this process; what was given is not shown, in case it is the password itself');
  }
  const source = `the environment variable '${name}'`;
  return { bytes: encoded(value, source), source };
}

/** A text as pk12util takes it. */
function encoded(password: unknown, source: string): Buffer {
  if (typeof password !== 'string') {
    throw new InputError(`${source} must be a text, the password itself; what was given is not shown`);
  }
  // What is no UTF-8 comes out of the environment as U+FFFD, and half a surrogate pair becomes that here.
  if (/\0|\uFFFD/.test(Buffer.from(password, 'utf8').toString('utf8'))) {
    throw new InputError(
      `${source} holds a zero byte or what is no UTF-8, and pk12util on the nodes takes no such password: export the bundle with another`,
    );
  }
  return Buffer.from(password, 'utf8');
}

/**
 * The password in a file, without one line end.
 *
 * @throws when there is no such file, or no password in it
 */
export function readPassword(path: string): Buffer {
  if (typeof path !== 'string' || !existsSync(path)) {
    throw new InputError(
      `'passwordFile' names no file (paths are relative to the working directory, ${process.cwd()}): `
        + 'it must be the path of the file that holds the password; '
        + 'what was given is not shown, in case it is the password itself',
    );
  }
  const source = `password file '${path}'`;
  const content = readNamedFile(path, source, PASSWORD_FILE);
  const end = content.at(-1) !== 0x0a ? 0 : content.at(-2) === 0x0d ? 2 : 1;
  const password = content.subarray(0, content.length - end);
  if (!isUtf8(password)) {
    throw new InputError(
      `${source} is not in UTF-8, and pk12util on the nodes takes no other password: write it in UTF-8, and export the bundle with it`,
    );
  }
  return password;
}
