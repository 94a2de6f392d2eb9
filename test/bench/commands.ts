import { spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { homedir, tmpdir } from 'os';
import { basename, delimiter, join } from 'path';
import { writePolicies } from './fleets';
import { importConfig } from './policies';
import { commandFigure, medians, programIn } from './processes';
import { Row, table } from './table';

const COMMAND = join(__dirname, '..', '..', 'bin', 'openshift-ipsec');

/** What the command costs on small files, beside a Node.js that does nothing: on this release, and on each that BENCH_NODES names. */
export function startBench(rounds: number): string[] {
  const nodes = [process.execPath, ...(process.env.BENCH_NODES ?? '').split(delimiter).filter((path) => path !== '')];
  return inFolder((folder) => nodes.flatMap((node) => {
    const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
    const wanted = Number(/^v(\d+)/.exec(version)![1]) < 22 ? 1.3 : 1.8;
    const config = join(folder, 'config.bu');
    const manifest = join(folder, 'network.yaml');
    writeFileSync(config, importConfig('start').replace(/storage:[^]*/, ''));
    writeFileSync(manifest, 'apiVersion: operator.openshift.io/v1\nkind: Network\nmetadata:\n  name: cluster\nspec: {}\n');
    const commands = new Map([
      ['empty', [node, '-e', '0']],
      ['butane', [node, COMMAND, 'butane', config]],
      ['check', [node, COMMAND, 'check', manifest]],
    ]);
    const taken = medians(rounds, new Map([...commands].map(([name, command]) => [name, () => commandFigure(command)])));
    return table(`the command on Node.js ${version}, median of ${rounds}`, ['butane', 'check'].map((name): Row => ({
      title: `\`openshift-ipsec ${name}\` of a small file, from start to end`,
      anchor: { name: '`node -e 0`', figure: taken.get('empty')! },
      work: { name, figure: taken.get(name)! },
      wanted,
    })));
  }));
}

/** A program of others that reads the same manifests. */
interface Peer {
  readonly name: string;
  /** What `go install` takes. */
  readonly module: string;
  readonly title: string;
  readonly count: number;
  /** At most how many times its time `check` should take; undefined where nothing is asked. */
  readonly wanted?: number;
  readonly command: (program: string, file: string) => string[];
}

const KUBECONFORM: Omit<Peer, 'count'> = {
  name: 'kubeconform',
  module: 'github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0',
  title: '`kubeconform`, which parses and has no schema of it',
  command: (program, file) => [program, '-skip', 'NodeNetworkConfigurationPolicy', file],
};

const PEERS: readonly Peer[] = [
  { ...KUBECONFORM, count: 10_000 },
  { ...KUBECONFORM, count: 100_000, wanted: 0.42 },
  {
    name: 'conftest',
    module: 'github.com/open-policy-agent/conftest@v0.56.0',
    title: '`conftest test` with one policy of one line',
    count: 10_000,
    command: (program, file) => {
      const folder = join(file, '..', 'policy');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'one.rego'), 'package main\n\nimport rego.v1\n\ndeny contains "nothing" if input.kind == "Nothing"\n');
      return [program, 'test', '--policy', folder, file];
    },
  },
  {
    name: 'kustomize',
    module: 'sigs.k8s.io/kustomize/kustomize/v5@v5.7.1',
    title: '`kustomize build`',
    count: 1_000,
    command: (program, file) => {
      writeFileSync(join(file, '..', 'kustomization.yaml'), `resources:\n- ${basename(file)}\n`);
      return [program, 'build', join(file, '..')];
    },
  },
];

/** What programs of others cost for the same file, where they are in PATH or where `go install` puts them. */
export function peersBench(rounds: number): string[] {
  const path = [process.env.PATH, process.env.GOBIN, join(homedir(), 'go', 'bin')].join(delimiter);
  const rows: Row[] = [];
  const missing = new Set<string>();
  inFolder((folder) => {
    for (const { name, module, title, count, wanted, command } of PEERS) {
      const program = programIn(name, path);
      if (!program) {
        missing.add(`\`${name}\` was not there to be compared: \`go install ${module}\`.`);
        continue;
      }
      const file = writePolicies(folder, count, 'yaml');
      const theirs = command(program, file);
      const taken = medians(rounds, new Map([
        ['theirs', () => commandFigure(theirs)],
        ['ours', () => commandFigure([process.execPath, COMMAND, 'check', file])],
      ]));
      rows.push({
        title: `${count.toLocaleString('en')} policies`,
        anchor: { name: title, figure: taken.get('theirs')! },
        work: { name: 'check', figure: taken.get('ours')! },
        wanted,
      });
    }
  });
  return [...rows.length > 0 ? table(`\`openshift-ipsec check\` of a file, median of ${rounds}`, rows) : [], ...missing];
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
