import { call } from './in-process';
import { COMMANDS } from '../../src/cli/commands';

test.each([
  [['chek', 'dist'], "openshift-ipsec: 'chek' is no command or option of this program: did you mean 'check'? 'openshift-ipsec --help' lists them\n"],
  [['Plan'], "openshift-ipsec: 'Plan' is no command or option of this program: did you mean 'plan'? 'openshift-ipsec --help' lists them\n"],
  [['--verison'], "openshift-ipsec: '--verison' is no command or option of this program: did you mean '--version'? 'openshift-ipsec --help' lists them\n"],
  [['tunnel'], "openshift-ipsec: 'tunnel' is no command or option of this program; 'openshift-ipsec --help' lists them\n"],
  [['check', '--fromat', 'json'], "openshift-ipsec check: unknown option '--fromat': did you mean '--format'? 'openshift-ipsec check --help' lists the options\n"],
  [['plan', '--node=3', 'a', 'b'], "openshift-ipsec plan: unknown option '--node': did you mean '--nodes'? 'openshift-ipsec plan --help' lists the options\n"],
  [['check', '--strict', 'a'], "openshift-ipsec check: unknown option '--strict'; 'openshift-ipsec check --help' lists the options\n"],
  [['check', '-x', 'a'], "openshift-ipsec check: unknown option '-x'; 'openshift-ipsec check --help' lists the options\n"],
])('%j is told what it may stand for, where something is near', (args, stderr) => {
  expect(call(args)).toEqual({ code: 2, stdout: '', stderr });
});

test('each command and each long option is suggested for itself with one letter missing', () => {
  for (const { name, load } of COMMANDS) {
    expect(call([name.slice(1)]).stderr).toContain(`did you mean '${name}'?`);
    for (const [, option] of load().help.matchAll(/^ {2}(?:-\w, )?(--[a-z0-9-]{4,})/gm)) {
      // The one command whose only option is help reads its arguments by itself.
      if (name === 'completion') continue;
      expect(call([name, option.replace(/.$/, '')]).stderr).toContain(`did you mean '${option}'?`);
    }
  }
});
