import { InputError } from '../../core/input-error';
import { DocumentSet } from '../../documents/document-set';
import type { NodeSelector } from '../../documents/node-selectors';
import { isPlaceholder } from '../../documents/placeholders';
import { Connection, finalText, hostOf, roleOf } from '../../documents/policies';
import type { ExternalIpsecEndpoint } from '../endpoint/external-ipsec-endpoint';

/** One connection of some nodes, as the script on them reads it. */
export interface WatchedConnection {
  readonly name: string;
  /** The pool that its nodes are selected by; undefined where a host, a label or nothing selects them. */
  readonly role?: string;
  /** The labels that its nodes have; undefined where they are to be filled in on the cluster. */
  readonly selector?: NodeSelector;
  /** A line for each subnet of the peer, and each of the node where it has some. */
  readonly lines: readonly string[];
}

/**
 * The connections of endpoints, read from what they write: the same text that reaches the nodes.
 *
 * @throws where an endpoint has no connection, or its name can be no part of a unit's name
 */
export function watchedConnections(endpoints: readonly ExternalIpsecEndpoint[]): WatchedConnection[] {
  return endpoints.flatMap((endpoint) => {
    const { connections } = new DocumentSet(manifestsOf(endpoint));
    if (connections.length === 0) {
      throw new InputError(
        `'endpoints' has '${endpoint.node.path}', which writes no connection that could be watched (its state is absent): leave it out`,
      );
    }
    return connections.map(watched);
  });
}

/** Policies, and MachineConfigs where a connection is delivered as a keyfile. */
function manifestsOf({ policies, machineConfigs }: ExternalIpsecEndpoint): unknown[] {
  return [...policies, ...machineConfigs].map((object): unknown => object.toJson());
}

function watched(connection: Connection): WatchedConnection {
  const { name = '', settings, policy, subnets } = connection;
  if (!/^[A-Za-z0-9:_.-]+$/.test(name)) {
    throw new InputError(
      `'endpoints' has interface '${name}', which can't be part of a unit's name: only letters, digits, '-', '_', '.' and ':' can, `
        + 'so give it another \'interfaceName\' to have it watched',
    );
  }
  const nickname = finalText(settings, 'leftcert');
  const behind = (end: 'left' | 'right') => subnets.flatMap(({ key, cidr }) => key.startsWith(end) && cidr ? [cidr.network] : []);
  const remote = behind('right');
  if (nickname === undefined || remote.length === 0) {
    throw new InputError(
      `'endpoints' has interface '${name}', whose ${nickname === undefined ? 'certificate' : 'subnet (rightsubnet)'} is not written: `
        + 'nothing of it can be watched',
    );
  }
  const mode = settings['nm-connect-mode'] === 'ondemand' ? 'ondemand' : 'always';
  const selector = Object.entries(policy.selector).flat().some(isPlaceholder) ? undefined : policy.selector;
  const ends = behind('left').map((local) => ` ${local}`);
  const lines = remote.flatMap((subnet) => (ends.length === 0 ? [''] : ends)
    .map((local) => `${nodesOf(connection)} ${subnet} ${mode} ${nickname}${local}`));
  return { name, role: roleOf(policy), selector, lines };
}

/** As the script reads it: one node, every node of the pool, or those on which NetworkManager has the connection. */
function nodesOf({ policy }: Connection): string {
  const host = hostOf(policy);
  if (host !== undefined && !isPlaceholder(host)) return host;
  return roleOf(policy) !== undefined || Object.keys(policy.selector).length === 0 ? '*' : '?';
}

/** The files of a pool by the names of their connections. Nodes of a custom pool are workers too. */
export function filesFor(
  role: string, connections: readonly WatchedConnection[], roles: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const isFor = ({ role: own }: WatchedConnection) =>
    own === undefined || own === role || (own === 'worker' && role !== 'master' && !roles.includes('worker'));
  const files = new Map<string, Set<string>>();
  for (const connection of connections.filter(isFor)) {
    files.set(connection.name, new Set([...files.get(connection.name) ?? [], ...connection.lines]));
  }
  // Sorted, so that the order of the endpoints in the program reboots nobody.
  return new Map([...files].sort(([one], [other]) => one < other ? -1 : 1).map(([name, lines]) => [name, [...lines].sort()]));
}
