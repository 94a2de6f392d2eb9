import { FATES, howLong, whatHappens } from './words';
import { printable } from '../../core/printable';
import type { Plan, PoolPlan } from '../model';
import type { TunnelFate } from '../tunnels';

/** GitHub draws no more than 500 edges, and nobody reads half of that. */
const MOST_TUNNELS = 40;
const MOST_CAUSES = 5;

const ARROWS: { readonly [fate in TunnelFate]: string } = {
  'comes-up': '<==>', 'goes-down': '<-.->', 'restarts': '<==>', 'renews': '<==>', 'stays-behind': '<-.->', 'stays': '<-->',
};

/** A flow chart for GitHub and GitLab: what causes what in which pool, and which nodes are connected with which peers. */
export function mermaidPlan(plan: Plan): string {
  return chart(bodyOf(plan, ''), [plan]);
}

/** The same for several clusters, each in a frame of its own. */
export function mermaidPlans(plans: readonly { readonly cluster: string; readonly plan: Plan }[], note?: string): string {
  const frames = plans.flatMap(({ cluster, plan }, i) => [
    `  subgraph cluster${i}[${label(`Cluster ${cluster}`)}]`, ...bodyOf(plan, prefixOf(i)).map((line) => `  ${line}`), '  end',
  ]);
  return chart([...frames, ...note === undefined ? [] : [`  others[${label(note)}]`]], plans.map(({ plan }) => plan), prefixOf);
}

function prefixOf(index: number): string {
  return `c${index}`;
}

function bodyOf({ pools, tunnels }: Plan, prefix: string): string[] {
  const lines = [`  subgraph ${prefix}rollout["Nodes"]`, '    direction LR'];
  pools.forEach((pool, i) => lines.push(...poolLines(pool, `${prefix}pool${i}`)));
  lines.push('  end');
  if (tunnels.length > 0) {
    const [nodes, peers] = [new Map<string, string>(), new Map<string, string>()];
    const id = (known: Map<string, string>, kind: string, name: string) => {
      if (!known.has(name)) known.set(name, `${prefix}${kind}${known.size}`);
      return known.get(name)!;
    };
    const shown = tunnels
      .slice(0, MOST_TUNNELS)
      .map(
        (tunnel) =>
          `    ${id(nodes, 'nodes', tunnel.nodes)} ${ARROWS[tunnel.change]}|${label(`${tunnel.interface}: ${FATES[tunnel.change]}`)}| `
          + id(
            peers,
            'peer',
            `${tunnel.peer === '' ? 'peer' : tunnel.peer}${tunnel.protects.length === 0 ? '' : `\n${tunnel.protects.slice(0, 4).join(', ')}`}`,
          ),
      );
    lines.push(`  subgraph ${prefix}tunnels["Tunnels"]`, '    direction LR');
    for (const [name, node] of nodes) lines.push(`    ${node}[${label(name)}]`);
    for (const [name, peer] of peers) lines.push(`    ${peer}([${label(name)}])`);
    lines.push(...shown);
    if (tunnels.length > MOST_TUNNELS) lines.push(`    ${prefix}others[${label(`and ${tunnels.length - MOST_TUNNELS} more`)}]`);
    lines.push('  end');
  }
  return lines;
}

function chart(body: readonly string[], plans: readonly Plan[], prefix: (index: number) => string = () => ''): string {
  const classes = (kind: string, test: (pool: PoolPlan) => boolean) => {
    const ids = plans.flatMap(({ pools }, plan) => pools.flatMap((pool, i) => test(pool) ? [`${prefix(plan)}pool${i}`] : []));
    return ids.length === 0 ? [] : [`  class ${ids.join(',')} ${kind}`];
  };
  const reboots = ({ reboots: count, refused }: PoolPlan) => refused || count > 0;
  return `${[
    'flowchart LR',
    ...body,
    '  classDef reboot fill:#fbe9e7,stroke:#b3261e,color:#1f2430',
    '  classDef work fill:#fff3e0,stroke:#b26a00,color:#1f2430',
    '  classDef nothing fill:#e8f5e9,stroke:#2e7d32,color:#1f2430',
    ...classes('reboot', reboots),
    ...classes('work', (pool) => !reboots(pool) && pool.changed),
    ...classes('nothing', (pool) => !reboots(pool) && !pool.changed),
  ].join('\n')}\n`;
}

function poolLines(pool: PoolPlan, id: string): string[] {
  const node = `    ${id}[${label([`${pool.pool}: ${whatHappens(pool)}`, howLong(pool)].filter((line) => line !== '').join('\n'))}]`;
  if (pool.causes.length === 0) return [node];
  const causes = [...new Map(pool.causes.map(({ path, action }) => [path, action]))];
  const text = causes.slice(0, MOST_CAUSES).map(([path, action]) => `${path} (${action})`);
  if (causes.length > MOST_CAUSES) text.push(`and ${causes.length - MOST_CAUSES} more`);
  return [node, `    ${id}why[${label(text.join('\n'))}] --> ${id}`];
}

/** A quoted label: what Mermaid or HTML would read in it stands as entities. */
function label(content: string): string {
  const lines = content
    .split('\n')
    .map((line) =>
      [...printable(line)].map((character) => (/[\w ./:,@=()*+-]/.test(character) ? character : `#${character.codePointAt(0)};`)).join(''),
    );
  return `"${lines.join('<br/>')}"`;
}
