import { InputError } from './input-error';

/** The annotation that keeps an acknowledged rule and its reason in the manifest, where the rules honour it, here and in `check`. */
export const ACKNOWLEDGE_ANNOTATION = 'ipsec.cdk8s.io/acknowledge.';

/**
 * The annotations for what a user accepts of a construct, each rule id with a reason; undefined without any, so that no empty map
 * is written.
 *
 * @throws when a rule id can't be one, or a reason is empty
 */
export function acknowledgementAnnotations(reasons: { readonly [ruleId: string]: string } = {}): { [name: string]: string } | undefined {
  const entries = Object.entries(reasons);
  for (const [rule, reason] of entries) {
    if (!/^[a-z][a-z0-9-]{0,50}$/.test(rule)) {
      throw new InputError(`'acknowledge' names the rule '${rule}', which is no rule id: ids are lower-case words joined by '-', `
        + "such as 'libreswan-peer-unverified'");
    }
    if (typeof reason !== 'string' || reason.trim() === '') {
      throw new InputError(`'acknowledge' gives no reason for '${rule}': say in a sentence why it is right here; `
        + 'it goes into the manifest for whoever reads it next');
    }
  }
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([rule, reason]) => [`${ACKNOWLEDGE_ANNOTATION}${rule}`, reason]));
}

/** Whether a sentence tells somebody to acknowledge what was found. */
export function asksToAcknowledge(sentence: string): boolean {
  return /\backnowledge\b/.test(sentence);
}

/** How a finding is acknowledged in a program, as the end of a sentence that asks for it; empty behind any other. */
export function howToAcknowledge(rule: string, sentence: string): string {
  return asksToAcknowledge(sentence) ? `, with acknowledge: { '${rule}': '<the reason>' }` : '';
}
