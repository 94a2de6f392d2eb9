import { Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { InputError } from '../../core/input-error';

/** The charts of an app, each with those that it comes after. */
export type ChartOrder = ReadonlyMap<Chart, ReadonlySet<Chart>>;

/**
 * What comes after what, as cdk8s finds it at synthesis: dependencies between charts, and between what stands in them. It is settled
 * here already, so that what is read from it before synthesis is what synthesis writes.
 */
export function chartOrder(scope: IConstruct): ChartOrder {
  const all = scope.node.root.node.findAll();
  const order = new Map(all.filter(Chart.isChart).map((chart) => [chart as Chart, new Set<Chart>()]));
  const put = (source: Chart, target: Chart) => {
    if (source === target || order.get(source)!.has(target)) return;
    order.get(source)!.add(target);
    source.node.addDependency(target);
  };
  for (const chart of order.keys()) for (const inner of chart.node.children.filter(Chart.isChart)) put(chart, inner as Chart);
  for (const source of all) {
    for (const target of source.node.dependencies) {
      for (const from of chartsOf(source)) for (const to of chartsOf(target)) put(from, to);
    }
  }
  return order;
}

/** The chart that a construct stands in, or those in a construct that stands in none. */
function chartsOf(construct: IConstruct): Chart[] {
  const outer = construct.node.scopes.reverse().find(Chart.isChart);
  return outer ? [outer as Chart] : construct.node.findAll().filter(Chart.isChart) as Chart[];
}

/** How many charts come one after the other before each chart: equal numbers may be applied together. */
export function chartRanks(order: ChartOrder): ReadonlyMap<Chart, number> {
  const ranks = new Map<Chart, number>();
  const path = new Set<Chart>();
  const rankOf = (chart: Chart): number => {
    const known = ranks.get(chart);
    if (known !== undefined) return known;
    if (path.has(chart)) {
      const circle = [...path, chart].map(({ node }) => node.path).join(' > ');
      throw new InputError(`charts depend on each other in a circle: ${circle}; take one dependency away`);
    }
    path.add(chart);
    let rank = 0;
    for (const before of order.get(chart)!) rank = Math.max(rank, rankOf(before) + 1);
    path.delete(chart);
    ranks.set(chart, rank);
    return rank;
  };
  for (const chart of order.keys()) rankOf(chart);
  return ranks;
}
