import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';

const FOLDER = join(__dirname, '..', '..', '.github', 'workflows');
const WORKFLOWS = readdirSync(FOLDER).map((file): [string, string] => [file, readFileSync(join(FOLDER, file), 'utf8')]);

describe.each(WORKFLOWS)('%s', (file, text) => {
  const workflow = parse(text);
  const jobs: [string, any][] = Object.entries(workflow.jobs);

  test('uses actions by digest, with the version beside it', () => {
    const used = [...text.matchAll(/uses: (.*)$/gm)].map(([, action]) => action);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
  });

  test('gives no job more than it needs', () => {
    const allowed = new Set(['contents: read', 'id-token: write', 'attestations: write']);
    for (const [, { permissions = workflow.permissions }] of jobs) {
      expect(permissions).toBeInstanceOf(Object);
      expect(Object.entries(permissions).filter(([right, level]) => !allowed.has(`${right}: ${level}`))).toEqual([]);
    }
  });

  test('is privileged only where the lab is', () => {
    expect(/--privileged/.test(text)).toBe(file === 'ci.yml');
  });

  test('names no registry', () => {
    expect(text).not.toMatch(/https?:/);
  });
});

test('nothing is published without a tag, or before the packages have been run', () => {
  const { jobs } = parse(readFileSync(join(FOLDER, 'release.yml'), 'utf8'));
  const guarded = (name: string): boolean =>
    name === 'build' ? false : jobs[name].if === "github.ref_type == 'tag'" || guarded(jobs[name].needs);
  const leadsFromBuild = (name: string): boolean => name === 'build' || leadsFromBuild(jobs[name].needs);
  const publishing = Object.keys(jobs).filter((name) => name !== 'build');
  expect(publishing.sort()).toEqual(['attest', 'go', 'maven', 'npm', 'nuget', 'pypi']);
  expect(publishing.filter((name) => !guarded(name) || !leadsFromBuild(name))).toEqual([]);
  expect(jobs.build.permissions).toEqual({ contents: 'read' });
});
