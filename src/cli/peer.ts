import { existsSync } from 'fs';
import { join } from 'path';
import type { Invocation } from './invocation';
import { readArguments } from './options';
import { writeFile } from './output';
import { shown } from './shown';
import { UsageError, withUsage } from './usage';
import { inputFiles, MANIFESTS } from '../check/input-files';
import { InputError } from '../core/input-error';
import { readDescriptor } from '../core/local-file';
import { printable, printableLines } from '../core/printable';
import { checkNodeAddresses } from '../peer/guard-file';
import { sideOfDocument } from '../peer/node-side';
import { checkFacts, PeerFacts } from '../peer/peer-connection';
import { defaultNames, FileNames, isCertificateName, PEER_FORMATS } from '../peer/peer-format';
import { PeerHost, PeerHosts, peerHostsOf } from '../peer/peer-host';
import { readSide } from '../plan/read';

export const HELP = `Usage: openshift-ipsec peer [options] FILE…

Writes what the hosts at the other end of the tunnels need: the connections of NMState policies and of NetworkManager's keyfiles
in MachineConfigs, seen from there. FILE is a file or folder (.yaml, .yml and .json in it), or - for standard input; all of them
together are one cluster. It holds no secret.

Options:
  --format FORMAT            libreswan, strongswan, checklist or guard (default: libreswan)
  --peer HOST                this peer alone, by the name or address that the nodes have; needed where there are several, without -o
  -o, --output DIR           a file for each peer, such as storage.example.com.ipsec.conf
  --peer-address ADDRESS     the peer's own IPv4 address, where no manifest says it
  --node-id ID               the id that the peer asks of the nodes, such as @nodes.example.com or 'CN=nodes, O=Example'
  --certificate-name NAME    what the peer calls its certificate (default: its host name)
  --node-address ADDRESS     an address or network of the nodes, as the peer sees it; once for each; for --format guard
  --help, -h                 this text

Example:
  openshift-ipsec peer --format strongswan -o peers dist

Exit code: 0 written, 1 nothing to write, or a connection that no peer can be told, 2 bad usage or an input that can't be read (the rest
is written).
`;

interface Options {
  readonly paths: readonly string[];
  readonly format: string;
  readonly peer?: string;
  readonly output?: string;
  readonly facts: PeerFacts;
  readonly certificateName?: string;
  readonly nodeAddresses?: readonly string[];
}

/** `openshift-ipsec peer`. */
export function peer(invocation: Invocation): number {
  return withUsage('peer', invocation, () => writePeers(invocation));
}

function writePeers({ args, stdout, stderr, stdin = () => readDescriptor(0, MANIFESTS), terminal = false }: Invocation): number {
  const options = readOptions(args);
  if (options === 'help') {
    stdout(HELP);
    return 0;
  }
  const { set, problems } = readSide('what is read', inputFiles(options.paths, stdin));
  for (const problem of problems) stderr(`${printable(problem)}\n`);
  const found = peerHostsOf(set.connections.map(sideOfDocument), options.facts);
  const hosts = wanted(found, options);
  for (const problem of found.problems) stderr(`${printable(problem)}\n`);
  if (hosts.length === 0 && found.problems.length === 0) stderr(`${nothingIn(found, options)}\n`);
  const { write, extension } = PEER_FORMATS[options.format];
  let refused = 0;
  for (const host of hosts) {
    const text = attempt(() => write(host, namesOf(host, options)), (problem) => stderr(`${printable(problem)}\n`));
    if (text === undefined) refused++;
    else if (options.output === undefined) stdout(terminal ? printableLines(text) : text);
    else save(join(options.output, `${host.stem}${extension}`), text);
  }
  if (problems.length > 0) return 2;
  return hosts.length === 0 || found.problems.length > 0 || refused > 0 ? 1 : 0;
}

/** What one host can't be told keeps no other from being told. */
function attempt(write: () => string, refuse: (problem: string) => void): string | undefined {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    refuse(error.message);
    return undefined;
  }
}

/** Of several hosts one is written at a time where there is one place for it. */
function wanted({ hosts }: PeerHosts, { peer: name, output }: Options): readonly PeerHost[] {
  if (name !== undefined) return hosts.filter(({ stem }) => stem === name.toLowerCase().replace(/\.$/, ''));
  if (output === undefined && hosts.length > 1) {
    throw new UsageError(`the tunnels lead to ${hosts.length} hosts (${hosts.slice(0, 5).map(({ stem }) => stem).join(', ')}`
      + `${hosts.length > 5 ? ', …' : ''}), and each has a file of its own: name one with --peer, or a folder with -o`);
  }
  return hosts;
}

function nothingIn({ hosts }: PeerHosts, { peer: name }: Options): string {
  return name === undefined || hosts.length === 0
    ? 'no connection to write a peer of: there is no live interface of type ipsec with settings, and no keyfile of one'
    : `no connection leads to ${shown(name)}: they lead to ${hosts.slice(0, 5).map(({ stem }) => stem).join(', ')}${hosts.length > 5 ? ', …' : ''}`;
}

function namesOf(host: PeerHost, { certificateName, nodeAddresses }: Options): FileNames {
  return { ...certificateName === undefined ? defaultNames(host) : { certificateName }, nodeAddresses };
}

function save(path: string, text: string): void {
  try {
    writeFile(path, text);
  } catch (error) {
    throw new UsageError(`${shown(path)} can not be written: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`);
  }
}

function readOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = readArguments('peer', args, OPTIONS);
  if (values.help) return 'help';
  const format = (values.format ?? 'libreswan').toLowerCase();
  if (!Object.hasOwn(PEER_FORMATS, format)) {
    throw new UsageError(`'--format' (${shown(values.format!)}) must be one of ${Object.keys(PEER_FORMATS).join(', ')}`);
  }
  if (positionals.length === 0) {
    throw new UsageError("no FILE is given: name files or folders, or '-' for standard input; 'openshift-ipsec peer --help' tells more");
  }
  const missing = positionals.find((path) => path !== '-' && !existsSync(path));
  if (missing !== undefined) throw new UsageError(`FILE (${shown(missing)}) does not exist: name a file or folder, or - for standard input`);
  const facts = { peerAddress: values['peer-address'], nodeIdentity: values['node-id'] };
  checkFacts(facts, { peerAddress: "'--peer-address'", nodeIdentity: "'--node-id'" });
  const certificateName = values['certificate-name'];
  if (certificateName !== undefined && !isCertificateName(certificateName)) {
    throw new UsageError(`'--certificate-name' (${shown(certificateName)}) must be letters, digits, '.', '-' and '_', at most 100: it becomes a nickname `
      + 'and a part of file names');
  }
  const nodeAddresses = values['node-address'];
  checkNodeAddresses(nodeAddresses, "'--node-address'");
  if (values.output === '') throw new UsageError("'--output' is empty: name a folder");
  return { paths: positionals, format, peer: values.peer, output: values.output, facts, certificateName, nodeAddresses };
}

const OPTIONS = {
  'format': { type: 'string' },
  'peer': { type: 'string' },
  'output': { type: 'string', short: 'o' },
  'peer-address': { type: 'string' },
  'node-id': { type: 'string' },
  'certificate-name': { type: 'string' },
  'node-address': { type: 'string', multiple: true },
  'help': { type: 'boolean', short: 'h' },
} as const;
