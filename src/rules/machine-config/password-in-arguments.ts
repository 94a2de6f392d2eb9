import { callsOf, optionOf } from '../../documents/machine-config/commands';
import { importTexts } from '../../documents/machine-config/scripts';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const passwordInArguments: Rule = {
  id: 'password-in-arguments',
  severity: 'warning',
  title: '`-W` or `-K` of pk12util, or `pass:` of openssl, with a password in a script: every process on the node can read it',
  why: 'The arguments of a process stand in /proc for everybody while it runs.',
  fix: 'Pass a file: pk12util -w for the password of the bundle, -k for the one of the database, openssl with file: in place of pass:.',
  docs: DOCS.pk12util,
  conceals: true,

  on: {
    'machine-config'(machineConfig, report) {
      for (const { name, pointer, commands, pk12util } of importTexts(machineConfig)) {
        const found = (how: string) => report({
          path: pointer, message: `${show(name)} passes a password as an argument of ${how}, where every process on the node can read it`,
        });
        for (const option of ['-W', '-K']) {
          if (pk12util.some((command) => (optionOf(command, option)?.text ?? '') !== '')) found(`pk12util (${option})`);
        }
        if (callsOf('openssl', commands).flat().some(({ text }) => /^pass:./.test(text))) found('openssl (pass:)');
      }
    },
  },
};
