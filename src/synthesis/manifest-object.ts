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
  const json: { [key: string]: unknown } = { apiVersion: plain(props.apiVersion), kind: plain(props.kind), metadata: plain(metadata) };
  for (const key of keysOf(props)) if (!FIRST.includes(key)) json[key] = plain(props[key]);
  return json;
}

/** A copy, which is whoever's asked for it. */
function plain(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) return isShared(value) ? copyOf(sortedOf(value)) : sorted(value);
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  throw ODD;
}

function sorted(holder: object): object {
  if (Array.isArray(holder)) return holder.map(plain);
  const copy: { [key: string]: unknown } = {};
  for (const key of keysOf(holder)) copy[key] = plain((holder as PlainMap)[key]);
  return copy;
}

/** What many objects have in common is sorted once. */
const sortedOf = oncePerShared(sorted);

function copyOf(json: unknown): unknown {
  if (typeof json !== 'object') return json;
  if (Array.isArray(json)) return json.map(copyOf);
  const copy: { [key: string]: unknown } = { ...json };
  for (const key in copy) if (typeof copy[key] === 'object') copy[key] = copyOf(copy[key]);
  return copy;
}
