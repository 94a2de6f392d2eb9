/** Documents with nothing to complain about; each test changes one thing. */
export type Plain = { [key: string]: any };

export function network(ovn: Plain = {}, rest: Plain = {}, name = 'cluster'): Plain {
  return {
    apiVersion: 'operator.openshift.io/v1',
    kind: 'Network',
    metadata: { name },
    spec: { defaultNetwork: { ovnKubernetesConfig: ovn }, ...rest },
  };
}

export function external(): Plain {
  return network({ ipsecConfig: { mode: 'External' }, gatewayConfig: { routingViaHost: true } });
}

export const SETTINGS: Plain = {
  left: '%defaultroute',
  leftid: '%fromcert',
  leftrsasigkey: '%cert',
  leftcert: 'left_server',
  leftmodecfgclient: false,
  right: 'storage.example.com',
  rightid: '@storage.example.com',
  rightrsasigkey: '%cert',
  rightsubnet: '192.0.2.10/32',
  ikev2: 'insist',
  type: 'tunnel',
};

/** A policy with one connection; a setting of undefined is left out. */
export function policy(settings: Plain = {}, { name = 'ipsec-storage', interfaceName = 'ipsec0', selector = { 'kubernetes.io/hostname': 'worker-0.example.com' }, annotations, state, spec = {} }: {
  name?: string; interfaceName?: string; selector?: any; annotations?: Plain; state?: string; spec?: Plain;
} = {}): Plain {
  const libreswan = Object.fromEntries(Object.entries({ ...SETTINGS, ...settings }).filter(([, value]) => value !== undefined));
  return {
    apiVersion: 'nmstate.io/v1',
    kind: 'NodeNetworkConfigurationPolicy',
    metadata: { name, ...annotations ? { annotations } : {} },
    spec: {
      ...selector ? { nodeSelector: selector } : {},
      ...spec,
      desiredState: {
        interfaces: [{ name: interfaceName, type: 'ipsec', ...(state ? { state } : {}), ...(state === 'absent' ? {} : { libreswan }) }],
      },
    },
  };
}

/**
 * A MachineConfig with a keyfile of one connection, as a person would write it: `secrets` and `more` are lines of their own. A
 * setting of undefined is left out.
 */
export function keyfile(
  settings: Plain = {},
  {
    path = '/etc/NetworkManager/system-connections/ipsec0.nmconnection',
    id = 'ipsec0',
    uuid,
    mode = 0o600,
    secrets = [],
    more = '',
  }: {
    path?: string;
    id?: string;
    uuid?: string;
    mode?: unknown;
    secrets?: string[];
    more?: string;
  } = {},
  { files = [], ...rest }: MachineConfigParts = {},
): Plain {
  const said = (value: unknown) => (value === true ? 'yes' : value === false ? 'no' : String(value));
  const text = [
    '[connection]',
    `id=${id}`,
    ...(uuid === undefined ? [] : [`uuid=${uuid}`]),
    'type=vpn',
    '',
    '[vpn]',
    'service-type=org.freedesktop.NetworkManager.libreswan',
    ...Object.entries({ ...SETTINGS, ...settings }).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${said(value)}`])),
    ...(secrets.length > 0 ? ['', '[vpn-secrets]', ...secrets] : []),
    more,
  ].join('\n');
  const { mode: _, ...own } = file(path, text);
  return machineConfig({ name: '99-worker-ipsec-ipsec0', files: [{ ...own, ...(mode === null ? {} : { mode }) }, ...files], ...rest });
}

export interface MachineConfigParts {
  readonly name?: string;
  readonly role?: string;
  readonly files?: Plain[];
  readonly units?: Plain[];
  readonly version?: string;
  readonly annotations?: Plain;
  readonly spec?: Plain;
}

export function machineConfig({
  name = '99-worker-import-certs',
  role = 'worker',
  files = [],
  units = [],
  version = '3.4.0',
  annotations,
  spec = {},
}: MachineConfigParts = {}): Plain {
  return {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: {
      name,
      labels: role === '' ? {} : { 'machineconfiguration.openshift.io/role': role },
      ...(annotations ? { annotations } : {}),
    },
    spec: { config: { ignition: { version }, storage: { files }, systemd: { units } }, ...spec },
  };
}

export function file(path: string, content: Buffer | string, mode: unknown = 256): Plain {
  return { path, mode, overwrite: true, contents: { compression: '', source: `data:;base64,${Buffer.from(content).toString('base64')}` } };
}

export const DOCUMENTED_SCRIPT = `#!/bin/bash -e
echo "importing cert to NSS"
certutil -A -n "CA" -t "CT,C,C" -d /var/lib/ipsec/nss/ -i /etc/pki/certs/ca.pem
pk12util -W "" -i /etc/pki/certs/left_server.p12 -d /var/lib/ipsec/nss/
certutil -M -n "left_server" -t "u,u,u" -d /var/lib/ipsec/nss/
`;

export const UNIT = `[Unit]
Description=Import external certs into ipsec NSS
Before=ipsec.service

[Service]
Type=oneshot
ExecStart=/usr/local/bin/ipsec-addcert.sh
RemainAfterExit=false
StandardOutput=journal

[Install]
WantedBy=multi-user.target
`;

export const unit = (contents = UNIT) => ({ name: 'ipsec-import.service', enabled: true, contents });
export const script = (contents = DOCUMENTED_SCRIPT) => file('/usr/local/bin/ipsec-addcert.sh', contents, 480);

/** A unit that imports under a nickname, as CertImportMachineConfig writes it. */
export function importUnit(nickname: string, extra = ''): Plain {
  return unit(UNIT.replace('Type=oneshot', `Type=oneshot
Environment=IPSEC_NICKNAME=${nickname}
Environment=IPSEC_PKCS12=/etc/pki/certs/left_server.p12
Environment=IPSEC_CA=/etc/pki/certs/ca.pem
${extra}`));
}

/** A DaemonSet that brings a certificate from Secrets to the workers. */
export const daemonSet = (secret: string, nickname = 'left_server'): Plain => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'ipsec-certificates', namespace: 'ipsec' },
  spec: {
    template: {
      spec: {
        nodeSelector: { 'node-role.kubernetes.io/worker': '' },
        containers: [{
          name: 'import',
          command: ['/bin/bash', '/opt/ipsec-from-secret/ipsec-from-secret.sh', 'follow'],
          env: [{ name: 'IPSEC_NICKNAME', value: nickname }, { name: 'IPSEC_SECRET', value: secret }],
        }],
      },
    },
  },
});
