import * as fs from 'fs';
import * as path from 'path';
import { Pki, REPOSITORY, requireTools, run, scratch } from './tools';
import { guardTable } from '../../src/connection/nftables';
import { alertGroups } from '../../src/constructs/monitoring/alerts';
import { checkUnits, WATCHED_UNITS } from '../../src/constructs/monitoring/check-units';
import { dashboard } from '../../src/constructs/monitoring/dashboard';
import { Ipv4Cidr } from '../../src/openshift/ip';

requireTools({
  'certutil': 'libnss3-tools',
  'ip': 'iproute2',
  'openssl': 'openssl',
  'promtool': 'prometheus',
  'shellcheck': 'shellcheck',
  'systemd-analyze': 'systemd',
  'unshare': 'util-linux',
});

const SCRIPT = path.join(REPOSITORY, 'src/constructs/monitoring/ipsec-check.sh');
const dir = scratch('monitoring');
const pki = new Pki(path.join(dir, 'pki'));
const DAY = 24 * 3600;

describe('promtool', () => {
  const rules = path.join(dir, 'rules.yaml');
  const groups = alertGroups({
    connections: ['ipsec-storage'],
    pools: ['worker'],
    expiresSoonDays: 30,
    rolloutMinutes: 360,
    labels: {},
    // Prometheus begins its tests in 1970.
    certificates: [{ subject: 'CN={{ evil }}', fingerprint: 'AA:BB', end: 40 * DAY, pools: 'worker' }],
  });
  fs.writeFileSync(rules, JSON.stringify({ groups }));
  const state = (unit: string, values: string) => ({
    series: `node_systemd_unit_state{instance="worker-0",name="${unit}",state="failed"}`,
    values,
  });
  const mco = (name: string, values: string) => ({ series: `mco_${name}_count{pool="worker"}`, values });

  function promtool(
    interval: string,
    input: readonly object[],
    asked: readonly (readonly [time: string, alert: string, firing: number])[],
  ): string {
    const file = path.join(dir, `test-${fs.readdirSync(dir).length}.yaml`);
    const alert_rule_test = asked
      .filter(([, , firing]) => firing === 0)
      .map(([eval_time, alertname]) => ({ eval_time, alertname, exp_alerts: [] }));
    const promql_expr_test = asked.map(([eval_time, alertname, firing]) => ({
      expr: `count(ALERTS{alertname="${alertname}",alertstate="firing"}) or vector(0)`,
      eval_time,
      exp_samples: [{ labels: '{}', value: firing }],
    }));
    fs.writeFileSync(
      file,
      JSON.stringify({
        rule_files: [rules],
        evaluation_interval: interval,
        tests: [{ interval, input_series: input, alert_rule_test, promql_expr_test }],
      }),
    );
    const { code, stdout, stderr } = run('promtool', ['test', 'rules', file]);
    return code === 0 ? 'passed' : stdout + stderr;
  }

  test('takes the rules', () => {
    expect(run('promtool', ['check', 'rules', rules])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('SUCCESS: 8 rules found') as string,
    });
  });

  test('a tunnel that is down fires after ten minutes, though its unit is activating at times, and ends with it', () => {
    expect(promtool('1m', [state('ipsec-check@ipsec-storage.service', '0x9 1 1 0 1 1 1 0 1 1 1 1 1 1 1 1 1 1 1 0x20')], [
      ['9m', 'IpsecTunnelDown', 0], ['15m', 'IpsecTunnelDown', 0], ['24m', 'IpsecTunnelDown', 1], ['40m', 'IpsecTunnelDown', 0],
    ])).toBe('passed');
  });

  test('traffic in clear fires after five minutes', () => {
    expect(
      promtool(
        '1m',
        [state('ipsec-clear@ipsec-storage.service', '0x9 1x20')],
        [
          ['12m', 'IpsecTrafficInClear', 0],
          ['17m', 'IpsecTrafficInClear', 1],
        ],
      ),
    ).toBe('passed');
  });

  test('a rolling reboot fires nothing: the node is away for 12 minutes, and its tunnel comes up 7 minutes after its first look', () => {
    const quiet = [
      'IpsecTunnelDown',
      'IpsecTrafficInClear',
      'IpsecNotWatched',
      'IpsecPoolWaiting',
      'IpsecPoolDegraded',
      'IpsecPolicyDegraded',
    ];
    const input = [
      state('ipsec-check@ipsec-storage.service', '0x9 _x11 stale 1x4 0x60'), state('ipsec-clear@ipsec-storage.service', '0x9 _x11 stale '
        + '1x1 0x60'),
      mco('machine', '6x90'), mco('updated_machine', '6x5 0x10 1x12 2x12 3x12 4x12 5x12 6x20'), mco('degraded_machine', '0x90'),
    ];
    expect(
      promtool(
        '1m',
        input,
        Array.from({ length: 18 }, (_, i) => i * 5).flatMap((minute) => quiet.map((alert) => [`${minute}m`, alert, 0] as const)),
      ),
    ).toBe('passed');
  });

  test('no metrics fire after half an hour', () => {
    expect(
      promtool(
        '1m',
        [state('ipsec-check@ipsec-storage.service', '0x9 stale')],
        [
          ['35m', 'IpsecNotWatched', 0],
          ['45m', 'IpsecNotWatched', 1],
        ],
      ),
    ).toBe('passed');
  });

  test('a pool that waits longer than a rollout, a degraded pool and degraded policies fire', () => {
    const input = [
      mco('machine', '6x500'), mco('updated_machine', '5x500'), mco('degraded_machine', '0x9 1x500'),
      { series: 'kubernetes_nmstate_policies_status{status="Degraded"}', values: '0x9 2x500' },
      { series: 'kubernetes_nmstate_policies_status{status="Available"}', values: '4x500' },
    ];
    expect(promtool('1m', input, [
      ['350m', 'IpsecPoolWaiting', 0], ['365m', 'IpsecPoolWaiting', 1], ['20m', 'IpsecPoolDegraded', 0], ['30m', 'IpsecPoolDegraded', 1],
      ['20m', 'IpsecPolicyDegraded', 0], ['30m', 'IpsecPolicyDegraded', 1],
    ])).toBe('passed');
  });

  test('a certificate fires from 30 days before its end, and as expired after it, without a series', () => {
    expect(promtool('1h', [], [
      [`${9 * 24}h`, 'IpsecCertificateExpiring', 0], [`${10 * 24 + 3}h`, 'IpsecCertificateExpiring', 1],
      [`${39 * 24}h`, 'IpsecCertificateExpired', 0],
      [`${40 * 24 + 3}h`, 'IpsecCertificateExpired', 1], [`${40 * 24 + 3}h`, 'IpsecCertificateExpiring', 0],
    ])).toBe('passed');
  });

  describe('each panel of the dashboard', () => {
    const { rows } = dashboard(['ipsec-storage'], ['worker'], [{ subject: 'CN={{ evil }}', end: 40 * DAY }]) as {
      rows: { panels: { title: string; targets: { expr: string }[] }[] }[];
    };
    const panels = rows.flatMap(({ panels: all }) => all).map(({ title, targets }) => [title, targets.map(({ expr }) => expr)] as const);
    const series = [
      state('ipsec-check@ipsec-storage.service', '0x9 1x10'), state('ipsec-clear@ipsec-storage.service', '0x20'),
      mco('machine', '6x20'), mco('updated_machine', '5x20'), mco('degraded_machine', '0x20'),
      { series: 'kubernetes_nmstate_policies_status{status="Available"}', values: '4x20' },
    ];
    const asked = (queries: readonly string[], input: readonly object[], answers: readonly number[]) => {
      const file = path.join(dir, `panel-${fs.readdirSync(dir).length}.yaml`);
      const promql_expr_test = queries.map((expr, i) => (
        { expr: `count(${expr}) or vector(0)`, eval_time: '15m', exp_samples: [{ labels: '{}', value: answers[i] }] }));
      fs.writeFileSync(file, JSON.stringify({ rule_files: [], tests: [{ interval: '1m', input_series: input, promql_expr_test }] }));
      const { code, stdout, stderr } = run('promtool', ['test', 'rules', file]);
      return code === 0 ? 'passed' : stdout + stderr;
    };

    test('there are seven', () => expect(panels).toHaveLength(7));

    test.each(panels)('%s has a line for the one thing that is there', (_, queries) => {
      expect(asked(queries, series, queries.map(() => 1))).toBe('passed');
    });

    test.each(panels.filter(([title]) => title !== 'Days until certificates end'))('%s has none without its metrics', (_, queries) => {
      expect(asked(queries, [], queries.map(() => 0))).toBe('passed');
    });
  });

  test('names of units are those that node exporter is told to watch', () => {
    const watched = new RegExp(`^(?:${WATCHED_UNITS})$`);
    expect(
      ['ipsec-check@ipsec-storage.service', 'ipsec-clear@a.b.service', 'ipsec-check@a.timer', 'ipsec.service'].map((name) =>
        watched.test(name),
      ),
    ).toEqual([true, true, false, false]);
  });
});

test('shellcheck has nothing to say', () => {
  expect(run('shellcheck', [SCRIPT])).toMatchObject({ code: 0, stdout: '' });
});

test('systemd takes the units', () => {
  const units = path.join(dir, 'units');
  fs.mkdirSync(units);
  for (const { name, contents } of checkUnits(['ipsec-storage'], 60)) {
    fs.writeFileSync(path.join(units, name), contents!.replace('/usr/local/bin/ipsec-check.sh', '/bin/true'));
  }
  const instances = ['check', 'clear'].map((kind) => path.join(units, `ipsec-${kind}@ipsec-storage.service`));
  for (const instance of instances) fs.copyFileSync(instance.replace('ipsec-storage', ''), instance);
  const { code, stdout, stderr } = run('systemd-analyze', [
    'verify',
    '--man=no',
    path.join(units, 'ipsec-check@ipsec-storage.timer'),
    ...instances,
  ]);
  expect({ code, said: (stdout + stderr).split('\n').filter((line) => line.includes('ipsec-')) }).toEqual({ code: 0, said: [] });
});

describe('the script, in a network namespace of its own', () => {
  const nss = path.join(dir, 'nss');
  const checks = path.join(dir, 'checks');
  const policy =
    'ip xfrm policy add src 10.0.0.1/32 dst 192.0.2.10/32 dir out tmpl src 10.0.0.1 dst 192.0.2.10 proto esp reqid 16389 mode transport';
  const hasEsp =
    run('unshare', [
      '--net',
      'sh',
      '-c',
      "ip xfrm state add src 10.0.0.1 dst 10.0.0.2 proto esp spi 0x100 mode transport enc 'cbc(aes)' 0x01010101010101010101010101010101",
    ]).code === 0;
  // A kernel without ESP takes policies, and no associations: 'ip' then prints what it prints for them elsewhere.
  const association = (from: string, to: string, spi: string) => hasEsp
    ? `ip xfrm state add src ${from} dst ${to} proto esp spi ${spi} reqid 16389 mode transport enc 'cbc(aes)' `
      + '0x01010101010101010101010101010101'
    : `printf 'src %s dst %s\\n\\tproto esp spi %s reqid 16389 mode transport\\n\\treplay-window 0 flag esn\\n' ${from} ${to} `
      + `${spi.replace('0x', '0x00000')} >>"$STATES"`;
  const both = [association('10.0.0.1', '192.0.2.10', '0x100'), association('192.0.2.10', '10.0.0.1', '0x101')];
  const guardOf = (...guarded: string[]) =>
    `nft -f - <<'TABLE'\n${guardTable({ guarded: guarded.map((cidr) => Ipv4Cidr.parse(cidr)!), allowed: [], hasInterfaces: false })}TABLE`;

  const standIn = path.join(dir, 'bin');

  beforeAll(() => {
    fs.mkdirSync(standIn);
    fs.writeFileSync(
      path.join(standIn, 'ip'),
      '#!/bin/sh\nif [ "$*" = "xfrm state" ]; then cat "$STATES" 2>/dev/null; exit 0; fi\nPATH="${PATH#*:}" exec ip "$@"\n',
      { mode: 0o755 },
    );
    fs.mkdirSync(nss);
    fs.mkdirSync(checks);
    const import_ = (name: string, days: number) => {
      const ca = pki.authority();
      const { certificate } = pki.leaf(ca, { days });
      expect(run('certutil', ['-A', '-d', `sql:${nss}`, '-n', name, '-t', ',,', '-i', certificate])).toMatchObject({ code: 0 });
    };
    run('certutil', ['-N', '-d', `sql:${nss}`, '--empty-password']);
    import_('left_server', 10);
    fs.writeFileSync(path.join(checks, 'storage'), 'worker-0 192.0.2.10/32 always left_server\n');
    fs.writeFileSync(path.join(checks, 'demand'), '* 192.0.2.10/32 ondemand left_server\n');
    fs.writeFileSync(path.join(checks, 'gone'), '* 192.0.2.10/32 always other\n');
    fs.writeFileSync(path.join(checks, 'some'), '? 192.0.2.10/32 always left_server\n');
  });

  function check(what: string, connection: string, { setup = [] as readonly string[], node = 'worker-0' } = {}) {
    const states = path.join(dir, 'states');
    fs.rmSync(states, { force: true });
    const { code, stdout, stderr } = run(
      'unshare',
      [
        '--net',
        'sh',
        '-ec',
        `${setup.join('\n')}\n${hasEsp ? '' : 'PATH="$STAND_IN:$PATH"'}\nexec sh "$0" "$@"`,
        SCRIPT,
        what,
        connection,
      ],
      {
        env: {
          IPSEC_CHECK_DIR: checks,
          IPSEC_NSS_DIR: nss,
          IPSEC_NODE: node,
          IPSEC_PROFILE_DIR: checks,
          STATES: states,
          STAND_IN: standIn,
        },
      },
    );
    return [code, stdout + stderr];
  }

  const DOWN = 'storage: the kernel has no ESP policy with security associations for 192.0.2.10/32\n';

  test('a policy with associations both ways is a tunnel', () => {
    expect(check('tunnel', 'storage', { setup: [policy, ...both] })).toEqual([0, '']);
  });

  test.each([
    ['nothing', []], ['a policy alone', [policy]], ['one way alone', [policy, both[0]]], ['associations alone', both],
    ['another subnet', [policy.replace('192.0.2.10/32', '192.0.2.11/32'), ...both]],
    ['the way in alone', [policy.replace('dir out', 'dir in'), ...both]],
  ])('%s is none', (_, setup) => {
    expect(check('tunnel', 'storage', { setup })).toEqual([1, DOWN]);
  });

  test('on demand a policy that holds packets back is enough', () => {
    expect(check('tunnel', 'demand', { setup: [policy] })).toEqual([0, '']);
  });

  test('a proof says what it has seen, with the certificate that the node has', () => {
    expect(check('prove', 'storage', { setup: [policy, ...both] })).toEqual([
      0,
      expect.stringMatching(/^certificate left_server [0-9A-F]{64}\nencrypted 192\.0\.2\.10\/32\n$/),
    ]);
    expect(check('prove', 'storage', { node: 'worker-1' })).toEqual([0, '']);
  });

  test('another node is not asked', () => {
    expect(check('tunnel', 'storage', { node: 'worker-1' })).toEqual([0, '']);
  });

  test('nodes that a label selects are those on which NetworkManager has the connection', () => {
    expect(check('tunnel', 'some')).toEqual([0, '']);
    fs.writeFileSync(path.join(checks, 'some.nmconnection'), '');
    expect(check('tunnel', 'some')[0]).toBe(1);
  });

  test('a certificate that is not in the database is told', () => {
    expect(check('tunnel', 'gone', { setup: [policy, ...both] })).toEqual([1, 'gone: certificate other is not in the NSS database\n']);
  });

  test('packets leave in clear where no policy takes them and no guard drops them', () => {
    const clear = 'storage: packets for 192.0.2.10/32 leave in clear: no ESP policy takes them, and no guard drops them\n';
    expect(check('clear', 'storage')).toEqual([1, clear]);
    expect(check('clear', 'storage', { setup: [policy] })).toEqual([0, '']);
  });

  const withNft = run('unshare', ['--net', 'sh', '-c', guardOf('192.0.2.10/32')]).code === 0 ? test : test.skip;
  withNft.each([
    ['of the address', ['192.0.2.10/32'], true],
    ['of a subnet that has it', ['192.0.2.0/24', '198.51.100.0/24'], true],
    ['of an address that begins like it', ['192.0.2.100/32', '192.0.2.101/32'], false],
  ])('a guard %s', (_, guarded, holds) => {
    expect(check('clear', 'storage', { setup: [guardOf(...guarded)] })[0]).toBe(holds ? 0 : 1);
  });

  test('a connection from a subnet of the node is not taken for one from another subnet', () => {
    fs.writeFileSync(path.join(checks, 'pair'), '* 192.0.2.10/32 always left_server 10.3.0.0/16\n');
    const from = (local: string) => policy.replace('src 10.0.0.1/32', `src ${local}`);
    expect(check('tunnel', 'pair', { setup: [from('10.3.0.0/16'), ...both] })).toEqual([0, '']);
    expect(check('tunnel', 'pair', { setup: [from('10.4.0.0/16'), ...both] })).toEqual([
      1, 'pair: the kernel has no ESP policy with security associations for 192.0.2.10/32 from 10.3.0.0/16\n',
    ]);
    expect(check('clear', 'pair', { setup: [from('10.4.0.0/16')] })).toEqual([
      1, 'pair: packets for 192.0.2.10/32 from 10.3.0.0/16 leave in clear: no ESP policy takes them, and no guard drops them\n',
    ]);
  });

  test.each([
    [['wat', 'storage'], "ipsec-check: 'wat' must be tunnel, prove or clear\n"],
    [['tunnel', '../x'], "ipsec-check: '../x' is no name of a connection\n"],
    [['tunnel', 'none'], `ipsec-check: ${checks}/none is not there: the MachineConfig of IpsecMonitoring writes it\n`],
  ])('%j can not be checked', ([what, connection], message) => {
    expect(check(what, connection)).toEqual([2, message]);
  });
});
