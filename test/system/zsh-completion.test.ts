import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { must, requireTools, scratch } from './tools';
import { COMMANDS } from '../../src/cli/commands';
import { call } from '../cli/in-process';

requireTools({ zsh: 'zsh' });

const folder = scratch('zsh');
mkdirSync(join(folder, 'fpath'));
writeFileSync(join(folder, 'manifests.yaml'), '');
for (const file of ['script', 'fpath/_openshift-ipsec']) writeFileSync(join(folder, file), call(['completion', 'zsh']).stdout);

/** How a user has it: read by the shell, or found by it. */
const WAYS: { readonly [way: string]: string } = {
  'read after compinit': 'autoload -Uz compinit; compinit -u -D; source ./script',
  'as a file of fpath': 'fpath=($PWD/fpath $fpath); autoload -Uz compinit; compinit -u -D',
};

/** What stands on the line of a real interactive zsh after words were typed and Tab was pressed, for each of some words. */
function tabbed(way: string, lines: readonly string[]): string[] {
  const driver = `zmodload zsh/zpty
zpty shell zsh -f -i
# Reads what the shell prints until a text of its own stands there.
await() {
  local part
  said=
  until [[ $said == *$1* ]]; do zpty -r shell part || exit 3; said+=$part; done
}
zpty -w shell ${quote(`PS1= TERM=dumb; unsetopt beep; stty -echo; ${WAYS[way]}
show-line() { print -r -- "<<$BUFFER>>"; BUFFER= }
zle -N show-line; bindkey '^T' show-line; bindkey '^I' complete-word; print rea""dy`)}
await ready
for line in ${lines.map(quote).join(' ')}; do
  zpty -w -n shell "$line"$'\\t\\x14'
  await '>>'
  print -r -- \${\${said##*<<}%%>>*}
done
zpty -d shell
`;
  writeFileSync(join(folder, 'driver'), driver);
  return must('timeout', ['60', 'zsh', '-f', 'driver'], { cwd: folder, env: { HOME: folder } }).trimEnd().split('\n').map((line) => line.trim());
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

describe.each(Object.keys(WAYS))('the completion of zsh, %s', (way) => {
  test('completes commands, options, shells and files', () => {
    const typed = ['im', 'plan --reb', 'butane --files', 'completion z', 'check man', '--ver', 'nothing-like-it'].map((words) => `openshift-ipsec ${words}`);
    expect(tabbed(way, typed)).toEqual([
      'import', 'plan --reboot', 'butane --files-dir', 'completion zsh', 'check manifests.yaml', '--version', 'nothing-like-it',
    ].map((words) => `openshift-ipsec ${words}`));
  });

  test('knows every option that each command takes', () => {
    const options = COMMANDS.flatMap(({ name, load }) => [...load().help.matchAll(/^ {2}(?:-\w, )?(--[a-z0-9-]+)/gm)].map(([, option]) => `${name} ${option}`));
    expect(options.length).toBeGreaterThan(20);
    // Without its last letter it is no option yet.
    expect(tabbed(way, options.map((option) => `openshift-ipsec ${option.slice(0, -1)}`))).toEqual(options.map((option) => `openshift-ipsec ${option}`));
  });
});
