import * as fc from 'fast-check';
import { disruptionPolicy, file, machineConfig, network, planned, pool, restart, tunnel } from './manifests';
import { htmlPlan } from '../../src/plan/reporters/html';
import { jsonPlan } from '../../src/plan/reporters/json';
import { mermaidPlan } from '../../src/plan/reporters/mermaid';
import { svgPlan } from '../../src/plan/reporters/svg';
import { textPlan } from '../../src/plan/reporters/text';

const CA = '/etc/pki/certs/ca.pem';
const before = machineConfig({ files: [file(CA, 'one')] });
const after = machineConfig({ files: [file(CA, 'two')] });
const poolOf = (plan: ReturnType<typeof planned>, name = 'worker') => plan.pools.find((one) => one.pool === name)!;

describe('what happens to nodes', () => {
  test('a changed file without a policy reboots each node, one at a time', () => {
    expect(poolOf(planned([before], [after], { worker: 6 }))).toEqual({
      pool: 'worker',
      nodes: 6,
      reboots: 1,
      actions: ['Reboot'],
      changed: true,
      refused: false,
      paused: false,
      rollout: { atATime: 1, batches: 6, rounds: 1, minutes: { from: 72, to: 144 } },
      minutes: { from: 72, to: 144 },
      causes: [{ object: 'MachineConfig/99-worker-own', path: CA, change: 'changed', action: 'Reboot' }],
    });
  });

  test('a policy for a folder is for the files in it, and the longest path wins', () => {
    const policy = disruptionPolicy({
      files: [
        { path: '/etc', actions: [{ type: 'Drain' }] }, { path: '/etc/pki/certs', actions: [restart('ipsec-import.service')] },
        { path: '/etc/pki/certs2', actions: [{ type: 'None' }] },
      ],
    });
    expect(poolOf(planned([before, policy], [after, policy])).actions).toEqual(['Restart ipsec-import.service']);
  });

  test('the same bytes in another encoding are another file for the operator', () => {
    const encoded = machineConfig({ files: [{ ...file(CA, ''), contents: { source: 'data:;base64,b25l' } }] });
    expect(poolOf(planned([before], [encoded])).actions).toEqual(['Reboot']);
  });

  test('labels, annotations and an empty compression change nothing', () => {
    const same = machineConfig({
      files: [file(CA, 'one', { contents: { source: 'data:,one', compression: '' } })],
      annotations: { note: 'new' },
    });
    expect(poolOf(planned([before], [same]))).toMatchObject({ changed: false, actions: [], reboots: 0, minutes: { from: 0, to: 0 } });
  });

  test.each([
    ['kernelArguments', { kernelArguments: ['nosmt'] }], ['extensions', { extensions: ['ipsec'] }],
    ['kernelType', { kernelType: 'realtime' }], ['osImageURL', { osImageURL: 'quay.io/os' }],
  ])('%s reboots, whatever the policies say', (field, spec) => {
    const policy = disruptionPolicy({ files: [{ path: '/etc', actions: [{ type: 'None' }] }] });
    const found = poolOf(planned([before, policy], [machineConfig({ files: [file(CA, 'one')], spec }), policy]));
    expect([found.actions, found.causes.map(({ path }) => path)]).toEqual([['Reboot'], [field]]);
  });

  test('a custom pool has what worker has, and its own comes last', () => {
    const own = (content: string) => machineConfig({ name: '01-infra', role: 'infra', files: [file(CA, content)] });
    const plan = planned([before, own('a')], [after, own('a')]);
    expect(plan.pools.map(({ pool: name, changed }) => [name, changed])).toEqual([['infra', false], ['worker', true]]);
  });

  test('a pool takes what its selector says, pauses, and takes as many nodes at a time as it allows', () => {
    const own = pool('gpu', {
      machineConfigSelector: {
        matchExpressions: [{ key: 'machineconfiguration.openshift.io/role', operator: 'In', values: ['worker', 'gpu'] }],
      },
      maxUnavailable: '50%',
      paused: true,
    });
    const plan = planned([before, own], [after, own], { gpu: 5 });
    expect(poolOf(plan, 'gpu')).toMatchObject({ paused: true, rollout: { atATime: 2, batches: 3 }, actions: ['Reboot'] });
    expect(plan.savings).toEqual(['Pool gpu is paused: nothing happens to the nodes before that ends.']);
  });

  test('what the operator refuses to change on a running node does nothing but harm', () => {
    const plan = planned([before], [machineConfig({ files: [file(CA, 'one')], spec: { fips: true } })]);
    expect(poolOf(plan)).toMatchObject({ refused: true, actions: [], reboots: 0 });
    expect(plan.warnings).toEqual([
      'Pool worker will be degraded: the Machine Config Operator refuses to change fips (MachineConfig/99-worker-own) on running nodes. '
        + 'Leave it as it is, or make new nodes.',
    ]);
  });

  test('switching IPsec on reboots both pools, and its own MachineConfigs besides reboot them again unless they are paused', () => {
    const plan = planned([network('Disabled')], [network('External'), after], { worker: 2 });
    expect(plan.pools.map(({ pool: name, actions, causes }) => [name, actions, causes.map(({ object }) => object)])).toEqual([
      ['master', ['Reboot'], ['Network/cluster']], ['worker', ['Reboot'], ['Network/cluster', 'MachineConfig/99-worker-own']],
    ]);
    expect(plan.mode).toEqual({ before: 'Disabled', after: 'External' });
    expect(plan.savings).toEqual([
      'Pool worker: Network/cluster and MachineConfig/99-worker-own, applied apart, '
        + 'reboot each node up to 2 times. Paused until all are rendered, it reboots once: '
        + 'oc patch mcp worker --type merge -p \'{"spec":{"paused":true}}\'. The network operator writes its MachineConfig a while after '
        + 'the Network object is applied: wait for it before the pause ends.',
    ]);
  });

  test('what is in one file is applied in one go, and counted once', () => {
    const own = ['99-worker-a', '99-worker-b', '99-worker-c'].map((name) => machineConfig({ name, files: [file(`/etc/${name}`, 'a')] }));
    const savings = (...files: object[][]) => planned([], own, { worker: 2 }, files).savings;
    const sentence = (how: string) => 'Pool worker: MachineConfig/99-worker-a, MachineConfig/99-worker-b and MachineConfig/99-worker-c, applied '
      + `${how} times. Paused until all are rendered, it reboots once: oc patch mcp worker --type merge -p '{"spec":{"paused":true}}'`;
    expect(savings(own)).toEqual([]);
    expect(savings([own[0]], [own[1], own[2]])).toEqual([sentence('file by file, reboot each node up to 2')]);
    expect(savings([own[0]], [own[1]], [own[2]])).toEqual([sentence('apart, reboot each node up to 3')]);
  });

  test('a rollout that pauses a pool and ends that again needs no advice to pause it', () => {
    const during = [pool('worker', { paused: true }), network('External'), after, pool('worker', { paused: false })];
    expect(planned([network('Disabled')], during, { worker: 2 }).savings).toEqual([
      'Pool worker is paused meanwhile by these manifests, applied in the order of their files: each node reboots once.',
    ]);
  });

  test('a folder without a Network object leaves the mode as it is', () => {
    expect(planned([network('External')], []).mode).toBeUndefined();
  });
});

describe('what happens to tunnels', () => {
  const fates = (old: object[], now: object[]) => planned(old, now).tunnels.map(({ interface: name, change }) => `${name} ${change}`);

  test('each fate', () => {
    expect(fates([], [tunnel('a')])).toEqual(['a comes-up']);
    expect(fates([tunnel('a')], [tunnel('a')])).toEqual(['a stays']);
    expect(fates([tunnel('a')], [tunnel('a', { absent: true })])).toEqual(['a goes-down']);
    expect(fates([tunnel('a')], [])).toEqual(['a stays-behind']);
    expect(fates([tunnel('a')], [tunnel('a', { settings: { ikev2: 'insist' } })])).toEqual(['a restarts']);
    expect(fates([tunnel('a')], [tunnel('a', { host: 'worker-1' })])).toEqual(['a stays-behind', 'a comes-up']);
  });

  test('a deleted policy is told, with what to do instead', () => {
    expect(planned([tunnel('a')], []).warnings).toEqual([
      "Policy 'policy-a' is gone, and its tunnel a stays behind on worker-0: NMState takes down only what a policy calls 'state: absent'. "
        + 'Keep the policy with that, and delete it once it is applied.',
    ]);
  });

  test('IPsec is not switched off under a live tunnel', () => {
    expect(planned([network('External'), tunnel('a')], [network('Disabled'), tunnel('a')]).warnings[0]).toBe(
      'Mode Disabled takes libreswan from the nodes while a (worker-0) is not absent: '
        + 'traffic then leaves in clear. Take the tunnels down first (state: absent), then switch IPsec off.',
    );
  });

  test('a tunnel that comes with its certificate waits for the rollout', () => {
    expect(planned([network('Disabled')], [network('External'), tunnel('a')]).warnings).toEqual([
      'a (worker-0) needs libreswan, which reaches the nodes only with the rollout of their pool. '
        + 'Apply the policies after the pools are updated (oc get mcp).',
    ]);
  });

  test('a reboot under a live tunnel lets traffic out in clear, unless a guard is there', () => {
    const guard = machineConfig({ name: '99-worker-guard', files: [file('/etc/ipsec-guard.nft', 'rt ipsec missing drop')] });
    expect(planned([before, tunnel('a')], [after, tunnel('a')]).warnings).toEqual([
      'While nodes of pool worker come back from their reboot, what a (worker-0) protects leaves in clear until the '
        + 'tunnel is up again. No guard (IpsecGuard) in these manifests holds it back.',
    ]);
    expect(planned([before, tunnel('a'), guard], [after, tunnel('a'), guard]).warnings).toEqual([]);
  });
});

test('disruption policies that come with what they are for come too late', () => {
  const policy = disruptionPolicy({ files: [{ path: CA, actions: [restart('ipsec-import.service')] }] });
  const plan = planned([before], [after, policy]);
  expect(poolOf(plan).actions).toEqual(['Restart ipsec-import.service']);
  expect(plan.warnings).toEqual([
    "The node disruption policies of MachineConfiguration 'cluster' change together with what they are for. Until its status shows them, "
      + 'the old ones decide '
      + 'for worker (Reboot). Apply it first, and wait until its status.observedGeneration is its metadata.generation.',
  ]);
});

describe('certificates', () => {
  const bundle = (content: string, end: string, sha: string) => machineConfig({
    files: [file('/etc/pki/certs/left_server.p12', content)],
    units: [
      {
        name: 'ipsec-import.service',
        contents: '[Service]\nEnvironment=IPSEC_P12=/etc/pki/certs/left_server.p12\nEnvironment=IPSEC_NICKNAME=left_server\n',
      },
    ],
    annotations: {
      'ipsec.cdk8s.io/certificate-not-after': end,
      'ipsec.cdk8s.io/certificate-subject': 'CN=node',
      'ipsec.cdk8s.io/certificate-sha256': sha,
    },
  });

  test('a replaced certificate renews its tunnels and is told with its days', () => {
    const plan = planned(
      [bundle('a', '2026-12-07T00:00:00.000Z', 'AA'), tunnel('t')],
      [bundle('b', '2027-12-07T00:00:00.000Z', 'BB'), tunnel('t')],
    );
    expect(plan.certificates).toEqual([{
      pool: 'worker',
      nickname: 'left_server',
      change: 'replaced',
      before: { subject: 'CN=node', notAfter: '2026-12-07T00:00:00.000Z', daysLeft: 10, sha256: 'AA' },
      after: { subject: 'CN=node', notAfter: '2027-12-07T00:00:00.000Z', daysLeft: 375, sha256: 'BB' },
    }]);
    expect(plan.tunnels.map(({ change }) => change)).toEqual(['renews']);
  });

  test('one that ends before the one it replaces, or soon, is told', () => {
    expect(planned([bundle('a', '2027-12-07T00:00:00.000Z', 'AA')], [bundle('b', '2027-01-07T00:00:00.000Z', 'BB')]).warnings)
      .toEqual(['The new certificate left_server of pool worker ends on 2027-01-07, before the one that it replaces (2027-12-07).']);
    expect(planned([], [bundle('b', '2026-11-01T00:00:00.000Z', 'BB')]).warnings)
      .toEqual(['The new certificate left_server of pool worker has expired on 2026-11-01, and libreswan does not load it.']);
  });
});

test('the text is one screen for a small change', () => {
  const policy = disruptionPolicy({ files: [{ path: CA, actions: [restart('ipsec-import.service')] }] });
  expect(textPlan(planned([before, policy, tunnel('a')], [after, policy, tunnel('a')], { worker: 6 }), false)).toBe(`Nodes
  worker  restart ipsec-import.service  (6 nodes, one at a time, 6 to 18 minutes)
          MachineConfig/99-worker-own
            changed  /etc/pki/certs/ca.pem  => Restart ipsec-import.service

Tunnels
  1 stays as it is

Not known
  - Whether the cluster has OpenShift 4.17 or later, as it is taken to have: earlier releases know no node
    disruption policies, and it would be worker (Reboot). Say so with --openshift-version 4.…, or have its
    ClusterVersion among the manifests.
  - Whether the cluster is as OLD says, and what else is in it: MachineConfigs that are in neither are taken to
    stay as they are.
`);
});

test('what takes a day is told in hours', () => {
  const [, worker] = textPlan(planned([before], [after], { worker: 71 }), false).split('\n');
  expect(worker).toBe('  worker  drain and reboot  (71 nodes, one at a time, 14.2 to 28.4 hours)');
});

test('JSON has what its contract says', () => {
  const { pools, tunnels, warnings } = JSON.parse(jsonPlan(planned([before, tunnel('a')], [after], { worker: 6 }))) as {
    pools: object[];
    tunnels: object[];
    warnings: string[];
  };
  expect(pools[0]).toMatchObject({
    pool: 'worker',
    nodes: 6,
    reboots: 1,
    actions: ['Reboot'],
    minutes: { from: 72, to: 144 },
    causes: [{ object: 'MachineConfig/99-worker-own', path: CA, action: 'Reboot' }],
  });
  expect(tunnels[0]).toMatchObject({ policy: 'policy-a', interface: 'a', change: 'stays-behind' });
  expect(warnings).toHaveLength(1);
});

const word = fc.oneof(
  fc.string(),
  fc.constantFrom('</text><script>alert(1)</script>', '"]-->x', '\u001b[31m', "' onload='x", '#quot;', '`', ']]>'),
);

test('whatever names say, pictures and pages hold them as text, and the same plan is the same bytes', () => {
  fc.assert(fc.property(word, word, word, fc.nat(200), (name, path, peer, nodes) => {
    const make = () =>
      planned(
        [tunnel('b')],
        [machineConfig({ name, files: [file(path, 'x')] }), tunnel(name, { settings: { right: peer } })],
        nodes === 0 ? {} : { worker: nodes },
      );
    for (const report of [svgPlan, htmlPlan, mermaidPlan, jsonPlan, (plan: Parameters<typeof svgPlan>[0]) => textPlan(plan, false)]) {
      const output = report(make());
      expect(report(make())).toBe(output);
      expect(output).not.toContain('\u001b');
    }
    for (const report of [svgPlan, htmlPlan, mermaidPlan]) expect(report(make())).not.toMatch(/<script|onload='/);
    // Each element is closed, and an ampersand begins an entity.
    const svg = svgPlan(make());
    expect(svg.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;|#39;)/);
  }), { numRuns: 60 });
});

test('nothing changes from a set to itself', () => {
  const set = [before, tunnel('a'), network('External')];
  const plan = planned(set, set);
  expect([plan.pools.some(({ changed }) => changed), plan.warnings, plan.tunnels.map(({ change }) => change)]).toEqual([
    false,
    [],
    ['stays'],
  ]);
});
