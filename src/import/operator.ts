import { ApiObject, App, Chart } from 'cdk8s';
import type { Candidate, ReadObject } from './candidate';
import { Code, literal, member, recordOf, VARIABLE } from './code';
import { acknowledged } from './policy';
import { MachineConfigPoolPause } from '../constructs/cluster/machine-config-pool-pause';
import { InstallPlanApproval, NmstateOperator } from '../constructs/cluster/nmstate-operator';
import { at, PlainObject, record, text } from '../documents/values';

/** The objects that install the NMState operator, in the order in which its construct writes them. */
const OF_THE_OPERATOR: readonly (readonly [kind: string, name: string, child: string])[] = [
  ['Namespace', 'openshift-nmstate', 'namespace'],
  ['OperatorGroup', 'openshift-nmstate', 'group'],
  ['Subscription', 'kubernetes-nmstate-operator', 'subscription'],
  ['NMState', 'nmstate', 'Resource'],
];

/** The objects of an NMState operator, where all of them were read; what only starts it may be in a file of its own. */
export function operatorObjects(objects: readonly ReadObject[]): ReadObject[] | undefined {
  const found = OF_THE_OPERATOR.flatMap(([kind, name]) =>
    objects.find(({ object }) => object.kind === kind && at(object.metadata, 'name') === name) ?? []);
  const [{ file } = { file: '' }, ...others] = found;
  return found.length === OF_THE_OPERATOR.length && others.slice(0, -1).every((other) => other.file === file) ? found : undefined;
}

/**
 * The construct that may write them.
 *
 * @param instanceChart the variable of the chart for the object that starts the operator, where it is another file's
 */
export function operatorCandidate(objects: readonly ReadObject[], instanceChart?: string): Candidate {
  const [, , { object: subscription }, { object: instance }] = objects;
  const of = (key: string, otherwise?: string) => {
    const value = at(subscription.spec, key);
    return value === undefined || value === otherwise ? undefined : literal(value);
  };
  const approval = at(subscription.spec, 'installPlanApproval');
  const host = at(instance.spec, 'probeConfiguration', 'dns', 'host');
  return {
    name: 'NmstateOperator',
    make: NmstateOperator,
    props: recordOf([
      ['channel', of('channel', 'stable')],
      ['source', of('source', 'redhat-operators')],
      ['sourceNamespace', of('sourceNamespace', 'openshift-marketplace')],
      ['installPlanApproval',
        approval === InstallPlanApproval.AUTOMATIC ? undefined : member('InstallPlanApproval', InstallPlanApproval, approval)],
      ['startingCsv', of('startingCSV')],
      ['probeDnsHost', host === undefined ? undefined : literal(host)],
      ['instanceScope', instanceChart === undefined ? undefined : scopeCode(instanceChart)],
    ]),
    path: (name, index) => (index === 3 ? `${name}.apiObject` : `(${name}.node.findChild('${OF_THE_OPERATOR[index][2]}') as ApiObject)`),
    objectsOf: (made: NmstateOperator) =>
      [...OF_THE_OPERATOR.slice(0, 3).map(([, , child]) => made.node.findChild(child) as ApiObject), made.apiObject],
    isWhole: true,
  };
}

/** A chart of the program; where nothing runs yet, one of its own. */
function scopeCode(name: string): Code {
  return { text: name, uses: [VARIABLE + name], make: (variables) => variables.get(name) ?? new Chart(new App(), 'instance') };
}

/** The construct that may write a pool with nothing but its pause. */
export function poolCandidate(object: PlainObject): Candidate | undefined {
  const name = text(at(object.metadata, 'name'));
  const paused = at(object.spec, 'paused');
  if (object.kind !== 'MachineConfigPool' || name === undefined || Object.keys(record(object.spec) ?? {}).join() !== 'paused') return undefined;
  const reason = text(at(object.metadata, 'annotations', 'ipsec.cdk8s.io/control-plane-paused'));
  const rest: readonly (readonly [string, Code | undefined])[] = [
    ['paused', literal(paused)],
    ['controlPlaneReason', reason === undefined ? undefined : literal(reason)],
    ['acknowledge', acknowledged(object)],
  ];
  const of = (pools: readonly string[]): Candidate => ({
    name: 'MachineConfigPoolPause',
    make: MachineConfigPoolPause,
    props: recordOf([['pools', literal(pools)], ...rest]),
    path: (variable, index) => `${variable}.apiObjects[${index}]`,
    objectsOf: ({ apiObjects }: MachineConfigPoolPause) => apiObjects,
    isWhole: true,
    roles: { key: `pools ${recordOf(rest).text}`, own: [name], of },
  });
  return of([name]);
}
