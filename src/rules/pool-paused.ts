import type { Document, Finding, Rule } from './rule';
import { at, objectName, text } from './values';

export const poolPaused: Rule = {
  id: 'pool-paused',
  severity: 'warning',
  title: 'a MachineConfigPool with `paused: true` and none in the set that ends it',
  why: 'A paused pool gets no configuration, no update and no new kubelet certificate, for as long as it is paused.',
  fix: 'Keep an object with `paused: false` beside it, to be applied when the change is through.',
  docs: 'https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_configuration/machine-config-index',

  *check<D extends Document>(documents: readonly D[]): Iterable<Finding<D>> {
    const pools = documents.filter(({ kind, apiVersion }) => kind === 'MachineConfigPool' && text(apiVersion)?.startsWith('machineconfiguration.openshift.io/'));
    const unpaused = new Set(pools.filter(({ spec }) => at(spec, 'paused') === false).map((pool) => objectName(pool).name));
    for (const document of pools) {
      const { name } = objectName(document);
      if (at(document.spec, 'paused') !== true || unpaused.has(name)) continue;
      yield {
        document,
        path: '/spec/paused',
        message: `MachineConfigPool '${name ?? ''}' is paused, and nothing in the set ends that: its nodes get no change at all meanwhile; use PausedRollout, which writes both`,
      };
    }
  },
};
