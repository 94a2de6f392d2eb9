import { Testing } from 'cdk8s';
import { bundle, caCertificates, certImport } from './fixtures';
import { CertImportMachineConfig, CertRemovalMachineConfig, CertRemovalMachineConfigProps } from '../../../src';
import { nodeScript } from '../../../src/constructs/certificates/import-script';
import { decodeContents } from '../../data-url';
import { externalCluster, quietChart } from '../endpoint/fixtures';

function removal(props: Partial<CertRemovalMachineConfigProps> = {}, version = '4.16') {
  const chart = quietChart();
  const construct = new CertRemovalMachineConfig(chart, 'removal', {
    cluster: externalCluster(chart, version),
    roles: ['worker'],
    ...props,
  });
  return { construct, machineConfigs: Testing.synth(chart).slice(1) };
}

describe('the removal of a certificate', () => {
  test('is one MachineConfig a role, with the script and the unit that runs it before libreswan', () => {
    const { machineConfigs } = removal({ roles: ['master', 'worker'] });
    expect(machineConfigs.map(({ metadata }) => metadata)).toEqual(['master', 'worker'].map((role) => ({
      name: `99-${role}-import-certs`, labels: { 'machineconfiguration.openshift.io/role': role },
    })));
    const { ignition, storage, systemd } = machineConfigs[1].spec.config;
    expect(ignition).toEqual({ version: '3.4.0' });
    expect(storage.files.map(({ path, mode, overwrite }: any) => [path, mode.toString(8), overwrite])).toEqual([
      ['/usr/local/bin/ipsec-removecert.sh', '740', true],
    ]);
    expect(decodeContents(storage.files[0].contents).equals(nodeScript('ipsec-removecert.sh'))).toBe(true);
    expect(systemd.units).toEqual([{
      name: 'ipsec-remove.service',
      enabled: true,
      contents: `[Unit]
Description=Remove the IPsec certificate left_server from the NSS database
Before=ipsec.service
StartLimitIntervalSec=0

[Service]
Type=oneshot
Environment=IPSEC_NICKNAME=left_server
ExecStart=/usr/local/bin/ipsec-removecert.sh
RemainAfterExit=false
TimeoutStartSec=120
Restart=on-failure
RestartSec=30
RuntimeDirectory=ipsec-remove
RuntimeDirectoryMode=0700
StandardOutput=journal

[Install]
WantedBy=multi-user.target ipsec.service
`,
    }]);
  });

  test.each([['left_server'], ['peer_2'], ['Storage.Berlin']])(
    'of %s takes the place of its import, so that nothing imports it again',
    (nickname) => {
      const imported = certImport({ nickname, bundle: bundle({ friendlyName: nickname }), roles: ['master', 'worker'] });
      expect(removal({ nickname, roles: ['master', 'worker'] }).construct.machineConfigNames).toEqual(
        imported.construct.machineConfigNames,
      );
    },
  );

  test('beside the import is refused', () => {
    const chart = quietChart();
    const cluster = externalCluster(chart);
    new CertImportMachineConfig(chart, 'import', {
      cluster, roles: ['worker'], caCertificates, bundle: bundle(), nodePasswordFile: '/etc/pki/ipsec/left_server.password',
    });
    new CertRemovalMachineConfig(chart, 'removal', { cluster, roles: ['worker'] });
    expect(() => Testing.synth(chart)).toThrow("MachineConfig '99-worker-import-certs' is there twice");
  });

  test('of another nickname has a unit of its own', () => {
    expect(removal({ nickname: 'peer_2' }, '4.22').machineConfigs[0].spec.config).toMatchObject({
      ignition: { version: '3.5.0' },
      systemd: {
        units: [{ name: 'ipsec-remove-peer_2.service', contents: expect.stringContaining('Environment=IPSEC_NICKNAME=peer_2\n') }],
      },
    });
  });

  test.each<[string, Partial<CertRemovalMachineConfigProps>, string]>([
    [
      'the certificates of traffic between pods',
      { nickname: 'ovs_node1' },
      "'nickname' ('ovs_node1') is not of an import: names that begin with 'ovs_' are the cluster's own; "
        + 'name the certificate that was imported',
    ],
    ['the CA of the documented script', { nickname: 'CA' },
      "'nickname' ('CA') is the name under which the documented script keeps the CA, which the import cleans up: choose another one"],
    ['a nickname that can\'t be in a unit', { nickname: 'left server' },
      "'nickname' ('left server') must be at most 64 letters, digits, '.', '_' and '-', beginning and ending with a letter or digit, "
        + 'without two dots in a row: files, a systemd unit and the MachineConfig are named by it'],
    ['no role', { roles: [] }, "'roles' (an empty list) must name at least one MachineConfigPool, such as 'worker'"],
  ])('refuses %s', (_, props, message) => {
    expect(() => removal(props)).toThrow(new Error(`test/removal: ${message}`));
  });
});
