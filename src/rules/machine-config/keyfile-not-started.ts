import { bytesOf, MachineConfigObject } from '../../documents/machine-config/machine-configs';
import { MAX_TEXT_BYTES } from '../../documents/machine-config/payloads';
import { roleOf } from '../../documents/policies';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const keyfileNotStarted: Rule = {
  id: 'keyfile-not-started',
  severity: 'warning',
  title: 'a keyfile of a libreswan connection for a pool where no unit and no script of the set runs `nmcli connection up`, '
    + 'or where the autoconnect of its nodes is for other connections',
  why: 'NetworkManager starts no VPN connection by itself, whatever autoconnect says: after each boot the tunnel stays down, '
    + 'and traffic goes out in clear.',
  fix: 'Bring a unit that runs nmcli connection up after ipsec.service, as IpsecAutoconnect does, or acknowledge that something else does.',
  docs: DOCS.keyfile,

  on: {
    set({ connections, machineConfigs }, report) {
      const keyfiles = connections.filter(({ keyfile }) => keyfile);
      if (keyfiles.length === 0) return;
      const starters = new Starters(machineConfigs);
      for (const { subject, policy, settingsPath, name } of keyfiles) {
        const role = roleOf(policy);
        if (role === undefined || starters.bringUp(name, role)) continue;
        report({
          subject,
          path: settingsPath,
          message: `nothing in the set brings the connection ${show(name)} up on the nodes of role '${role}', `
            + 'and NetworkManager starts no VPN by itself: after each boot the tunnel stays down',
        });
      }
    },
  },
};

/** What brings connections up on the nodes that get it. */
interface Starter {
  readonly isAutoconnect: boolean;
  /** The names of the connections; all, or any, where it is undefined. */
  readonly names?: ReadonlySet<string>;
}

/** What brings connections up, by the roles of the nodes. */
class Starters {
  private readonly byRole = new Map<string | undefined, Starter[]>();

  public constructor(machineConfigs: readonly MachineConfigObject[]) {
    for (const machineConfig of machineConfigs) {
      const { role } = machineConfig;
      const starter = starterOf(machineConfig);
      if (!starter) continue;
      const same = this.byRole.get(role);
      if (same) same.push(starter);
      else this.byRole.set(role, [starter]);
    }
  }

  /** Nodes of a pool of their own have the MachineConfigs of `worker`, too; their own autoconnect takes the place of worker's. */
  public bringUp(name: string | undefined, role: string): boolean {
    const own = this.at(role);
    const hasAutoconnect = own.some(({ isAutoconnect }) => isAutoconnect);
    const ofWorkers = role === 'master' ? [] : this.at('worker').filter(({ isAutoconnect }) => !(isAutoconnect && hasAutoconnect));
    return [...own, ...ofWorkers, ...this.at(undefined)].some(({ names }) => name === undefined || names?.has(name) !== false);
  }

  private at(role: string | undefined): readonly Starter[] {
    return this.byRole.get(role) ?? [];
  }
}

/** The unit of `IpsecAutoconnect`, and where it names the connections that it is for, and no others. */
const AUTOCONNECT = 'ipsec-autoconnect.service';
const NAMES = /^Environment="?IPSEC_CONNECTIONS=([^"\n]+)"?$/m;

/** Whether a unit or a script calls nmcli to bring connections up; what it brings up may stand anywhere. */
function starterOf({ units, files }: MachineConfigObject): Starter | undefined {
  const starts = units.some(({ text }) => callsUp(text)) || files.some((file) => {
    const bytes = bytesOf(file);
    return bytes !== undefined && bytes.length <= MAX_TEXT_BYTES && bytes.includes('nmcli') && callsUp(bytes.toString('utf8'));
  });
  if (!starts) return undefined;
  const autoconnect = units.find(({ name }) => name === AUTOCONNECT);
  const names = autoconnect && NAMES.exec(autoconnect.text)?.[1].split(' ');
  return { isAutoconnect: autoconnect !== undefined, names: names && new Set(names) };
}

function callsUp(text: string): boolean {
  return /\bnmcli\b/.test(text) && /\bup\b/.test(text.replace(/^\s*#.*$/gm, ''));
}
