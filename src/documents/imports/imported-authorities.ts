import { caProblems } from '../../certificate/bundle-problems';
import { CaBundle } from '../../certificate/ca-bundle';
import type { Finding } from '../../core/finding';
import type { JudgeOptions } from '../facts';
import { ReadCa, readCa, together } from './ca-files';
import type { DescribedImport } from './described-import';
import type { ConfigFile, MachineConfigObject } from '../machine-config/machine-configs';
import { ImportText, replacesOld } from '../machine-config/scripts';

/** What a rule of the certificates finds in an import, and where. */
export interface ImportFinding extends Finding {
  /** JSON pointer from the MachineConfig. */
  readonly path: string;
}

type CaInFile = ReadCa & { readonly file: ConfigFile };

/** What the CA files of an import say. */
export interface ImportedCas {
  readonly cas: readonly CaInFile[];
  /** With a CA file that can't be read, nobody can say what it does not hold. */
  readonly allRead: boolean;
  readonly caBundle?: CaBundle;
  /** The import that tells what is wrong with the files as such: many bundles stand beside the same few. */
  readonly teller: object;
}

/** Reads the CA files that imports have in common once. */
export class ImportedAuthorities {
  private readonly known = new Map<readonly ConfigFile[], Map<boolean, ImportedCas>>();

  public constructor(private readonly facts: JudgeOptions) {}

  public of(asking: DescribedImport & { readonly machineConfig: MachineConfigObject }): ImportedCas {
    const { caFiles, script, machineConfig } = asking;
    const takesFirst = script !== undefined && takesFirstCaOnly(script);
    const ways = this.known.get(caFiles) ?? new Map<boolean, ImportedCas>();
    this.known.set(caFiles, ways);
    let found = ways.get(takesFirst);
    if (!found) {
      const given = this.facts.caBundleOf?.(machineConfig.subject.document);
      const cas = caFiles.map((file) => ({ file, ...given ? { bundle: given } : readCa(file, takesFirst) }));
      const allRead = cas.every((ca) => ca.bundle);
      const caBundle = allRead && cas.length > 0 ? together(cas) : undefined;
      ways.set(takesFirst, found = { cas, allRead, caBundle, teller: asking });
    }
    return found;
  }
}

/** What is wrong with the files as such. */
export function problemsOfFiles({ cas }: ImportedCas, script: ImportText | undefined): ImportFinding[] {
  return cas.flatMap((ca) => {
    const problem = problemOfFile(ca, script);
    return problem ? [inFile(ca.file, problem)] : [];
  });
}

/** What is wrong with the CAs in them, where no certificate is held against them. */
export function problemsOfCas({ cas, caBundle }: ImportedCas): ImportFinding[] {
  return caBundle ? caProblems(caBundle).map((problem) => inFile(cas[0].file, problem)) : [];
}

export function inFile(file: ConfigFile, problem: Finding): ImportFinding {
  return { ...problem, path: `${file.pointer}/contents/source` };
}

/** `certificate-ca`, of a file as such. */
function problemOfFile(
  { file, problem, bundle }: CaInFile,
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
