import { InputError } from '../../core/input-error';
import { OpenShiftVersion, openShiftMinors } from '../../openshift/openshift-version';

/**
 * What an OpenShift minor added to or took from the openshift variant, each with the minor it came with.
 *
 * Sources: `config/openshift/v4_*`, `config/fcos/v1_{3,5,6}` and `base/v0_{3,5,6}` of coreos/butane 0.29.0. Fields that
 * came later stand in the schema, with the minor they came with.
 */
export const SINCE = {
  /** The Machine Config Daemon decompresses payloads; before, compression is refused. */
  compression: 10,
  /** Modes beyond 0777 are refused. */
  plainModesOnly: 10,
  /** `passwd.users.password_hash` is allowed. */
  passwordHash: 13,
  /** Ignition 3.4: swap units, `format: none`, a `clevis` that is no pointer, Grub. */
  ignition34: 14,
  /** Ignition 3.5: cex, s390x layouts. */
  ignition35: 19,
  /** FIPS mode no longer asks for a CBC cipher. */
  anyFipsCipher: 20,
} as const;

/** An openshift variant of Butane: the differences are asked for by name. */
export class ButaneVersion {
  /** The variant for an OpenShift version. */
  public static of(version: OpenShiftVersion): ButaneVersion {
    return new ButaneVersion(version._order, version.ignitionVersion);
  }

  /** The variant that a config names, or undefined if the tool has no such one. */
  public static find(version: string): ButaneVersion | undefined {
    const match = /^(\d+\.\d+)\.0$/.exec(version);
    try {
      return match ? ButaneVersion.of(OpenShiftVersion.of(match[1])) : undefined;
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    }
  }

  /** All variants, oldest first, as a config names them. */
  public static names(): string[] {
    return openShiftMinors().map((minor) => `${minor}.0`);
  }

  private constructor(
    /** The minor, as it stands in the order of them all. */
    public readonly minor: number,
    /** The Ignition version that is written. */
    public readonly ignition: string,
  ) {}

  public has(feature: keyof typeof SINCE): boolean {
    return this.minor >= SINCE[feature];
  }
}
