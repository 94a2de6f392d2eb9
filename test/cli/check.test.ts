import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { stringify } from 'yaml';
import { call } from './in-process';
import { asNobody } from '../as-nobody';
import { RELEASE_STEP } from '../check/telco';
import { bundle, caCertificates, PASSWORD } from '../constructs/certificates/fixtures';
import { external, file, importUnit, machineConfig, policy } from '../rules/documents';

const directory = mkdtempSync(join(tmpdir(), 'check-'));
let files = 0;

/** A file in a folder of its own. */
function written(content: string | Buffer, name = 'x.yaml'): string {
  const folder = join(directory, String(files++));
  mkdirSync(folder);
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

function check(args: string[], stdin = '') {
  return call(['check', ...args], stdin);
}

const CLEAN = written(stringify(external()));
const BROKEN = written(RELEASE_STEP);
const WARNED = written(stringify(policy()));

describe('openshift-ipsec check', () => {
  test('gives 0 where there is nothing to tell, and says how much that is said of', () => {
    expect(check([CLEAN])).toEqual({ code: 0, stdout: '0 errors, 0 warnings in 1 file; 1 of 1 objects judged\n', stderr: '' });
  });

  test('tells file, line, column, the line with a caret, the object, the fix and a link, and a summary', () => {
    expect(check([BROKEN])).toEqual({
      code: 1,
      stderr: '',
      stdout: `${BROKEN}:8:7: error: 'ipsecConfig' has no 'mode', which means Full and not Disabled: all traffic between pods gets encrypted, and every node reboots (network-mode-missing)
  8 |       ipsecConfig: {}
    |       ^
  in:  Network 'cluster'
  fix: State the mode: Disabled, External or Full.
  see: https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#nw-ovn-ipsec-modes_configuring-ipsec-ovn

1 error, 0 warnings in 1 file; 1 of 1 objects judged
`,
    });
  });

  test('fails on warnings only where it is told to', () => {
    expect(check([WARNED]).code).toBe(0);
    expect(check([WARNED, '--fail-on', 'warning']).code).toBe(1);
    expect(check([CLEAN, '--fail-on=warning']).code).toBe(0);
  });

  test('reads standard input, folders and several paths as one cluster', () => {
    expect(check(['-'], RELEASE_STEP)).toMatchObject({ code: 1, stdout: expect.stringMatching(/^-:8:7: error/) });
    expect(check([join(BROKEN, '..'), join(BROKEN, '..'), BROKEN]).stdout).toContain('1 error, 0 warnings in 1 file');
    expect(check([BROKEN, CLEAN]).stdout).toContain('(object-duplicate)');
    expect(check([join(BROKEN, '..'), '--format', 'json']).stdout).toContain(JSON.stringify(BROKEN));
  });

  test('passes over files of other kinds in folders, and reads what is named', () => {
    const other = written(RELEASE_STEP, 'network.txt');
    expect(check([join(other, '..')])).toEqual({
      code: 0,
      stdout: '',
      stderr: `note: '${join(other, '..')}' has no .yaml, .yml or .json file in it that is not checked already\n`,
    });
    expect(check([other]).code).toBe(1);
  });

  test('takes what the documents do not say from options', () => {
    expect(check([CLEAN, '--platform', 'aws']).stdout).toContain('(network-platform)');
    expect(check([CLEAN, '--hosted-control-plane']).stdout).toContain('(network-hosted-control-plane)');
    expect(check([CLEAN, '--rhel-compute-nodes']).stdout).toContain('(network-rhel-compute-nodes)');
    expect(check([CLEAN, '--openshift-version', '4.14']).stdout).toContain('(network-mode-version)');
    expect(check([BROKEN, '--openshift-version', '4.14']).code).toBe(0);
  });

  test('prints one JSON document, whatever is found', () => {
    const { stdout, code } = check([BROKEN, '--format', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      findings: [{
        id: 'network-mode-missing',
        severity: 'error',
        message:
          "'ipsecConfig' has no 'mode', which means Full and not Disabled: all traffic between pods gets encrypted, and every node reboots",
        fix: 'State the mode: Disabled, External or Full.',
        docs: expect.stringMatching(/^https:/),
        object: { apiVersion: 'operator.openshift.io/v1', kind: 'Network', name: 'cluster' },
        path: '/spec/defaultNetwork/ovnKubernetesConfig/ipsecConfig',
        file: BROKEN,
        line: 8,
        column: 7,
      }],
      summary: { errors: 1, warnings: 0, acknowledged: 0, objects: 1, judged: 1 },
    });
    expect(JSON.parse(check([CLEAN, '--format', 'json']).stdout)).toEqual({
      findings: [],
      summary: { errors: 0, warnings: 0, acknowledged: 0, objects: 1, judged: 1 },
    });
    expect(JSON.parse(check([join(directory, 'nowhere'), '--format', 'json']).stdout)).toEqual({
      findings: [],
      summary: { errors: 0, warnings: 0, acknowledged: 0, objects: 0, judged: 0 },
    });
  });

  test('prints annotations that GitHub understands', () => {
    const odd = written(RELEASE_STEP, '100%,a:b.yaml');
    expect(check([odd, '--format', 'github']).stdout).toBe(
      `::error file=${odd.replace('%', '%25').replace(',', '%2C').replace(':', '%3A')},line=8,col=7,title=network-mode-missing::`
      + "'ipsecConfig' has no 'mode', which means Full and not Disabled: all traffic between pods gets encrypted, "
      + 'and every node reboots; state the mode: Disabled, External or Full\n1 error, 0 warnings in 1 file; 1 of 1 objects judged\n');
  });

  test.each<[string, string[], string]>([
    ['no path', [], 'no PATH is given, so that there is nothing to check: name the folder with your manifests (openshift-ipsec check dist), '
      + "or '-' for standard input (oc get network.operator,nncp,mc -o yaml | openshift-ipsec check -); "
      + "'openshift-ipsec check --help' tells more"],
    ['an unknown option', ['--strict', CLEAN], "unknown option '--strict'; 'openshift-ipsec check --help' lists the options"],
    ['an unknown format', ['--format', 'xml', CLEAN], "'--format' ('xml') must be one of text, json, sarif, github"],
    ['an unknown bar', ['--fail-on', 'info', CLEAN], "'--fail-on' ('info') must be one of error, warning"],
    [
      'an unknown platform',
      ['--platform', 'Metal', CLEAN],
      "platform ('Metal') must be one of AlibabaCloud, AWS, Azure, BareMetal, External, GCP, IBMCloud, KubeVirt, None, Nutanix, "
        + 'OpenStack, PowerVS, VSphere, '
        + "as 'oc get infrastructure cluster -o jsonpath={.status.platform}' prints it",
    ],
    ['no days', ['--expires-within', 'soon', CLEAN], "'--expires-within' ('soon') must be a whole number of days"],
    ['a path beside --krm', ['--krm', CLEAN], `'--krm' reads standard input, and '${CLEAN}' is given beside it: leave one of them out`],
    [
      'no ResourceList',
      ['--krm'],
      "standard input is no ResourceList: '--krm' is for Kustomize, kpt and other programs that run KRM functions",
    ],
  ])('refuses %s with 2', (_, args, message) => {
    expect(check(args)).toEqual({ code: 2, stdout: '', stderr: `openshift-ipsec check: ${message}\n` });
  });

  test('refuses an unknown version', () => {
    expect(check(['--openshift-version', '4.99', CLEAN])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("OpenShift version ('4.99') is not known"),
    });
  });

  test('tells its help', () => {
    expect(check(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('--p12-password-file') });
  });
});

describe('input that cannot be read', () => {
  test('costs one line each and 2, and the rest is still checked', () => {
    const folder = join(directory, 'bad');
    mkdirSync(folder);
    writeFileSync(join(folder, 'binary.yaml'), Buffer.from([0x89, 0x50, 0x00, 0xff]));
    writeFileSync(join(folder, 'broken.yaml'), 'a: [\n');
    writeFileSync(join(folder, 'good.yaml'), RELEASE_STEP);
    writeFileSync(join(folder, 'huge.yaml'), '');
    truncateSync(join(folder, 'huge.yaml'), 100 * 1024 * 1024);
    writeFileSync(join(folder, 'latin1.yaml'), Buffer.from('a: \xe9\n', 'latin1'));
    symlinkSync('.', join(folder, 'loop'));
    symlinkSync('self.yaml', join(folder, 'self.yaml'));
    const { code, stdout, stderr } = check([folder, join(folder, 'nowhere')]);
    expect(code).toBe(2);
    expect(stdout).toContain('1 error, 0 warnings');
    expect(stderr.split('\n').map((line) => line.replace(`${folder}/`, ''))).toEqual([
      'binary.yaml: is binary, and no YAML in UTF-8',
      expect.stringMatching(/^broken.yaml:2:1: is broken YAML: /),
      'huge.yaml: has 104857600 bytes, more than the 67108864 that any file of manifests has: split it',
      'latin1.yaml: is not encoded in UTF-8',
      'loop: is a link to a folder that it is in: passed over',
      'self.yaml: is a link that leads back to itself',
      'nowhere: does not exist',
      '',
    ]);
  });

  test('is told of files that this user must not read', () => {
    const secret = written(RELEASE_STEP);
    chmodSync(secret, 0);
    expect(asNobody(() => check([secret]))).toEqual({
      code: 2,
      stdout: '',
      stderr: `${secret}: must not be read by this user: check its permissions\n`,
    });
  });

  test('is no reason to print control characters of its name', () => {
    expect(check([join(directory, 'a\u001b[31m\u202eb')]).stderr).toBe(`${directory}/a\ufffd[31m\ufffdb: does not exist\n`);
  });

  test('has its place in every format', () => {
    const broken = written('a: [\n');
    expect(check([broken]).stdout).toBe(`0 errors, 0 warnings in 1 file; 0 of 0 objects judged; NOT READ, wholly or in part: ${broken}\n`);
    const several = Array.from({ length: 5 }, () => written('a: [\n'));
    expect(check(several).stdout).toBe('0 errors, 0 warnings in 5 files; 0 of 0 objects judged; '
      + `NOT READ, wholly or in part: ${several.slice(0, 3).join(', ')} and 2 more\n`);
    expect(check([broken, '--format', 'github'])).toMatchObject({
      code: 2,
      stdout: expect.stringMatching(new RegExp(`^::error file=${broken},line=2,col=1,title=unreadable::`)),
    });
    expect(JSON.parse(check([broken, '--format', 'sarif']).stdout).runs[0].invocations[0]).toMatchObject({ executionSuccessful: false });
  });
});

test('who is told to acknowledge a finding is told how, in a manifest and in a program', () => {
  const { stdout } = check([written(stringify(policy({})))]);
  expect(stdout).toContain(`
  fix: See that other means import it on these nodes, and acknowledge it.
  how: annotation ipsec.cdk8s.io/acknowledge.certificate-nickname: <the reason>; in a program, acknowledge: { 'certificate-nickname': '<the reason>' }
  see: https://`);
});

describe('a bundle with a password', () => {
  const manifest = written(stringify(machineConfig({
    files: [
      file('/etc/pki/certs/ca.pem', caCertificates._content),
      file('/etc/pki/certs/left_server.p12', bundle({ friendlyName: 'other' })._content),
    ],
    units: [importUnit('left_server')],
  })));

  test('is told about once, and is no finding', () => {
    expect(check([manifest, '--fail-on', 'warning'])).toEqual({
      code: 0,
      stdout: '0 errors, 0 warnings in 1 file; 1 of 1 objects judged\n',
      stderr:
        "note: '/etc/pki/certs/left_server.p12' in MachineConfig '99-worker-import-certs': the bundle needs a password, "
          + 'so that its certificate was not judged; give it with --p12-password-file\n',
    });
  });

  test('is judged with its password, which is printed nowhere', () => {
    const { code, stdout, stderr } = check([manifest, '--p12-password-file', written(`${PASSWORD}\n`)]);
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toContain("friendly name 'other'");
    expect(stdout).not.toContain(PASSWORD);
  });

  test('is told about with a wrong one, which is called that, and printed nowhere', () => {
    expect(check([manifest, '--p12-password-file', written('wrong-one')])).toEqual({
      code: 0,
      stdout: '0 errors, 0 warnings in 1 file; 1 of 1 objects judged\n',
      stderr:
        "note: '/etc/pki/certs/left_server.p12' in MachineConfig '99-worker-import-certs': the password in the file of --p12-password-file does "
          + "not open the bundle, so that its certificate was not judged; give the bundle's own password, and see that the file holds nothing else\n",
    });
  });
});

describe('openshift-ipsec check --krm', () => {
  const list = (items: unknown[], functionConfig?: unknown) =>
    stringify({ apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items, functionConfig });
  const annotated = policy(
    { ikev2: 'never', type: 'x' },
    { annotations: { 'config.kubernetes.io/path': 'policies/a.yaml', 'config.kubernetes.io/index': '2' } },
  );

  test('gives the items back as they came, with results', () => {
    const input = `# kept\n${list([external(), annotated])}`;
    const { code, stdout } = check(['--krm'], input);
    expect(code).toBe(1);
    expect(stdout.startsWith(input)).toBe(true);
    expect(stdout).toContain('  - message: "\'type\' (\'x\') must be one of transport, tunnel;');
    expect(stdout).toContain('path: spec.desiredState.interfaces[0].libreswan.type');
    expect(stdout).toMatch(/file:\n {6}path: policies\/a.yaml\n {6}index: 2/);
    expect(stdout).toContain('rule: libreswan-ikev2');
  });

  test('takes its options from the function configuration too', () => {
    expect(check(['--krm'], list([external()], { kind: 'ConfigMap', data: { platform: 'AWS' } })).stdout).toContain(
      'rule: network-platform',
    );
    expect(check(['--krm'], list([external()], { spec: { platform: 'Metal' } }))).toMatchObject({ code: 2, stdout: '' });
  });

  test('gives 0 without errors', () => {
    expect(check(['--krm'], list([external()]))).toMatchObject({ code: 0, stdout: expect.stringContaining('results: []') });
  });
});
