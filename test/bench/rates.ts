import { readFileSync } from 'fs';
import { join } from 'path';
import { Figure, importFigure, medians, workFigure } from './processes';
import { Row, Shown, table } from './table';

const ROOT = join(__dirname, '..', '..');
const CONFIGS = 1_000;
const DOCUMENTS = 10_000;

/** What one of many costs: a Butane config, a YAML document, an import of the package. */
export function ratesBench(rounds: number): string[] {
  const taken = medians(rounds, new Map<string, () => Figure>([
    ...['butane-parse', 'butane'].map((name) => [name, () => workFigure(name, CONFIGS)] as const),
    ...['yaml-of-cdk8s', 'yaml-of-ours', 'json-of-node'].map((name) => [name, () => workFigure(name, DOCUMENTS)] as const),
    ['cdk8s', () => importFigure(require.resolve('cdk8s'))],
    ['library', () => importFigure(join(ROOT, 'lib'), namesOfReadme())],
  ]));
  const row = (title: string, anchor: readonly [name: string, key: string], key: string, wanted?: number): Row => ({
    title,
    anchor: { name: anchor[0], figure: withoutMemory(taken.get(anchor[1])!) },
    work: { name: key, figure: withoutMemory(taken.get(key)!) },
    wanted,
  });
  const aSecond: Shown = ({ seconds }) => `${Math.round(CONFIGS / seconds).toLocaleString('en')}/s`;
  const aDocument: Shown = ({ seconds }) => `${(seconds / DOCUMENTS * 1e6).toFixed(1)} µs`;
  const milliseconds: Shown = ({ seconds }) => `${(seconds * 1_000).toFixed(0)} ms`;
  return [
    ...table(`Butane configs with certificates, median of ${rounds}`, [row('`Butane.compile`, no two alike', ['`yaml` parses', 'butane-parse'], 'butane', 2.46)], aSecond),
    ...table(`the YAML of an object, median of ${rounds}`, [
      row('the writer of `FleetSynth`', ['cdk8s', 'yaml-of-cdk8s'], 'yaml-of-ours', 0.087),
      row('`JSON.stringify`, for comparison', ['cdk8s', 'yaml-of-cdk8s'], 'json-of-node'),
    ], aDocument),
    ...table(`import, median of ${rounds}`, [row('what the program of the README imports', ['import of cdk8s', 'cdk8s'], 'library', 1.7)], milliseconds),
  ];
}

/** What the program of the README asks the package for; that of cdk8s asks for `App`, and loads all of it. */
function namesOfReadme(): string[] {
  const [, names] = /import \{([^}]*)\} from 'cdk8s-openshift-ipsec'/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))!;
  return names.split(',').map((name) => name.trim()).filter((name) => name !== '');
}

function withoutMemory({ seconds }: Figure): Figure {
  return { seconds };
}
