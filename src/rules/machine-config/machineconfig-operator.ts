import type { MachineConfigObject } from '../../documents/machine-config/machine-configs';
import { isPlaceholder } from '../../documents/placeholders';
import { at, list, show, text } from '../../documents/values';
import { FORCE_FILE, SUPPORTED_EXTENSIONS } from '../../openshift/machine-config-operator';
import { DOCS } from '../docs';
import type { FoundInSet, Rule } from '../rule';

export const machineconfigOperator: Rule = {
  id: 'machineconfig-operator',
  severity: 'warning',
  title:
    'what the Machine Config Operator refuses on a running cluster: an extension that it does not know, '
      + '`kernel-devel` with the realtime kernel, '
      + '`fips`, disks, filesystems or RAIDs, its force file, a user without key and password',
  why: 'The pool goes Degraded, and its nodes get no other change until it is gone.',
  fix: 'Take it out, or put it into the manifests of the installation.',
  docs: DOCS.machineConfigs,

  on: {
    set({ machineConfigs, concernsIpsec }, report) {
      if (!concernsIpsec) return;
      for (const machineConfig of machineConfigs) {
        for (const finding of refusedParts(machineConfig)) report(finding);
      }
    },
  },
};

function* refusedParts({ subject, config, files }: MachineConfigObject): Iterable<FoundInSet> {
  const { spec } = subject.object;
  const extensions = list(at(spec, 'extensions')).map((name) => text(name) ?? '');
  const found = (path: string, message: string): FoundInSet => ({ subject, path, message: `${message}, and the pool goes Degraded` });
  for (const [i, name] of extensions.entries()) {
    if (isPlaceholder(name) || SUPPORTED_EXTENSIONS.includes(name)) continue;
    yield found(
      `/spec/extensions/${i}`,
      `extension ${show(name)} is not known to the Machine Config Operator, which knows ${SUPPORTED_EXTENSIONS.join(', ')}`,
    );
  }
  if (extensions.includes('kernel-devel') && at(spec, 'kernelType') === 'realtime') {
    yield found(
      `/spec/extensions/${extensions.indexOf('kernel-devel')}`,
      "extension 'kernel-devel' does not go with 'kernelType' ('realtime') " + 'for the Machine Config Operator',
    );
  }
  if (at(spec, 'fips') === true) {
    yield found(
      '/spec/fips',
      "'fips' is taken by the Machine Config Operator when a cluster is installed: a running one refuses the change",
    );
  }
  for (const section of ['disks', 'filesystems', 'raid']) {
    if (list(at(config, 'storage', section)).length === 0) continue;
    yield found(
      `/spec/config/storage/${section}`,
      `'storage.${section}' is taken by the Machine Config Operator when a node is installed: a running one refuses the change`,
    );
  }
  for (const { path, pointer } of files) {
    if (path === FORCE_FILE) {
      yield found(
        `${pointer}/path`,
        `${show(path)} is the file that skips the validation of the Machine Config Operator, which refuses it`,
      );
    }
  }
  for (const [i, user] of list(at(config, 'passwd', 'users')).entries()) {
    if (list(at(user, 'sshAuthorizedKeys')).length > 0 || at(user, 'passwordHash')) continue;
    yield found(`/spec/config/passwd/users/${i}`, 'the Machine Config Operator refuses a user without sshAuthorizedKeys and passwordHash');
  }
}
