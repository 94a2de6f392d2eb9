import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart } from 'cdk8s';
import { parseAllDocuments, stringify } from 'yaml';
import { cpuSeconds } from './measure';
import type { NodeSelection as Selection } from '../../src';

/* eslint-disable @typescript-eslint/no-require-imports */
// What users run: the compiled package.
const LIB = join(__dirname, '..', '..', 'lib');
const library = require(LIB) as typeof import('../../src');
const { checkInputs } = require(join(LIB, 'check', 'check')) as typeof import('../../src/check/check');
/* eslint-enable @typescript-eslint/no-require-imports */

const { ExternalIpsecEndpoint, FleetSynth, IpsecCertificate, IpsecClusterConfig, IpsecConnectionType } = library;
const { IpsecMode, IpsecWarnings, NodeSelection, OpenShiftVersion, Platform } = library;

/** Each gives the work for a count, everything that is not to be measured done. */
const WORK: { readonly [name: string]: (count: number) => () => void } = {
  'bare': (count) => () => synth((app) => bare(app, count), (app) => app.synth()),
  'typed': (count) => () => synth((app) => typed(app, count), (app) => app.synth()),
  'list': (count) => () => synth((app) => list(app, count), (app) => app.synth()),
  'fleet': (count) => () => synth((app) => typed(app, count), (app) => FleetSynth.synth(app)),
  'parse': (count) => {
    const text = manifests(count, false);
    return () => parseAllDocuments(text).forEach((document) => document.toJS());
  },
  'check': (count) => checking(manifests(count, false)),
  'check-findings': (count) => checking(manifests(count, true)),
  'check-json': (count) =>
    checking(
      `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: Array.from({ length: count }, (_, i) => policy(i, `storage-${i}`)) }, null, 2)}\n`,
    ),
};

function synth(fill: (app: App) => void, write: (app: App) => void): void {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  const app = new App({ outdir });
  fill(app);
  write(app);
  rmSync(outdir, { recursive: true });
}

/** A policy as the constructs write it. */
function policy(i: number, peer = 'storage', ikev2 = 'insist') {
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

function bare(app: App, count: number): void {
  const chart = new Chart(app, 'endpoints');
  for (let i = 0; i < count; i++) new ApiObject(chart, `endpoint-${i}`, policy(i));
}

function endpoint(
  chart: Chart,
  id: string,
  cluster: InstanceType<typeof IpsecClusterConfig>,
  nodes: Selection,
): void {
  new ExternalIpsecEndpoint(chart, id, {
    cluster,
    certificate: IpsecCertificate.fromNickname('left_server'),
    nodes,
    interfaceName: 'ipsec-storage',
    host: 'storage.example.com',
    remoteSubnet: '192.0.2.10/32',
    type: IpsecConnectionType.TUNNEL,
  });
}

function fleet(app: App, fill: (chart: Chart, cluster: InstanceType<typeof IpsecClusterConfig>) => void): void {
  IpsecWarnings.of(app).silence();
  const chart = new Chart(app, 'endpoints');
  fill(
    chart,
    new IpsecClusterConfig(chart, 'cluster', {
      mode: IpsecMode.EXTERNAL,
      openshiftVersion: OpenShiftVersion.of('4.16'),
      routingViaHost: true,
    }),
  );
}

function typed(app: App, count: number): void {
  fleet(app, (chart, cluster) => {
    for (let i = 0; i < count; i++) endpoint(chart, `endpoint-${i}`, cluster, NodeSelection.hostname(`worker-${i}.example.com`));
  });
}

function list(app: App, count: number): void {
  fleet(app, (chart, cluster) =>
    endpoint(chart, 'endpoints', cluster, NodeSelection.hostnames(Array.from({ length: count }, (_, i) => `worker-${i}.example.com`))),
  );
}

function manifests(count: number, findings: boolean): string {
  return Array.from({ length: count }, (_, i) =>
    stringify(policy(i, `storage-${i}`, findings ? 'never' : 'insist'), { version: '1.1', lineWidth: 0 }),
  ).join('---\n');
}

/** A run reads no more than 64 MiB of a file. */
function checking(text: string): () => void {
  return () => void checkInputs([{ name: 'bench.yaml', text }], { version: OpenShiftVersion.of('4.16'), platform: Platform.BARE_METAL });
}

const [name, count] = process.argv.slice(2);
const work = WORK[name](Number(count));
const seconds = cpuSeconds(work);
process.stdout.write(JSON.stringify({ seconds, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) }));
