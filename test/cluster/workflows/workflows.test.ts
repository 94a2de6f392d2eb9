import { spawnSync } from 'child_process';
import { join } from 'path';
import { goProgram } from '../go-program';

const program = goProgram('workflows');

function judged(args: readonly string[], input?: string) {
  const { status, stdout, stderr } = spawnSync(program, ['-no-color', '-oneline', ...args], {
    encoding: 'utf8', input, cwd: join(__dirname, '..', '..', '..'),
  });
  return { status, said: stdout + stderr };
}

test('each workflow is one as GitHub reads it', () => {
  expect(judged([])).toEqual({ status: 0, said: '' });
});

test.each([
  ['an input that the action does not know', 'uses: actions/checkout@v4\n        with: { fetch-deep: 0 }', 'input "fetch-deep" is not defined in action'],
  ['a context that is not there', 'run: echo ${{ github.reff }}', 'property "reff" is not defined in object type'],
  ['shell that shellcheck refuses', 'run: echo $GITHUB_REF_NAME', 'SC2086'],
])('%s is refused', (_, step, says) => {
  const { status, said } = judged(['-'], `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - ${step}\n`);
  expect(status).toBe(1);
  expect(said).toContain(says);
});
