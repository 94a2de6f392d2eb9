import { Chart, Testing } from 'cdk8s';
import {
  Butane, CertImportMachineConfig, ExternalIpsecEndpoint, HostCertificates, IpsecCertificate, IpsecClusterConfig, IpsecMode, IpsecPorts,
  MachineConfig, MachineConfigPoolPause, MtuMigration, NmstateOperator, OpenShiftVersion, PausedRollout, PeerIdentity, Pkcs12Bundle,
} from '../../src';
import { fixturePath } from '../certificate/fixture';
import { endpointProps, externalCluster } from '../constructs/endpoint/fixtures';

/** What JavaScript lets through. */
type Anything = any;

const VERSION = OpenShiftVersion.of('4.16');
const chart = () => Testing.chart();
const endpoint = (scope: Chart, props: Anything) =>
  new ExternalIpsecEndpoint(scope, 'storage', { ...endpointProps(externalCluster(scope)), ...props });

describe('a prop that a construct does not know is refused', () => {
  test.each<[string, (scope: Chart) => unknown, string]>([
    ['in another spelling', (scope) => endpoint(scope, { ikeLifetime: '8h' }),
      "test/storage: 'ikeLifetime' is no prop of ExternalIpsecEndpoint, and would have no effect: write 'ikelifetime', if that is meant"],
    ['without its capital', (scope) => endpoint(scope, { remotesubnet: '10.0.0.0/8' }),
      "test/storage: 'remotesubnet' is no prop of ExternalIpsecEndpoint, and would have no effect: write 'remoteSubnet', if that is meant"],
    ['under the name of libreswan', (scope) => endpoint(scope, { 'ipsec-interface': 'yes' }),
      "test/storage: 'ipsec-interface' is no prop of ExternalIpsecEndpoint, and would have no effect: write 'ipsecInterface', "
        + 'if that is meant'],
    ['of another construct', (scope) => new PausedRollout(scope, 'ipsec', { pools: ['worker'], paused: true } as Anything),
      "test/ipsec: 'paused' is no prop of PausedRollout, and would have no effect: it takes pools, controlPlaneReason, acknowledge"],
    ['with a letter too many', (scope) => new NmstateOperator(scope, 'nmstate', { channels: 'stable' } as Anything),
      "test/nmstate: 'channels' is no prop of NmstateOperator, and would have no effect: write 'channel', if that is meant"],
    ['in a value', () => MtuMigration.forIpsec({ machineMTU: 1500 } as Anything),
      "'machineMTU' is no prop of MtuMigration.forIpsec, and would have no effect: write 'machineMtu', if that is meant"],
    ['in the options of a bundle, whose value may be the password', () => Pkcs12Bundle.fromFile(
      fixturePath('openssl3.p12'), { passwort: 'TopSecret' } as Anything,
    ), "'passwort' is no prop of Pkcs12Bundle, and would have no effect: write 'password', if that is meant"],
    ['in the options of Butane', () => Butane.compile('', { fileDir: '.' } as Anything),
      "'fileDir' is no prop of Butane.compile, and would have no effect: write 'filesDir', if that is meant"],
    ['in a file of a MachineConfig', (scope) => new MachineConfig(scope, 'config', {
      openshiftVersion: VERSION, role: 'worker', name: '99-worker-x', files: [{ path: '/etc/x', content: 'x' } as Anything],
    }), "test/config: 'content' is no prop of MachineConfigFile, and would have no effect: write 'contents', if that is meant"],
  ])('%s', (_, make, message) => {
    expect(() => make(chart())).toThrow(new Error(message));
  });

  test('but not one that is given as undefined, as a spread object has them', () => {
    expect(() => endpoint(chart(), { somethingElse: undefined })).not.toThrow();
  });
});

describe('a value of another kind than its prop is refused', () => {
  test.each<[string, (scope: Chart) => unknown, string]>([
    ['a number for a text', (scope) => endpoint(scope, { policyName: 5 }),
      "test/storage: 'policyName' (5) is a number, and must be a text: write it as a text, '5'"],
    [
      'a list for a text',
      (scope) => endpoint(scope, { host: ['a.example.com'] }),
      "test/storage: 'host' (the list 'a.example.com') must be a text",
    ],
    ['a text for a list', (scope) => new MachineConfigPoolPause(scope, 'pause', { pools: 'worker', paused: true } as Anything),
      "test/pause: 'pools' ('worker') must be a list of MachineConfigPools, such as ['worker']"],
    [
      'a text for a version',
      (scope) => new IpsecClusterConfig(scope, 'cluster', { mode: IpsecMode.FULL, openshiftVersion: '4.16' as Anything }),
      "test/cluster: 'openshiftVersion' ('4.16') must be an OpenShiftVersion, such as OpenShiftVersion.of('4.16')",
    ],
    ['a word for a decision', (scope) => new IpsecClusterConfig(scope, 'cluster', {
      mode: IpsecMode.EXTERNAL, openshiftVersion: VERSION, routingViaHost: 'yes' as Anything,
    }), "test/cluster: 'routingViaHost' ('yes') must be true or false"],
    [
      'nothing for what is required',
      (scope) => new CertImportMachineConfig(scope, 'certs', { cluster: externalCluster(scope), roles: ['worker'] } as Anything),
      "test/certs: 'caCertificates' (not given) must be a CaBundle, such as CaBundle.fromFile('ca.pem')",
    ],
    ['a member that an enumeration does not have', (scope) => new IpsecClusterConfig(scope, 'cluster', {
      mode: (IpsecMode as Anything).EXTERNEL, openshiftVersion: VERSION,
    }), "test/cluster: 'mode' (undefined: not given, or no member of its enumeration) must be one of Disabled, External, Full"],
    ['nothing for what has an enumeration', (scope) => new IpsecClusterConfig(scope, 'cluster', { openshiftVersion: VERSION } as Anything),
      "test/cluster: 'mode' (not given) must be one of Disabled, External, Full"],
    ['no props at all', (scope) => new HostCertificates(scope, 'hosts', undefined as Anything),
      'test/hosts: the props of HostCertificates (not given) must be an object'],
    ['a number for a version', () => OpenShiftVersion.of(4.2 as Anything),
      "OpenShift version (4.2) is a number, which can't tell 4.2 from 4.20: write a text, such as '4.16' or '4.16.12'"],
    ['a number for a nickname', () => IpsecCertificate.fromNickname(5 as Anything),
      "'nickname' (5) is a number, and must be a text: write it as a text, '5'"],
    ['a number for a peer', () => PeerIdentity.of(5 as Anything),
      "'rightid' (5) is a number, and must be a text: write it as a text, '5'"],
    ['a word for a NAT', () => IpsecPorts.between('maybe' as Anything), "'natTraversal' ('maybe') must be one of None, Possible, Always"],
    [
      'an object for a version',
      () => OpenShiftVersion.of({} as Anything),
      "OpenShift version (an object) must be a text, such as '4.16' or '4.16.12'",
    ],
  ])('%s', (_, make, message) => {
    expect(() => make(chart())).toThrow(new Error(message));
  });

  test('and a path that is none is not repeated, in case it is the password', () => {
    const wrong = (scope: Chart) => new HostCertificates(scope, 'hosts', {
      cluster: externalCluster(scope), folder: 5, nodePasswordFile: 'TopSecret', caCertificates: undefined,
    } as Anything);
    expect(() => wrong(chart())).toThrow(new Error("test/hosts: 'folder' (5) is a number, and must be a text: write it as a text, '5'"));
  });
});
