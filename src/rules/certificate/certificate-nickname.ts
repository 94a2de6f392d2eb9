import { nicknamesOf } from '../../documents/imports/imports';
import { Connection, roleOf, finalText } from '../../documents/policies';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const certificateNickname: Rule = {
  id: 'certificate-nickname',
  severity: 'error',
  title:
    "`leftcert` that none of the set's imports for that node's role has, or a bundle whose friendly name is another one; "
      + 'a warning where the set holds no import at all',
  why: 'libreswan finds no certificate of that name, and the connection is not loaded.',
  fix: 'Import the certificate under this nickname for the role of these nodes, or name the one that is imported; '
    + 'acknowledge it where other means import it.',
  docs: DOCS.libreswanNss,

  on: {
    import({ problems }, report) {
      for (const problem of problems) {
        if (problem.rule === 'certificate-nickname') report(problem);
      }
    },
    set({ certificateImports, daemonSetImports, connections, differingConnections }, report) {
      const imports = byRole([
        ...certificateImports.all.map((found) => ({ role: found.machineConfig.role, nicknames: nicknamesOf(found) })),
        ...daemonSetImports.flatMap(({ nickname, roles }) => (
          (roles.length > 0 ? roles : [undefined]).map((role) => ({ role, nicknames: [nickname] })))),
      ]);
      const told = new Set<string>();
      for (const connection of imports.length === 0 ? differingConnections : connections) {
        const { subject } = connection;
        const nickname = finalText(connection.settings, 'leftcert');
        if (nickname === undefined) continue;
        if (imports.length === 0 && told.has(nickname)) continue;
        const path = `${connection.settingsPath}/leftcert`;
        if (imports.length === 0) {
          told.add(nickname);
          report({
            subject,
            path,
            severity: 'warning',
            message: `'leftcert' (${show(nickname)}) is imported by nothing in the set`,
            fix: 'See that other means import it on these nodes, and acknowledge it.',
          });
          continue;
        }
        const reaching = imports.filter(({ role }) => reaches(role, connection));
        if (reaching.some(({ nicknames, mayHaveAny }) => mayHaveAny || nicknames.has(nickname))) continue;
        const elsewhere = imports.filter(({ nicknames }) => nicknames.has(nickname)).map(({ role }) => role);
        const names = [...new Set(reaching.flatMap(({ nicknames }) => [...nicknames]))];
        report({
          subject,
          path,
          message: `'leftcert' (${show(nickname)}) is ${
            elsewhere.length > 0
              ? `imported for role ${elsewhere.join(', ')} and not for ${roleOf(connection.policy)}, the role of these nodes`
              : `imported by none of the ${daemonSetImports.length > 0 ? 'objects' : 'MachineConfigs'} in the set, `
                + `which import ${names.length > 0 ? names.map(show).join(', ') : 'nothing for these nodes'}`
          }`,
        });
      }
    },
  },
};

/** What is imported for a role; for every role, where it has none. */
interface RoleImports {
  readonly role?: string;
  readonly nicknames: Set<string>;
  /** A bundle that does not open may have any name. */
  mayHaveAny: boolean;
}

/** A few roles, however many imports there are. */
function byRole(imports: readonly { readonly role?: string; readonly nicknames: readonly string[] }[]): readonly RoleImports[] {
  const roles = new Map<string | undefined, RoleImports>();
  for (const { role, nicknames } of imports) {
    let all = roles.get(role);
    if (!all) roles.set(role, all = { role, nicknames: new Set(), mayHaveAny: false });
    if (nicknames.length === 0) all.mayHaveAny = true;
    for (const nickname of nicknames) all.nicknames.add(nickname);
  }
  return [...roles.values()];
}

/** Whether an import for a role reaches the nodes of a connection; nodes of a custom pool get those of worker too. */
function reaches(role: string | undefined, { policy }: Connection): boolean {
  const own = roleOf(policy);
  return own === undefined || role === undefined || role === own || role === 'worker' && own !== 'master';
}
