import { Construct } from 'constructs';
import { InputError } from './input-error';
import { IpsecWarnings } from './warnings';

/** The annotation that keeps an acknowledged rule and its reason in the manifest, where `openshift-ipsec check` honours it. */
export const ACKNOWLEDGE_ANNOTATION = 'ipsec.cdk8s.io/acknowledge.';

/** The warnings that a user accepts for one construct, each with a reason. */
export class Acknowledgements {
  /**
   * @param scope the construct that the acknowledgements are for
   * @param reasons rule ids and reasons, as the prop `acknowledge` has them
   * @throws when a rule id can't be one, or a reason is empty
   */
  public constructor(private readonly scope: Construct, private readonly reasons?: { readonly [ruleId: string]: string }) {
    for (const [rule, reason] of Object.entries(reasons ?? {})) {
      if (!/^[a-z][a-z0-9-]{0,50}$/.test(rule)) {
        throw new InputError(`'acknowledge' names the rule '${rule}', which is no rule id: ids are lower-case words joined by '-', such as 'libreswan-peer-unverified'`);
      }
      if (typeof reason !== 'string' || reason.trim() === '') {
        throw new InputError(`'acknowledge' gives no reason for '${rule}': say in a sentence why it is right here; it goes into the manifest for whoever reads it next`);
      }
    }
  }

  /** The annotations for the manifests of the construct; undefined without any, so that no empty map is written. */
  public annotations(): { [name: string]: string } | undefined {
    const entries = Object.entries(this.reasons ?? {});
    if (entries.length === 0) return undefined;
    return Object.fromEntries(entries.map(([rule, reason]) => [`${ACKNOWLEDGE_ANNOTATION}${rule}`, reason]));
  }

  /** Records a warning of the construct, unless its rule is acknowledged. */
  public warn(ruleId: string, message: string): void {
    if (this.reasons?.[ruleId] === undefined) IpsecWarnings.of(this.scope)._add({ ruleId, message, path: this.scope.node.path });
  }
}
