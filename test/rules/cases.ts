import { readdirSync, readFileSync } from 'fs';
import { basename, join } from 'path';
import { parse } from 'yaml';
import { file, keyfile, machineConfig, network, Plain, policy, SETTINGS } from './documents';
import { OpenShiftVersion } from '../../src';
import { nodeScript } from '../../src/constructs/certificates/import-script';
import type { JudgeOptions } from '../../src/documents/facts';

/** A case of a rule, as the YAML file beside the rule has it. */
export interface Case {
  /** What it shows, as a phrase. */
  readonly case: string;
  /** What is known besides the documents. */
  readonly facts?: {
    readonly version?: string;
    readonly platform?: string;
    readonly hostedControlPlane?: boolean;
    readonly rhelComputeNodes?: boolean;
    readonly fromConstructs?: boolean;
    readonly clusterMtu?: number;
    readonly machineMtu?: number;
    readonly addresses?: JudgeOptions['addresses'];
    /** The file that each of the documents stands in. */
    readonly files?: readonly string[];
  };
  /** The documents, each as what it changes in one that has nothing to complain about. */
  readonly given: readonly Given[];
  /** What the rule finds, for a case that breaks it. */
  readonly finds?: Finds | readonly Finds[];
}

export interface Finds {
  /** Where it is not the rule's own. */
  readonly severity?: 'error' | 'warning';
  /** A JSON pointer into the document. */
  readonly at: string;
  /** Which of the documents, from 1; the first where it is left out. */
  readonly document?: number;
  /** The whole sentence. */
  readonly says: string;
}

type Given =
  | { readonly connection: Plain; readonly without?: readonly string[]; readonly policy?: Plain }
  | { readonly keyfile: Plain; readonly without?: readonly string[]; readonly file?: Plain; readonly machineConfig?: Plain }
  | { readonly network: Plain; readonly spec?: Plain; readonly name?: string }
  | { readonly machineConfig: Plain }
  | { readonly object: Plain };

/** The cases of a rule. */
export interface Cases {
  readonly breaks: readonly Case[];
  readonly passes: readonly Case[];
}

const RULES_FOLDER = join(__dirname, '../../src/rules');

/** The cases of every rule, by its id. */
export function readCases(): Map<string, Cases> {
  const cases = new Map<string, Cases>();
  for (const path of readdirSync(RULES_FOLDER, { recursive: true }) as string[]) {
    if (path.endsWith('.yaml')) cases.set(basename(path, '.yaml'), parse(readFileSync(join(RULES_FOLDER, path), 'utf8')) as Cases);
  }
  return cases;
}

/** The documents of a case. */
export function documentsOf({ given }: Case): Plain[] {
  return given.map((one) => {
    if ('object' in one) return one.object;
    if ('network' in one) return network(one.network, one.spec, one.name);
    if ('keyfile' in one) return keyfile(withoutKeys(one.keyfile, one.without), one.file, one.machineConfig);
    if ('machineConfig' in one) return machineConfig({ ...one.machineConfig, files: (one.machineConfig.files ?? []).map(fileOf) });
    return policy(withoutKeys(one.connection, one.without), one.policy);
  });
}

function withoutKeys(settings: Plain, keys: readonly string[] = []): Plain {
  return { ...settings, ...Object.fromEntries(keys.map((key) => [key, undefined])) };
}

/** A file by its `text`, by which of our scripts it is, by how many bytes it has, or as a MachineConfig has it. */
function fileOf({ text, ours, size, path, mode, ...rest }: Plain): Plain {
  if (ours !== undefined) return file(path, nodeScript(ours), mode);
  if (size !== undefined) return { path, contents: { source: `data:,${'x'.repeat(size)}` } };
  return text === undefined ? { path, ...mode === undefined ? {} : { mode }, ...rest } : file(path, text, mode);
}

/** What is known besides the documents of a case. */
export function factsOf({ facts: { version, files, ...facts } = {} }: Case, documents: readonly unknown[] = []): JudgeOptions {
  const together = files ? { appliedWith: (document: unknown) => files[documents.indexOf(document)] } : {};
  return { ...version === undefined ? {} : { version: OpenShiftVersion.of(version) }, ...facts, ...together } as JudgeOptions;
}

export { SETTINGS };
