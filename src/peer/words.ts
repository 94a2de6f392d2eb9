import { provenBy } from './identity';
import type { PeerConnection } from './peer-connection';
import type { PeerHost } from './peer-host';

/** Names as a sentence lists them; of many the first. */
export function listed(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

/** The nodes that call a host. */
export function nodesOf(connections: readonly PeerConnection[]): string {
  return listed([...new Set(connections.flatMap(({ nodes }) => nodes))]);
}

/** What the peer's certificate must hold, a sentence each. */
export function demandsOnPeer({ connections }: PeerHost): string[] {
  const demands = new Set<string>();
  for (const { peer, acceptsAny, knownCertificate, peerCa } of connections) {
    if (acceptsAny) demands.add('The nodes accept any certificate of their CA as this host: keep that CA for this host alone, or name it in rightid.');
    else if (peer.id.kind !== 'subject') demands.add(`It must hold ${provenBy(peer.id)}, or the nodes refuse it.`);
    if (knownCertificate !== undefined) demands.add(`The nodes must have it in their NSS database too, under the nickname ${knownCertificate}.`);
    if (peerCa === '%same') demands.add("It must be of the CA that the nodes' certificate is of.");
    else if (peerCa !== undefined) demands.add(`It must be of the CA ${peerCa}.`);
  }
  demands.add('It must be of a CA that the nodes have, and the nodes need its intermediates, which libreswan does not send.');
  return [...demands];
}

/** What the nodes show, and how it is proved, a sentence each. */
export function promisesOfNodes({ connections, isShared }: PeerHost): string[] {
  const promises = new Set<string>();
  for (const { node, nodeCertificate } of connections) {
    const named = nodeCertificate === undefined ? '' : ` '${nodeCertificate}'`;
    promises.add(node.id.kind === 'subject'
      ? `The nodes name themselves by the subject of their certificate${named}: this host accepts any certificate of their CA as a node.`
      : `The nodes name themselves ${node.id.text}: their certificate${named} must hold ${provenBy(node.id)}.`);
    if (node.sends === 'never') promises.add('The nodes never send their certificate: this host must have it.');
  }
  if (isShared) promises.add('Several nodes may show one certificate: unless several tunnels of one id may live side by side, each takes that of the one before away.');
  return [...promises];
}

/** Seconds between the probes by which a host finds out that a node is gone; undefined where it need not. */
export function probesOf({ dpdDelay }: Pick<PeerConnection, 'dpdDelay'>, isShared: boolean): number | undefined {
  return dpdDelay ?? (isShared ? 30 : undefined);
}

/** Why this host can't call the nodes; undefined where it can call each. */
export function whoCalls(connections: readonly PeerConnection[]): string | undefined {
  const waiting = connections.filter(({ node }) => node.address === '%any').map(({ name }) => name);
  return waiting.length === 0 ? undefined
    : `The nodes call: the addresses of those of ${listed(waiting)} are not in the manifests, so that this host can't.`;
}

/** What the file of the tunnel alone leaves open. */
export function inClear({ stem }: PeerHost): string {
  return 'While the tunnel is down, this host sends to the nodes in clear, and takes what comes in clear. Its own guard drops both: '
    + `${stem}.guard.nft, which PeerConfiguration.guard or 'openshift-ipsec peer --format guard' writes.`;
}

/** Lines as comments, each filled to a width. */
export function comment(lines: readonly string[], width = 110): string[] {
  return lines.flatMap((line) => filled(line, width).map((part) => part === '' ? '#' : `# ${part}`));
}

/** Commands are never broken: they begin with white space. */
function filled(line: string, width: number): string[] {
  if (line.length <= width || line.startsWith(' ')) return [line];
  const parts: string[] = [];
  let part = '';
  for (const word of line.split(' ')) {
    if (part !== '' && part.length + 1 + word.length > width) {
      parts.push(part);
      part = line.startsWith('- ') ? `  ${word}` : word;
    } else {
      part = part === '' ? word : `${part} ${word}`;
    }
  }
  return [...parts, part];
}
