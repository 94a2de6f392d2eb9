import { checkUnit } from './check-units';
import type { WatchedCertificate } from './expiry';

/** What the alerts are made of. */
export interface AlertInput {
  readonly connections: readonly string[];
  readonly pools: readonly string[];
  readonly certificates: readonly WatchedCertificate[];
  readonly expiresSoonDays: number;
  /** How long a rollout may take, in minutes. */
  readonly rolloutMinutes: number;
  readonly labels: { readonly [name: string]: string };
}

/** An alert of Prometheus. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly [name: string]: string };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook_url: string };
}

/** A group of alerts. */
export interface AlertGroup {
  readonly name: string;
  readonly rules: readonly Alert[];
}

const RUNBOOKS = 'https://github.com/cdk8s-openshift-ipsec/cdk8s-openshift-ipsec/blob/main/docs/monitoring.md';

/**
 * The alerts. Each `for` is longer than what a node needs to reboot and to set its tunnels up: a rolling reboot is no reason to
 * wake anybody.
 */
export function alertGroups(input: AlertInput): AlertGroup[] {
  const groups: AlertGroup[] = [
    { name: 'ipsec-tunnels', rules: [...tunnelAlerts(input), ...absentAlerts(input)] },
    { name: 'ipsec-certificates', rules: input.certificates.flatMap((certificate) => expiryAlerts(certificate, input)) },
    { name: 'ipsec-rollout', rules: rolloutAlerts(input) },
  ];
  return groups.filter(({ rules }) => rules.length > 0);
}

/** A unit is `activating` while it looks, so that its failure is asked for over a few looks. */
function failed(kind: string): string {
  return (
    'label_replace(max by (instance, name) '
      + `(max_over_time(node_systemd_unit_state{name=~"ipsec-${kind}@.+\\\\.service",state="failed"}[5m])) == 1, `
      + `"connection", "$1", "name", "ipsec-${kind}@(.+)\\\\.service")`
  );
}

function tunnelAlerts({ labels }: AlertInput): Alert[] {
  return [
    alert('IpsecTunnelDown', failed('check'), '10m', { ...labels, severity: 'warning' },
      'IPsec connection {{ $labels.connection }} of {{ $labels.instance }} is down.',
      'The kernel of {{ $labels.instance }} has no policy or no security associations for connection {{ $labels.connection }}, '
        + 'or its certificate has run out. '
        + 'journalctl -u {{ $labels.name }} on the node says which.'),
    alert('IpsecTrafficInClear', failed('clear'), '5m', { ...labels, severity: 'critical' },
      'Packets of IPsec connection {{ $labels.connection }} leave {{ $labels.instance }} in clear.',
      'No policy of the kernel of {{ $labels.instance }} encrypts what is for the peer of {{ $labels.connection }}, '
        + 'and no guard drops it.'),
  ];
}

/** Silence would look like health. */
function absentAlerts({ connections, labels }: AlertInput): Alert[] {
  return connections.map((connection) => alert('IpsecNotWatched', `absent(node_systemd_unit_state{name="${checkUnit(connection)}"})`, '30m',
    { ...labels, severity: 'warning', connection },
    `No node says how IPsec connection ${connection} is.`,
    `Nothing reports unit ${checkUnit(connection)}: the systemd collector of node exporter is off or does not watch it, `
      + 'or its MachineConfig is not on the nodes.'));
}

const DAY = 24 * 60 * 60;

/** The end is a constant: nobody asks a node. */
function expiryAlerts({ subject, fingerprint, end, pools }: WatchedCertificate, { expiresSoonDays, labels }: AlertInput): Alert[] {
  const own = { ...labels, subject: literal(subject), pools, fingerprint: fingerprint.replaceAll(':', '').slice(0, 16).toLowerCase() };
  const left = `vector(${end}) - time()`;
  return [
    alert('IpsecCertificateExpiring', `(${left} < ${expiresSoonDays * DAY}) > 0`, '1h', { ...own, severity: 'warning' },
      'IPsec certificate {{ $labels.subject }} ends in {{ $value | humanizeDuration }}.',
      'Renew it and roll it out to pools {{ $labels.pools }} before it ends: '
        + 'without a disruption policy each of their nodes reboots for it.'),
    alert('IpsecCertificateExpired', `${left} <= 0`, '5m', { ...own, severity: 'critical' },
      'IPsec certificate {{ $labels.subject }} has ended.',
      'Tunnels of pools {{ $labels.pools }} are not renewed any more, and a node that reboots does not get them up.'),
  ];
}

function rolloutAlerts({ pools, rolloutMinutes, labels }: AlertInput): Alert[] {
  const pool = `pool=~"${pools.join('|')}"`;
  return [
    alert(
      'IpsecPolicyDegraded',
      'max by (status) (kubernetes_nmstate_policies_status{status=~"(?i)degraded|failing"}) > 0',
      '15m',
      { ...labels, severity: 'warning' },
      '{{ $value }} NMState policies are {{ $labels.status }}.',
      'oc get nncp names them, and oc get nnce the node and why.',
    ),
    alert('IpsecPoolDegraded', `max by (pool) (mco_degraded_machine_count{${pool}}) > 0`, '15m', { ...labels, severity: 'warning' },
      'Pool {{ $labels.pool }} is degraded.',
      'A node could not be updated, and the rollout stands. After a renewed certificate it is mostly the import that was refused: '
        + 'the old one is still in use.'),
    alert(
      'IpsecPoolWaiting',
      `max by (pool) (mco_machine_count{${pool}}) - max by (pool) (mco_updated_machine_count{${pool}}) > 0`,
      `${rolloutMinutes}m`,
      { ...labels, severity: 'warning' },
      'Pool {{ $labels.pool }} has {{ $value }} nodes that wait for their configuration.',
      'It is paused, a drain does not end, or the rollout is slower than it was said to be. New certificates and tunnels '
        + 'are not on these nodes.',
    ),
  ];
}

function alert(name: string, expr: string, duration: string, labels: Alert['labels'], summary: string, description: string): Alert {
  return {
    alert: name,
    expr,
    for: duration,
    labels,
    annotations: { summary, description, runbook_url: `${RUNBOOKS}#${name.toLowerCase()}` },
  };
}

/** Labels are templates of Prometheus: what a certificate says is no part of one. */
function literal(value: string): string {
  return value.replaceAll('{{', '{ {');
}
