import type { NodeSelector } from './node-selectors';
import type { Document } from './rule';
import { at, list, record, text } from './values';

/** An interface of type `ipsec` in a NodeNetworkConfigurationPolicy. */
export interface IpsecInterface<D extends Document> {
  readonly document: D;
  readonly name: string;
  readonly selector: NodeSelector;
  readonly absent: boolean;
  /** JSON pointer to the interface. */
  readonly path: string;
}

/** The interfaces of type `ipsec` of all policies, in order. */
export function* ipsecInterfaces<D extends Document>(documents: readonly D[]): Iterable<IpsecInterface<D>> {
  for (const document of documents) {
    if (document.kind !== 'NodeNetworkConfigurationPolicy' || !text(document.apiVersion)?.startsWith('nmstate.io/')) continue;
    const selector = selectorOf(document);
    for (const [i, candidate] of list(at(document.spec, 'desiredState', 'interfaces')).entries()) {
      const ipsec = record(candidate);
      const name = text(ipsec?.name);
      if (ipsec?.type !== 'ipsec' || name === undefined) continue;
      yield { document, name, selector, absent: ipsec.state === 'absent', path: `/spec/desiredState/interfaces/${i}` };
    }
  }
}

function selectorOf(document: Document): NodeSelector {
  const selector = record(at(document.spec, 'nodeSelector')) ?? {};
  return Object.fromEntries(Object.entries(selector).map(([key, value]) => [key, String(value)]));
}
