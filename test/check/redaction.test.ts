import { stringify } from 'yaml';
import { checkInputs } from '../../src/check/check';
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
