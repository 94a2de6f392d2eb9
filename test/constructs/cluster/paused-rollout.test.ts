import { execFileSync } from 'child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App } from 'cdk8s';
import { parse } from 'yaml';
import { IpsecClusterConfig, IpsecMode, IpsecWarnings, OpenShiftVersion, PausedRollout, PausedRolloutProps } from '../../../src';

let directory: string;
beforeEach(() => directory = mkdtempSync(join(tmpdir(), 'rollout-')));
afterEach(() => rmSync(directory, { recursive: true }));

function rollout(mode = IpsecMode.EXTERNAL, props: PausedRolloutProps = { pools: ['worker'] }) {
  const app = new App({ outdir: directory });
  IpsecWarnings.of(app).silence();
  const construct = new PausedRollout(app, 'ipsec', props);
  new IpsecClusterConfig(construct.change, 'cluster', { mode, openshiftVersion: OpenShiftVersion.of('4.16'), routingViaHost: true });
  return { app, construct };
}

function machineConfig(construct: PausedRollout, role: string, name: string): void {
  new ApiObject(construct.change, name, {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: { name, labels: { 'machineconfiguration.openshift.io/role': role } },
  });
}

/** Runs the command with an `oc` that answers with these MachineConfigs, and a `sleep` that gives up. */
function waits(command: string, rendered: { [pool: string]: string[] }): boolean {
  const answers = Object.entries(rendered).map(([pool, names]) => `    ${pool}) echo '${names.join(' ')}' ;;`).join('\n');
  writeFileSync(join(directory, 'oc'), `#!/bin/sh\n[ "$1 $2 $4" = 'get machineconfigpool -o' ] || exit 2\ncase $3 in\n${answers}\nesac\n`);
  writeFileSync(join(directory, 'sleep'), '#!/bin/sh\nkill -TERM $PPID\n');
  for (const name of ['oc', 'sleep']) chmodSync(join(directory, name), 0o755);
  try {
    execFileSync('sh', ['-c', command], { env: { PATH: `${directory}:${process.env.PATH}` }, stdio: 'pipe' });
    return false;
  } catch {
    return true;
  }
}

describe('a paused rollout', () => {
  test('is three files in the order in which they are applied', () => {
    const { app } = rollout();
    app.synth();
    const files = readdirSync(directory).sort();
    expect(files.map((name) => name.replace(/-c[0-9a-f]+\.k8s\.yaml$/, ''))).toEqual([
      '0000-ipsec-pause',
      '0001-ipsec-change',
      '0002-ipsec-unpause',
    ]);
    const objects = files.map((name) => parse(readFileSync(join(directory, name), 'utf8')));
    expect(objects.map(({ kind, metadata, spec }) => [kind, metadata.name, spec.paused])).toEqual([
      ['MachineConfigPool', 'worker', true], ['Network', 'cluster', undefined], ['MachineConfigPool', 'worker', false],
    ]);
  });

  test('has nothing to complain about', () => {
    const { app } = rollout();
    app.synthYaml();
    expect(IpsecWarnings.of(app).list()).toEqual([]);
  });

  test('leaves the control plane alone unless there is a reason', () => {
    expect(() => rollout(IpsecMode.FULL, { pools: ['master'] })).toThrow(new Error(
      "ipsec: 'pools' has 'master', the control plane, whose kubelets get no new certificates while it is paused: "
        + "name compute pools only, or say why in 'controlPlaneReason'"));
    expect(() => rollout(IpsecMode.FULL, { pools: ['master'], controlPlaneReason: 'a lab' })).not.toThrow();
  });
});

describe('the wait before the pause ends', () => {
  test('is for the extension that the operator adds, and for every MachineConfig of the change', () => {
    const { construct } = rollout();
    machineConfig(construct, 'worker', '99-worker-import-certs');
    machineConfig(construct, 'master', '99-master-import-certs');
    const command = construct.waitCommand();
    expect(waits(command, { worker: ['00-worker', '80-ipsec-worker-extensions', '99-worker-import-certs'] })).toBe(false);
    expect(waits(command, { worker: ['00-worker', '80-ipsec-worker-extensions'] })).toBe(true);
    expect(waits(command, { worker: ['00-worker', '99-worker-import-certs'] })).toBe(true);
  });

  test('is not over when a longer name appears', () => {
    const { construct } = rollout(IpsecMode.DISABLED);
    machineConfig(construct, 'worker', '99-worker-import-certs');
    expect(waits(construct.waitCommand(), { worker: ['99-worker-import-certs-storage'] })).toBe(true);
  });

  test('is for the worker\'s MachineConfigs in a custom pool too, and for the control plane\'s own', () => {
    const { construct } = rollout(IpsecMode.FULL, { pools: ['infra', 'master'], controlPlaneReason: 'a lab' });
    machineConfig(construct, 'infra', '99-infra-import-certs');
    const rendered = { infra: ['80-ipsec-worker-extensions', '99-infra-import-certs'], master: ['80-ipsec-master-extensions'] };
    expect(waits(construct.waitCommand(), rendered)).toBe(false);
    expect(waits(construct.waitCommand(), { ...rendered, master: [] })).toBe(true);
    expect(waits(construct.waitCommand(), { ...rendered, infra: ['80-ipsec-worker-extensions'] })).toBe(true);
  });

  test('is over at once where nothing is to be rendered', () => {
    expect(waits(rollout(IpsecMode.DISABLED).construct.waitCommand(), {})).toBe(false);
  });
});
