import { ApiObject, App } from 'cdk8s';
import { isMissing } from '../documents/values';

/** Thrown where an object is for cdk8s; an object that is made once costs no trace. */
export const ODD = { reason: 'for cdk8s to render' };

export interface PlainMap { readonly [key: string]: unknown }

/** What cdk8s keeps in an object and does not show; where a version of it has something else, that version renders the object. */
interface Insides {
  readonly props?: PlainMap;
  readonly patches?: readonly unknown[];
  readonly metadata: { readonly [key in typeof FIELDS[number]]?: unknown } & {
    readonly _additionalAttributes?: PlainMap;
    readonly toJson: unknown;
  };
}

/** What metadata has fields of its own for; they come before what else was given by the same name. */
const FIELDS = ['name', 'namespace', 'annotations', 'finalizers', 'ownerReferences', 'labels'] as const;

/** What an object is made of first, in this order; all else follows sorted. */
export const FIRST = ['apiVersion', 'kind', 'metadata'];

/** What a copy of a map with the one becomes is JavaScript's affair, and by the other cdk8s asks what made a map. */
const isOdd = (key: string) => key === '__proto__' || key === 'constructor';

/** How many resolvers cdk8s adds: for lazy values, tokens and unions, none of which is plain. */
const OF_CDK8S = 3;

/** What cdk8s would render of an object in which nothing is patched, and which no app resolves in its own way. */
export function partsOf(object: ApiObject): { readonly props: PlainMap; readonly metadata: PlainMap } {
  const { props, patches, metadata } = object as unknown as Insides;
  const more = metadata?._additionalAttributes;
  if (process.env.CDK8S_DISABLE_SORT || !isPlainMap(props) || patches?.length !== 0 || !isPlainMap(more)) throw ODD;
  // An app's own resolvers stand before those of cdk8s.
  if (App.of(object).resolvers?.length !== OF_CDK8S) throw ODD;
  if (metadata.toJson !== Object.getPrototypeOf(metadata).toJson || !isPlainMap(metadata.annotations) || !isPlainMap(metadata.labels)) {
    throw ODD;
  }
  return { props, metadata: metadataOf(metadata, more) };
}

/** Whether a value is a map, whose keys are still to be looked at. */
function isPlainMap(value: unknown): value is PlainMap {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The keys with a value, sorted as cdk8s sorts them. */
export function keysOf(map: object): string[] {
  if (!isPlainMap(map)) throw ODD;
  const keys = sort(Object.keys(map));
  let isComplete = true;
  for (const key of keys) {
    if (isOdd(key)) throw ODD;
    if (isMissing(map[key])) isComplete = false;
  }
  return isComplete ? keys : keys.filter((key) => !isMissing(map[key]));
}

/** So many keys are in order sooner than V8's own sort has begun. */
const FEW = 24;

/** In the order of their characters' numbers, as `sort` has it. */
function sort(keys: string[]): string[] {
  if (keys.length > FEW) return keys.sort();
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i];
    let place = i;
    for (; place > 0 && keys[place - 1] > key; place--) keys[place] = keys[place - 1];
    keys[place] = key;
  }
  return keys;
}

/** Metadata without what is empty, as cdk8s leaves it out at every depth. */
function metadataOf(metadata: Insides['metadata'], more: PlainMap): PlainMap {
  const kept: { [key: string]: unknown } = {};
  for (const key of FIELDS) if (!isNothing(metadata[key])) kept[key] = metadata[key];
  // One by one: to spread a map that cdk8s has deleted a key of takes V8 longer than all the rest.
  for (const key in more) {
    if (isOdd(key)) throw ODD;
    if (!(FIELDS as readonly string[]).includes(key) && !isNothing(more[key])) kept[key] = more[key];
  }
  if (kept.name === undefined) throw ODD;
  return kept;
}

/** Whether a value is none, a list without items or a map without values. */
function isNothing(value: unknown): boolean {
  if (typeof value !== 'object') return value === undefined;
  if (Array.isArray(value) ? value.length > 0 : value !== null && !isPlainMap(value)) throw ODD;
  let isEmpty = true;
  for (const key in value) {
    if (isOdd(key)) throw ODD;
    const inner = (value as PlainMap)[key];
    if (isMissing(inner)) continue;
    if (typeof inner === 'object') throw ODD;
    isEmpty = false;
  }
  return isEmpty;
}
