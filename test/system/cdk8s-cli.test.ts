import { spawnSync } from 'child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { packageFolder } from './npm-package';

const REPOSITORY = join(__dirname, '..', '..');
const CLI = packageFolder('cdk8s-cli', '2.207.60');

/** Runs `cdk8s synth` on an app that writes one Network object, with the plugin in its cdk8s.yaml. */
function synth(spec: object, properties: object = {}): { code: number | null; output: string; report: string } {
  const directory = mkdtempSync(join(tmpdir(), 'cdk8s-'));
  const tsNode = JSON.stringify(require.resolve('ts-node'));
  // The plugin from its source, so that this test needs no build before it.
  writeFileSync(
    join(directory, 'plugin.js'),
    `require(${tsNode}).register({ transpileOnly: true, project: ${JSON.stringify(join(REPOSITORY, 'test/tsconfig.json'))} });
module.exports = require(${JSON.stringify(join(REPOSITORY, 'src/check/cdk8s-plugin.ts'))});
`,
  );
  writeFileSync(join(directory, 'main.js'), `const { App, Chart, ApiObject } = require(${JSON.stringify(require.resolve('cdk8s'))});
const app = new App();
new ApiObject(new Chart(app, 'network'), 'object', { apiVersion: 'operator.openshift.io/v1', kind: 'Network', metadata: { name: 'cluster' }, spec: ${JSON.stringify(spec)} });
app.synth();
`);
  writeFileSync(join(directory, 'cdk8s.yaml'), JSON.stringify({
    language: 'typescript',
    app: 'node main.js',
    validations: [{ package: './plugin.js', version: '0.0.0', class: 'OpenShiftIpsecValidation', properties }],
  }));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(CLI, 'bin', 'cdk8s'), 'synth', '--no-check-upgrade', '--validation-reports-output-file', 'report.json'],
    {
      cwd: directory,
      encoding: 'utf8',
      env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' },
    },
  );
  const report = join(directory, 'report.json');
  return { code: status, output: stdout + stderr, report: existsSync(report) ? readFileSync(report, 'utf8') : '' };
}

describe('cdk8s synth with the validation plugin', () => {
  test('fails on an error, with the construct that has it', () => {
    const { code, output, report } = synth({ defaultNetwork: { ovnKubernetesConfig: { ipsecConfig: { mode: 'full' } } } });
    expect({ code, output }).toMatchObject({ code: 2 });
    expect(output).toContain('network-mode-unknown');
    expect(output).toContain('network/object');
    expect(report).toContain('"failure"');
  }, 60_000);

  test('passes where there is nothing to tell', () => {
    const { code, report } = synth(
      { defaultNetwork: { ovnKubernetesConfig: { ipsecConfig: { mode: 'External' } } } },
      { openshiftVersion: '4.16', platform: 'BareMetal' },
    );
    expect(code).toBe(0);
    expect(report).toContain('"success"');
  }, 60_000);
});
