import { Guard, guardOf, GuardPrefix } from '../../documents/guards';
import { PrefixIndex } from '../../openshift/prefix-index';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const guardException: Rule = {
  id: 'guard-exception',
  severity: 'warning',
  title: 'an exception of a guard that has no effect, because nothing in it is guarded, or that leaves nothing of a guarded prefix',
  why: 'Either what is to be reached in clear stays blocked, or what is to be guarded is not.',
  fix: 'Name addresses within a guarded prefix.',
  docs: DOCS.nftables,

  on: {
    'machine-config'(machineConfig, report) {
      const guard = guardOf(machineConfig);
      if (!guard) return;
      for (const message of problemsOf(guard)) report({ path: `${guard.pointer}/contents`, message });
    },
  },
};

function* problemsOf({ guarded, allowed }: Guard): Iterable<string> {
  const prefixes = new PrefixIndex(guarded, ({ cidr }) => cidr);
  const exceptions = new PrefixIndex(allowed, ({ cidr }) => cidr);
  const whole = new Set<GuardPrefix>();
  for (const { cidr, text } of guarded) {
    for (const exception of exceptions.holdersOf(cidr)) {
      whole.add(exception);
      yield `exception '${exception.text}' holds all of the guarded prefix '${text}', which goes in clear then`;
    }
  }
  for (const exception of allowed) {
    if (!whole.has(exception) && !prefixes.hasHolderOf(exception.cidr)) {
      yield`exception '${exception.text}' lies in no guarded prefix, and has no effect`;
    }
  }
}
