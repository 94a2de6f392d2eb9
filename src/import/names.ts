import { basename } from 'path';
import { PlainObject, record } from '../documents/values';

/** A chart of the program: one for each file that was read. */
export interface ChartName {
  readonly name: string;
  readonly id: string;
  readonly file: string;
}

/** What the program uses already, and words that TypeScript keeps. */
const TAKEN = [
  'app', 'cluster', 'elsewhere', 'readText', 'readBase64', 'readFileSync', 'process', 'console', 'require', 'exports', 'module',
  'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else', 'enum', 'export', 'extends', 'false',
  'finally', 'for', 'function', 'if', 'import', 'in', 'instanceof', 'new', 'null', 'return', 'super', 'switch', 'this', 'throw', 'true', 'try',
  'typeof', 'var', 'void', 'while', 'with', 'yield', 'let', 'static', 'await', 'async', 'of', 'arguments', 'eval', 'package', 'interface',
  'private', 'protected', 'public', 'implements', 'undefined',
];

/** The names of the program, each given once. */
export class Names {
  private readonly byFile = new Map<string, ChartName>();
  private readonly taken = new Set<string>(TAKEN);
  private readonly ids = new Map<string, Set<string>>();

  public get charts(): readonly ChartName[] {
    return [...this.byFile.values()];
  }

  /** The variable of the chart for what a file holds. */
  public chart(file: string): string {
    let chart = this.byFile.get(file);
    if (!chart) {
      const plain = dashed(basename(file).replace(/\.[^.]*$/, ''));
      const id = this.free(this.of('charts'), plain || 'manifests');
      this.byFile.set(file, chart = { id, file, name: this.variable(`${id}-chart`) });
    }
    return chart.name;
  }

  /** The id of a construct beside the charts. */
  public besideCharts(plain: string): string {
    return this.free(this.of('charts'), plain);
  }

  /** The id of a construct in a chart. */
  public id(chart: string, object: PlainObject): string {
    const name = record(object.metadata)?.name;
    return this.free(this.of(`chart ${chart}`), dashed(typeof name === 'string' ? name : String(object.kind)) || 'object');
  }

  /** A variable that is called like something. */
  public variable(like: string): string {
    const words = like.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
    const joined = words.map((word, i) => (i === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1)).join('');
    return this.free(this.taken, /^[0-9]/.test(joined) || joined === '' ? `object${joined}` : joined, '');
  }

  private of(what: string): Set<string> {
    let names = this.ids.get(what);
    if (!names) this.ids.set(what, names = new Set());
    return names;
  }

  private free(taken: Set<string>, plain: string, between = '-'): string {
    let [free, number] = [plain, 1];
    while (taken.has(free)) free = `${plain}${between}${++number}`;
    taken.add(free);
    return free;
  }
}

/** A name that constructs can have: their parents keep them as keys of a plain map, which has one of its own. */
function dashed(text: string): string {
  const plain = text.toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 50).replace(/^-+|-+$/g, '');
  return plain in {} ? `${plain}-1` : plain;
}
