import { spawnSync } from 'child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { commandMarkdown } from '../../projenrc/command-markdown';
import { COMMANDS } from '../../src/cli/commands';
import { run } from '../../src/cli/main';

function printed(...args: string[]): { readonly code: number; readonly stdout: string; readonly stderr: string } {
  const [stdout, stderr]: string[][] = [[], []];
  const code = run({ args, stdout: (text) => void stdout.push(text), stderr: (text) => void stderr.push(text) });
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}

test('docs/command.md is what the help says today: npx projen command writes it', () => {
  expect(readFileSync(join(__dirname, '../../docs/command.md'), 'utf8')).toBe(commandMarkdown());
});

test.each(COMMANDS.map(({ name, load }) => [name, load().help]))('%s --help is that text, and has one example of the command', (name, help) => {
  expect(printed(name, '--help')).toEqual({ code: 0, stdout: help, stderr: '' });
  expect(help.match(/^Example:\n {2}.*openshift-ipsec [a-z]+.*$/gm)).toHaveLength(1);
  expect(help.split('\n').filter((line) => line.length > 140)).toEqual([]);
});

describe('completion', () => {
  const script = printed('completion', 'bash').stdout;
  const complete = (...words: string[]) => {
    const folder = mkdtempSync(join(tmpdir(), 'completion-'));
    writeFileSync(join(folder, 'script'), `${script}\nCOMP_WORDS=(openshift-ipsec ${words.map((word) => `'${word}'`).join(' ')})\n`
      + `COMP_CWORD=${words.length}\n_openshift_ipsec\nprintf '%s\\n' "\${COMPREPLY[@]}"\n`);
    const { stdout, stderr } = spawnSync('bash', [join(folder, 'script')], { encoding: 'utf8' });
    return [stdout.trim(), stderr];
  };

  test('of a command, and of an option, in a real bash', () => {
    expect(complete('im')).toEqual(['import', '']);
    expect(complete('plan', '--reb')).toEqual(['--reboot', '']);
    expect(complete('butane', '--files')).toEqual(['--files-dir', '']);
    expect(complete('completion', 'z')).toEqual(['zsh', '']);
  });

  test('knows every option that each command takes', () => {
    for (const { name, load } of COMMANDS) {
      for (const [, option] of load().help.matchAll(/^ {2}(?:-\w, )?(--[a-z0-9-]+)/gm)) expect(complete(name, option)[0].split('\n')).toContain(option);
    }
  });

  test('for another shell is refused', () => {
    expect(printed('completion', 'fish')).toEqual({ code: 2, stdout: '', stderr: "openshift-ipsec completion: SHELL ('fish') must be bash or zsh\n" });
    expect(printed('completion').stderr).toBe('openshift-ipsec completion: SHELL (not given) must be bash or zsh\n');
  });
});
