import { Testing } from 'cdk8s';
import { endpointProps, externalCluster, quietChart } from './fixtures';
import {
  CaBundle, CertImportMachineConfig, ConnectionDelivery, ExternalIpsecEndpoint, ExternalIpsecEndpointProps, IpsecWarnings, NodeSelection,
} from '../../../src';
import { makeCa, makeLeaf } from '../../pki';
import { bundle, ca, caCertificates } from '../certificates/fixtures';

/** What is written of the peer's CA, and whether it is warned of that the node asks for no certificate. */
function written(
  version: string,
  props: Partial<ExternalIpsecEndpointProps> = {},
  cas: CaBundle = caCertificates,
): { readonly text: string; readonly isWarned: boolean } {
  const chart = quietChart();
  const cluster = externalCluster(chart, version);
  const certificate = new CertImportMachineConfig(chart, 'certs', {
    cluster, roles: ['worker'], caCertificates: cas, bundle: bundle(), nodePasswordFile: '/etc/pki/ipsec/left_server.password',
  });
  const endpoint = new ExternalIpsecEndpoint(chart, 'storage', { ...endpointProps(cluster), certificate, ...props });
  Testing.synth(chart);
  return {
    text: JSON.stringify([...endpoint.policies, ...endpoint.machineConfigs].map((object) => object.toJson())),
    isWarned: IpsecWarnings.of(chart).list().some(({ ruleId }) => ruleId === 'libreswan-certificate-unasked'),
  };
}

const SAME = '"rightca":"%same"';

describe('the node asks its peer for a certificate', () => {
  test.each(['4.19.22', '4.20.11', '4.21', '4.22.3'])('on %s, where one CA issued its own', (version) => {
    const { text, isWarned } = written(version);
    expect([text.includes(SAME), isWarned]).toEqual([true, false]);
  });

  test.each(['4.16', '4.19.21', '4.20'])('not on %s, where the key is not there, or may not be', (version) => {
    const { text, isWarned } = written(version);
    expect([text.includes('rightca'), isWarned]).toEqual([false, false]);
  });

  test('not where it trusts another CA besides, whose peers would be refused; then there is a warning', () => {
    const other = makeCa({ cn: 'Other CA' });
    const { text, isWarned } = written('4.22', {}, CaBundle.fromPem(ca.pem + other.pem));
    expect([text.includes('rightca'), isWarned]).toEqual([false, true]);
  });

  test('not where the CA did not issue the certificate itself', () => {
    const intermediate = makeCa({ cn: 'Issuing CA', issuer: ca });
    const chart = quietChart();
    const cluster = externalCluster(chart, '4.22');
    const certificate = new CertImportMachineConfig(chart, 'certs', {
      cluster,
      roles: ['worker'],
      caCertificates,
      bundle: bundle({ identity: makeLeaf({ ca: intermediate }), chain: [intermediate] }),
      nodePasswordFile: '/etc/pki/ipsec/left_server.password',
    });
    const { policies: [policy] } = new ExternalIpsecEndpoint(chart, 'storage', { ...endpointProps(cluster), certificate });
    expect(JSON.stringify(policy.toJson())).not.toContain('rightca');
  });

  test('as it is told, and by nothing else where it is told', () => {
    expect(written('4.22', { rightca: '%any' })).toEqual({ text: expect.stringContaining('"rightca":"%any"'), isWarned: false });
    expect(written('4.22', { rightcert: 'peer' })).toEqual({ text: expect.not.stringContaining('rightca'), isWarned: false });
  });

  test('not by itself in a keyfile, which would reboot nodes; then there is a warning', () => {
    const { text, isWarned } = written('4.22', { delivery: ConnectionDelivery.KEYFILE, nodes: NodeSelection.role('worker') });
    expect([text.includes('rightca'), isWarned]).toEqual([false, true]);
  });
});
