import { stringify } from 'yaml';
import { checkInputs } from '../../src/check/check';
import { githubReport } from '../../src/check/reporters/github';
import { jsonReport } from '../../src/check/reporters/json';
import { sarifReport } from '../../src/check/reporters/sarif';
import { textReport } from '../../src/check/reporters/text';
import { DOCUMENTED_SCRIPT, machineConfig, Plain, script, unit } from '../rules/documents';

/** Everything that a report shows of documents. */
function shown(...documents: Plain[]): { texts: string[]; lines: string[] } {
  const report = checkInputs([{ name: 'input.yaml', text: documents.map((document) => stringify(document)).join('---\n') }]);
  return {
    texts: [textReport(report, false), jsonReport(report), sarifReport(report, '1.0.0')],
    lines: report.findings.map(({ excerpt }) => excerpt.text),
  };
}

/** A MachineConfig whose unit is on one line, and whose name draws a finding on that line. */
const flow = (exec: string) => [
  'apiVersion: machineconfiguration.openshift.io/v1', 'kind: MachineConfig', 'metadata: {name: x, labels: '
    + '{machineconfiguration.openshift.io/role: worker}}', 'spec:', '  config:', '    ignition: {version: 3.4.0}',
  '    systemd:', '      units:', `      - {contents: ${JSON.stringify(`[Service]\nExecStart=${exec}\n`)}, name: import}`, '',
].join('\n');

test('the value of a key that came through the way out is not shown: it may be a secret by any name', () => {
  const text = [
    'apiVersion: nmstate.io/v1', 'kind: NodeNetworkConfigurationPolicy', 'metadata:', '  name: ipsec-storage', '  annotations:',
    '    ipsec.cdk8s.io/libreswan-extra: xauthby', 'spec:', '  nodeSelector:', '    kubernetes.io/hostname: worker-0', '  desiredState:',
    '    interfaces:', '    - name: ipsec-storage', '      type: ipsec', '      libreswan:', '        right: storage.example.com',
    '        xauthby: s3cret', '',
  ].join('\n');
  const report = checkInputs([{ name: 'input.yaml', text }]);
  const found = report.findings.find(({ rule }) => rule === 'libreswan-extra')!;
  expect(found.excerpt.text).toBe('        xauthby:…');
  const texts = [textReport(report, false), jsonReport(report), sarifReport(report, '1.0.0')];
  for (const each of texts) expect(each).not.toContain('s3cret');
});

describe('a password on the line of a finding is not shown', () => {
  test.each([
    ['-W', 'pk12util -i x -W s3cret -d .', 'pk12util -i x -W … -d .'],
    ['-K', 'pk12util -i x -w y -K s3cret -d .', 'pk12util -i x -w y -K … -d .'],
    ['-K in quotes', 'pk12util -i x -w y -K "s3 cret" -d .', 'pk12util -i x -w y -K … -d .'],
    ['a passphrase', 'import passphrase=s3cret -d .', 'import passphrase=… -d .'],
    ['a password', 'import P12_PASSWORD=s3cret -d .', 'import P12_PASSWORD=… -d .'],
    ['a secret', 'import --secret=s3cret -d .', 'import --secret=… -d .'],
    ['a token', 'import token=s3cret -d .', 'import token=… -d .'],
    ['a psk', 'import psk=s3cret -d .', 'import psk=… -d .'],
  ])('%s', (_, exec, expected) => {
    const report = checkInputs([{ name: 'input.yaml', text: flow(exec) }]);
    const found = report.findings.find(({ rule }) => rule === 'machineconfig-unit-name')!;
    expect(found.excerpt.text).toContain(expected);
    for (const text of [textReport(report, false), jsonReport(report), sarifReport(report, '1.0.0')]) expect(text).not.toMatch(/s3 ?cret/);
  });

  test('nor is one that a script passes as an argument', () => {
    const documents = machineConfig({
      files: [script(DOCUMENTED_SCRIPT.replace('-W ""', '-W s3cret -K s3cret'))],
      units: [unit('[Service]\nExecStart=/bin/pk12util -i /etc/x.p12 -W s3cret -K s3cret\n')],
    });
    const { texts, lines } = shown(documents);
    expect(lines.length).toBeGreaterThan(3);
    for (const text of texts) expect(text).not.toContain('s3cret');
  });
});

describe('a secret under a key that says so is not shown', () => {
  const head = 'apiVersion: nmstate.io/v1\nkind: NodeNetworkConfigurationPolicy\nmetadata: {name: a}\nspec:\n  nodeSelector: {a: b}\n'
    + '  desiredState:\n    interfaces:\n    - name: a\n      type: ipsec\n      libreswan:\n        right: 192.0.2.1\n';

  test.each([
    'psk', 'PSK', 'pass', 'password', 'Passphrase', 'passwd', 'pwd', 'pin', 'key', 'apiKey', 'private-key', 'sharedSecret', 'token', 'client_secret', 'credentials',
    'leftkey', 'right_key', 'tlsKey', 'keydata', 'client-key-data', 'keyData',
  ])('%s', (key) => {
    for (const value of [
      `${key}: s3cret`, `${key}: 's3 cret'`, `${key}:\n\n          s3cret`, `${key}: |\n          s3cret`, `${key}: >-\n          s3 cret`, `${key}: "s3cret\\n"`,
      `${key}:\n        - s3cret`, `${key}: {a: s3cret}`, `esp: "aes, ${key}=s3cret"`, `leftid: '@a ${key}: s3cret b'`,
    ]) {
      const report = checkInputs([{ name: 'input.yaml', text: `${head}        ${value}\n` }]);
      expect(report.findings.length).toBeGreaterThan(0);
      for (const text of [textReport(report, false), jsonReport(report), sarifReport(report, '1.0.0'), githubReport(report)]) {
        expect(text).not.toMatch(/s3 ?cret/);
      }
    }
  });
});

test.each([
  ['*s3cret', "uses an anchor that nothing before it gives: a text that begins with '*' stands in quotes"],
  ['|s3cret', 'is broken YAML: block scalar header includes extra characters'],
])('a password that begins with %j is no part of the message', (password, message) => {
  const { problems } = checkInputs([{ name: 'input.yaml', text: `apiVersion: v1\nkind: Secret\nstringData:\n  password:\n    ${password}\n` }]);
  expect(problems.map((problem) => problem.message)).toEqual([message]);
});
