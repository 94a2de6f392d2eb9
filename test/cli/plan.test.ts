import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { call } from './in-process';

const folder = mkdtempSync(join(tmpdir(), 'plan-'));
const [old, fresh] = ['old.json', 'new.json'].map((name) => join(folder, name));
const config = (content: string) => JSON.stringify({
  apiVersion: 'machineconfiguration.openshift.io/v1',
  kind: 'MachineConfig',
  metadata: { name: '99-worker-own', labels: { 'machineconfiguration.openshift.io/role': 'worker' } },
  spec: {
    config: { ignition: { version: '3.4.0' }, storage: { files: [{ path: '/etc/own', contents: { source: `data:,${content}` } }] } },
  },
});
beforeAll(() => {
  writeFileSync(old, config('one'));
  writeFileSync(fresh, config('two'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function plan(...args: string[]) {
  return call(['plan', ...args], config('two'));
}

test('two files, with the nodes of two pools', () => {
  const { code, stdout, stderr } = plan(old, fresh, '--nodes', 'worker=6,master=3', '--reboot', '10m');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain(
    'worker  drain and reboot  (6 nodes, one at a time, 60 to 120 minutes)\n          MachineConfig/99-worker-own\n            '
      + 'changed  /etc/own  => Reboot\n',
  );
  expect(stdout).toContain('master  nothing  (3 nodes)\n');
});

test('standard input is one of the sides, and JSON is one document', () => {
  const { code, stdout } = plan(old, '-', '--format', 'json');
  expect([code, (JSON.parse(stdout) as { pools: { reboots: number }[] }).pools[0].reboots]).toEqual([0, 1]);
});

test('what can not be read is told, and the rest is planned', () => {
  const partly = join(folder, 'partly');
  mkdirSync(partly);
  copyFileSync(fresh, join(partly, 'good.json'));
  writeFileSync(join(partly, 'broken.yaml'), 'a: [');
  const { code, stdout, stderr } = plan(old, partly);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^\S+broken\.yaml.*\n$/)]);
  expect(stdout).toContain('/etc/own  => Reboot');
});

test('a Butane config is told, and is no input where it is named itself', () => {
  const sources = join(folder, 'sources');
  mkdirSync(sources);
  const butane = join(sources, 'own.yaml');
  writeFileSync(butane, 'variant: openshift\nversion: 4.18.0\nmetadata: {name: 99-worker-own}\n');
  const line = `${butane}: is a Butane config, which is not planned: plan what 'openshift-ipsec butane' makes of it\n`;
  expect(plan(old, butane)).toMatchObject({ code: 2, stderr: line });
  expect(plan(old, sources)).toMatchObject({ code: 0, stderr: line });
});

test('a side that does not exist is no empty one', () => {
  const gone = join(folder, 'gone');
  expect(plan(gone, fresh)).toMatchObject({
    code: 2,
    stdout: '',
    stderr: `openshift-ipsec plan: OLD ('${gone}') does not exist: name a folder or file, - for standard input, or git:REV:PATH; `
      + 'for a cluster that has none of the manifests yet, name an empty folder\n',
  });
});

test.each([
  [
    [],
    "OLD and NEW are not given: name two folders, such as the one of the main branch and yours; 'openshift-ipsec plan --help' tells more",
  ],
  [
    ['a'],
    "OLD and NEW are 1 argument: name two folders, such as the one of the main branch and yours; 'openshift-ipsec plan --help' tells more",
  ],
  [['-', '-'], "OLD and NEW are both '-', and standard input can be read once: name a folder or file for one of them"],
  [['a', 'b', '--format', 'png'], "'--format' ('png') must be one of text, json, mermaid, svg, html"],
  [['a', 'b', '--nodes', 'worker'], "'--nodes' ('worker') must be the name of a pool and how many nodes it has, such as worker=6"],
  [['a', 'b', '--nodes', 'worker=1', '--nodes', 'worker=2'], "'--nodes' names pool 'worker' twice: say once how many nodes it has"],
  [['a', 'b', '--reboot', '12'], "'--reboot' ('12') must be a time with its unit, such as 12m, 90s or 1h"],
  [['a', 'b', '--reboot', '0m'], "'--reboot' ('0m') must be a time with its unit, such as 12m, 90s or 1h"],
  [
    ['a', 'b', '--p12-password-file', 'hunter2'],
    "'--p12-password-file' names no file that exists; what was given is not shown, in case it is the password itself",
  ],
  [['a', 'b', '--wat'], "unknown option '--wat'; 'openshift-ipsec plan --help' lists the options"],
])('plan %j is bad usage', (args, message) => {
  expect(plan(...args)).toEqual({ code: 2, stdout: '', stderr: `openshift-ipsec plan: ${message}\n` });
});
