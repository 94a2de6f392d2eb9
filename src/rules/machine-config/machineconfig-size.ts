import { DOCS } from '../docs';
import type { Rule } from '../rule';

/** `MaxMachineConfigSize` of the Machine Config Operator, in bytes of JSON; it warns from 80 %. */
const LIMIT = 1_572_864;

export const machineconfigSize: Rule = {
  id: 'machineconfig-size',
  severity: 'error',
  title: 'over 1,572,864 bytes; a warning from 80 %',
  why: 'The limit holds for all MachineConfigs of a pool together, and etcd takes no more.',
  fix: 'Take large files out: an image or a package brings them better.',
  docs: DOCS.machineConfigs,

  *check({ machineConfigs }) {
    for (const { subject } of machineConfigs) {
      const bytes = Buffer.byteLength(JSON.stringify(subject.object));
      if (bytes <= LIMIT * 0.8) continue;
      const over = bytes > LIMIT;
      yield {
        subject,
        path: '/spec',
        severity: over ? 'error' : 'warning',
        message: `the MachineConfig has ${bytes} bytes of JSON, ${over ? 'more than' : `${Math.floor(bytes * 100 / LIMIT)} % of`} the ${LIMIT} that the Machine Config Operator takes for all of a pool together`,
      };
    }
  },
};
