import type { DaemonSetImport } from '../../documents/imports/daemon-set-imports';
import { nicknamesOf } from '../../documents/imports/imports';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const certificateImportTwice: Rule = {
  id: 'certificate-import-twice',
  severity: 'error',
  title: 'two DaemonSets, or a DaemonSet and a MachineConfig, that import a certificate under one nickname on the same nodes',
  why: 'Each replaces the certificate of the other: one at every boot, the other as soon as its pod looks.',
  fix: 'Give one of them another nickname, or take one away; after a move from a MachineConfig to a DaemonSet, delete the MachineConfig.',
  docs: DOCS.libreswanNss,

  on: {
    set({ certificateImports, daemonSetImports }, report) {
      if (daemonSetImports.length === 0) return;
      const importers = new Map<string, Importers>();
      const of = (nickname: string) => importers.get(nickname) ?? importers.set(nickname, new Map()).get(nickname)!;
      for (const found of certificateImports.all) {
        const { machineConfig: { subject, role } } = found;
        for (const nickname of nicknamesOf(found)) {
          note(of(nickname), `MachineConfig ${show(subject.name)}`, role === undefined ? [] : [role]);
        }
      }
      for (const one of daemonSetImports) {
        const others = of(one.nickname);
        const other = meeting(others, one);
        if (other !== undefined) {
          report({
            subject: one.subject,
            path: one.path,
            message: `the nickname ${show(one.nickname)} is imported on the same nodes by ${other}`,
          });
        }
        note(others, `DaemonSet ${show(one.subject.name)}`, one.roles);
      }
    },
  },
};

/** Who imports under a nickname, by the role of the nodes; `ANY` where nothing says the role. */
type Importers = Map<string, string>;
const ANY = '';
/** Every role but `master`: nodes of custom pools have the role worker as well. */
const COMPUTE = '*';

function note(importers: Importers, who: string, roles: readonly string[]): void {
  for (const role of roles.length > 0 ? roles : [ANY]) {
    importers.set(role, who);
    if (role !== 'master') importers.set(COMPUTE, who);
  }
}

function meeting(importers: Importers, { roles }: DaemonSetImport): string | undefined {
  if (roles.length === 0) return importers.values().next().value;
  for (const role of roles) {
    const found =
      importers.get(role) ?? importers.get(ANY) ?? importers.get(role === 'worker' ? COMPUTE : role === 'master' ? 'master' : 'worker');
    if (found !== undefined) return found;
  }
  return undefined;
}
