import { LIBRESWAN_EXTRA_ANNOTATION } from '../../openshift/libreswan-options';
import type { Subject } from '../subjects';
import { at, text } from '../values';

/** The keys that somebody wrote on purpose though the library does not know them (`libreswanExtra`). */
export function extraKeys({ object }: Subject): ReadonlySet<string> {
  return new Set(text(at(object.metadata, 'annotations', LIBRESWAN_EXTRA_ANNOTATION))?.split(','));
}
