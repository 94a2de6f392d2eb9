import { UNIT_EXTENSIONS } from '../../butane/validate/validate-ignition';
import { isPlaceholder } from '../../documents/placeholders';
import { at, show, text } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const machineconfigUnitName: Rule = {
  id: 'machineconfig-unit-name',
  severity: 'error',
  title: 'a unit without a suffix that systemd knows, or a drop-in without `.conf`',
  why: 'Ignition refuses the name, and the pool goes Degraded.',
  fix: 'End the name with what it is, such as .service or .timer, and that of a drop-in with .conf.',
  docs: DOCS.ignition,

  on: {
    'machine-config'({ units }, report) {
      for (const { name, pointer, dropins } of units) {
        if (!isPlaceholder(name) && !UNIT_EXTENSIONS.has(extensionOf(name))) {
          report({
            path: `${pointer}/name`,
            message: `unit ${show(name)} has no suffix that Ignition takes (invalid systemd unit extension)`,
          });
        }
        for (const [i, dropin] of dropins.entries()) {
          const own = text(at(dropin, 'name')) ?? '';
          if (isPlaceholder(own) || extensionOf(own) === '.conf') continue;
          report({
            path: `${pointer}/dropins/${i}/name`,
            message: `drop-in ${show(own)} of unit ${show(name)} does not end with .conf, which Ignition refuses (invalid systemd drop-in `
              + 'extension)',
          });
        }
      }
    },
  },
};

function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}
