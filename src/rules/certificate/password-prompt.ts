import { Command, hasOption, optionOf } from '../../documents/machine-config/commands';
import { importTexts } from '../../documents/machine-config/scripts';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const passwordPrompt: Rule = {
  id: 'password-prompt',
  severity: 'error',
  title: '`pk12util -i` without `-w` or `-W`',
  why: 'It asks for the password at a terminal, even for an empty one and whatever its input is; a unit has none, '
    + 'and the import ends with "Error opening input terminal for read".',
  fix: 'Give the file that holds the password with -w; for a bundle without a password, a file with an empty line, or -W "".',
  docs: DOCS.pk12util,

  on: {
    'machine-config'(machineConfig, report) {
      for (const { name, pointer, pk12util } of importTexts(machineConfig)) {
        if (!pk12util.some(asks)) continue;
        report({
          path: pointer,
          message: `${show(name)} calls pk12util without a password, for which it asks at a terminal that no unit has`,
        });
      }
    },
  },
};

/** Options of pk12util that a word follows. */
const TAKES_A_WORD = /^-[idnhkKPcCm]$/;

function asks(command: Command): boolean {
  if (!hasOption(command, '-i') || optionOf(command, '-w') || optionOf(command, '-W')) return false;
  // A variable by itself, as in `pk12util "${options[@]}"`, may hold anything.
  return command.every(({ literal }, i) => literal || i > 0 && TAKES_A_WORD.test(command[i - 1].text));
}
