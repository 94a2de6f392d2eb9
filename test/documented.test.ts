import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { Testing } from 'cdk8s';
import { parse } from 'yaml';
import {
  CertImportMachineConfig, ExternalIpsecEndpoint, ImportScript, IpsecCertificate, IpsecClusterConfig, IpsecConnectionType, IpsecMode,
  IpsecWarnings, NodeSelection, OpenShiftVersion, PeerIdentity,
} from '../src';
import { bundle, ca, caCertificates, leaf } from './constructs/certificates/fixtures';
import { clusterBeside, externalCluster, quietChart } from './constructs/endpoint/fixtures';
import { decodeContents } from './data-url';
import { makePkcs12 } from './pki';

/** The YAML of the OpenShift documentation with its placeholders. */
const TRANSPORT = `
apiVersion: nmstate.io/v1
kind: NodeNetworkConfigurationPolicy
metadata:
  name: ipsec-config
spec:
  nodeSelector:
    kubernetes.io/hostname: "<hostname>"
  desiredState:
    interfaces:
    - name: <interface_name>
      type: ipsec
      libreswan:
        left: <cluster_node>
        leftid: '%fromcert'
        leftrsasigkey: '%cert'
        leftcert: left_server
        leftmodecfgclient: false
        right: <external_host>
        rightid: '%fromcert'
        rightrsasigkey: '%cert'
        rightsubnet: <external_address>/32
        ikev2: insist
        type: transport
`;

const TUNNEL = `
apiVersion: nmstate.io/v1
kind: NodeNetworkConfigurationPolicy
metadata:
  name: ipsec-config
spec:
  nodeSelector:
    kubernetes.io/hostname: "<hostname>"
  desiredState:
    interfaces:
    - name: <interface_name>
      type: ipsec
      libreswan:
        left: <cluster_node>
        leftid: '%fromcert'
        leftmodecfgclient: false
        leftrsasigkey: '%cert'
        leftcert: left_server
        right: <external_host>
        rightid: '%fromcert'
        rightrsasigkey: '%cert'
        rightsubnet: <external_address>/32
        ikev2: insist
        type: tunnel
`;

const BUTANE = `
variant: openshift
version: 4.16.0
metadata:
  name: 99-\${role}-import-certs
  labels:
    machineconfiguration.openshift.io/role: $role
systemd:
  units:
  - name: ipsec-import.service
    enabled: true
    contents: |
      [Unit]
      Description=Import external certs into ipsec NSS
      Before=ipsec.service

      [Service]
      Type=oneshot
      ExecStart=/usr/local/bin/ipsec-addcert.sh
      RemainAfterExit=false
      StandardOutput=journal

      [Install]
      WantedBy=multi-user.target
storage:
  files:
  - path: /etc/pki/certs/ca.pem
    mode: 0400
    overwrite: true
    contents:
      local: ca.pem
  - path: /etc/pki/certs/left_server.p12
    mode: 0400
    overwrite: true
    contents:
      local: left_server.p12
  - path: /usr/local/bin/ipsec-addcert.sh
    mode: 0740
    overwrite: true
    contents:
      inline: |
        #!/bin/bash -e
        echo "importing cert to NSS"
        certutil -A -n "CA" -t "CT,C,C" -d /var/lib/ipsec/nss/ -i /etc/pki/certs/ca.pem
        pk12util -W "" -i /etc/pki/certs/left_server.p12 -d /var/lib/ipsec/nss/
        certutil -M -n "left_server" -t "u,u,u" -d /var/lib/ipsec/nss/
`;

const PLACEHOLDERS: { [placeholder: string]: string } = {
  hostname: 'worker-0.example.com',
  interface_name: 'ipsec-storage',
  cluster_node: 'node1.example.com',
  external_host: 'host.example.com',
  external_address: '10.1.2.3',
};

const documented = (yaml: string) => parse(yaml.replace(/<(\w+)>/g, (_, placeholder: string) => PLACEHOLDERS[placeholder]));

describe('the documented example with documented values', () => {
  test.each([
    ['transport', IpsecConnectionType.TRANSPORT, TRANSPORT],
    ['tunnel', IpsecConnectionType.TUNNEL, TUNNEL],
  ])('is the documented %s policy', (_, type, yaml) => {
    const chart = quietChart();
    new ExternalIpsecEndpoint(chart, 'endpoint', {
      cluster: clusterBeside(chart),
      certificate: IpsecCertificate.fromNickname('left_server'),
      nodes: NodeSelection.hostname(PLACEHOLDERS.hostname),
      policyName: 'ipsec-config',
      interfaceName: PLACEHOLDERS.interface_name,
      left: PLACEHOLDERS.cluster_node,
      host: PLACEHOLDERS.external_host,
      peerIdentity: PeerIdentity.fromCertificate(),
      remoteSubnet: `${PLACEHOLDERS.external_address}/32`,
      type,
    });
    expect(Testing.synth(chart)[0]).toEqual(documented(yaml));
    expect(IpsecWarnings.of(chart).list().map(({ ruleId }) => ruleId)).toEqual(['libreswan-peer-unverified', 'certificate-nickname']);
  });

  test('is both documented MachineConfigs, script and unit byte for byte', () => {
    const chart = quietChart();
    const construct = new CertImportMachineConfig(chart, 'certs', {
      cluster: externalCluster(chart),
      roles: ['master', 'worker'],
      caCertificates,
      bundle: bundle({ password: '' }),
      acceptPrivateKeyInManifest: true,
      importScript: ImportScript.DOCUMENTED,
    });
    const machineConfigs = Testing.synth(chart).filter(({ kind }) => kind === 'MachineConfig');
    const local: { [file: string]: Buffer } = {
      'ca.pem': Buffer.from(ca.pem),
      'left_server.p12': makePkcs12({ identity: leaf, friendlyName: 'left_server', password: '' }),
    };
    for (const [i, role] of ['master', 'worker'].entries()) {
      const butane = parse(BUTANE.replace('${role}', role).replace('$role', role), { version: '1.1' });
      const { metadata, spec } = machineConfigs[i];
      // What the library adds on purpose, for whoever reads the object: the certificate in it, and the accepted risk.
      expect(Object.keys(metadata.annotations)).toEqual([
        'ipsec.cdk8s.io/acknowledge.private-key-exposed', 'ipsec.cdk8s.io/certificate-issuer', 'ipsec.cdk8s.io/certificate-not-after',
        'ipsec.cdk8s.io/certificate-sha256', 'ipsec.cdk8s.io/certificate-subject', 'ipsec.cdk8s.io/private-key',
      ]);
      expect({ ...metadata, annotations: undefined }).toEqual(butane.metadata);
      expect(spec.config.ignition).toEqual({ version: '3.4.0' });
      expect(spec.config.systemd).toEqual(butane.systemd);
      expect(spec.config.storage.files.map((file: any) => ({ ...file, contents: decodeContents(file.contents) })))
        .toEqual(butane.storage.files.map((file: any) => ({
          ...file,
          contents: local[file.contents.local] ?? Buffer.from(file.contents.inline),
        })));
      expect(Object.keys(spec)).toEqual(['config']);
      expect(Object.keys(spec.config).sort()).toEqual(['ignition', 'storage', 'systemd']);
    }
    expect(construct.machineConfigNames).toEqual(['99-master-import-certs', '99-worker-import-certs']);
    expect(IpsecWarnings.of(chart).list().map(({ ruleId }) => ruleId)).toEqual(['machineconfig-import-fragile']);
  });

  test.each([[IpsecMode.EXTERNAL], [IpsecMode.FULL], [IpsecMode.DISABLED]])('is the documented body of oc patch for mode %s', (mode) => {
    const cluster = new IpsecClusterConfig(quietChart(), 'cluster', { mode, openshiftVersion: OpenShiftVersion.of('4.16') });
    expect(cluster.mergePatch()).toEqual(JSON.parse(`{
      "spec":{
        "defaultNetwork":{
          "ovnKubernetesConfig":{
            "ipsecConfig":{
              "mode":"${mode}"
            }}}}}`));
  });
});

const REFERENCE = join(__dirname, '..', '..', 'shared', 'reference');
const withReference = existsSync(REFERENCE) ? test : test.skip;

withReference('the texts above are the ones of the documentation', () => {
  const [name] = readdirSync(REFERENCE);
  const flat = (text: string) => text.split('\n').map((line) => line.trim()).filter((line) => line !== '').join('\n');
  const reference = flat(readFileSync(join(REFERENCE, name), 'utf8'));
  for (const yaml of [TRANSPORT, TUNNEL, BUTANE]) expect(reference).toContain(flat(yaml));
});
