import { SCRIPT_PATH } from './import-script';
import { InputError } from '../../core/input-error';
import { isObjectName } from '../../openshift/kubernetes-names';

/** The nickname of the OpenShift documentation, whose files and objects carry no nickname. */
export const DEFAULT_NICKNAME = 'left_server';

/** What an import is called on the node and on the cluster. */
export interface ImportNames {
  readonly nickname: string;
  readonly caPath: string;
  readonly pkcs12Path: string;
  readonly unit: string;
  /** The unit that starts it when one of its files changes. */
  readonly pathUnit: string;
  /** What objects on the cluster carry at the end of their names: nothing, or `-<nickname>` as a name may have it. */
  readonly suffix: string;
  /** The name of the MachineConfig for a role. */
  machineConfig(role: string): string;
}

/**
 * The names that follow from a nickname, so that several certificates live side by side on a node.
 *
 * @throws when the nickname can't be part of a file, a unit and an object name
 */
export function importNames(nickname: string): ImportNames {
  if (typeof nickname !== 'string' || !/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/.test(nickname) || nickname.includes('..')) {
    throw new InputError(
      `'nickname' ('${nickname}') must be at most 64 letters, digits, '.', '_' and '-', beginning and ending with a letter or digit, `
        + 'without two dots in a row: '
        + 'files, a systemd unit and the MachineConfig are named by it',
    );
  }
  if (nickname === 'CA') {
    throw new InputError(
      "'nickname' ('CA') is the name under which the documented script keeps the CA, which the import cleans up: choose another one",
    );
  }
  const isDefault = nickname === DEFAULT_NICKNAME;
  // Object names know neither capitals nor '_'. Two nicknames that meet here are found as two objects of one name.
  const suffix = isDefault ? '' : `-${nickname.toLowerCase().replaceAll('_', '-').replace(/-*\.-*/g, '.')}`;
  return {
    nickname,
    caPath: `/etc/pki/certs/${isDefault ? '' : `${nickname}-`}ca.pem`,
    pkcs12Path: `/etc/pki/certs/${nickname}.p12`,
    unit: `ipsec-import${isDefault ? '' : `-${nickname}`}.service`,
    pathUnit: `ipsec-import${isDefault ? '' : `-${nickname}`}.path`,
    suffix,
    machineConfig: (role) => `99-${role}-import-certs${suffix}`,
  };
}

/** @throws when there is no role, one twice, or one that can't be the name of a MachineConfigPool */
export function refuseRoles(roles: readonly string[]): void {
  if (roles.length === 0) throw new InputError("'roles' (an empty list) must name at least one MachineConfigPool, such as 'worker'");
  const seen = new Set<string>();
  for (const role of roles) {
    if (!isObjectName(role) || role.length > 63) {
      throw new InputError(
        `'roles' has '${role}', which can't be the name of a MachineConfigPool: at most 63 lower-case letters, digits, '-' and '.', `
          + 'such as \'worker\'',
      );
    }
    if (seen.has(role)) throw new InputError(`'roles' has '${role}' twice: each pool gets one MachineConfig, name it once`);
    seen.add(role);
  }
}

/** Directories that are empty after a reboot, or cleaned in between. */
const VOLATILE = ['/dev', '/proc', '/run', '/sys', '/tmp', '/var/run', '/var/tmp'];

/** @throws when the node can't have the file there after a reboot, or the MachineConfig writes another one there */
export function refuseNodePasswordFile(path: string, names: ImportNames): void {
  if (typeof path !== 'string' || !path.startsWith('/')) {
    throw new InputError(
      "'nodePasswordFile' (not shown, in case it is the password itself) must be the absolute path of a file on the node, "
        + "such as '/etc/pki/ipsec/left_server.password'",
    );
  }
  if (!/^(?:\/[A-Za-z0-9_@+.-]+)+$/.test(path) || path.split('/').some((part) => part === '.' || part === '..')) {
    throw new InputError(
      `'nodePasswordFile' ('${path}') must be an absolute path on the node, of letters, digits, '_', '@', '+', `
        + '\'.\' and \'-\' between slashes, '
        + 'because it stands in a systemd unit',
    );
  }
  const volatile = VOLATILE.find((directory) => path === directory || path.startsWith(`${directory}/`));
  if (volatile) {
    throw new InputError(
      `'nodePasswordFile' ('${path}') must outlive a reboot, and ${volatile} does not: the import runs at every boot; `
        + 'put it under /etc or /var/lib',
    );
  }
  if (
    [names.caPath, names.pkcs12Path, SCRIPT_PATH].includes(path)
    || path.startsWith('/var/lib/ipsec/nss/')
    || path.startsWith('/etc/systemd/')
  ) {
    throw new InputError(
      `'nodePasswordFile' ('${path}') is a place where this MachineConfig, systemd or NSS keeps its own files: `
        + 'name the file that holds the password',
    );
  }
}
