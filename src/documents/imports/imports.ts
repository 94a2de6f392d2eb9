import { BundleReader, OpenedBundle } from './bundle-reader';
import { bundleProblems } from '../../certificate/bundle-problems';
import type { JudgeOptions } from '../facts';
import { DescribedImport, importsOf } from './described-import';
import { ImportedAuthorities, ImportFinding, inFile, problemsOfCas, problemsOfFiles } from './imported-authorities';
import type { ConfigFile, MachineConfigObject } from '../machine-config/machine-configs';
import type { ImportText } from '../machine-config/scripts';

/** A certificate that a MachineConfig brings to the nodes of a role. */
export interface CertificateImport extends DescribedImport {
  readonly machineConfig: MachineConfigObject;
  readonly opened?: OpenedBundle;
  /** What is wrong with its bundle and its CA files; worked out when it is first asked for. */
  readonly problems: readonly ImportFinding[];
}

/** The certificates in the MachineConfigs of a set. Every bundle is opened once, however many rules ask. */
export class CertificateImports {
  public readonly all: readonly CertificateImport[];
  private sources?: ReadonlyMap<string, ReadonlySet<unknown>>;

  public constructor(machineConfigs: readonly MachineConfigObject[], facts: JudgeOptions) {
    const reader = new BundleReader(machineConfigs, facts);
    const shared = { facts, authorities: new ImportedAuthorities(facts) };
    this.all = machineConfigs.flatMap((machineConfig) => importsOf(machineConfig).map((described) => (
      new Import(described, machineConfig, described.bundle && reader.open(machineConfig, described.bundle), shared))));
  }

  /** How many different bundles are imported under a nickname. */
  public bundlesNamed(nickname: string): number {
    return this.countByNickname().get(nickname)?.size ?? 0;
  }

  private countByNickname(): ReadonlyMap<string, ReadonlySet<unknown>> {
    if (this.sources) return this.sources;
    const sources = new Map<string, Set<unknown>>();
    for (const found of this.all) {
      for (const name of nicknamesOf(found)) sources.set(name, (sources.get(name) ?? new Set()).add(found.bundle?.contents?.source));
    }
    return this.sources = sources;
  }
}

class Import implements CertificateImport {
  public readonly bundle?: ConfigFile;
  public readonly nickname?: string;
  public readonly caFiles: readonly ConfigFile[];
  public readonly script?: ImportText;
  private known?: readonly ImportFinding[];

  public constructor(
    described: DescribedImport, public readonly machineConfig: MachineConfigObject, public readonly opened: OpenedBundle | undefined,
    private readonly shared: { readonly facts: JudgeOptions; readonly authorities: ImportedAuthorities },
  ) {
    this.bundle = described.bundle;
    this.nickname = described.nickname;
    this.caFiles = described.caFiles;
    this.script = described.script;
  }

  public get problems(): readonly ImportFinding[] {
    return this.known ??= [...this.judge()];
  }

  private* judge(): Iterable<ImportFinding> {
    const { facts, authorities } = this.shared;
    const imported = authorities.of(this);
    const { cas, allRead, caBundle, teller } = imported;
    if (teller === this) yield* problemsOfFiles(imported, this.script);
    if (!this.bundle || !this.opened || !('bundle' in this.opened)) {
      if (teller === this) yield* problemsOfCas(imported);
      return;
    }
    const { bundle } = this.opened;
    for (const problem of bundleProblems(bundle, {
      nickname: this.nickname ?? bundle._friendlyName ?? '',
      caBundle,
      expiresSoonDays: facts.expiresSoonDays,
      provenByOpenSsl: this.script?.text.includes('openssl verify'),
    })) {
      if (problem.rule === 'certificate-untrusted' && !allRead) continue;
      // Without a CA file in the set it may well come from elsewhere.
      const softer = problem.rule === 'certificate-untrusted' && cas.length === 0;
      const file = problem.rule === 'certificate-ca' && cas.length === 1 ? cas[0].file : this.bundle;
      yield inFile(file, softer ? { ...problem, ...MAY_COME_FROM_ELSEWHERE } : problem);
    }
  }
}

/** The names that NSS may have the certificate under: the one it is meant to have, and the bundle's own. */
export function nicknamesOf({ nickname, opened }: CertificateImport): string[] {
  const friendly = opened && 'bundle' in opened ? opened.bundle._friendlyName : undefined;
  return [...new Set([nickname, friendly].filter((name) => name !== undefined))];
}

const MAY_COME_FROM_ELSEWHERE = { severity: 'warning', fix: 'Add the CA file to the set, or see that other means import the CA.' } as const;
