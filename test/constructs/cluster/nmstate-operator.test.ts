import { App, Chart, Testing } from 'cdk8s';
import { InstallPlanApproval, NmstateOperator, NmstateOperatorProps } from '../../../src';

function operator(props?: NmstateOperatorProps) {
  const chart = Testing.chart();
  new NmstateOperator(chart, 'nmstate', props);
  return Testing.synth(chart);
}

describe('the NMState operator', () => {
  test('is installed by the documented four objects', () => {
    expect(operator()).toEqual([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'openshift-nmstate' } },
      {
        apiVersion: 'operators.coreos.com/v1',
        kind: 'OperatorGroup',
        metadata: { name: 'openshift-nmstate', namespace: 'openshift-nmstate' },
        spec: { targetNamespaces: ['openshift-nmstate'] },
      },
      {
        apiVersion: 'operators.coreos.com/v1alpha1',
        kind: 'Subscription',
        metadata: { name: 'kubernetes-nmstate-operator', namespace: 'openshift-nmstate' },
        spec: {
          channel: 'stable',
          installPlanApproval: 'Automatic',
          name: 'kubernetes-nmstate-operator',
          source: 'redhat-operators',
          sourceNamespace: 'openshift-marketplace',
        },
      },
      { apiVersion: 'nmstate.io/v1', kind: 'NMState', metadata: { name: 'nmstate' }, spec: {} },
    ]);
  });

  test('comes from a mirror, with a person\'s consent and a name that a disconnected cluster can resolve', () => {
    const [, , subscription, nmstate] = operator({
      channel: 'alpha',
      source: 'mirror',
      sourceNamespace: 'mirrors',
      installPlanApproval: InstallPlanApproval.MANUAL,
      startingCsv: 'kubernetes-nmstate-operator.v0.64.0',
      probeDnsHost: 'api.example.com',
    });
    expect(subscription.spec).toEqual({
      channel: 'alpha',
      installPlanApproval: 'Manual',
      name: 'kubernetes-nmstate-operator',
      source: 'mirror',
      sourceNamespace: 'mirrors',
      startingCSV: 'kubernetes-nmstate-operator.v0.64.0',
    });
    expect(nmstate.spec).toEqual({ probeConfiguration: { dns: { host: 'api.example.com' } } });
  });

  test('stays in its own namespace in a chart that has another', () => {
    const chart = new Chart(new App(), 'test', { namespace: 'elsewhere' });
    new NmstateOperator(chart, 'nmstate');
    expect(Testing.synth(chart).map(({ metadata }) => metadata.namespace)).toEqual([
      undefined,
      'openshift-nmstate',
      'openshift-nmstate',
      undefined,
    ]);
  });

  test('twice is one too many, because it keeps the oldest NMState only', () => {
    const chart = Testing.chart();
    for (const id of ['one', 'two']) new NmstateOperator(chart, id);
    expect(() => Testing.synth(chart)).toThrow("NMState 'nmstate' is there twice");
  });

  test.each<[string, NmstateOperatorProps, string]>([
    ['a channel that is none', { channel: '' },
      "'channel' ('') must be the name of a channel, such as 'stable': 'oc get packagemanifest kubernetes-nmstate-operator' lists them"],
    ['a catalog that is none', { source: 'Red Hat' },
      "'source' ('Red Hat') must be the name of an object: lower-case letters, digits, '-' and '.', "
        + 'beginning and ending with a letter or digit'],
    ['a version that is none', { startingCsv: '4.16 ' },
      "'startingCsv' ('4.16 ') must be the name of an object: lower-case letters, digits, '-' and '.', "
        + 'beginning and ending with a letter or digit'],
    ['an address as the name to resolve', { probeDnsHost: '192.0.2.1' },
      "'probeDnsHost' ('192.0.2.1') must be a DNS name that the nodes can resolve, because NMState asks for it after every change"],
  ])('refuses %s', (_, props, message) => {
    expect(() => operator(props)).toThrow(new Error(`test/nmstate: ${message}`));
  });
});
