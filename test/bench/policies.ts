import { createHash } from 'crypto';
import { stringify } from 'yaml';

/** A policy as the constructs write it. */
export function policy(i: number, peer = 'storage', ikev2 = 'insist') {
  return {
    apiVersion: 'nmstate.io/v1',
    kind: 'NodeNetworkConfigurationPolicy',
    metadata: { name: `ipsec-storage-worker-${i}` },
    spec: {
      nodeSelector: { 'kubernetes.io/hostname': `worker-${i}.example.com` },
      desiredState: {
        interfaces: [{
          name: 'ipsec-storage',
          type: 'ipsec',
          libreswan: {
            left: '%defaultroute',
            leftid: '%fromcert',
            leftrsasigkey: '%cert',
            leftcert: 'left_server',
            leftmodecfgclient: false,
            right: `${peer}.example.com`,
            rightid: `@${peer}.example.com`,
            rightrsasigkey: '%cert',
            rightsubnet: '192.0.2.10/32',
            ikev2,
            type: 'tunnel',
          },
        }],
      },
    },
  };
}

/** The texts of a file of policies, a part at a time: a hundred thousand are 60 MB. */
export function* policyTexts(count: number, kind: 'yaml' | 'findings' | 'json'): Iterable<string> {
  if (kind === 'json') {
    yield '{\n  "apiVersion": "v1",\n  "kind": "List",\n  "items": [\n';
    for (let i = 0; i < count; i++) {
      yield `${JSON.stringify(policy(i, `storage-${i}`), null, 2).replace(/^/gm, '    ')}${i < count - 1 ? ',' : ''}\n`;
    }
    yield '  ]\n}\n';
    return;
  }
  for (let i = 0; i < count; i++) {
    yield (i > 0 ? '---\n' : '')
      + stringify(policy(i, `storage-${i}`, kind === 'findings' ? 'never' : 'insist'), { version: '1.1', lineWidth: 0 });
  }
}

/** The Butane config of the documented procedure: a CA, a bundle, a script and the unit that runs it. */
export function importConfig(seed: string, index = 0): string {
  return `variant: openshift
version: 4.16.0
metadata:
  name: 99-worker-import-certs-${index}
  labels:
    machineconfiguration.openshift.io/role: worker
systemd:
  units:
  - name: ipsec-import.service
    enabled: true
    contents: |
      [Unit]
      Description=Import external certificates
      Before=ipsec.service

      [Service]
      Type=oneshot
      ExecStart=/usr/local/bin/ipsec-addcert.sh
      StandardOutput=journal

      [Install]
      WantedBy=multi-user.target
storage:
  files:
  - path: /etc/pki/certs/ca.pem
    mode: 0400
    overwrite: true
    contents:
      inline: |
${indented(certificate(`${seed} ca`))}
  - path: /etc/pki/certs/left_server.p12
    mode: 0400
    overwrite: true
    contents:
      inline: |
${indented(certificate(`${seed} bundle`))}
  - path: /usr/local/bin/ipsec-addcert.sh
    mode: 0740
    overwrite: true
    contents:
      inline: |
        #!/bin/bash -e
        echo "importing ${seed}"
        certutil -A -n CA -t CT,C,C -d /var/lib/ipsec/nss/ -i /etc/pki/certs/ca.pem
        pk12util -W "" -i /etc/pki/certs/left_server.p12 -d /var/lib/ipsec/nss/
        certutil -M -n left_server -t u,u,u -d /var/lib/ipsec/nss/
`;
}

/** Base64 that compresses as little as a certificate's. */
function certificate(seed: string): string {
  let bytes = createHash('sha512').update(seed).digest();
  while (bytes.length < 800) bytes = Buffer.concat([bytes, createHash('sha512').update(bytes).digest()]);
  return `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----`;
}

function indented(text: string): string {
  return text.replace(/^/gm, '        ');
}
