import { PlainObject, record, step, text } from './values';

/**
 * A Kubernetes object, wherever it stood: a document of its own, an item of a List, or inside another object. So that
 * the same rules judge it, an nmstate state that stands without a policy is one too, as if a policy held it.
 */
export interface Subject {
  readonly object: PlainObject;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  /** The document that holds it, as it was given. */
  readonly document: unknown;
  /** A JSON pointer to the object from the document, or from the text where it stands in one. */
  readonly pointer: string;
  /** The text that it stands in, such as a value of a ConfigMap. */
  readonly text?: TextPlace;
  /** The object that holds it, where in that, and how. */
  readonly held?: { readonly by: Subject; readonly complianceType?: string; readonly path: string };
  /** Whether it is an nmstate state without a policy: apiVersion, kind and name are those of the object that holds it. */
  readonly isState?: true;
  /** The managed cluster that it is for, where what holds it says so. */
  readonly cluster?: string;
  /** Whether a node pool of a hosted cluster takes it, which adds the label of the role. */
  readonly ofNodePool?: true;
}

/** Where an object stands. */
export type Place = Pick<Subject, 'document' | 'pointer' | 'text' | 'held' | 'cluster' | 'ofNodePool'>;

/** A text inside a document that holds documents of its own. */
export interface TextPlace {
  /** A JSON pointer to the text, from the document or from the text that it stands in itself. */
  readonly pointer: string;
  readonly within?: TextPlace;
  /** The text as it was parsed. */
  readonly content: string;
  /** Which of the documents in the text it is. */
  readonly index: number;
  /** Whether its lines are those of the value that the pointer leads to, and not decoded from it. */
  readonly verbatim: boolean;
}

/** What a policy is around a state. */
export const DESIRED_STATE = '/spec/desiredState';

export function subjectOf(object: PlainObject, apiVersion: string, kind: string, place: Place): Subject {
  const metadata = record(object.metadata);
  return { object, apiVersion, kind, name: text(metadata?.name), namespace: text(metadata?.namespace), ...place };
}

/** A document that is one object: what most are. */
export function wholeDocument(object: PlainObject, apiVersion: string, kind: string, document: unknown): Subject {
  const metadata = record(object.metadata);
  return { object, apiVersion, kind, name: text(metadata?.name), namespace: text(metadata?.namespace), document, pointer: '' };
}

/** An nmstate state as if it stood in a policy. */
export function stateSubject(state: PlainObject, place: Place): Subject {
  const by = place.held?.by;
  return {
    object: { ...by ? { metadata: by.object.metadata } : {}, spec: { desiredState: state } },
    apiVersion: by?.apiVersion ?? '',
    kind: by?.kind ?? 'NetworkState',
    name: by?.name,
    namespace: by?.namespace,
    ...place,
    isState: true,
  };
}

/** A JSON pointer to a place in an object, from the document or the text that it stands in. */
export function pointerTo({ pointer, isState }: Subject, path: string): string {
  if (!isState) return pointer + path;
  return path.startsWith(DESIRED_STATE) ? pointer + path.slice(DESIRED_STATE.length) : pointer;
}

/** A JSON pointer from the document: as deep as a text that holds the object, and no deeper. */
export function outerPointer(subject: Subject, path: string): string {
  let place = subject.text;
  while (place?.within) place = place.within;
  return place ? place.pointer : pointerTo(subject, path);
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
