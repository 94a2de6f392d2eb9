import type { ConfigFile, MachineConfigObject } from './machine-configs';
import { isPlaceholder } from '../placeholders';

const known = new WeakMap<readonly MachineConfigObject[], WrittenFiles>();

/** What the MachineConfigs of a set write to the nodes, by role and path. */
export class WrittenFiles {
  /** Worked out once for a set. */
  public static of(machineConfigs: readonly MachineConfigObject[]): WrittenFiles {
    let files = known.get(machineConfigs);
    if (!files) known.set(machineConfigs, files = new WrittenFiles(machineConfigs));
    return files;
  }

  /** Whether something is written to a path that a template gives, so that nobody can say what is not written. */
  public readonly hasUnknown: boolean;
  private readonly byPath = new Map<string, { readonly role?: string; readonly file: ConfigFile }[]>();

  private constructor(machineConfigs: readonly MachineConfigObject[]) {
    let hasUnknown = false;
    for (const { role, files } of machineConfigs) {
      for (const file of files) {
        hasUnknown ||= isPlaceholder(file.path);
        const others = this.byPath.get(file.path);
        if (others) others.push({ role, file });
        else this.byPath.set(file.path, [{ role, file }]);
      }
    }
    this.hasUnknown = hasUnknown;
  }

  /** The file that nodes of a role have at a path; those of a custom pool get what worker has too. */
  public at(path: string, role: string | undefined): ConfigFile | undefined {
    const reaches = (other: string | undefined) => other === undefined || other === role || other === 'worker' && role !== 'master';
    const found = this.byPath.get(path)?.filter((one) => role === undefined || reaches(one.role));
    return (found?.find((one) => one.role === role) ?? found?.[0])?.file;
  }
}
