import { ApiObject, Chart } from 'cdk8s';

/** The objects that a chart writes: those under it, and not under a chart inside it. */
export function objectsOf(chart: Chart): ApiObject[] {
  return chart.node.findAll().filter((object): object is ApiObject => ApiObject.isApiObject(object) && Chart.of(object) === chart);
}

/** Whether a chart writes anything. */
export function writesObjects(chart: Chart): boolean {
  return objectsOf(chart).length > 0;
}

/** An object of a known kind. */
export interface NamedInNamespace {
  readonly namespace: string;
  readonly name: string;
}

/** The DaemonSets that a chart writes. */
export function daemonSetsIn(chart: Chart): NamedInNamespace[] {
  return objectsOf(chart).filter(({ kind, apiVersion }) => kind === 'DaemonSet' && apiVersion === 'apps/v1')
    .map(({ name, metadata: { namespace = 'default' } }) => ({ namespace, name }));
}
