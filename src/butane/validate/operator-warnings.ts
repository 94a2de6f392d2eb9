import { FORCE_FILE, MAX_MACHINE_CONFIG_BYTES, SUPPORTED_EXTENSIONS } from '../../openshift/machine-config-operator';
import { MachineConfigObject } from '../spec/ignition';
import { Entry, Path } from '../spec/report';

/**
 * What Butane lets through and the Machine Config Operator refuses afterwards, when a pool is already degraded.
 *
 * @see https://github.com/openshift/machine-config-operator (pkg/controller/common/helpers.go, pkg/controller/common/reconcile.go)
 */
export function operatorWarnings(config: MachineConfigObject, size: () => number): Entry[] {
  const entries: Entry[] = [];
  const warn = (path: Path, text: string) => { entries.push({ severity: 'warning', path, text, ours: true }); };
  const { spec } = config;
  spec.extensions?.forEach((name, index) => {
    if (SUPPORTED_EXTENSIONS.includes(name)) return;
    warn(
      ['openshift', 'extensions', index],
      `extension ${JSON.stringify(name)} is not known to the Machine Config Operator, which degrades the pool: `
        + `it knows ${SUPPORTED_EXTENSIONS.join(', ')}`,
    );
  });
  if (spec.extensions?.includes('kernel-devel') && spec.kernelType === 'realtime') {
    warn(
      ['openshift', 'extensions', spec.extensions.indexOf('kernel-devel')],
      'extension "kernel-devel" does not go with kernel_type "realtime": ' + 'the Machine Config Operator refuses the two together',
    );
  }
  const bytes = mayBeTooLarge(config) ? size() : 0;
  if (bytes > MAX_MACHINE_CONFIG_BYTES) {
    warn(
      [],
      `the MachineConfig has ${bytes} bytes as JSON, more than the ${MAX_MACHINE_CONFIG_BYTES} that the Machine Config Operator `
        + 'allows for all configs '
        + 'of a pool together: keep large contents out of it',
    );
  }
  for (const section of ['disks', 'filesystems', 'raid'] as const) {
    if (!spec.config.storage?.[section]?.length) continue;
    warn(
      ['storage', section],
      `the Machine Config Operator takes storage.${section} only when a node is installed: on nodes that run, adding or changing it `
        + 'degrades the pool',
    );
  }
  if (spec.fips) {
    warn(
      ['openshift', 'fips'],
      'the Machine Config Operator takes fips only when a cluster is installed: on a running cluster it refuses the change',
    );
  }
  spec.config.storage?.files?.forEach(({ path }, index) => {
    if (path === FORCE_FILE) {
      warn(
        ['storage', 'files', index, 'path'],
        `the Machine Config Operator refuses a config that writes ${FORCE_FILE}, the file that skips its validation`,
      );
    }
  });
  spec.config.passwd?.users?.forEach(({ sshAuthorizedKeys, passwordHash }, index) => {
    if (!sshAuthorizedKeys?.length && !passwordHash) {
      warn(['passwd', 'users', index], 'the Machine Config Operator refuses a user without ssh_authorized_keys and password_hash');
    }
  });
  return entries;
}

/** A cheap first look: JSON writes a character with at most six, and everything else is small. */
function mayBeTooLarge({ spec }: MachineConfigObject): boolean {
  const texts = [
    ...(spec.config.storage?.files ?? []).map(({ contents }) => contents?.source?.length ?? 0),
    ...(spec.config.systemd?.units ?? []).flatMap(({ contents = '', dropins = [] }) => [contents.length, ...dropins.map((dropin) => dropin.contents?.length ?? 0)]),
    ...(spec.config.passwd?.users ?? []).map(({ sshAuthorizedKeys = [] }) => sshAuthorizedKeys.join().length),
    ...(spec.kernelArguments ?? []).map((text) => text.length),
  ];
  return texts.length > 1000 || texts.reduce((sum, length) => sum + length, 0) * 6 > MAX_MACHINE_CONFIG_BYTES / 2;
}
