import { MAX_MACHINE_CONFIG_BYTES } from '../../openshift/machine-config-operator';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

/** The operator warns from 80 %. */
const LIMIT = MAX_MACHINE_CONFIG_BYTES;

export const machineconfigSize: Rule = {
  id: 'machineconfig-size',
  severity: 'error',
  title: 'over 1,572,864 bytes; a warning from 80 %',
  why: 'The limit holds for all MachineConfigs of a pool together, and etcd takes no more.',
  fix: 'Take large files out, an image or a package brings them better.',
  docs: DOCS.machineConfigs,

  on: {
    'machine-config'({ subject }, report) {
      const bytes = jsonBytes(subject.object, new Map());
      if (bytes <= LIMIT * 0.8) return;
      const over = bytes > LIMIT;
      report({
        path: '/spec',
        severity: over ? 'error' : 'warning',
        message:
          `the MachineConfig has ${bytes} bytes of JSON, ${over ? 'more than' : `${Math.floor((bytes * 100) / LIMIT)} % of`} the ${LIMIT} `
          + 'that the Machine Config Operator takes for all of a pool together',
      });
    },
  },
};

/** The bytes of a value as JSON. Nothing is written down: anchors can make a small text a huge value, whose parts are counted once. */
function jsonBytes(value: unknown, known: Map<unknown, number>): number {
  const isShort = typeof value === 'string' ? value.length < LONG : typeof value !== 'object';
  if (isShort) return Buffer.byteLength(JSON.stringify(value) ?? '');
  let bytes = known.get(value);
  if (bytes === undefined) {
    known.set(value, 0); // what holds itself ends here
    known.set(value, bytes = sizeOf(value, known));
  }
  return bytes;
}

/** Texts from this length on are worth remembering. */
const LONG = 1024;

function sizeOf(value: unknown, known: Map<unknown, number>): number {
  if (typeof value !== 'object' || value === null) return Buffer.byteLength(JSON.stringify(value));
  const parts = Array.isArray(value) ? value.map((item) => jsonBytes(item, known))
    : Object.entries(value).map(([key, item]) => Buffer.byteLength(JSON.stringify(key)) + 1 + jsonBytes(item, known));
  return parts.reduce((sum, part) => sum + part + 1, parts.length === 0 ? 2 : 1);
}
