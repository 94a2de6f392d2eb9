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
      const bytes = jsonBytes(subject.object);
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

/** The bytes of a value as JSON. Nothing is written down: anchors can make a small text a huge value. */
function jsonBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(JSON.stringify(value));
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + jsonBytes(item) + 1, value.length === 0 ? 2 : 1);
  if (typeof value !== 'object' || value === null) return String(value).length;
  const entries = Object.entries(value);
  return entries.reduce((sum, [key, item]) => sum + Buffer.byteLength(JSON.stringify(key)) + 2 + jsonBytes(item), entries.length === 0 ? 2 : 1);
}
