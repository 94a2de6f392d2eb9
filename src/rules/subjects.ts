import { TemplatedYaml } from './templated-yaml';
import { at, list, PlainObject, record, step, text } from './values';

/** A Kubernetes object, wherever it stood: a document of its own, an item of a List, or inside a RHACM policy. */
export interface Subject {
  readonly object: PlainObject;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  /** The document that holds it, as it was given. */
  readonly document: unknown;
  /** A JSON pointer from the document to the object. */
  readonly pointer: string;
  /** Set where the object stands in a text of the document, which `pointer` names. */
  readonly inText?: boolean;
  /** The RHACM policy that holds it, and how. */
  readonly held?: { readonly by: Subject; readonly complianceType?: string; readonly path: string };
}

/** All Kubernetes objects in a document, in order; whatever is none is passed over. */
export function subjectsOf(document: unknown, parseYaml?: (text: string) => unknown): Iterable<Subject> {
  const object = record(document);
  const [apiVersion, kind] = [text(object?.apiVersion), text(object?.kind)];
  if (!object || apiVersion === undefined || kind === undefined) return [];
  const place = { document, pointer: '' };
  // Almost every document is one object and no more.
  return holdsOthers(apiVersion, kind) ? expand(object, place, parseYaml) : [subjectOf(object, apiVersion, kind, place)];
}

function holdsOthers(apiVersion: string, kind: string): boolean {
  return kind.endsWith('List') || apiVersion.startsWith(RHACM_POLICIES);
}

const RHACM_POLICIES = 'policy.open-cluster-management.io/';

function subjectOf(object: PlainObject, apiVersion: string, kind: string, { document, pointer, inText, held }: Place): Subject {
  const metadata = record(object.metadata);
  return { object, apiVersion, kind, name: text(metadata?.name), namespace: text(metadata?.namespace), document, pointer, inText, held };
}

type Place = Pick<Subject, 'document' | 'pointer' | 'inText' | 'held'>;

function* expand(object: PlainObject | undefined, place: Place, parseYaml?: (text: string) => unknown): Iterable<Subject> {
  const [apiVersion, kind] = [text(object?.apiVersion), text(object?.kind)];
  if (!object || apiVersion === undefined || kind === undefined) return;
  if (kind.endsWith('List') && Array.isArray(object.items)) {
    for (const [i, item] of object.items.entries()) yield* expand(record(item), { ...place, pointer: inner(place, `/items/${i}`) }, parseYaml);
    return;
  }
  const subject = subjectOf(object, apiVersion, kind, place);
  yield subject;
  if (!apiVersion.startsWith(RHACM_POLICIES)) return;
  if (kind === 'Policy') {
    for (const [i, template] of list(at(object.spec, 'policy-templates')).entries()) {
      yield* expand(record(at(template, 'objectDefinition')), { ...place, pointer: inner(place, `/spec/policy-templates/${i}/objectDefinition`) }, parseYaml);
    }
  } else if (kind === 'ConfigurationPolicy') {
    yield* expandTemplates(subject, parseYaml);
  }
}

function* expandTemplates(policy: Subject, parseYaml?: (text: string) => unknown): Iterable<Subject> {
  const raw = text(at(policy.object.spec, 'object-templates-raw'));
  const inText = raw !== undefined;
  const templates = raw === undefined ? list(at(policy.object.spec, 'object-templates')) : parseYaml ? new TemplatedYaml(raw).templates(parseYaml) : [];
  for (const [i, template] of templates.entries()) {
    const path = inText ? '/spec/object-templates-raw' : `/spec/object-templates/${i}`;
    const complianceType = text(at(template, 'complianceType'))?.toLowerCase();
    if (complianceType === 'mustnothave') continue;
    yield* expand(record(at(template, 'objectDefinition')), {
      document: policy.document,
      pointer: policy.inText || inText ? inner(policy, path) : `${policy.pointer}${path}/objectDefinition`,
      inText: policy.inText || inText,
      held: { by: policy, complianceType, path: inText ? path : `${path}/complianceType` },
    }, parseYaml);
  }
}

/** Inside a text there are no pointers: the text itself is the place. */
function inner(place: Place, path: string): string {
  return place.inText ? place.pointer : `${place.pointer}${path}`;
}

/** The annotations of an object. */
export function annotationsOf({ object }: Subject): readonly [string, unknown][] {
  const annotations = record(record(object.metadata)?.annotations);
  return annotations ? Object.entries(annotations) : NONE;
}

const NONE: readonly [string, unknown][] = [];

/** A JSON pointer to an annotation. */
export function annotationPath(name: string): string {
  return `/metadata/annotations${step(name)}`;
}
