import { execFileSync } from 'child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { gitFiles } from '../../src/plan/git-files';

const repository = mkdtempSync(join(tmpdir(), 'plan-git-'));
const start = process.cwd();
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false', ...args], {
    cwd: repository,
    stdio: 'pipe',
  });

beforeAll(() => {
  git('init', '-q', '-b', 'main');
  mkdirSync(join(repository, 'dist/deep é'), { recursive: true });
  writeFileSync(join(repository, 'dist/a.yaml'), 'kind: A\n');
  writeFileSync(join(repository, "dist/deep é/b '$(touch x).json"), '{"kind": "B"}');
  writeFileSync(join(repository, 'dist/readme.md'), 'no manifest');
  writeFileSync(join(repository, 'dist/binary.yml'), Buffer.from([0, 1]));
  git('add', '.');
  git('commit', '-qm', 'one');
  writeFileSync(join(repository, 'dist/a.yaml'), 'kind: Changed\n');
  process.chdir(join(repository, 'dist'));
});
afterAll(() => {
  process.chdir(start);
  rmSync(repository, { recursive: true, force: true });
});

test('a folder of a revision, as it was committed', () => {
  expect(gitFiles('git:main:dist')).toEqual([
    { name: 'git:main:dist/a.yaml', text: 'kind: A\n' },
    { name: 'git:main:dist/binary.yml', problem: 'is binary, and no YAML in UTF-8' },
    { name: "git:main:dist/deep é/b '$(touch x).json", text: '{"kind": "B"}' },
  ]);
});

test('a file, the whole revision, and a path from the working folder', () => {
  expect(gitFiles('git:HEAD:dist/a.yaml')).toEqual([{ name: 'git:HEAD:dist/a.yaml', text: 'kind: A\n' }]);
  expect(gitFiles('git:HEAD:').map(({ name }) => name)).toHaveLength(3);
  expect(gitFiles('git:HEAD:./').map(({ name }) => name)).toHaveLength(3);
});

test.each([
  ['git:main', "'git:main' must be git:REV:PATH, such as git:main:dist or git:HEAD~1:./manifests"],
  [
    'git:gone:dist',
    "'git:gone:dist' names no revision of this repository: 'gone' is no commit, branch or tag here (in CI, fetch it first)",
  ],
  [
    'git:--output=/tmp/x:dist',
    "'git:--output=/tmp/x:dist' names no revision of this repository: '--output=/tmp/x' is no commit, branch or tag here (in CI, "
      + 'fetch it first)',
  ],
  [
    'git:$(touch y):dist',
    "'git:$(touch y):dist' names no revision of this repository: '$(touch y)' is no commit, branch or tag here (in CI, fetch it first)",
  ],
  ['git:main:gone', "'git:main:gone' names no file or folder: revision 'main' has no 'gone'"],
])('%s is refused', (argument, message) => {
  expect(() => gitFiles(argument)).toThrow(message);
});
