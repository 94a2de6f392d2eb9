import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Testing } from 'cdk8s';
import { CaBundle, CertImportMachineConfig, CertImportMachineConfigProps, IpsecWarnings, Pkcs12Bundle } from '../../../src';
import { makeCa, makeLeaf, makePkcs12, Pkcs12Props } from '../../pki';
import { externalCluster, quietChart } from '../endpoint/fixtures';

export const PASSWORD = 'correct horse battery staple';

export const ca = makeCa();
export const leaf = makeLeaf({ ca });
export const caCertificates = CaBundle.fromPem(ca.pem);

const directory = mkdtempSync(join(tmpdir(), 'cert-import-'));
const passwordFile = join(directory, 'password');
writeFileSync(passwordFile, `${PASSWORD}\n`);

/** A bundle with the node's certificate; `password: ''` for one that opens without. */
export function bundle(props: Partial<Pkcs12Props> = {}): Pkcs12Bundle {
  const password = props.password ?? PASSWORD;
  const content = makePkcs12({ identity: leaf, friendlyName: 'left_server', ...props, password });
  return Pkcs12Bundle.fromBase64(content.toString('base64'), password === '' ? {} : { passwordFile });
}

/** The MachineConfigs and warnings of one import on a cluster of its own. */
export function certImport(props: Partial<CertImportMachineConfigProps> = {}, version = '4.16') {
  const chart = quietChart();
  const construct = new CertImportMachineConfig(chart, 'certs', {
    cluster: externalCluster(chart, version),
    roles: ['worker'],
    caCertificates,
    bundle: bundle(),
    nodePasswordFile: '/etc/pki/ipsec/left_server.password',
    ...props,
  });
  return {
    construct,
    machineConfigs: Testing.synth(chart).filter(({ kind }) => kind === 'MachineConfig'),
    warnings: IpsecWarnings.of(chart).list().map(({ ruleId, message }) => `${ruleId}: ${message}`),
  };
}
