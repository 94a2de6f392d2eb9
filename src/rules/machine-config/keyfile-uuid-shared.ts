import { isPlaceholder } from '../../documents/placeholders';
import { Connection, roleOf } from '../../documents/policies';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const keyfileUuidShared: Rule = {
  id: 'keyfile-uuid-shared',
  severity: 'error',
  title: 'two keyfiles of libreswan connections on the same nodes with one `uuid`',
  why: 'NetworkManager tells its connections apart by their uuid: it takes one of the two files, and the other connection is not there.',
  fix: "Give each keyfile a 'uuid' of its own (uuidgen makes one).",
  docs: DOCS.keyfile,

  on: {
    set({ differingConnections }, report) {
      const byUuid = new Map<string, SameUuid>();
      for (const connection of differingConnections) {
        const { keyfile, subject, policy } = connection;
        const uuid = keyfile?.uuid?.toLowerCase();
        if (!keyfile || !uuid || isPlaceholder(uuid)) continue;
        const role = roleOf(policy);
        let same = byUuid.get(uuid);
        if (!same) byUuid.set(uuid, same = new SameUuid());
        const other = same.find(role, keyfile.path);
        same.add(role, connection);
        if (!other) continue;
        report({
          subject,
          path: '/connection/uuid',
          message: `uuid ${show(keyfile.uuid)} of ${show(keyfile.path)} is also that of ${show(other.keyfile!.path)} of MachineConfig `
            + `'${other.policy.name}' on the same nodes: NetworkManager takes one of the two files, and the other connection is not there`,
        });
      }
    },
  },
};

/** The keyfiles of one uuid, by the roles of their nodes: two of each tell what the others would. */
class SameUuid {
  private readonly byRole = new Map<string | undefined, Connection[]>();
  private readonly ofAll: Connection[] = [];
  private readonly ofWorkers: Connection[] = [];

  public add(role: string | undefined, connection: Connection): void {
    let same = this.byRole.get(role);
    if (!same) this.byRole.set(role, same = []);
    for (const list of [same, this.ofAll, ...role === 'master' ? [] : [this.ofWorkers]]) remember(list, connection);
  }

  /** One in another file on nodes of the role. Nodes of a pool of their own have the MachineConfigs of `worker`, too. */
  public find(role: string | undefined, path: string): Connection | undefined {
    const candidates = role === undefined ? this.ofAll
      : role === 'worker' ? [...this.ofWorkers, ...this.at(undefined)]
        : [...this.at(role), ...role === 'master' ? [] : this.at('worker'), ...this.at(undefined)];
    return candidates.find(({ keyfile }) => keyfile!.path !== path);
  }

  private at(role: string | undefined): readonly Connection[] {
    return this.byRole.get(role) ?? [];
  }
}

/** The first one, and the first one in another file. */
function remember(list: Connection[], connection: Connection): void {
  if (list.length < 2 && list.every(({ keyfile }) => keyfile!.path !== connection.keyfile!.path)) list.push(connection);
}
