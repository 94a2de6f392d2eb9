import { parseAllDocuments, stringify } from 'yaml';
import { cpuSeconds } from './measure';
import { OpenShiftVersion, Platform } from '../../src';
import { checkInputs } from '../../src/check/check';
import { makeCa, makeLeaf, makePkcs12, testKey } from '../pki';
import { DOCUMENTED_SCRIPT, external, file, machineConfig, policy, script, unit } from '../rules/documents';

const ROUNDS = 3;

/** The check of a set of policies and MachineConfigs, each with a bundle of its own, against parsing the same text. */
export async function checkBench(print: (line: string) => void): Promise<void> {
  const fastest: number[] = [];
  for (const [policies, machineConfigs] of [[1_000, 10], [10_000, 100]]) {
    for (const findings of [false, true]) {
      const text = manifests(policies, machineConfigs, findings);
      checkOnce(manifests(10, 1, true));
      const rounds = Array.from({ length: ROUNDS }, () => ({
        parsing: cpuSeconds(() => parseAllDocuments(text).map((document) => document.toJS())),
        checking: cpuSeconds(() => checkOnce(text)),
      }));
      const parsing = Math.min(...rounds.map((round) => round.parsing));
      const checking = Math.min(...rounds.map((round) => round.checking));
      if (!findings) fastest.push(checking);
      print(
        `check ${policies} policies and ${machineConfigs} MachineConfigs${findings ? ', a finding in each' : ''}: `
          + `${checking.toFixed(2)} s, parsing alone: ${parsing.toFixed(2)} s, `
          + `ratio ${(checking / parsing).toFixed(2)} (wanted: at most 1.5)`,
      );
    }
  }
  print(`check: ten times as many documents take ${(fastest[1] / fastest[0]).toFixed(1)} times as long (wanted: at most 11)`);
}

function checkOnce(text: string): void {
  checkInputs([{ name: 'bench.yaml', text }], { version: OpenShiftVersion.of('4.16'), platform: Platform.BARE_METAL });
}

function manifests(policies: number, machineConfigs: number, findings: boolean): string {
  const ca = makeCa({ key: testKey('rsa-2048', 'bench ca') });
  const key = testKey('rsa-2048', 'bench');
  const texts = [stringify(external())];
  for (let i = 0; i < policies; i++) {
    const options = { name: `ipsec-${i}`, selector: { 'kubernetes.io/hostname': `worker-${i}.example.com` } };
    texts.push(stringify(policy({ right: `storage-${i}.example.com`, ...findings ? { ikev2: 'never' } : {} }, options)));
  }
  for (let i = 0; i < machineConfigs; i++) {
    const identity = makeLeaf({ ca, key, cn: `node-${i}.example.com` });
    texts.push(stringify(machineConfig({
      name: `99-worker-import-certs-${i}`,
      files: [
        file('/etc/pki/certs/ca.pem', ca.pem), script(DOCUMENTED_SCRIPT),
        file('/etc/pki/certs/left_server.p12', makePkcs12({ identity, friendlyName: 'left_server', iterations: 2048 })),
      ],
      units: [unit()],
    })));
  }
  return texts.join('---\n');
}
