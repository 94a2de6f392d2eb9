import { InputError } from '../../core/input-error';
import { either, NUMBER, optional, TEXT } from '../../core/kinds';
import type { PropNames } from '../../synthesis/prop-names';

/** The ways to say how many nodes may apply a policy at a time. */
export interface MaxUnavailable {
  readonly maxUnavailableNodes?: number;
  readonly maxUnavailablePercent?: number;
  readonly maxUnavailable?: string | number;
}

export const MAX_UNAVAILABLE_PROPS = ['maxUnavailableNodes', 'maxUnavailablePercent', 'maxUnavailable'] as const;

export const MAX_UNAVAILABLE_KINDS = {
  maxUnavailableNodes: optional(NUMBER),
  maxUnavailablePercent: optional(NUMBER),
  maxUnavailable: optional(either(TEXT, NUMBER)),
};

/**
 * `maxUnavailable` as NMState takes it, a number or a percentage.
 *
 * @throws when it is said more than once
 */
export function maxUnavailableOf(props: MaxUnavailable): string | number | undefined {
  const given = MAX_UNAVAILABLE_PROPS.filter((prop) => props[prop] !== undefined);
  if (given.length > 1) {
    throw new InputError(`'${given[0]}' (${props[given[0]]}) and '${given[1]}' (${props[given[1]]}) both say how many nodes may apply `
      + 'the policy at a time: give one of the two');
  }
  const { maxUnavailableNodes, maxUnavailablePercent, maxUnavailable } = props;
  return maxUnavailablePercent === undefined ? maxUnavailableNodes ?? maxUnavailable : `${maxUnavailablePercent}%`;
}

/** The prop that said it, for what a rule says of it. */
export function maxUnavailableNames(props: MaxUnavailable): PropNames {
  const said = MAX_UNAVAILABLE_PROPS.find((prop) => props[prop] !== undefined);
  return said === undefined || said === 'maxUnavailable' ? {} : { maxUnavailable: `'${said}'` };
}
