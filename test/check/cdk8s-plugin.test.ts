import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { stringify } from 'yaml';
import { RELEASE_STEP } from './telco';
import { OpenShiftIpsecValidation, OpenShiftIpsecValidationProps } from '../../src';
import { external, policy } from '../rules/documents';

async function validate(text: string, props: OpenShiftIpsecValidationProps = {}) {
  const manifest = join(mkdtempSync(join(tmpdir(), 'plugin-')), 'chart.k8s.yaml');
  writeFileSync(manifest, text);
  const [violations, submitted, logged]: [any[], string[], string[]] = [[], [], []];
  await new OpenShiftIpsecValidation(props).validate({
    manifests: [manifest],
    report: { addViolation: (violation) => violations.push(violation), submit: (status) => submitted.push(status) },
    logger: { log: (message) => logged.push(message.replace(manifest, 'chart')) },
  });
  return { violations, submitted, logged, manifest };
}

describe('the validation plugin of cdk8s-cli', () => {
  test('reports errors as violations', async () => {
    const { violations, submitted, manifest } = await validate(RELEASE_STEP);
    expect(submitted).toEqual(['failure']);
    expect(violations).toEqual([{
      ruleName: 'network-mode-missing',
      recommendation: expect.stringMatching(/^'ipsecConfig' has no 'mode'/),
      fix: 'State the mode: Disabled, External or Full.',
      violatingResources: [
        { resourceName: 'cluster', locations: ['/spec/defaultNetwork/ovnKubernetesConfig/ipsecConfig (line 8)'], manifestPath: manifest },
      ],
    }]);
  });

  test('logs warnings, or reports them where it is told to', async () => {
    const text = stringify(policy());
    expect(await validate(text)).toMatchObject({
      submitted: ['success'],
      violations: [],
      logged: [
        '1 of 1 objects judged',
        "warning: chart:16: 'leftcert' ('left_server') is imported by nothing in the set (certificate-nickname)",
      ],
    });
    expect(await validate(text, { failOn: 'warning' })).toMatchObject({
      submitted: ['failure'],
      violations: [{ ruleName: 'certificate-nickname' }],
      logged: ['1 of 1 objects judged'],
    });
  });

  test('takes the facts of the cluster from its properties', async () => {
    const text = stringify(external());
    expect((await validate(text, { openshiftVersion: '4.16', platform: 'BareMetal' })).submitted).toEqual(['success']);
    expect((await validate(text, { platform: 'AWS' })).violations).toMatchObject([{ ruleName: 'network-platform' }]);
    expect(() => new OpenShiftIpsecValidation({ openshiftVersion: '5' })).toThrow("OpenShift version ('5') is not known");
  });

  test('fails on manifests that it cannot read', async () => {
    expect(await validate('a: [\n')).toMatchObject({
      submitted: ['failure'],
      logged: [expect.stringMatching(/^chart: is broken YAML/), '0 of 0 objects judged'],
    });
  });
});
