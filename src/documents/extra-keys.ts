import type { Subject } from './subjects';
import { at, text } from './values';

/** The annotation that names the keys which a user wrote on purpose though this library does not know them. */
export const LIBRESWAN_EXTRA_ANNOTATION = 'ipsec.cdk8s.io/libreswan-extra';

/** The keys that somebody wrote on purpose though the library does not know them (`libreswanExtra`). */
export function extraKeys({ object }: Subject): ReadonlySet<string> {
  const keys = text(at(object.metadata, 'annotations', LIBRESWAN_EXTRA_ANNOTATION));
  return keys === undefined ? NONE : new Set(keys.split(','));
}

const NONE: ReadonlySet<string> = new Set();
