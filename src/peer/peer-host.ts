import { NodeSide } from './node-side';
import { mirrored, PeerConnection, PeerFacts, peerHostOf, sectionName } from './peer-connection';
import { InputError } from '../core/input-error';
import { sameName } from '../openshift/libreswan-ends';

/** One host outside the cluster, and everything that nodes want of it. */
export interface PeerHost {
  /** The name or address by which the nodes call it. */
  readonly host: string;
  /** What its files are named after. */
  readonly stem: string;
  readonly connections: readonly PeerConnection[];
  /** Whether several nodes may show one certificate, of which a peer keeps one tunnel alone unless it is told. */
  readonly isShared: boolean;
}

/** What the peer's administrator calls things there, and knows of the nodes. */
export interface FileNames {
  /** The certificate's nickname in an NSS database, and the name of its files without their ends. */
  readonly certificateName: string;
  /** The addresses of the nodes, for a guard. */
  readonly nodeAddresses?: readonly string[];
}

/** The peers of some connections, in the order of their names, and what could not be told of which. */
export interface PeerHosts {
  readonly hosts: readonly PeerHost[];
  readonly problems: readonly string[];
}

/** Sorts connections by the host that they lead to. What one of them has wrong keeps no other from being written. */
export function peerHostsOf(sides: Iterable<NodeSide>, facts: PeerFacts = {}): PeerHosts {
  const byHost = new Map<string, { host: string; connections: PeerConnection[] }>();
  const problems = new Set<string>();
  for (const side of sides) {
    try {
      const connection = mirrored(side, facts);
      const key = peerHostOf(side).toLowerCase().replace(/\.$/, '');
      const known = byHost.get(key);
      if (known) known.connections.push(connection);
      else byHost.set(key, { host: peerHostOf(side), connections: [connection] });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.add(error.message);
    }
  }
  const hosts = [...byHost].sort(([one], [other]) => one < other ? -1 : 1).map(([key, { host, connections }]) => ({
    host, stem: key, connections: distinct(connections), isShared: isShared(connections),
  }));
  return { hosts, problems: [...problems] };
}

/**
 * The one host that all of these connections lead to.
 *
 * @throws where they lead to several, there is none, or it can't be told
 */
export function peerHostOfAll(sides: readonly NodeSide[], facts: PeerFacts = {}): PeerHost {
  const other = sides.find((side) => !sameName(peerHostOf(side), peerHostOf(sides[0])));
  if (other) {
    throw new InputError(`the endpoints lead to two hosts ('${peerHostOf(sides[0])}' and '${peerHostOf(other)}'), and a configuration is for `
      + 'one: make one of each');
  }
  const { hosts, problems } = peerHostsOf(sides, facts);
  if (problems.length > 0) throw new InputError(problems[0]);
  return hosts[0];
}

function isShared(connections: readonly PeerConnection[]): boolean {
  return connections.some(({ isForMany }) => isForMany) || new Set(connections.flatMap(({ hostnames }) => hostnames)).size > 1;
}

/** One connection for all nodes where it says the same for all, else one a node; each with a name of its own. */
function distinct(connections: readonly PeerConnection[]): PeerConnection[] {
  const byContent = new Map<string, PeerConnection>();
  for (const connection of connections) {
    const key = contentOf(connection);
    const same = byContent.get(key);
    byContent.set(key, same ? together(same, connection) : connection);
  }
  return named([...byContent.values()]);
}

function contentOf({ nodes, hostnames, isForMany, ...rest }: PeerConnection): string {
  return JSON.stringify(rest);
}

function together(one: PeerConnection, other: PeerConnection): PeerConnection {
  const hostnames = [...new Set([...one.hostnames, ...other.hostnames])];
  const nodes = [...new Set([...one.nodes, ...other.nodes])];
  return { ...one, nodes, hostnames, isForMany: one.isForMany || other.isForMany || hostnames.length > 1 };
}

/** Connections of one name are told apart by their node, else by its address, else by a number. */
function named(connections: readonly PeerConnection[]): PeerConnection[] {
  const taken = new Set<string>();
  const often = new Map<string, number>();
  for (const { name } of connections) often.set(name, (often.get(name) ?? 0) + 1);
  return connections.map((connection) => {
    const suffix = often.get(connection.name) === 1 ? '' : `-${suffixOf(connection)}`;
    const name = sectionName(`${connection.name}${suffix}`);
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
    taken.add(free);
    return { ...connection, name: free };
  });
}

function suffixOf({ hostnames, node, nodes }: PeerConnection): string {
  return hostnames.length === 1 ? hostnames[0] : node.address === '%any' ? nodes[0] : node.address;
}
