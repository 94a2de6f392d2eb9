import { ApiObject, Yaml } from 'cdk8s';
import { rendersAsUsual } from './manifest-object';
import { FIRST, keysOf, ODD, partsOf, PlainMap } from './plain-object';
import { isShared } from '../core/shared';

/**
 * The YAML text of an object, byte for byte what cdk8s writes of it.
 *
 * Plain objects with plain keys and values in one line go straight out. Whatever else an object holds or is has cdk8s
 * render and write it: patches, lazy values, classes, texts of several lines.
 */
export function textOf(object: ApiObject): string {
  try {
    return new ObjectText().of(object);
  } catch (error) {
    if (error !== ODD) throw error;
    return Yaml.stringify(object.toJson());
  }
}

class ObjectText {
  private text = '';

  public of(object: ApiObject): string {
    if (!rendersAsUsual(object)) throw ODD;
    const { props, metadata } = partsOf(object);
    for (const key of FIRST.slice(0, 2)) {
      if (typeof props[key] !== 'string') throw ODD;
      this.entry(key, props[key], '', false);
    }
    this.entry('metadata', metadata, '', false);
    for (const key of keysOf(props)) if (!FIRST.includes(key)) this.entry(key, props[key], '', false);
    return this.text;
  }

  private entry(key: string, value: unknown, indent: string, inItem: boolean): void {
    if (value === undefined || value === null) return;
    this.text += inItem ? keyText(key) : indent + keyText(key);
    this.value(value, indent);
  }

  /** What stands behind `key:` or the dash of an item: on the same line, or on lines further in. */
  private value(value: unknown, indent: string): void {
    if (Array.isArray(value)) {
      this.list(value, indent);
    } else if (typeof value === 'object' && value !== null) {
      if (isShared(value)) this.shared(value, indent);
      else this.map(value, indent);
    } else {
      this.text += ` ${scalarText(value)}\n`;
    }
  }

  /** Written once for each of the few depths that it stands at. */
  private shared(map: object, indent: string): void {
    let text = SHARED_TEXTS.get(map);
    if (text?.indent !== indent) {
      const writer = new ObjectText();
      writer.map(map, indent);
      SHARED_TEXTS.set(map, text = { indent, text: flat(writer.text) });
    }
    this.text += text!.text;
  }

  private map(map: object, indent: string): void {
    const keys = keysOf(map);
    if (keys.length === 0) {
      this.text += ' {}\n';
      return;
    }
    this.text += '\n';
    const inner = `${indent}  `;
    for (const key of keys) this.entry(key, (map as PlainMap)[key], inner, false);
  }

  private list(items: readonly unknown[], indent: string): void {
    if (items.length === 0) {
      this.text += ' []\n';
      return;
    }
    this.text += '\n';
    const inner = `${indent}  `;
    const inItem = `${inner}  `;
    for (const item of items) {
      if (item === undefined || item === null || Array.isArray(item)) throw ODD;
      this.text += `${inner}-`;
      if (typeof item !== 'object') {
        this.text += ` ${scalarText(item)}\n`;
        continue;
      }
      const keys = keysOf(item);
      this.text += keys.length === 0 ? ' {}\n' : ' ';
      for (let i = 0; i < keys.length; i++) this.entry(keys[i], (item as PlainMap)[keys[i]], inItem, i === 0);
    }
  }
}

const SHARED_TEXTS = new WeakMap<object, { readonly indent: string; readonly text: string }>();

/** V8 keeps what was added up as its parts until a character is asked for. */
function flat(text: string): string {
  text.charCodeAt(0);
  return text;
}

const PLAIN_KEY = /^[A-Za-z][\w./-]{0,200}$/;
/** What begins with an `e` may be a number. */
const PLAIN_TEXT = /^[A-DF-Za-df-z/](?:[\w./:@%=+,;-]*[\w./@%=+,;])?$/;
/** Words and numbers that YAML 1.1 reads in what looks like these. */
const SPECIAL = /^(?:[Nn]ull|NULL|[YyNn]|[Yy]es|YES|[Nn]o|NO|[Tt]rue|TRUE|[Ff]alse|FALSE|[Oo]n|ON|[Oo]ff|OFF|[eE][-+]?[0-9]+)$/;

/** Keys as they were written before: an app has few. */
const KEYS = new Map<string, string>();

function keyText(key: string): string {
  let text = KEYS.get(key);
  if (text === undefined) {
    if (!PLAIN_KEY.test(key) || key.endsWith('-') || SPECIAL.test(key)) throw ODD;
    text = `${key}:`;
    remember(KEYS, key, text);
  }
  return text;
}

/** Values as cdk8s wrote them before: most that need quotes stand in every object. */
const QUOTED = new Map<string, string>();

function scalarText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (typeof value !== 'string') throw ODD;
  if (PLAIN_TEXT.test(value) && !(value.length < 6 && SPECIAL.test(value))) return value;
  let text = QUOTED.get(value);
  if (text === undefined) {
    if (value.includes('\n')) throw ODD;
    text = Yaml.stringify({ a: value }).slice('a: '.length, -1);
    if (value.length <= LONGEST) remember(QUOTED, value, text);
  }
  return text;
}

/** Longer texts are payloads, each of which stands in one place. */
const LONGEST = 200;
const MOST = 10_000;

function remember(known: Map<string, string>, key: string, text: string): void {
  if (known.size >= MOST) known.clear();
  known.set(key, text);
}
