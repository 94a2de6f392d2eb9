import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import { parseAllDocuments, parseDocument } from 'yaml';
import { importConfig, policy } from './policies';
import type { IpsecClusterConfig, NodeSelection } from '../../src';

/**
 * One piece of work in a process of its own: `work.js NAME COUNT [FILE]` prints the processor seconds and the largest memory. It runs what
 * users run, the compiled package in the folder that BENCH_LIB names.
 */
const LIB = process.env.BENCH_LIB!;

/* eslint-disable @typescript-eslint/no-require-imports */
let face: typeof import('../../src') | undefined;
/** The package with all its modules: what it costs to load them is a figure of its own. */
const library = () => face ??= { ...require(LIB) as typeof import('../../src') };
const textOf = () => (require(join(LIB, 'synthesis', 'object-text')) as typeof import('../../src/synthesis/object-text')).textOf;
const checker = () => ({
  ...require(join(LIB, 'check', 'check')) as typeof import('../../src/check/check'),
  ...require(join(LIB, 'check', 'input-files')) as typeof import('../../src/check/input-files'),
});
/* eslint-enable @typescript-eslint/no-require-imports */

/** Each gives the work for a count, everything that is not to be measured done. */
const WORK: { readonly [name: string]: (count: number, file: string) => () => unknown } = {
  'bare': (count) => () => synth((app) => bare(new Chart(app, 'endpoints'), count), (app) => app.synth()),
  'typed': (count) => endpoints((...cluster) => typed(...cluster, count), (app) => app.synth()),
  'list': (count) => endpoints((...cluster) => list(...cluster, count), (app) => app.synth()),
  'fleet': (count) => endpoints((...cluster) => typed(...cluster, count), (app) => library().FleetSynth.synth(app)),
  'parse': (_, file) => () => parseAllDocuments(readFileSync(file, 'utf8')).forEach((document) => document.toJS()),
  'json-parse': (_, file) => () => JSON.parse(readFileSync(file, 'utf8')),
  'check': (count, file) => {
    const { checkInputs, inputFiles } = checker();
    const { OpenShiftVersion, Platform } = library();
    return () => {
      const { judged } = checkInputs(inputFiles([file]), { version: OpenShiftVersion.of('4.16'), platform: Platform.BARE_METAL }).summary;
      // A file that is refused takes no time, which is no figure.
      if (judged !== count) throw new Error(`${file}: ${judged} of ${count} objects were judged`);
    };
  },
  'yaml-of-cdk8s': (count) => writing(count, (object) => Yaml.stringify(object.toJson())),
  'yaml-of-ours': (count) => writing(count, textOf()),
  'json-of-node': (count) => writing(count, (object) => JSON.stringify(object.toJson())),
  'butane': (count) => {
    const { Butane } = library();
    return compiling(count, (config) => Butane.compile(config));
  },
  'butane-parse': (count) => compiling(count, (config) => parseDocument(config).toJS()),
};

function synth(fill: (app: App) => void, write: (app: App) => void): void {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-'));
  const app = new App({ outdir });
  fill(app);
  write(app);
  rmSync(outdir, { recursive: true });
}

function bare(chart: Chart, count: number): ApiObject[] {
  return Array.from({ length: count }, (_, i) => new ApiObject(chart, `endpoint-${i}`, policy(i)));
}

/** Work on an app with one cluster, whose warnings are told otherwise. */
function endpoints(fill: (chart: Chart, cluster: IpsecClusterConfig) => void, write: (app: App) => void): () => void {
  const { IpsecClusterConfig: Cluster, IpsecMode, IpsecWarnings, OpenShiftVersion } = library();
  return () => synth((app) => {
    IpsecWarnings.of(app).silence();
    const chart = new Chart(app, 'endpoints');
    fill(chart, new Cluster(chart, 'cluster', {
      mode: IpsecMode.EXTERNAL,
      openshiftVersion: OpenShiftVersion.of('4.16'),
      routingViaHost: true,
    }));
  }, write);
}

function typed(chart: Chart, cluster: IpsecClusterConfig, count: number): void {
  const { NodeSelection: Nodes } = library();
  for (let i = 0; i < count; i++) endpoint(chart, `endpoint-${i}`, cluster, Nodes.hostname(`worker-${i}.example.com`));
}

function list(chart: Chart, cluster: IpsecClusterConfig, count: number): void {
  const hosts = Array.from({ length: count }, (_, i) => `worker-${i}.example.com`);
  endpoint(chart, 'endpoints', cluster, library().NodeSelection.hostnames(hosts));
}

function endpoint(chart: Chart, id: string, cluster: IpsecClusterConfig, nodes: NodeSelection): void {
  const { ExternalIpsecEndpoint, IpsecCertificate, IpsecConnectionType } = library();
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

/** To write objects that are there already. */
function writing(count: number, write: (object: ApiObject) => string): () => void {
  const objects = bare(new Chart(new App(), 'endpoints'), count);
  return () => objects.forEach(write);
}

/** Configs that differ in each payload. The first are compiled by a process that has not seen the code yet, and do not count. */
function compiling(count: number, compile: (config: string) => void): () => void {
  const configs = Array.from({ length: count }, (_, i) => importConfig(`seed ${i}`, i));
  for (let i = 0; i < 200; i++) compile(importConfig(`warm ${i}`));
  return () => configs.forEach(compile);
}

const [name, count, file] = process.argv.slice(2);
const work = WORK[name](Number(count), file);
const before = process.cpuUsage();
work();
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({ seconds: (user + system) / 1e6, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) }));
