import { Testing } from 'cdk8s';
import { gateway, guardedCluster, storage } from './fixtures';
import { ExternalIpsecEndpoint, IpsecAutoconnect, IpsecAutoconnectProps, IpsecClusterConfig } from '../../../src';
import { autoconnectScript } from '../../../src/constructs/guard/ipsec-autoconnect';
import { decodeContents } from '../../data-url';
import { quietChart } from '../endpoint/fixtures';

type Props = Partial<Omit<IpsecAutoconnectProps, 'endpoints'>> & {
  readonly of?: (endpoints: ExternalIpsecEndpoint[], cluster: IpsecClusterConfig) => ExternalIpsecEndpoint[];
};

function autoconnect({ of, ...props }: Props = {}) {
  const chart = quietChart();
  const cluster = guardedCluster(chart);
  const all = [storage(chart, cluster), gateway(chart, cluster)];
  const construct = new IpsecAutoconnect(chart, 'autoconnect', { cluster, roles: ['worker'], endpoints: of?.(all, cluster), ...props });
  const machineConfigs = Testing.synth(chart).filter(({ kind }) => kind === 'MachineConfig');
  return { construct, machineConfigs, unit: machineConfigs[0].spec.config.systemd.units[0] };
}

const unit = (environment: string) => `[Unit]
Description=Keep IPsec connections of NetworkManager up
Wants=network-online.target
After=network-online.target NetworkManager.service ipsec.service
PartOf=NetworkManager.service ipsec.service
StartLimitIntervalSec=0

[Service]
${environment}ExecStart=/usr/local/bin/ipsec-autoconnect.sh
Restart=always
RestartSec=5
StandardOutput=journal

[Install]
WantedBy=multi-user.target ipsec.service NetworkManager.service
`;

describe('autoconnect', () => {
  test('is one MachineConfig a role, with the script and its unit', () => {
    const { construct, machineConfigs } = autoconnect({
      roles: ['master', 'worker'],
      acknowledge: { 'machineconfig-size': 'it is small' },
    });
    expect(construct.machineConfigNames).toEqual(['99-master-ipsec-autoconnect', '99-worker-ipsec-autoconnect']);
    expect(machineConfigs.map(({ metadata }) => metadata)).toEqual(['master', 'worker'].map((role) => ({
      name: `99-${role}-ipsec-autoconnect`,
      labels: { 'machineconfiguration.openshift.io/role': role },
      annotations: { 'ipsec.cdk8s.io/acknowledge.machineconfig-size': 'it is small' },
    })));
    const { storage: { files }, systemd: { units } } = machineConfigs[1].spec.config;
    expect(files.map(({ path, mode, overwrite }: any) => [path, mode.toString(8), overwrite])).toEqual([
      ['/usr/local/bin/ipsec-autoconnect.sh', '740', true],
    ]);
    expect(decodeContents(files[0].contents).equals(autoconnectScript())).toBe(true);
    expect(units).toEqual([{ name: 'ipsec-autoconnect.service', enabled: true, contents: unit('') }]);
  });

  test('of some endpoints names their connections, in the same order for every order of them', () => {
    const contents = unit('Environment="IPSEC_CONNECTIONS=ipsec-gateway ipsec-storage"\n');
    expect(autoconnect({ of: (all) => all }).unit.contents).toBe(contents);
    expect(autoconnect({ of: (all) => all.reverse() }).unit.contents).toBe(contents);
  });

  test.each<[string, Props, string]>([
    ['no endpoint', { of: () => [] },
      "'endpoints' (an empty list) must name at least one ExternalIpsecEndpoint, or be left out for all connections of the nodes"],
    ['an endpoint twice', { of: ([one]) => [one, one] }, "'endpoints' has 'test/storage' twice: name it once"],
    ['no role', { roles: [] }, "'roles' (an empty list) must name at least one MachineConfigPool, such as 'worker'"],
  ])('refuses %s', (_, props, message) => {
    expect(() => autoconnect(props)).toThrow(new Error(`test/autoconnect: ${message}`));
  });
});
