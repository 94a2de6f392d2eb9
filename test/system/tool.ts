import { spawnSync } from 'child_process';
import { existsSync } from 'fs';
import { homedir } from 'os';
import { delimiter, join } from 'path';

/** The path of a program, or an error that says how to get it: a system test must not pass by finding nothing to run. */
export function requireTool(name: string, howToInstall: string): string {
  const directories = [...(process.env.PATH ?? '').split(delimiter), process.env.GOBIN ?? '', join(homedir(), 'go', 'bin')];
  const path = directories.filter((directory) => directory !== '').map((directory) => join(directory, name)).find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`this test needs '${name}': ${howToInstall}`);
  return path;
}

interface Outcome { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** What a program printed, and its exit status. */
export function run(command: string, args: string[], options: { input?: string; env?: NodeJS.ProcessEnv } = {}): Outcome {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (error) throw error;
  return { status, stdout, stderr };
}
