import { DisruptionEntries, DisruptionPolicy } from '../../documents/disruption-policies';
import type { CertificateImport } from '../../documents/imports/imports';
import type { MachineConfigObject } from '../../documents/machine-config/machine-configs';
import { importUnits } from '../../documents/machine-config/scripts';
import { isPlaceholder } from '../../documents/placeholders';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const disruptionPolicyIncomplete: Rule = {
  id: 'disruption-policy-incomplete',
  severity: 'warning',
  title: 'a certificate import of which some files or units have a node disruption policy, and others none',
  why: 'One changed path without a policy reboots the nodes, whatever the policies of the others say.',
  fix: 'Give each file and unit of the import a policy, as CertificateRotation does.',
  docs: DOCS.nodeDisruption,

  on: {
    set({ certificateImports, disruptionPolicies }, report) {
      if (disruptionPolicies.length === 0 || hasUnknown(disruptionPolicies)) return;
      const entries = new DisruptionEntries(disruptionPolicies);
      for (const [{ subject }, parts] of partsOf(certificateImports.all, entries)) {
        const covered = [...parts].find(([, { hasPolicy }]) => hasPolicy);
        if (!covered) continue;
        for (const [pointer, { name, hasPolicy }] of parts) {
          if (hasPolicy || isPlaceholder(name)) continue;
          const message = `${show(name)} has no node disruption policy, and ${show(covered[1].name)} beside it has one: `
            + 'a change of both reboots the nodes';
          report({ subject, path: pointer, message });
        }
      }
    },
  },
};

/** What changes when a certificate is renewed, or the library: files and units, by their places in the MachineConfig. */
type Parts = Map<string, { readonly name: string; readonly hasPolicy: boolean }>;

function partsOf(imports: readonly CertificateImport[], entries: DisruptionEntries): ReadonlyMap<MachineConfigObject, Parts> {
  const partsOfAll = new Map<MachineConfigObject, Parts>();
  for (const { machineConfig, bundle, caFiles, script } of imports) {
    let parts = partsOfAll.get(machineConfig);
    if (!parts) {
      partsOfAll.set(machineConfig, parts = new Map());
      for (const { name, pointer } of importUnits(machineConfig)) {
        parts.set(pointer, { name, hasPolicy: entries.ofUnit(name) !== undefined });
      }
    }
    const files = [
      ...(bundle ? [bundle] : []),
      ...caFiles,
      ...(script?.path === undefined ? [] : [{ path: script.path, pointer: script.pointer }]),
    ];
    for (const { path, pointer } of files) parts.set(pointer, { name: path, hasPolicy: entries.ofFile(path) !== undefined });
  }
  return partsOfAll;
}

/** Whether a template still says what some policy is for, so that nobody can say what has none. */
function hasUnknown(policies: readonly DisruptionPolicy[]): boolean {
  return policies.some(({ files, units }) => [...files, ...units].some(({ name }) => name === undefined || isPlaceholder(name)));
}
