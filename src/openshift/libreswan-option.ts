import type { VersionFloor } from './openshift-version';

/** What nmstate takes as the value of a libreswan key. */
export type LibreswanValueType = 'string' | 'boolean' | 'seconds' | 'lifetime' | 'yes, no or number';

/** One key that nmstate knows in the `libreswan` section of an interface of type `ipsec`. */
export interface LibreswanOption {
  readonly key: string;
  readonly type: LibreswanValueType;
  /** The only values allowed, where the key has a closed set and no enumeration has them. */
  readonly values?: readonly string[];
  /** NetworkManager-libreswan lets white space through for this key only where this is set. */
  readonly whiteSpace?: boolean;
  /** The first releases whose nodes know the key; unset where every release with `ipsecConfig.mode` does. */
  readonly since?: VersionFloor;
  /** Whether the key holds a secret, whose value no message repeats. */
  readonly secret?: boolean;
  /** The prop of `LibreswanOptions` that is generated from this row, or the prop of an endpoint that writes the key besides. */
  readonly prop?: LibreswanProp | string;
}

/** A prop, as its docstring tells it. */
export interface LibreswanProp {
  /** Where it is not the key itself. */
  readonly name?: string;
  /** Its type in TypeScript, or the enumeration that is generated with it. */
  readonly type: 'string' | 'boolean' | 'number' | 'string | number' | 'string[]' | LibreswanEnum;
  readonly doc: string;
  readonly default: string;
  readonly see?: string;
  /** What to give instead. */
  readonly deprecated?: string;
}

/** An enumeration of the values of a key. */
export interface LibreswanEnum {
  readonly name: string;
  readonly doc: string;
  readonly members: readonly { readonly name: string; readonly value: string; readonly doc: string }[];
}
