import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart } from 'cdk8s';
import { seconds } from './measure';
import {
  ExternalIpsecEndpoint, IpsecCertificate, IpsecClusterConfig, IpsecConnectionType, IpsecMode, IpsecWarnings, NodeSelection,
  OpenShiftVersion,
} from '../../src';

const ROUNDS = 7;

/** Endpoints against the same objects as bare ApiObjects: construction and synthesis, files written. */
export async function endpointsBench(print: (line: string) => void): Promise<void> {
  const fastest: number[] = [];
  for (const count of [1_000, 10_000]) {
    library(10);
    bare(10, manifestsOf(10));
    const manifests = manifestsOf(count);
    // Both sides in each round, and the fastest of each: other load on the machine only ever slows a round down.
    const rounds = Array.from({ length: ROUNDS }, () => ({
      theirs: seconds(() => bare(count, manifests)),
      ours: seconds(() => library(count)),
    }));
    const ours = Math.min(...rounds.map((round) => round.ours));
    const theirs = Math.min(...rounds.map((round) => round.theirs));
    const ratio = ours / theirs;
    fastest.push(ours);
    print(
      `endpoints ${count}: ${ours.toFixed(2)} s, the same objects bare: ${theirs.toFixed(2)} s, ratio ${ratio.toFixed(2)} (wanted: `
        + 'at most 1.15)',
    );
  }
  print(`endpoints: 10,000 take ${(fastest[1] / fastest[0]).toFixed(1)} times as long as 1,000 (wanted: at most 11)`);
}

function build(app: App, count: number): Chart {
  // That the endpoints share a certificate is told otherwise.
  IpsecWarnings.of(app).silence();
  const chart = new Chart(app, 'endpoints');
  const cluster = new IpsecClusterConfig(chart, 'cluster', {
    mode: IpsecMode.EXTERNAL,
    openshiftVersion: OpenShiftVersion.of('4.16'),
    routingViaHost: true,
  });
  const certificate = IpsecCertificate.fromNickname('left_server');
  for (let i = 0; i < count; i++) {
    new ExternalIpsecEndpoint(chart, `endpoint-${i}`, {
      cluster,
      certificate,
      nodes: NodeSelection.hostname(`worker-${i}.example.com`),
      interfaceName: 'ipsec-storage',
      host: 'storage.example.com',
      remoteSubnet: '192.0.2.10/32',
      type: IpsecConnectionType.TUNNEL,
    });
  }
  return chart;
}

function library(count: number): void {
  synth((app) => build(app, count));
}

function manifestsOf(count: number): any[] {
  return build(new App(), count).toJson();
}

function bare(count: number, manifests: any[]): void {
  synth((app) => {
    const chart = new Chart(app, 'endpoints');
    // The spec is a new object each time, as it is for anyone who writes it out by hand.
    for (let i = 0; i <= count; i++) new ApiObject(chart, `endpoint-${i}`, structuredClone(manifests[i]));
  });
}

function synth(fill: (app: App) => void): void {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  const app = new App({ outdir });
  fill(app);
  app.synth();
  rmSync(outdir, { recursive: true });
}
