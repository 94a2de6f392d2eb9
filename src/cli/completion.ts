import type { Command } from './command';
import type { Invocation } from './invocation';
import { shown } from './shown';
import { UsageError, withUsage } from './usage';

export const HELP = `Usage: openshift-ipsec completion SHELL

Prints a script that completes the commands and options of openshift-ipsec, and the names of files. SHELL is bash or zsh.
In ~/.bashrc, or after compinit in ~/.zshrc, it is read by: source <(openshift-ipsec completion SHELL). For zsh it may also be kept as
the file _openshift-ipsec in a folder of fpath.

Options:
  --help, -h  this text

Example:
  source <(openshift-ipsec completion bash)

Exit code: 0 printed, 2 bad usage.
`;

const SHELLS: { readonly [shell: string]: (commands: readonly Command[]) => string } = { bash, zsh };

/** `openshift-ipsec completion`. */
export function completion(invocation: Invocation, commands: readonly Command[]): number {
  return withUsage('completion', invocation, () => {
    const { args: [shell, ...rest], stdout } = invocation;
    if (shell === '--help' || shell === '-h') {
      stdout(HELP);
      return 0;
    }
    if (shell === undefined || rest.length > 0 || !Object.hasOwn(SHELLS, shell)) {
      throw new UsageError(`SHELL (${shell === undefined ? 'not given' : shown([shell, ...rest].join(' '))}) must be bash or zsh`);
    }
    stdout(SHELLS[shell](commands));
    return 0;
  });
}

/** The options that a command's help lists. */
function optionsOf(help: string): string[] {
  return [...help.matchAll(/^ {2}(-[^ ]*(?:,? -[^ ]*)*)/gm)].flatMap(([, names]) => names.split(/, | /)).filter((name) => name !== '-');
}

function bash(commands: readonly Command[]): string {
  const cases = commands.map(({ name, load }) => `    ${name}) words='${wordsOf(name, load().help)}' ;;`);
  return `_openshift_ipsec() {
  local words word=\${COMP_WORDS[COMP_CWORD]}
  case \${COMP_CWORD}:\${COMP_WORDS[1]} in
    1:*) words='${commands.map(({ name }) => name).join(' ')} --help --version' ;;
${cases.map((line) => line.replace('    ', '    *:')).join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _openshift_ipsec openshift-ipsec
`;
}

function zsh(commands: readonly Command[]): string {
  const cases = commands.map(({ name, load }) => `    ${name}) compadd -- ${wordsOf(name, load().help)}; _files ;;`);
  return `#compdef openshift-ipsec
_openshift_ipsec() {
  if (( CURRENT == 2 )); then
    compadd -- ${commands.map(({ name }) => name).join(' ')} --help --version
    return
  fi
  case $words[2] in
${cases.join('\n')}
  esac
}
# As a file of fpath this is the function itself, called for the first time.
if [[ $funcstack[1] == _openshift-ipsec ]]; then
  _openshift_ipsec
else
  compdef _openshift_ipsec openshift-ipsec
fi
`;
}

function wordsOf(name: string, help: string): string {
  return [...name === 'completion' ? Object.keys(SHELLS) : [], ...optionsOf(help)].join(' ');
}
