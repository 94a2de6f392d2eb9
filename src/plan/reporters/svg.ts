import { escaped, fitted } from './escape';
import { FATE_MEANINGS, FATES, howLong, minutes, whatHappens } from './words';
import type { Plan, PoolPlan } from '../model';
import type { TunnelFate, TunnelPlan } from '../tunnels';

const WIDTH = 960;
const MARGIN = 24;
const LABEL = 190;
const LINE = { left: MARGIN + LABEL, right: WIDTH - MARGIN };
const ROW = 56;
const TUNNEL_ROW = 62;
const BOX = 290;

/** More of them than this can't be told apart: they are counted. */
const MOST_BATCHES = 60;
const MOST_TUNNELS = 24;

const INK = '#1f2430';
const QUIET = '#5b6270';
const REBOOT = '#b3261e';
const WORK = '#b26a00';
const NOTHING = '#2e7d32';

const FATE_COLOURS: { readonly [fate in TunnelFate]: string } = {
  'comes-up': '#1b6e3c', 'goes-down': '#5b6270', 'restarts': WORK, 'renews': '#1d5fa8', 'stays-behind': REBOOT, 'stays': '#8a909c',
};

/**
 * A picture of a plan: the rollout over time, and who is connected with whom. It needs no other file, and the same plan is the same bytes.
 */
export function svgPlan(plan: Plan): string {
  return svgPicture([drawingOf(plan, 'What this change does to the cluster')]);
}

/** A part of a picture, drawn from its own top. */
export interface Drawing { readonly lines: readonly string[]; readonly height: number }

/** A plan under a title. */
export function drawingOf(plan: Plan, title: string): Drawing {
  const rollout = rolloutPart(plan, 64);
  const tunnels = tunnelPart(plan, rollout.end + 24);
  return {
    lines: [text(MARGIN, 36, fitted(title, WIDTH - 2 * MARGIN, 11), { size: 20, weight: 700 }), ...rollout.lines, ...tunnels.lines],
    height: tunnels.end + MARGIN,
  };
}

/** A line by itself. */
export function noteOf(content: string): Drawing {
  return { lines: [text(MARGIN, 16, fitted(content, WIDTH - 2 * MARGIN), { colour: QUIET })], height: 16 + MARGIN };
}

/** Drawings one below the other. */
export function svgPicture(drawings: readonly Drawing[]): string {
  const height = drawings.reduce((sum, drawing) => sum + drawing.height, 0);
  const placed: string[] = [];
  let top = 0;
  for (const { lines, height: own } of drawings) {
    placed.push(...top === 0 ? lines : [`<g transform="translate(0 ${top})">`, ...lines, '</g>']);
    top += own;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="'Red Hat Text', 'DejaVu Sans', Arial, sans-serif" font-size="13" fill="${INK}">
<title>What this change does</title>
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
${placed.join('\n')}
</svg>
`;
}

interface Part { readonly lines: readonly string[]; readonly end: number }

function rolloutPart({ pools, mode }: Plan, top: number): Part {
  const lines = [heading('Nodes, pool by pool', top)];
  if (mode) lines.push(text(WIDTH - MARGIN, top, escaped(`IPsec mode: ${mode.before} → ${mode.after}`), { anchor: 'end', weight: 700 }));
  const longest = Math.max(...pools.map(({ rollout }) => rollout?.minutes.from ?? 0), 0);
  let y = top + 24;
  if (longest > 0) lines.push(...axis(longest, y, y + 18 + pools.length * ROW));
  y += 18;
  for (const pool of pools) {
    lines.push(...poolRow(pool, y, longest));
    y += ROW;
  }
  if (pools.length === 0) lines.push(text(MARGIN, y + 20, 'No pool is in these manifests.', { colour: QUIET }));
  if (longest > 0) {
    y += 16;
    const exception = pools.some(hasOneBlock) ? ', or as many as it says' : '';
    lines.push(
      text(LINE.left, y, `Drawn at the fastest pace. Pools go on side by side; each block is one batch of nodes${exception}.`, {
        colour: QUIET,
        size: 12,
      }),
    );
  }
  return { lines, end: Math.max(y, top + 60) + 8 };
}

function axis(longest: number, top: number, bottom: number): string[] {
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 960, 1920, 3840].find((minute) => longest / minute <= 8) ?? Math.ceil(longest / 8);
  const ticks = Array.from({ length: Math.floor(longest / step) + 1 }, (_, i) => i * step);
  return ticks.flatMap((minute) => [
    `<line x1="${at(minute, longest)}" y1="${top + 4}" x2="${at(minute, longest)}" y2="${bottom}" stroke="#e3e6ea"/>`,
    text(at(minute, longest), top, `${minute} min`, { anchor: minute === 0 ? 'start' : 'middle', colour: QUIET, size: 11 }),
  ]);
}

function at(minute: number, longest: number): number {
  return round(LINE.left + (LINE.right - LINE.left) * minute / longest);
}

function poolRow(pool: PoolPlan, y: number, longest: number): string[] {
  const colour = colourOf(pool);
  const lines = [
    text(MARGIN, y + 20, fitted(pool.pool, LABEL - 12), { weight: 700 }),
    text(MARGIN, y + 37, fitted(countOf(pool), LABEL - 8, 6.4), { colour: QUIET, size: 12 }),
  ];
  const what = whatHappens(pool);
  if (!pool.rollout) {
    lines.push(box(LINE.left, y + 6, LINE.right - LINE.left, 30, '#ffffff', colour, pool.changed ? '4 3' : ''));
    const words = pool.changed && pool.nodes === undefined ? `${what}: how long depends on the number of nodes` : what;
    lines.push(text(LINE.left + 12, y + 26, fitted(words, LINE.right - LINE.left - 24), { colour }));
    return lines;
  }
  const { rounds, minutes: range } = pool.rollout;
  const batches = pool.rollout.batches * rounds;
  const width = (LINE.right - LINE.left) * range.from / longest;
  const shown = hasOneBlock(pool) ? 1 : batches;
  const each = width / shown;
  for (let batch = 0; batch < shown; batch++) {
    lines.push(box(round(LINE.left + batch * each + 1), y + 4, round(Math.max(each - 2, 1)), 22, colour, 'none'));
    if (each >= 22) {
      lines.push(
        text(round(LINE.left + (batch + 0.5) * each), y + 19, shown < batches ? `${batches} batches` : String(batch % pool.rollout.batches + 1), {
          anchor: 'middle',
          colour: '#ffffff',
          size: 12,
        }),
      );
    }
  }
  lines.push(text(LINE.left, y + 42, fitted(`${what}, ${minutes(range)}`, LINE.right - LINE.left), { colour }));
  return lines;
}

/** Whether there are too many batches for a block each. */
function hasOneBlock({ rollout }: PoolPlan): boolean {
  return rollout !== undefined && rollout.batches * rollout.rounds > MOST_BATCHES;
}

function countOf(pool: PoolPlan): string {
  const [count, batches] = howLong(pool).split(', ');
  return batches === undefined ? count : `${count}, ${batches}`;
}

function colourOf({ reboots, refused, changed, actions }: PoolPlan): string {
  if (refused || reboots > 0) return REBOOT;
  return changed && actions.some((action) => action !== 'None') ? WORK : NOTHING;
}

function tunnelPart({ tunnels }: Plan, top: number): Part {
  const lines = [heading('Who is connected with whom', top)];
  let y = top + 14;
  if (tunnels.length === 0) {
    lines.push(text(MARGIN, y + 20, 'No tunnel is in these manifests.', { colour: QUIET }));
    return { lines, end: y + 32 };
  }
  // What changes is seen first, where there is no room for all.
  const ordered = [...tunnels.filter(({ change }) => change !== 'stays'), ...tunnels.filter(({ change }) => change === 'stays')];
  for (const tunnel of ordered.slice(0, MOST_TUNNELS)) {
    lines.push(...tunnelRow(tunnel, y));
    y += TUNNEL_ROW;
  }
  if (ordered.length > MOST_TUNNELS) {
    y += 14;
    lines.push(text(MARGIN, y, `and ${ordered.length - MOST_TUNNELS} more tunnels`, { colour: QUIET }));
  }
  const fates = (Object.keys(FATES) as TunnelFate[]).filter((fate) => tunnels.some(({ change }) => change === fate));
  for (const fate of fates) {
    y += 20;
    lines.push(
      box(MARGIN, y - 11, 14, 14, FATE_COLOURS[fate], 'none'),
      text(MARGIN + 22, y, `${FATES[fate]}: ${FATE_MEANINGS[fate]}`, { size: 12, colour: QUIET }),
    );
  }
  return { lines, end: y + 10 };
}

function tunnelRow({ change, interface: name, nodes, peer, protects, certificate }: TunnelPlan, y: number): string[] {
  const colour = FATE_COLOURS[change];
  const [from, to] = [MARGIN + BOX, WIDTH - MARGIN - BOX];
  const middle = y + 28;
  const gone = change === 'goes-down' ? '6 5' : '';
  return [
    box(MARGIN, y + 6, BOX, 44, '#f4f6f8', '#c3c8d0'),
    text(MARGIN + 12, y + 25, fitted(nodes, BOX - 24), { weight: 700 }),
    text(
      MARGIN + 12,
      y + 42,
      fitted(certificate === undefined ? 'nodes of the cluster' : `shows certificate ${certificate}`, BOX - 24, 6.4),
      { colour: QUIET, size: 12 },
    ),
    `<line x1="${from + 4}" y1="${middle}" x2="${to - 10}" y2="${middle}" stroke="${colour}" `
      + `stroke-width="3"${gone === '' ? '' : ` stroke-dasharray="${gone}"`}/>`,
    `<path d="M${to - 12} ${middle - 6} L${to - 2} ${middle} L${to - 12} ${middle + 6} Z" fill="${colour}"/>`,
    `<path d="M${from + 12} ${middle - 6} L${from + 2} ${middle} L${from + 12} ${middle + 6} Z" fill="${colour}"/>`,
    text((from + to) / 2, middle - 8, fitted(name, to - from - 40), { anchor: 'middle', weight: 700, colour }),
    text((from + to) / 2, middle + 18, FATES[change], { anchor: 'middle', colour, size: 12 }),
    box(to, y + 6, BOX, 44, '#f4f6f8', '#c3c8d0'),
    text(to + 12, y + 25, fitted(peer === '' ? 'peer (not written)' : peer, BOX - 24), { weight: 700 }),
    text(to + 12, y + 42, fitted(protects.length === 0 ? 'the peer alone' : `protects ${protects.join(', ')}`, BOX - 24, 6.4), {
      colour: QUIET,
      size: 12,
    }),
  ];
}

interface Style { readonly anchor?: 'start' | 'middle' | 'end'; readonly weight?: number; readonly colour?: string; readonly size?: number }

/** What is given is escaped already. */
function text(x: number, y: number, content: string, { anchor, weight, colour, size }: Style = {}): string {
  const attributes = [
    ...anchor && anchor !== 'start' ? [` text-anchor="${anchor}"`] : [], ...weight ? [` font-weight="${weight}"`] : [],
    ...colour ? [` fill="${colour}"`] : [], ...size ? [` font-size="${size}"`] : [],
  ];
  return `<text x="${x}" y="${y}"${attributes.join('')}>${content}</text>`;
}

function heading(content: string, y: number): string {
  return text(MARGIN, y, content, { size: 15, weight: 700 });
}

function box(x: number, y: number, width: number, height: number, fill: string, stroke: string, dashes = ''): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" fill="${fill}" `
    + `stroke="${stroke}"${dashes === '' ? '' : ` stroke-dasharray="${dashes}"`}/>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
