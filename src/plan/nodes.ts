import type { NodeSelector } from '../documents/node-selectors';
import { NODE_ROLE_PREFIX } from '../openshift/labels';

/** The role that a selector names; `control-plane` is the newer name of `master`. */
export function roleOfSelector(selector: NodeSelector): string | undefined {
  const role = Object.keys(selector).find((key) => key.startsWith(NODE_ROLE_PREFIX))?.slice(NODE_ROLE_PREFIX.length);
  return role === 'control-plane' ? 'master' : role;
}
