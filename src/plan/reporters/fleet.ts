import { escaped } from './escape';
import { htmlPage, htmlParts } from './html';
import { planJson } from './json';
import { mermaidPlans } from './mermaid';
import { drawingOf, noteOf, svgPicture } from './svg';
import { textPlan } from './text';
import { printable, printableJson } from '../../core/printable';
import type { Plan } from '../model';

/** The plan of one of several clusters. */
export interface ClusterPlan {
  readonly cluster: string;
  readonly plan: Plan;
}

/** Whether a change does anything to a cluster. */
function touches({ pools, tunnels, certificates, authorities, mode, warnings }: Plan): boolean {
  return pools.some(({ changed }) => changed) || tunnels.some(({ change }) => change !== 'stays') || certificates.length + authorities.length > 0
    || mode !== undefined || warnings.length > 0;
}

/** For people: the plan of each cluster that something happens to, and then the names of the others. */
export function textFleet(plans: readonly ClusterPlan[], colours: boolean): string {
  const heading = (cluster: string) => {
    const line = `== Cluster ${printable(cluster)} ==`;
    return colours ? `\u001b[1m${line}\u001b[0m` : line;
  };
  const [told, still] = parted(plans);
  return [
    ...told.map(({ cluster, plan }) => `${heading(cluster)}\n\n${textPlan(plan, colours)}`),
    ...still.length === 0 ? [] : [`${printable(nothingFor(still))}\n`],
  ].join('\n');
}

/** For programs: every cluster, whether something happens to it or not. */
export function jsonFleet(plans: readonly ClusterPlan[]): string {
  return `${printableJson({ clusters: plans.map(({ cluster, plan }) => ({ cluster, ...planJson(plan) })) })}\n`;
}

/** One chart, with a frame for each cluster. */
export function mermaidFleet(plans: readonly ClusterPlan[]): string {
  const [told, still] = parted(plans);
  return mermaidPlans(told, still.length === 0 ? undefined : nothingFor(still));
}

/** One picture: those of the clusters, one below the other. */
export function svgFleet(plans: readonly ClusterPlan[]): string {
  const [told, still] = parted(plans);
  return svgPicture([
    ...told.map(({ cluster, plan }) => drawingOf(plan, `Cluster ${cluster}`)),
    ...still.length === 0 ? [] : [noteOf(nothingFor(still))],
  ]);
}

export function htmlFleet(plans: readonly ClusterPlan[]): string {
  const [told, still] = parted(plans);
  return htmlPage([
    ...told.map(({ cluster, plan }) => `<h1>Cluster ${escaped(cluster)}</h1>\n${htmlParts(plan)}`),
    ...still.length === 0 ? [] : [`<p>${escaped(nothingFor(still))}</p>`],
  ].join('\n'));
}

function nothingFor(clusters: readonly string[]): string {
  return `Nothing happens to ${clusters.length === 1 ? 'cluster' : 'clusters'} ${clusters.join(', ')}`;
}

function parted(plans: readonly ClusterPlan[]): [ClusterPlan[], string[]] {
  return [plans.filter(({ plan }) => touches(plan)), plans.filter(({ plan }) => !touches(plan)).map(({ cluster }) => cluster)];
}
