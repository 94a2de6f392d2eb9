/** A dashboard of Grafana, in the form that the console of OpenShift reads too: rows of panels, without variables. */
export function dashboard(
  connections: readonly string[], pools: readonly string[], ends: readonly { readonly subject: string; readonly end: number }[],
): object {
  const pool = `pool=~"${pools.join('|')}"`;
  const units = (kind: string) => `node_systemd_unit_state{name=~"ipsec-${kind}@.+\\\\.service",state="failed"}`;
  const rows = [
    row('Tunnels', [
      panel(1, 'Connections that are down', 'graph', 'Nodes whose check of a connection fails. Zero is well.', [
        query(`sum by (name) (max_over_time(${units('check')}[5m]))`, '{{name}}'),
      ]),
      panel(2, 'Connections that leave in clear', 'graph', 'Nodes on which packets for a peer leave without encryption. Zero is well.',
        [query(`sum by (name) (max_over_time(${units('clear')}[5m]))`, '{{name}}')]),
      panel(
        3,
        'Nodes that report, by connection',
        'graph',
        `Of ${connections.length} connections: nodes whose check is known to Prometheus.`,
        [query('count by (name) (node_systemd_unit_state{name=~"ipsec-check@.+\\\\.service",state="failed"})', '{{name}}')],
      ),
    ]),
    row('Rollout', [
      panel(4, 'Nodes that wait for their configuration', 'graph', 'More than zero during a rollout, and for as long as a pool is paused.',
        [query(`max by (pool) (mco_machine_count{${pool}}) - max by (pool) (mco_updated_machine_count{${pool}})`, '{{pool}}')]),
      panel(5, 'Degraded nodes', 'graph', 'Nodes that could not be updated.', [
        query(`max by (pool) (mco_degraded_machine_count{${pool}})`, '{{pool}}'),
      ]),
      panel(6, 'NMState policies by status', 'graph', 'How many policies are available, and how many are not.', [
        query('max by (status) (kubernetes_nmstate_policies_status)', '{{status}}'),
      ]),
    ]),
    ...ends.length === 0 ? [] : [row('Certificates', [
      panel(7, 'Days until certificates end', 'graph', 'Counted from the manifests: no node is asked.',
        ends.map(({ subject, end }) => query(`(vector(${end}) - time()) / 86400`, subject.replaceAll('{{', '{ {')))),
    ])],
  ];
  return {
    title: 'IPsec',
    uid: 'cdk8s-openshift-ipsec',
    tags: ['ipsec'],
    editable: true,
    schemaVersion: 16,
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    rows,
  };
}

function row(title: string, panels: readonly object[]): object {
  const span = Math.floor(12 / panels.length);
  return { title, showTitle: true, collapse: false, height: '250px', panels: panels.map((one) => ({ ...one, span })) };
}

function panel(id: number, title: string, type: string, description: string, targets: readonly object[]): object {
  return {
    id,
    title,
    type,
    description,
    datasource: '$datasource',
    targets: targets.map((target, i) => ({ ...target, refId: String.fromCharCode(65 + i % 26) })),
    lines: true,
    linewidth: 1,
    fill: 0,
    nullPointMode: 'null',
    yaxes: [{ format: 'short', min: 0, show: true }, { format: 'short', show: false }],
    xaxis: { mode: 'time', show: true },
    legend: { show: true, values: true, current: true },
    tooltip: { shared: true, value_type: 'individual' },
  };
}

function query(expr: string, legendFormat: string): object {
  return { expr, legendFormat, format: 'time_series', intervalFactor: 2 };
}
