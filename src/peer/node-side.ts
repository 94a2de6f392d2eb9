import type { Connection as OwnConnection } from '../connection/connection';
import { printable } from '../core/printable';
import type { NodeSelector } from '../documents/node-selectors';
import { Connection, hostOf } from '../documents/policies';
import { HOSTNAME_LABEL } from '../openshift/labels';

/** What the nodes of one policy, keyfile or target have of a connection, wherever it was read. */
export interface NodeSide {
  readonly interfaceName: string;
  /** The keys of nmstate's `libreswan` that are set. */
  readonly settings: { readonly [key: string]: unknown };
  /** The node, where it is known to be one. */
  readonly hostname?: string;
  /** The nodes, for people. */
  readonly nodes: string;
}

/** The nodes' side of a connection that a construct has made; undefined where it is absent. */
export function sideOfConnection({ interfaceName, target, libreswan }: OwnConnection): NodeSide | undefined {
  if (!libreswan) return undefined;
  const selector = target.nodeSelector ?? {};
  return { interfaceName, settings: libreswan, hostname: selector[HOSTNAME_LABEL], nodes: nodesInWords(selector) };
}

/** The nodes' side of a connection that was read. */
export function sideOfDocument({ name, settings, policy }: Connection): NodeSide {
  const nodes = policy.isState ? printable(`the nodes of ${policy.name}`) : nodesInWords(policy.selector);
  return { interfaceName: name ?? '', settings, hostname: hostOf(policy), nodes };
}

const ROLE = /^node-role\.kubernetes\.io\/(.+)$/;

/** The nodes that a selector selects, for people. */
function nodesInWords(selector: NodeSelector): string {
  return printable(wordsFor(selector));
}

function wordsFor(selector: NodeSelector): string {
  const host = selector[HOSTNAME_LABEL];
  if (host !== undefined) return host;
  const role = Object.keys(selector).map((key) => ROLE.exec(key)?.[1]).find((each) => each !== undefined);
  if (role !== undefined) return `nodes of role ${role === 'control-plane' ? 'master' : role}`;
  const labels = Object.entries(selector).map(([label, value]) => value === '' ? label : `${label}=${value}`);
  return labels.length === 0 ? 'all nodes' : `nodes with ${labels.sort().join(', ')}`;
}
