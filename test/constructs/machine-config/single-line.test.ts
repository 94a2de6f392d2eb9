import { Testing } from 'cdk8s';
import { FileContents, MachineConfig, MachineConfigProps, OpenShiftVersion } from '../../../src';

const LINE =
  'has a line break or another control character, and must be a single line: on the node, what follows the break would stand by itself; '
    + 'take it out';

function synth(props: Partial<MachineConfigProps>): () => unknown {
  return () =>
    new MachineConfig(Testing.chart(), 'config', {
      openshiftVersion: OpenShiftVersion.of('4.16'),
      role: 'worker',
      name: '99-worker-x',
      ...props,
    });
}

describe('MachineConfig takes no text that is another thing on the node', () => {
  test.each<[string, Partial<MachineConfigProps>, string]>([
    ['a unit outside of its folder', { units: [{ name: '../x.service' }] },
      "'units[0].name' ('../x.service') must be a name without '/', such as 'chrony-wait.service': "
        + "systemd's folder of units is where it is written"],
    ['a drop-in outside of its folder', { units: [{ name: 'x.service', dropins: [{ name: '../../y.conf', contents: '' }] }] },
      "'units[0].dropins[0].name' ('../../y.conf') must be a name without '/', such as '10-order.conf': "
        + "systemd's folder of units is where it is written"],
    ['a unit of two lines', { units: [{ name: 'x\n.service' }] }, `'units[0].name' ('x\ufffd.service') ${LINE}`],
    [
      'a drop-in of two lines',
      { units: [{ name: 'x.service', dropins: [{ name: 'a\r.conf', contents: '' }] }] },
      `'units[0].dropins[0].name' ('a\ufffd.conf') ${LINE}`,
    ],
    [
      'a path of two lines',
      { files: [{ path: '/etc/a\nb', contents: FileContents.fromText('') }] },
      `'files[0].path' ('/etc/a\ufffdb') ${LINE}`,
    ],
    ['a path that leads elsewhere', { files: [{ path: '/etc/../x', contents: FileContents.fromText('') }] },
      "'files[0].path' ('/etc/../x') must be the path where the file is, without '.' and '..' between slashes, "
        + 'so that nobody takes it for another one'],
    [
      'a key of two lines',
      { sshAuthorizedKeys: ['ssh-ed25519 AAAA a', 'ssh-ed25519 AAAA b\nssh-rsa BBBB c'] },
      `'sshAuthorizedKeys[1]' (not shown) ${LINE}`,
    ],
    ['a hash of two lines', { passwordHash: '$6$x\nroot' }, `'passwordHash' (not shown) ${LINE}`],
    ['an argument of two lines', { kernelArguments: ['audit=1\u2028x'] }, `'kernelArguments[0]' ('audit=1\ufffdx') ${LINE}`],
    ['an extension of two lines', { extensions: ['ipsec\n'] }, `'extensions[0]' ('ipsec\ufffd') ${LINE}`],
  ])('%s', (_, props, message) => {
    expect(synth(props)).toThrow(expect.objectContaining({ message: expect.stringContaining(message) }));
  });
});
