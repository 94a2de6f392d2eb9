import { RoundTotal } from '../../certificate/key-derivation';
import { Pkcs12Bundle } from '../../certificate/pkcs12-bundle';
import { WrongPasswordError } from '../../certificate/pkcs12-contents';
import { InputError } from '../../core/input-error';
import type { JudgeOptions } from '../facts';
import { DocumentPassword, passwordsOf } from './document-passwords';
import { bytesOf, ConfigFile, MachineConfigObject } from '../machine-config/machine-configs';

/** A bundle that was opened, and what opened it; or why it could not be. */
export type OpenedBundle =
  | { readonly bundle: Pkcs12Bundle; readonly password: Buffer; readonly from?: DocumentPassword }
  | { readonly problem: string }
  | { readonly locked: true }
  | { readonly unread: true };

/** How many passwords of other MachineConfigs are tried: each try costs a key derivation. */
const MAX_FOREIGN = 4;

/**
 * Rounds of key derivation that all bundles of a set may ask for, every password that is tried among them: a few seconds. What
 * `openssl pkcs12` writes asks for 6,144, what NSS writes for 1,800,000.
 */
const MAX_ROUNDS_OF_SET = 6_000_000n;

/** What it costs to look at a bundle at all, in rounds. */
const ROUNDS_OF_A_TRY = 128n;

/** Opens bundles with the empty password, with those that the user gave, and with those that the documents themselves hold. */
export class BundleReader {
  private readonly cache = new Map<string, OpenedBundle>();
  private readonly foreign: readonly DocumentPassword[];
  private readonly rounds = new RoundTotal(MAX_ROUNDS_OF_SET);

  public constructor(machineConfigs: readonly MachineConfigObject[], private readonly options: JudgeOptions) {
    const all = options.bundleOf ? [] : machineConfigs.flatMap((machineConfig) => passwordsOf(machineConfig));
    this.foreign = [...new Map(all.map((password) => [password.value.toString('latin1'), password])).values()].slice(0, MAX_FOREIGN);
  }

  public open(machineConfig: MachineConfigObject, file: ConfigFile): OpenedBundle | undefined {
    const { bundleOf } = this.options;
    if (bundleOf) {
      const bundle = bundleOf(machineConfig.subject.document);
      return bundle && { bundle, password: Buffer.alloc(0) };
    }
    const bytes = bytesOf(file);
    if (!bytes) return undefined;
    const own = passwordsOf(machineConfig);
    // One bundle is in a MachineConfig of every role; the passwords beside it decide what opens it.
    const key = [file.path, ...own.map(({ value, pointer }) => `${pointer}=${value.toString('latin1')}`), bytes.toString('latin1')].join(
      '\0',
    );
    let opened = this.cache.get(key);
    if (!opened) this.cache.set(key, opened = this.tryAll(bytes, `PKCS#12 file '${file.path}'`, own));
    return opened;
  }

  private tryAll(bytes: Buffer, source: string, own: readonly DocumentPassword[]): OpenedBundle {
    const candidates: { value: Buffer; from?: DocumentPassword }[] = [
      { value: Buffer.alloc(0) },
      ...[...own, ...this.foreign].map((from) => ({ value: from.value, from })),
      ...(this.options.passwords ?? []).map((value) => ({ value })),
    ];
    for (const { value, from } of candidates) {
      if (this.rounds.isSpent) return { unread: true };
      this.rounds.add(ROUNDS_OF_A_TRY);
      try {
        return { bundle: Pkcs12Bundle._fromBytes(bytes, source, value, undefined, this.rounds), password: value, from };
      } catch (error) {
        if (error instanceof WrongPasswordError) continue;
        if (error instanceof InputError) return { problem: error.message };
        throw error;
      }
    }
    return { locked: true };
  }
}
