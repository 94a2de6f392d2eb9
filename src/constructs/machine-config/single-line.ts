import type { MachineConfigInput } from './machine-config-input';
import { InputError } from '../../core/input-error';
import { printable } from '../../core/printable';

/** What is one line on the node, in a file of systemd's, in `authorized_keys` or on a command line, and what it is called. */
function* singleLines(
  { files = [], units = [], users = [], kernelArguments = [], extensions = [] }: MachineConfigInput,
): Iterable<readonly [string, string | undefined]> {
  for (const [index, { path }] of files.entries()) yield [`files[${index}].path`, path];
  for (const [index, { name, dropins = [] }] of units.entries()) {
    yield [`units[${index}].name`, name];
    for (const [inner, dropin] of dropins.entries()) yield [`units[${index}].dropins[${inner}].name`, dropin.name];
  }
  for (const { sshAuthorizedKeys = [], passwordHash } of users) {
    for (const [index, key] of sshAuthorizedKeys.entries()) yield [`sshAuthorizedKeys[${index}]`, key];
    yield ['passwordHash', passwordHash];
  }
  for (const [index, argument] of kernelArguments.entries()) yield [`kernelArguments[${index}]`, argument];
  for (const [index, extension] of extensions.entries()) yield [`extensions[${index}]`, extension];
}

/**
 * Butane takes any text, and the Machine Config Daemon writes it: a line break begins a second SSH key or argument, and a
 * unit's name that is a path is written outside of systemd's folder.
 *
 * @throws InputError which names the property; keys and hashes are not shown
 */
export function refuseUnsafeNames(input: MachineConfigInput): void {
  for (const [property, text] of singleLines(input)) {
    if (text === undefined || !/[\p{Cc}\u2028\u2029]/u.test(text)) continue;
    const shown = /^(?:ssh|password)/.test(property) ? 'not shown' : `'${printable(text)}'`;
    throw new InputError(
      `'${property}' (${shown}) has a line break or another control character, and must be a single line: on the node, `
        + 'what follows the break would stand by itself; take it out',
    );
  }
  for (const [index, { name, dropins = [] }] of (input.units ?? []).entries()) {
    refusePath(`units[${index}].name`, name, 'chrony-wait.service');
    for (const [inner, dropin] of dropins.entries()) refusePath(`units[${index}].dropins[${inner}].name`, dropin.name, '10-order.conf');
  }
  for (const [index, { path }] of (input.files ?? []).entries()) {
    if (!path.split('/').some((part) => part === '..' || part === '.')) continue;
    throw new InputError(
      `'files[${index}].path' ('${path}') must be the path where the file is, without '.' and '..' between slashes, `
        + 'so that nobody takes it for another one',
    );
  }
}

function refusePath(property: string, name: string, example: string): void {
  if (!/[/]|^\.{1,2}$/.test(name)) return;
  throw new InputError(
    `'${property}' ('${name}') must be a name without '/', such as '${example}': systemd's folder of units is where it is written`,
  );
}
