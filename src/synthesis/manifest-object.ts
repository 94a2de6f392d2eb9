import { ApiObject } from 'cdk8s';
import { FIRST, keysOf, ODD, partsOf, PlainMap } from './plain-object';
import { isShared, oncePerShared } from '../core/shared';

/**
 * An object whose manifest a construct of this library wrote. It renders what any `ApiObject` renders of the same; for values that are
 * plain, as almost all are, cdk8s need not ask each of its resolvers about each of them.
 */
export class ManifestObject extends ApiObject {
  public toJson(): any {
    try {
      return jsonOf(this);
    } catch {
      // Whatever is odd is for cdk8s, which has its own words for what can't be rendered.
      return super.toJson();
    }
  }
}

/** Whether an object renders itself as cdk8s would. */
export function rendersAsUsual(object: ApiObject): boolean {
  return object.toJson === ManifestObject.prototype.toJson || object.toJson === ApiObject.prototype.toJson;
}

function jsonOf(object: ApiObject): PlainMap {
  const { props, metadata } = partsOf(object);
  const json: { [key: string]: unknown } = { apiVersion: plain(props.apiVersion), kind: plain(props.kind), metadata: plainMap(metadata) };
  for (const key of keysOf(props)) if (!FIRST.includes(key)) json[key] = plain(props[key]);
  return json;
}

/** A copy, which is whoever's asked for it. */
function plain(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'number':
      return value;
    case 'object':
      if (Array.isArray(value)) return value.map(plain);
      if (value !== null) return plainMap(value);
  }
  throw ODD;
}

function plainMap(map: object): PlainMap {
  return isShared(map) ? copyOf(sortedOf(map)) : sorted(map);
}

function sorted(map: object): PlainMap {
  const copy: { [key: string]: unknown } = {};
  for (const key of keysOf(map)) {
    if (key === '__proto__') throw ODD;
    copy[key] = plain((map as PlainMap)[key]);
  }
  return copy;
}

/** What many objects have in common is sorted once. */
const sortedOf = oncePerShared(sorted);

function copyOf(json: PlainMap): PlainMap {
  const copy: { [key: string]: unknown } = { ...json };
  for (const key in copy) if (typeof copy[key] === 'object') copy[key] = copyOfPart(copy[key]);
  return copy;
}

function copyOfPart(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(copyOfPart);
  return typeof json === 'object' ? copyOf(json as PlainMap) : json;
}
