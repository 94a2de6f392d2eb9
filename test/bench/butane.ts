import { spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { join } from 'path';
import { Butane } from '../../src';

const CONFIGS = 1000;

/** Configs a second for the kind that imports certificates, and what a run of the command costs beside an empty Node. */
export async function butaneBench(print: (line: string) => void): Promise<void> {
  const rate = (label: string, config: (index: number) => string) => {
    const configs = Array.from({ length: CONFIGS }, (_, index) => config(index));
    const started = process.hrtime.bigint();
    for (const text of configs) Butane.compile(text);
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    print(`butane: ${Math.round(CONFIGS / seconds)} configs a second, ${label} (${CONFIGS} configs, ${seconds.toFixed(2)} s)`);
  };
  // The first configs are compiled by an interpreter that has not seen the code yet.
  for (let warm = 0; warm < 200; warm++) Butane.compile(importConfig(`warm ${warm}`));
  rate('payloads repeated', (index) => importConfig('same', index));
  rate('payloads distinct', (index) => importConfig(`seed ${index}`, index));
  startTimes(print);
}

function startTimes(print: (line: string) => void): void {
  const command = join(__dirname, '..', '..', 'bin', 'openshift-ipsec');
  const median = (args: string[], input: string) => {
    const times = Array.from({ length: 15 }, () => {
      const started = process.hrtime.bigint();
      const { status, stderr } = spawnSync(process.execPath, args, { input });
      if (status !== 0) throw new Error(`a run failed; 'npx projen compile' makes lib/, which the command needs:\n${String(stderr)}`);
      return Number(process.hrtime.bigint() - started) / 1e6;
    });
    return times.sort((a, b) => a - b)[7];
  };
  const empty = median(['-e', '0'], '');
  for (const [label, config] of [
    ['without payloads', importConfig('start').replace(/storage:[^]*/, '')],
    ['with three payloads to compress', importConfig('start')],
  ]) {
    const run = median([command, 'butane'], config);
    print(
      `butane: one run ${label} takes ${run.toFixed(0)} ms, node -e 0 takes ${empty.toFixed(0)} ms (${(run / empty).toFixed(2)} times)`,
    );
  }
}

/** The config of the documented procedure: a CA, a bundle, a script and the unit that runs it. */
function importConfig(seed: string, index = 0): string {
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
