import { authorityWords, between, certificateWords, FATES, howLong, whatHappens } from './words';
import { printable } from '../../core/printable';
import type { Cause, Plan, PoolPlan } from '../model';

type Style = 'bold' | 'red' | 'yellow' | 'green' | 'dim';
type Paint = (text: string, style: Style) => string;

const CODES: { readonly [style in Style]: string } = { bold: '1', red: '31', yellow: '33', green: '32', dim: '2' };

/** Beyond so many lines of a kind the others are counted: a terminal has few, and JSON has all. */
const MOST_CAUSES = 8;
const MOST_TUNNELS = 12;
const MOST_CERTIFICATES = 8;

const WIDTH = 110;

/** For people: what happens to the nodes first, then to the tunnels, then what to look out for. */
export function textPlan(plan: Plan, colours: boolean): string {
  const paint: Paint = (text, style) => colours ? `\u001b[${CODES[style]}m${text}\u001b[0m` : text;
  const parts = [
    section('Nodes', nodes(plan, paint), paint),
    section('Tunnels', tunnels(plan, paint), paint),
    section('Certificates', certificates(plan), paint),
    section('Watch out', plan.warnings.flatMap((warning) => wrapped(warning, paint('!', 'red'))), paint),
    section('A pause would save', plan.savings.flatMap((saving) => wrapped(saving, '-')), paint),
    section('Not known', plan.unknown.flatMap((unknown) => wrapped(unknown, '-')), paint),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function section(title: string, lines: readonly string[], paint: Paint): string {
  return lines.length === 0 ? '' : `${paint(title, 'bold')}\n${lines.map((line) => `${line}\n`).join('')}`;
}

/** A sentence in lines of a terminal's width, behind a mark. */
function wrapped(sentence: string, mark: string): string[] {
  const lines: string[] = [];
  for (const word of printable(sentence).split(' ')) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + 1 + word.length <= WIDTH) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  return lines.map((line, i) => `  ${i === 0 ? mark : ' '} ${line}`);
}

function nodes({ pools, mode }: Plan, paint: Paint): string[] {
  const width = Math.max(...pools.map(({ pool }) => printable(pool).length), 0);
  const heads = pools.flatMap((pool) => [
    `  ${printable(pool.pool).padEnd(width)}  `
      + `${paint(printable(whatHappens(pool)), styleOf(pool))}${howLong(pool) === '' ? '' : paint(`  (${howLong(pool)})`, 'dim')}`,
    ...causes(pool.causes, ' '.repeat(width + 4)),
  ]);
  return [
    ...(mode ? [`  IPsec mode: ${printable(mode.before)} -> ${printable(mode.after)}`] : []),
    ...(heads.length > 0 ? heads : ['  nothing: no MachineConfig and no pool is in these manifests']),
  ];
}

function styleOf({ refused, reboots, changed }: PoolPlan): Style {
  if (refused || reboots > 0) return 'red';
  return changed ? 'yellow' : 'green';
}

function causes(all: readonly Cause[], margin: string): string[] {
  const byObject = new Map<string, Cause[]>();
  for (const cause of all) byObject.set(cause.object, [...byObject.get(cause.object) ?? [], cause]);
  const lines = [...byObject].flatMap(([object, own]) => [
    `${margin}${printable(object)}`,
    ...own.slice(0, MOST_CAUSES).map(({ path, change, action }) => `${margin}  ${change.padEnd(7)}  ${printable(path)}  `
      + `=> ${printable(action)}`),
    ...own.length > MOST_CAUSES ? [`${margin}  and ${own.length - MOST_CAUSES} more`] : [],
  ]);
  return lines;
}

function tunnels({ tunnels: all }: Plan, paint: Paint): string[] {
  const told = all.filter(({ change }) => change !== 'stays');
  const still = all.length - told.length;
  const width = Math.max(...told.map(({ interface: name }) => printable(name).length), 0);
  const lines = told
    .slice(0, MOST_TUNNELS)
    .map(
      (tunnel) =>
        `  ${paint(FATES[tunnel.change].padEnd(12), tunnel.change === 'stays-behind' ? 'red' : 'yellow')}  `
        + `${printable(tunnel.interface).padEnd(width)}  ${printable(between(tunnel))}`,
    );
  return [
    ...lines,
    ...told.length > MOST_TUNNELS ? [`  and ${told.length - MOST_TUNNELS} more`] : [],
    ...still > 0 ? [`  ${told.length === 0 ? '' : 'and '}${still} stay${still === 1 ? 's' : ''} as ${still === 1 ? 'it is' : 'they are'}`] : [],
  ];
}

function certificates({ certificates: all, authorities }: Plan): string[] {
  // Pools mostly get the same one.
  const pools = new Map<string, string[]>();
  for (const certificate of all) {
    const line = `${certificate.nickname}\0${certificateWords(certificate)}`;
    pools.set(line, [...pools.get(line) ?? [], certificate.pool]);
  }
  for (const authority of authorities) {
    const line = `CA\0${authorityWords(authority)}`;
    pools.set(line, [...pools.get(line) ?? [], authority.pool]);
  }
  const lines = [...pools].map(([line, names]) => {
    const [nickname, words] = line.split('\0');
    return wrapped(`${nickname} on ${names.join(', ')}: ${words}`, ' ').map((text) => text.slice(2)).join('\n');
  });
  return [
    ...lines.slice(0, MOST_CERTIFICATES),
    ...(lines.length > MOST_CERTIFICATES ? [`  and ${lines.length - MOST_CERTIFICATES} more`] : []),
  ];
}
