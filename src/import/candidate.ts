import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Code } from './code';
import type { PlainObject } from '../documents/values';

/** A construct that may write an object; whether it does is tried. */
export interface Candidate {
  /** Its class, by which the program imports it. */
  readonly name: string;
  readonly make: new (scope: Construct, id: string, props: never) => Construct;
  readonly props: Code;
  /** How the program reaches the objects of the construct by its variable, and how they are reached here. */
  readonly path: (name: string, index: number) => string;
  readonly objectsOf: (made: never) => readonly ApiObject[];
  /** Whether the construct is known by all of what it writes: then only labels and annotations may differ. */
  readonly isWhole?: boolean;
  /** How the objects of several roles or pools become one construct: those with an equal key. */
  readonly roles?: { readonly key: string; readonly own: readonly string[]; readonly of: (roles: readonly string[]) => Candidate };
}

/** An object as it was read, and where. */
export interface ReadObject {
  readonly object: PlainObject;
  /** The file, as the user knows it. */
  readonly file: string;
  /** What the cluster had written into it, and was left out. */
  readonly leftOut: readonly string[];
}
