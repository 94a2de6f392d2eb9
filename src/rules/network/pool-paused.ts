import { at, show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const poolPaused: Rule = {
  id: 'pool-paused',
  severity: 'warning',
  title: 'a MachineConfigPool with `paused: true` and none in the set that ends it',
  why: 'A paused pool gets no configuration, no certificate renewal of the kubelet and no update, for as long as it is paused.',
  fix: 'Apply it with paused: false as soon as the change is through, and keep that object with it.',
  docs: DOCS.machineConfigs,

  on: {
    set({ pools, concernsIpsec }, report) {
      if (pools.length === 0 || !concernsIpsec) return;
      const released = new Set(pools.filter(({ object }) => at(object.spec, 'paused') === false).map(({ name }) => name));
      for (const subject of pools) {
        if (at(subject.object.spec, 'paused') !== true || released.has(subject.name)) continue;
        report({
          subject,
          path: '/spec/paused',
          message: `MachineConfigPool ${show(subject.name ?? '')} is paused, and nothing in the set ends that: `
            + 'its nodes get no change at all meanwhile',
        });
      }
    },
  },
};
