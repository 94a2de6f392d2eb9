import type { Subject } from './subjects';
import { at, text } from './values';
import { LIBRESWAN_EXTRA_ANNOTATION } from '../openshift/libreswan-options';

/** The keys that somebody wrote on purpose though the library does not know them (`libreswanExtra`). */
export function extraKeys({ object }: Subject): ReadonlySet<string> {
  const keys = text(at(object.metadata, 'annotations', LIBRESWAN_EXTRA_ANNOTATION));
  return keys === undefined ? NONE : new Set(keys.split(','));
}

const NONE: ReadonlySet<string> = new Set();
