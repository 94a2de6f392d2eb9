import { BundleReader, OpenedBundle } from './bundle-reader';
import { bundleProblems, caProblems } from '../../certificate/bundle-problems';
import type { Finding } from '../../core/finding';
import type { JudgeOptions } from '../facts';
import { ReadCa, readCa, together } from './ca-files';
import { DescribedImport, importsOf } from './described-import';
import { ConfigFile, MachineConfigObject } from '../machine-config/machine-configs';
import { ImportText, replacesOld } from '../machine-config/scripts';

/** What a rule of the certificates finds in an import, and where. */
export interface ImportFinding extends Finding {
  /** JSON pointer from the MachineConfig. */
  readonly path: string;
}

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
    this.all = machineConfigs.flatMap((machineConfig) => importsOf(machineConfig).map((described) => (
      new Import(described, machineConfig, described.bundle && reader.open(machineConfig, described.bundle), facts))));
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
    private readonly facts: JudgeOptions,
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
    const cas = this.readCas();
    for (const ca of cas) {
      const problem = problemOfFile(ca, this.script);
      if (problem) yield inFile(ca.file, problem);
    }
    // With a CA file that can't be read, nobody can say what it does not hold.
    const allRead = cas.every((ca) => ca.bundle);
    const caBundle = allRead && cas.length > 0 ? together(cas) : undefined;
    if (!this.bundle || !this.opened || !('bundle' in this.opened)) {
      for (const problem of caBundle ? caProblems(caBundle) : []) yield inFile(cas[0].file, problem);
      return;
    }
    const { bundle } = this.opened;
    for (const problem of bundleProblems(bundle, {
      nickname: this.nickname ?? bundle._friendlyName ?? '',
      caBundle,
      expiresSoonDays: this.facts.expiresSoonDays,
      provenByOpenSsl: this.script?.text.includes('openssl verify'),
    })) {
      if (problem.rule === 'certificate-untrusted' && !allRead) continue;
      // Without a CA file in the set it may well come from elsewhere.
      const softer = problem.rule === 'certificate-untrusted' && cas.length === 0;
      const file = problem.rule === 'certificate-ca' && cas.length === 1 ? cas[0].file : this.bundle;
      yield inFile(file, softer ? { ...problem, ...MAY_COME_FROM_ELSEWHERE } : problem);
    }
  }

  private readCas(): (ReadCa & { readonly file: ConfigFile })[] {
    const given = this.facts.caBundleOf?.(this.machineConfig.subject.document);
    const takesFirst = this.script !== undefined && takesFirstCaOnly(this.script);
    return this.caFiles.map((file) => ({ file, ...given ? { bundle: given } : readCa(file, takesFirst) }));
  }
}

function inFile(file: ConfigFile, problem: Finding): ImportFinding {
  return { ...problem, path: `${file.pointer}/contents/source` };
}

/** The names that NSS may have the certificate under: the one it is meant to have, and the bundle's own. */
export function nicknamesOf({ nickname, opened }: CertificateImport): string[] {
  const friendly = opened && 'bundle' in opened ? opened.bundle._friendlyName : undefined;
  return [...new Set([nickname, friendly].filter((name) => name !== undefined))];
}

const MAY_COME_FROM_ELSEWHERE = { severity: 'warning', fix: 'Add the CA file to the set, or see that other means import the CA.' } as const;

/** `certificate-ca`, of a file as such. */
function problemOfFile(
  { file, problem, bundle }: ReadCa & { readonly file: ConfigFile },
  script: ImportText | undefined,
): Finding | undefined {
  if (problem) return { rule: 'certificate-ca', severity: 'error', message: problem, fix: 'Give the certificates of the CAs, in PEM.' };
  const count = bundle?._certificates.length ?? 0;
  if (count < 2 || !script || !takesFirstCaOnly(script)) return undefined;
  return {
    rule: 'certificate-ca',
    severity: 'warning',
    message: `CA file '${file.path}' holds ${count} certificates, and certutil -A in ${script.name} imports the first one only`,
    fix: 'Give each CA a file and a certutil -A of its own, or use an import script that takes them all.',
  };
}

/** `certutil -A` reads one certificate; a script that splits the file first calls it with what it split off. */
function takesFirstCaOnly(script: ImportText): boolean {
  return !replacesOld(script);
}
