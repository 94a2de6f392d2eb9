/**
 * From each scene's manifests to what its nodes get: Ignition configs, and libreswan connections by way of nmstate.
 *
 *     ts-node test/e2e/chain.ts LAB_DIR NMSTATE_JUDGE
 *
 * One line a judgement on standard output, `ok …` or `FAIL …`, as everywhere in the lab.
 */
import { spawnSync } from 'child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { parseAllDocuments, stringify } from 'yaml';
import { libreswanConnection } from './nm-libreswan';
import { decodeContents } from '../../src/butane/data-url';
import type { LibreswanOption } from '../../src/openshift/libreswan-option';
import { LIBRESWAN_OPTIONS } from '../../src/openshift/libreswan-options';
import { valuesOf } from '../../src/openshift/libreswan-values';

const [lab, judge] = process.argv.slice(2);

const NODES: { readonly [node: string]: { readonly [label: string]: string } } = Object.fromEntries(
  ['worker-0', 'worker-1', 'worker-2'].map((name) => [name, { 'kubernetes.io/hostname': name, 'node-role.kubernetes.io/worker': '' }]),
);

type Verdict = { readonly keyfiles?: { readonly [file: string]: string }; readonly error?: string };

function main(): void {
  for (const scene of readdirSync(join(lab, 'scenes'))) apply(join(lab, 'scenes', scene), scene);
  for (const connection of readdirSync(join(lab, 'peers'))) apply(join(lab, 'peers', connection), `peers, ${connection}`);
  everyKeyIsKnown();
  mistakesAreRefused();
}

function apply(directory: string, scene: string): void {
  const objects = readdirSync(join(directory, 'manifests')).flatMap((file) =>
    parseAllDocuments(readFileSync(join(directory, 'manifests', file), 'utf8')).map((document) => document.toJSON()),
  );
  for (const { kind, metadata, spec } of objects) {
    if (kind === 'MachineConfiguration') write(directory, 'policy', policyLines(spec.nodeDisruptionPolicy));
    if (kind !== 'MachineConfig') continue;
    write(join(directory, 'ignition'), `${metadata.name}.json`, JSON.stringify(spec.config));
    deliver(directory, spec.config.storage?.files ?? [], metadata.labels['machineconfiguration.openshift.io/role']);
  }
  const policies = objects.filter(({ kind }) => kind === 'NodeNetworkConfigurationPolicy');
  const verdicts = nmstate(policies.map(({ spec }) => spec.desiredState));
  policies.forEach(({ metadata, spec }, i) => {
    const { keyfiles, error } = verdicts[i];
    const interfaces = spec.desiredState.interfaces as { name: string; state?: string }[];
    const present = interfaces.filter((each) => each.state !== 'absent');
    check(
      `${scene}: nmstate takes the policy ${metadata.name}`,
      error === undefined && Object.keys(keyfiles!).length === present.length,
      error ?? JSON.stringify(keyfiles),
    );
    const connections = Object.values(keyfiles ?? {}).map((keyfile) => libreswanConnection(keyfile));
    for (const node of Object.keys(NODES).filter((name) => selects(spec.nodeSelector, NODES[name]))) {
      const to = join(directory, 'nodes', node);
      for (const { id, uuid, text } of connections) write(to, `${id}.conn`, text.replace(/^/, `# ${uuid}\n`));
      for (const { name } of interfaces.filter((each) => each.state === 'absent')) write(to, `${name}.absent`, '');
      for (const [file, text] of Object.entries(keyfiles ?? {})) write(to, file, text);
    }
  });
}

/** The keyfiles of a MachineConfig, as connections of the nodes of its role. */
function deliver(
  directory: string,
  files: readonly { path: string; contents: { source: string; compression?: string } }[],
  role: string,
): void {
  for (const { path, contents } of files.filter((file) => file.path.startsWith('/etc/NetworkManager/system-connections/'))) {
    const decoded = decodeContents(contents.source, contents.compression);
    if ('problem' in decoded) throw new Error(`${path}: ${decoded.problem}`);
    const { id, uuid, text, command } = libreswanConnection(decoded.bytes.toString('utf8'));
    for (const node of Object.keys(NODES).filter((name) => `node-role.kubernetes.io/${role}` in NODES[name])) {
      const to = join(directory, 'nodes', node);
      write(to, `${id}.conn`, text.replace(/^/, `# ${uuid}\n`));
      write(to, `${id}.command`, `${command}\n`);
    }
  }
}

/** What a change of a path or unit does, an action a line: `<path or unit> <action> [<unit>]`. */
function policyLines({ files, units }: { readonly [key: string]: readonly any[] }): string {
  return [...files, ...units].flatMap(({ path, name, actions }) => (
    actions.map(({ type, restart }: any) => `${path ?? `/etc/systemd/system/${name}`} ${type} ${restart?.serviceName ?? ''}\n`))).join('');
}

function selects(selector: { [label: string]: string } = {}, labels: { readonly [label: string]: string }): boolean {
  return Object.entries(selector).every(([label, value]) => labels[label] === value);
}

/** The library's table of keys against the code that reads them on the node: each key is known there, with that type. */
function everyKeyIsKnown(): void {
  const samples: { readonly [type in LibreswanOption['type']]: [good: unknown, bad: unknown] } = {
    'string': ['x', ['x']],
    'lifetime': ['8h', ['8h']],
    'boolean': [true, 'yes'],
    'seconds': [30, '30s'],
    'yes, no or number': ['yes', true],
  };
  const good = (option: LibreswanOption) => valuesOf(option)?.[0] ?? samples[option.type][0];
  const bad = (option: LibreswanOption) => samples[option.type][1];
  const states = LIBRESWAN_OPTIONS.flatMap((option) => [good(option), bad(option)].map((value) => state({ [option.key]: value })));
  const verdicts = nmstate(states);
  const unknown = LIBRESWAN_OPTIONS.filter((_, i) => verdicts[2 * i].error).map(({ key }, i) => `${key}: ${verdicts[2 * i].error}`);
  const taken = LIBRESWAN_OPTIONS.filter((_, i) => !verdicts[2 * i + 1].error).map(({ key }) => key);
  check(`nmstate knows each of the library's ${LIBRESWAN_OPTIONS.length} libreswan keys`, unknown.length === 0, unknown.join('\n'));
  check('nmstate refuses each of them with a value of the wrong type', taken.length === 0, taken.join(', '));
}

function mistakesAreRefused(): void {
  const [unknown, misspelt] = nmstate([state({ rekey: true }), state({ type: 'Tunnel' })]);
  check('control: nmstate refuses a key that it does not know', /unknown field `rekey`/.test(unknown.error ?? ''), JSON.stringify(unknown));
  check(
    'control: nmstate refuses a value outside a closed set',
    /unknown variant `Tunnel`/.test(misspelt.error ?? ''),
    JSON.stringify(misspelt),
  );
}

function state(libreswan: object): object {
  return { interfaces: [{ name: 'ipsec', type: 'ipsec', libreswan: { right: '192.0.2.1', ...libreswan } }] };
}

function nmstate(states: object[]): Verdict[] {
  if (states.length === 0) return [];
  const { status, stdout, stderr } = spawnSync(judge, {
    input: states.map((each) => `---\n${stringify(each)}`).join(''),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${judge}: ${stderr}`);
  const verdicts = parseAllDocuments(stdout).map((document) => document.toJSON() as Verdict);
  if (verdicts.length !== states.length) throw new Error(`${judge} answered ${verdicts.length} of ${states.length} states`);
  return verdicts;
}

function write(directory: string, file: string, text: string): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, file), text);
}

function check(what: string, passed: boolean, detail: string): void {
  process.stdout.write(passed ? `ok   ${what}\n` : `FAIL ${what}\n${detail}\n`);
}

main();
