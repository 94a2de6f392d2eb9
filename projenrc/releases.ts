import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { minorsWithIpsecMode, openShiftMinors } from '../src/openshift/openshift-version';

/** Writes the range of releases wherever prose names it, from the table of releases. */
const ROOT = join(__dirname, '..');
const [all, withMode] = [openShiftMinors(), minorsWithIpsecMode()];
const butane = `${all[0]}.0 to ${all.at(-1)}.0`;

/** Where prose has it: what stands before it, the range, and what comes after. */
const PLACES: readonly (readonly [file: string, before: string, range: string, after: string])[] = [
  ['README.md', 'variant, ', butane, ', without the binary'],
  ['README.md', '\nOpenShift ', `${withMode[0]} to ${withMode.at(-1)}`, '; the certificate import'],
  ['src/cli/butane.ts', 'variant openshift, ', butane, ')'],
  ['src/butane/butane.ts', 'of the openshift variant, ', butane, ', to MachineConfigs'],
  ['src/openshift/openshift-version.ts', 'patch level; minors ', `${all[0]} to ${all.at(-1)}`, ' are known'],
];

for (const [file, before, range, after] of PLACES) {
  const path = join(ROOT, file);
  const text = readFileSync(path, 'utf8');
  const start = text.indexOf(before) + before.length;
  const end = text.indexOf(after, start);
  if (start < before.length || !/^[\d.]+ to [\d.]+$/.test(text.slice(start, end))) {
    throw new Error(
      `${file} has no range of releases between '${before.trim()}' and '${after}': mend the text, or its row in projenrc/releases.ts`,
    );
  }
  writeFileSync(path, text.slice(0, start) + range + text.slice(end));
}
