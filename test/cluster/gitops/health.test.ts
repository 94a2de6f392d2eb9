import { YamlOutputType } from 'cdk8s';
import { ask, build, file } from './judges';
import { DAEMON_SETS, STATES, UNKNOWN } from './states';
import { ArgoCd, FluxKustomizations } from '../../../src';
import { filledRollout } from '../../constructs/rollout/filled';
import { goProgram } from '../go-program';

describe('Argo CD\'s own code', () => {
  let lua: string;
  beforeAll(() => lua = goProgram('argocd'), 1_800_000);

  const checks: { kind: string; check: string }[] = ArgoCd.healthChecks().argoCdSpec().resourceHealthChecks;
  const scripts = new Map(checks.map(({ kind, check }) => [kind, check]));

  test.each(STATES)('gives %s its health', (_, state, argoCd) => {
    const { kind } = state as { kind: string };
    const said = ask(lua, [file(`${kind}.lua`, scripts.get(kind)!), file('state.json', state)]);
    expect(said).toMatch(new RegExp(`state\\.json: ${argoCd} ".+"`));
  });

  test.each(DAEMON_SETS)('gives %s the health that it knows by itself', (_, state, argoCd) => {
    expect(checks.map(({ kind }) => kind)).not.toContain('DaemonSet');
    expect(ask(lua, [file('none.lua', ''), file('state.json', state)])).toMatch(new RegExp(`state\\.json: ${argoCd} `));
  });

  test('never says Suspended, for which a sync waits without end', () => {
    for (const script of scripts.values()) expect(script).not.toContain('Suspended"');
  });
});

describe('Flux\'s expressions', () => {
  let flux: string;
  beforeAll(() => flux = build('flux'));

  const { app, rollout } = filledRollout({ yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
  const kustomizations = new FluxKustomizations(app, 'flux', { rollout, sourceName: 'repo', path: './dist' }).kustomizations.map((each) =>
    each.toJson(),
  );
  const expressions = (stage: string): object =>
    kustomizations.find(({ metadata }) => metadata.name === `ipsec-${stage}`).spec.healthCheckExprs;

  test.each(STATES)('give %s its status', (_, state, __, status) => {
    const stage = (state as { kind: string }).kind === 'MachineConfigPool' ? 'mode' : 'endpoints';
    expect(ask(flux, [file('expressions.json', expressions(stage)), file('state.json', state)])).toMatch(
      new RegExp(`state\\.json: ${status}\\b`),
    );
  });

  test.each(DAEMON_SETS)('leave %s to what Flux knows by itself', (_, state, __, status) => {
    expect(ask(flux, [file('expressions.json', expressions('mode')), file('state.json', state)])).toMatch(
      new RegExp(`state\\.json: ${status}\\b`),
    );
  });

  test.each<[string, object | undefined, string]>([
    ['without a status', undefined, UNKNOWN],
    ['with an empty status', {}, 'InProgress'],
    ['that is being installed', { state: 'UpgradePending', installedCSV: 'a' }, 'InProgress'],
    ['that is resolved and not installed', { state: 'AtLatestKnown' }, 'InProgress'],
    ['that is installed', { state: 'AtLatestKnown', installedCSV: 'a' }, 'Current'],
  ])('give a Subscription %s its status', (_, status, expected) => {
    const subscription = {
      apiVersion: 'operators.coreos.com/v1alpha1',
      kind: 'Subscription',
      metadata: { name: 's' },
      ...(status ? { status } : {}),
    };
    expect(ask(flux, [file('expressions.json', expressions('operator')), file('state.json', subscription)])).toMatch(
      new RegExp(`state\\.json: ${expected}\\b`),
    );
  });

  test.each(['has(status)', '!has(status) || true'])('can\'t ask for the status itself: %s', (current) => {
    const guarded = [{ apiVersion: 'nmstate.io/v1', kind: 'NodeNetworkConfigurationPolicy', current }];
    expect(
      ask(flux, [file('guarded.json', guarded), file('state.json', STATES.find(([what]) => what === 'an available policy')![1])]),
    ).toMatch(/^REFUSED: .*invalid argument to has\(\) macro/s);
  });
});
