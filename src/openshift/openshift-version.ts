import { InputError } from '../core/input-error';
import { shown } from '../core/kinds';

/** What differs between OpenShift minors. One row a minor; everything else about a version is derived from it. */
interface MinorFacts {
  /** The Ignition specification that Butane writes for this minor and its Machine Config Operator reads. */
  readonly ignition: string;
  /** The libreswan major on the nodes, which decides what some options mean. */
  readonly libreswan: 4 | 5;
}

/**
 * Ignition: the imports of Butane 0.29 (`config/openshift/v4_*`); 4.22 was rolled back from 3.6.0 to 3.5.0 there,
 * because the 4.22 Machine Config Operator refuses 3.6.0 (coreos/butane#715).
 * libreswan: RHCOS ships 4.6 up to 4.18 and 5.x from 4.19 (openshift/os#1686, #1763).
 */
const MINORS: ReadonlyMap<string, MinorFacts> = new Map([
  ...minors(4, 8, 13, { ignition: '3.2.0', libreswan: 4 }),
  ...minors(4, 14, 18, { ignition: '3.4.0', libreswan: 4 }),
  ...minors(4, 19, 22, { ignition: '3.5.0', libreswan: 5 }),
]);

/** The first minor whose Network operator has `ipsecConfig.mode`; before it the API prunes `mode`, which means Full. */
const FIRST_WITH_IPSEC_MODE = '4.15';

/**
 * The version of an OpenShift cluster: `4.16`, or with its patch level `4.16.12`.
 *
 * The patch level matters where a feature came in the middle of a minor. With the minor alone such a feature is a
 * warning; with a patch level that lacks it, an error (`libreswan-option-version`, `network-encapsulation`).
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform
 */
export class OpenShiftVersion {
  /**
   * The version named by a text such as `4.16` or `4.16.12`.
   *
   * @param version minor with or without patch level; minors 4.8 to 4.22 are known
   * @throws when the text is no such version, or a minor that this library does not know
   */
  public static of(version: string): OpenShiftVersion {
    if (typeof version !== 'string') {
      const known = typeof version === 'number' ? ' is a number, which can\'t tell 4.2 from 4.20: write' : ' must be';
      throw new InputError(`OpenShift version (${shown(version)})${known} a text, such as '4.16' or '4.16.12'`);
    }
    const match = /^((\d)\.(0|[1-9]\d{0,2}))(?:\.(0|[1-9]\d{0,5}))?$/.exec(version);
    const facts = match && MINORS.get(match[1]);
    if (!match || !facts) {
      throw new InputError(
        `OpenShift version ('${version}') is not known: it must be one of ${openShiftMinors().join(', ')} (from `
          + `${FIRST_WITH_IPSEC_MODE} on for IPsec), `
          + 'with or without a patch level (4.16 or 4.16.12), because Ignition and libreswan differ between minors',
      );
    }
    return new OpenShiftVersion(Number(match[2]), Number(match[3]), match[4] === undefined ? undefined : Number(match[4]), facts);
  }

  /**
   * The Butane specification version for this cluster: always `<minor>.0`, whatever the patch level.
   *
   * @see https://coreos.github.io/butane/specs/
   */
  public readonly butaneVersion: string;

  /** The Ignition specification version that MachineConfigs for this cluster carry, such as `3.4.0`. */
  public readonly ignitionVersion: string;

  /** @internal */
  public readonly _libreswanMajor: number;

  /** Puts minors in order: the number of the minor for OpenShift 4, and more for any later major. @internal */
  public readonly _order: number;

  private constructor(
    /** The major: 4 for `4.16.12`. */
    public readonly major: number,
    /** The minor: 16 for `4.16.12`. */
    public readonly minor: number,
    /**
     * The patch level: 12 for `4.16.12`.
     *
     * @default - not stated; features that came inside the minor give a warning instead of an error (`libreswan-option-version`)
     */
    public readonly patch: number | undefined,
    facts: MinorFacts,
  ) {
    this._order = orderOf(major, minor);
    this.butaneVersion = `${this._minorName}.0`;
    this.ignitionVersion = facts.ignition;
    this._libreswanMajor = facts.libreswan;
  }

  /** @internal */
  public get _hasIpsecMode(): boolean {
    return this._order >= orderOfName(FIRST_WITH_IPSEC_MODE);
  }

  /** The version without patch level: `4.16`. @internal */
  public get _minorName(): string {
    return `${this.major}.${this.minor}`;
  }

  /** The version as it was given: `4.16` or `4.16.12`. */
  public toString(): string {
    return this.patch === undefined ? this._minorName : `${this._minorName}.${this.patch}`;
  }
}

/** Whether a version has a feature: `unknown` where only some patch levels do and the version does not say which it is. */
export type Availability = 'yes' | 'no' | 'unknown';

/**
 * The first releases that have a feature, oldest first, one a minor: `4.19.22`, or `4.16.x` where it came with a patch
 * level that is not on record. A minor after the last one has it; a minor before the first one lacks it.
 */
export type VersionFloor = readonly string[];

/** Whether `version` has the feature that came with `floor`. */
export function availability(version: OpenShiftVersion, floor: VersionFloor): Availability {
  const floors = readFloor(floor);
  if (version._order < floors[0].order) return 'no';
  const own = floors.find(({ order }) => order === version._order);
  if (!own || own.patch === 0) return 'yes';
  if (own.patch === undefined || version.patch === undefined) return 'unknown';
  return version.patch >= own.patch ? 'yes' : 'no';
}

interface Floor {
  readonly order: number;
  /** Undefined where it is not on record. */
  readonly patch?: number;
}

/** Floors stand in tables, and are asked for with each of thousands of connections. */
const FLOORS = new WeakMap<VersionFloor, readonly Floor[]>();

function readFloor(floor: VersionFloor): readonly Floor[] {
  let floors = FLOORS.get(floor);
  if (!floors) {
    floors = floor.map((text) => {
      const patch = text.split('.')[2];
      return { order: orderOfName(text), patch: patch === 'x' ? undefined : Number(patch ?? 0) };
    });
    FLOORS.set(floor, floors);
  }
  return floors;
}

/** Floors as a sentence lists them: `4.19.22, 4.20.11 or 4.21`. */
export function describeFloor(floor: VersionFloor): string {
  const names = floor.map((text) => text.replace(/\.x$/, ' (a later patch level)'));
  return names.length === 1 ? `${names[0]} and later` : `${names.slice(0, -1).join(', ')}, ${names[names.length - 1]} and later`;
}

function minors(major: number, first: number, last: number, facts: MinorFacts): [string, MinorFacts][] {
  return Array.from({ length: last - first + 1 }, (_, i) => [`${major}.${first + i}`, facts]);
}

/** No major has a thousand minors. */
function orderOf(major: number, minor: number): number {
  return (major - 4) * 1000 + minor;
}

/** The place in the order of a version's text, such as `4.16` or `4.16.12`. */
export function orderOfName(name: string): number {
  const [major, minor] = name.split('.');
  return orderOf(Number(major), Number(minor));
}

/** Every minor that is known, oldest first: `4.8` … */
export function openShiftMinors(): string[] {
  return [...MINORS.keys()];
}

/** The minors whose Network operator has `ipsecConfig.mode`, oldest first. */
export function minorsWithIpsecMode(): string[] {
  return openShiftMinors().filter((name) => orderOfName(name) >= orderOfName(FIRST_WITH_IPSEC_MODE));
}
