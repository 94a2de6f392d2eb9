import type { JudgeOptions } from '../documents/facts';
import { contentOf, IpsecInterface, saysTheSame } from '../documents/policies';

/** How many different interfaces are kept at a time: more than a fleet has kinds of, and little memory. */
const MOST = 4096;

/** After so many that were new, with hardly any that was not, there is little to be hoped for. */
const PATIENCE = 256;

/** What had nothing to say about an interface, and about it as a connection. */
export interface Silent<Part> {
  readonly interface: Set<Part>;
  readonly connection: Set<Part>;
}

/**
 * Which rules have nothing to say about what. Thousands of policies hold an interface that says the same, and a rule that found
 * nothing in it, without a look at the policy around it, finds nothing in the next either.
 */
export class Silence<Part> {
  private readonly byFacts = new WeakMap<JudgeOptions, Map<string, Silent<Part>>>();
  private hits = 0;
  private misses = 0;
  private last?: { own: IpsecInterface; readonly facts: JudgeOptions; readonly silent?: Silent<Part> };

  /** What is known of an interface, to be added to; undefined where its content can't be told. */
  public about(own: IpsecInterface, facts: JudgeOptions): Silent<Part> | undefined {
    const { last } = this;
    if (last && last.facts === facts && last.own === own) return last.silent;
    // Where each interface says something else, as with a peer for each node, to compare them costs more than it saves.
    if (this.misses > PATIENCE && this.misses > this.hits) return undefined;
    if (last && last.facts === facts && last.silent && saysTheSame(last.own, own)) {
      this.hits++;
      // The next is compared with this one, with which it may well have in common all that it says.
      last.own = own;
      return last.silent;
    }
    return (this.last = { own, facts, silent: this.find(contentOf(own), facts) }).silent;
  }

  private find(content: string | undefined, facts: JudgeOptions): Silent<Part> | undefined {
    if (content === undefined) return undefined;
    let known = this.byFacts.get(facts);
    if (!known) this.byFacts.set(facts, known = new Map());
    let silent = known.get(content);
    if (silent) {
      this.hits++;
    } else {
      this.misses++;
      if (known.size >= MOST) known.clear();
      known.set(content, silent = { interface: new Set(), connection: new Set() });
    }
    return silent;
  }
}
