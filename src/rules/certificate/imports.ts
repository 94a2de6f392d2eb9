import { BundleReader, OpenedBundle } from './bundle-reader';
import { bundleProblems, caProblems } from '../../certificate/bundle-problems';
import { Problem } from '../../certificate/problem';
import type { JudgeOptions } from '../facts';
import { ConfigFile, MachineConfigObject } from '../machine-config/machine-configs';
import { ImportText, replacesOld } from '../machine-config/scripts';
import { Connection, finalText } from '../policy/policies';
import type { Finding } from '../rule';
import { ReadCa, readCa, together } from './ca-files';
import { DescribedImport, importsOf } from './described-import';

/** A certificate that a MachineConfig brings to the nodes of a role. */
export interface CertificateImport extends DescribedImport {
  readonly machineConfig: MachineConfigObject;
  readonly opened?: OpenedBundle;
}

/** The certificates in the MachineConfigs of a set. Every bundle is opened once, however many rules ask. */
export class CertificateImports {
  public readonly all: readonly CertificateImport[];
  private readonly problems: ReadonlyMap<string, Finding[]>;
  private sources?: ReadonlyMap<string, ReadonlySet<unknown>>;

  public constructor(
    machineConfigs: readonly MachineConfigObject[], private readonly connections: readonly Connection[], private readonly facts: JudgeOptions,
  ) {
    const reader = new BundleReader(machineConfigs, facts);
    this.all = machineConfigs.flatMap((machineConfig) => importsOf(machineConfig).map((described) => ({
      ...described, machineConfig, opened: described.bundle && reader.open(machineConfig, described.bundle),
    })));
    this.problems = facts.bundleOf ? new Map() : this.judge();
  }

  /** What one rule of the certificates finds. */
  public findings(rule: string): readonly Finding[] {
    return this.problems.get(rule) ?? [];
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

  private judge(): Map<string, Finding[]> {
    const rsaNicknames = new Set(this.connections
      .filter(({ settings }) => (settings.leftrsasigkey ?? '%cert') === '%cert' && !/ecdsa/.test(String(settings.authby ?? '')))
      .map(({ settings }) => finalText(settings, 'leftcert')));
    const findings = new Map<string, Finding[]>();
    const report = ({ machineConfig: { subject } }: CertificateImport, file: ConfigFile, { rule, severity, message, fix }: Problem) => {
      if (!findings.has(rule)) findings.set(rule, []);
      findings.get(rule)!.push({ subject, path: `${file.pointer}/contents/source`, message, severity, fix });
    };
    for (const found of this.all) {
      const cas = found.caFiles.map((file) => ({ file, ...readCa(file, found.script !== undefined && takesFirstCaOnly(found.script)) }));
      for (const ca of cas) {
        const problem = problemOfFile(ca, found.script);
        if (problem) report(found, ca.file, problem);
      }
      // With a CA file that can't be read, nobody can say what it does not hold.
      const allRead = cas.every((ca) => ca.bundle);
      const caBundle = allRead && cas.length > 0 ? together(cas) : undefined;
      if (!found.bundle || !found.opened || !('bundle' in found.opened)) {
        for (const problem of caBundle ? caProblems(caBundle) : []) report(found, cas[0].file, problem);
        continue;
      }
      const { bundle } = found.opened;
      const names = nicknamesOf(found);
      for (const problem of bundleProblems(bundle, {
        nickname: found.nickname ?? bundle._friendlyName ?? '',
        caBundle,
        rsa: names.some((name) => rsaNicknames.has(name)),
        expiresSoonDays: this.facts.expiresSoonDays,
        provenByOpenSsl: found.script?.text.includes('openssl verify'),
      })) {
        if (problem.rule === 'certificate-untrusted' && !allRead) continue;
        // Without a CA file in the set it may well come from elsewhere.
        const softer = problem.rule === 'certificate-untrusted' && cas.length === 0;
        const file = problem.rule === 'certificate-ca' && cas.length === 1 ? cas[0].file : found.bundle;
        report(found, file, softer ? { ...problem, ...MAY_COME_FROM_ELSEWHERE } : problem);
      }
    }
    return findings;
  }
}

/** The names that NSS may have the certificate under: the one it is meant to have, and the bundle's own. */
export function nicknamesOf({ nickname, opened }: CertificateImport): string[] {
  const friendly = opened && 'bundle' in opened ? opened.bundle._friendlyName : undefined;
  return [...new Set([nickname, friendly].filter((name) => name !== undefined))];
}

const MAY_COME_FROM_ELSEWHERE = { severity: 'warning', fix: 'Add the CA file to the set, or see that other means import the CA.' } as const;

/** `certificate-ca`, of a file as such. */
function problemOfFile({ file, problem, bundle }: ReadCa & { readonly file: ConfigFile }, script: ImportText | undefined): Problem | undefined {
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
