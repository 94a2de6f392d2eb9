import { ApiObject, Chart } from 'cdk8s';

/** The objects that a chart writes: those under it, and not under a chart inside it. */
export function objectsOf(chart: Chart): ApiObject[] {
  return chart.node.findAll().filter((object): object is ApiObject => ApiObject.isApiObject(object) && Chart.of(object) === chart);
}

/** Whether a chart writes anything. */
export function writesObjects(chart: Chart): boolean {
  return objectsOf(chart).length > 0;
}
