import { spawnSync } from 'child_process';
import { extname } from 'path';
import type { Input } from '../check/input-files';
import { InputError } from '../core/input-error';

const PREFIX = 'git:';
const EXTENSIONS = ['.yaml', '.yml', '.json'];

/** More than any repository keeps as manifests of one cluster. */
const MAX_BYTES = 64 * 1024 * 1024;

export function isGitPath(argument: string): boolean {
  return argument.startsWith(PREFIX);
}

/**
 * The manifests of a revision, without a checkout: `git:REV:PATH`, read as `git show REV:PATH` does. PATH is from the root of the
 * repository, or with `./` from the working folder.
 *
 * @throws where git, the revision or the path is not there
 */
export function gitFiles(argument: string): Input[] {
  const [, revision, path] = /^git:([^:]+):(.*)$/s.exec(argument) ?? [];
  if (revision === undefined) throw new InputError(`'${argument}' must be git:REV:PATH, such as git:main:dist or git:HEAD~1:./manifests`);
  const commit = git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{tree}`]);
  if (commit === undefined) {
    throw new InputError(
      `'${argument}' names no revision of this repository: '${revision}' is no commit, branch or tag here (in CI, fetch it first)`,
    );
  }
  const found = git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}:${path}`])?.toString('utf8').trim();
  if (found === undefined) throw new InputError(`'${argument}' names no file or folder: revision '${revision}' has no '${path}'`);
  const kind = git(['cat-file', '-t', found])?.toString('utf8').trim();
  if (kind === 'blob') return contents([{ name: argument, id: found }]);
  if (kind !== 'tree') throw new InputError(`'${argument}' is a submodule, whose files this repository does not have: plan in it`);
  const listing = git(['ls-tree', '--full-tree', '-r', '-z', found])?.toString('utf8') ?? '';
  const folder = `${argument.replace(/\/$/, '')}${path === '' ? '' : '/'}`;
  return contents(listing.split('\0').flatMap((line) => {
    const [, type, id, name] = /^(?:100644|100755) (\w+) (\w+)\t(.*)$/s.exec(line) ?? [];
    return type === 'blob' && EXTENSIONS.includes(extname(name).toLowerCase()) ? [{ name: folder + name, id }] : [];
  }));
}

/** All of them by one process, which answers in the order of the questions: a line with the size, the bytes, a line break. */
function contents(files: readonly { readonly name: string; readonly id: string }[]): Input[] {
  const answer = files.length === 0 ? Buffer.alloc(0) : git(['cat-file', '--batch'], files.map(({ id }) => `${id}\n`).join(''));
  if (answer === undefined) {
    throw new InputError(`the files of '${files[0].name}' and others can't be read from git: they are damaged, or more than 64 MiB`);
  }
  let at = 0;
  return files.map(({ name }): Input => {
    const end = answer.indexOf('\n', at);
    const size = Number(answer.subarray(at, end).toString('utf8').split(' ')[2]);
    if (end < 0 || !Number.isInteger(size)) return { name, problem: "can't be read from git: fetch it first" };
    const bytes = answer.subarray(end + 1, end + 1 + size);
    at = end + 1 + size + 1;
    if (bytes.includes(0)) return { name, problem: 'is binary, and no YAML in UTF-8' };
    try {
      return { name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
    } catch {
      return { name, problem: 'is not encoded in UTF-8' };
    }
  });
}

/** What git prints; undefined where it fails. No shell is between, and nothing that is given can be an option. */
function git(args: readonly string[], input = ''): Buffer | undefined {
  const { status, stdout, error } = spawnSync('git', ['--no-pager', ...args], {
    input,
    maxBuffer: MAX_BYTES,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    throw new InputError("'git' is not installed, and git:REV:PATH needs it: check the revision out, and give its folder");
  }
  return error || status !== 0 ? undefined : stdout;
}
