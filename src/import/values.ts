import { call, Code, listOf, literal, recordOf } from './code';
import type { KeptFiles } from './kept-files';
import { secretsInText } from '../check/secrets';
import { PlainObject, record, step } from '../documents/values';

/** Reads a file of the program's as text. */
export const READ_TEXT = 'readText';
/** Reads a file of the program's as the end of a data URL. */
export const READ_BASE64 = 'readBase64';

/** Names of keys whose values name a secret and are none. */
const NAMES_ONE = /(?:name|namespace|ref|refs|path|file|kind)$/i;

/** What of an object is secret whatever it looks like: all of it, or what is not the name of something. */
type Hidden = 'all' | 'values' | undefined;

/**
 * A part of an object as the program has it: certificates, keys, contents of files and what is named like a secret go into files
 * beside the program.
 */
export function valueCode(value: unknown, files: KeptFiles, path = '', hidden?: Hidden): Code {
  if (typeof value === 'string') return textCode(value, files, path, hidden !== undefined);
  if (Array.isArray(value)) return listOf(value.map((item, i) => valueCode(item, files, path + step(i), hidden)));
  const map = record(value);
  if (!map) return literal(value);
  const isSecret = map.kind === 'Secret' && map.apiVersion === 'v1';
  return recordOf(Object.entries(map).map(([key, inner]): [string, Code] => {
    const all = hidden === 'all' || isSecret && (key === 'data' || key === 'stringData');
    const values = !NAMES_ONE.test(key) && (hidden === 'values' || isSecretKey(key));
    return [key, valueCode(inner, files, hintOf(map, key) ?? path + step(key), all ? 'all' : values ? 'values' : undefined)];
  }));
}

/** The contents of a file of Ignition are called as the file is. */
function hintOf(map: PlainObject, key: string): string | undefined {
  return key === 'contents' && typeof map.path === 'string' ? map.path : undefined;
}

function textCode(value: string, files: KeptFiles, path: string, secret: boolean): Code {
  const [, head, body] = /^(data:[^,]{0,200};base64,)(.*)$/s.exec(value) ?? [];
  if (head !== undefined && Buffer.from(body, 'base64').toString('base64') === body && body !== '') {
    const hint = path.replace(/\/source$/, '');
    const file = files.keep(hint, Buffer.from(body, 'base64'));
    const read = call(READ_BASE64, [READ_BASE64], [literal(file)], () => body);
    return { text: `${literal(head).text} + ${read.text}`, uses: read.uses, make: () => value };
  }
  if (!secret && !mustBeKept(value)) return literal(value);
  const file = files.keep(path.replace(/\/source$/, ''), Buffer.from(value, 'utf8'));
  return call(READ_TEXT, [READ_TEXT], [literal(file)], () => value);
}

/** Whether a text has no place in a program that is kept in Git. */
function mustBeKept(value: string): boolean {
  if (/-----BEGIN |^data:(?!,?$)/.test(value)) return true;
  return secretsInText(value).some(([from, to]) => isSecretText(value.slice(from, to)));
}

/** A path, a hash and nothing at all look like a secret, and are none. */
function isSecretText(text: string): boolean {
  const bare = text.replace(/^\\?["']|\\?["']$/g, '');
  return bare !== '' && !/^(?:[0-9a-f]+|\/[\w./+-]*|\$\{?\w+\}?|[a-z]+)$/.test(bare);
}

function isSecretKey(key: string): boolean {
  return secretsInText(`${key}: x`).some(([from, to]) => to > from);
}
