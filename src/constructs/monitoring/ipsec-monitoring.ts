import { readFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, Duration } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { alertGroups } from './alerts';
import { CHECK_FOLDER, CHECK_SCRIPT, checkUnits, WATCHED_UNITS } from './check-units';
import { dashboard } from './dashboard';
import { certificatesBelow } from './expiry';
import { filesFor, watchedConnections } from './watched-connections';
import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { InputError } from '../../core/input-error';
import { ACKNOWLEDGE, instance, Kind, KindsOf, listOf, mapOf, NUMBER, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { isObjectName } from '../../openshift/kubernetes-names';
import { writeManifest } from '../../synthesis/manifests';
import type { Manifest } from '../../synthesis/recorded-manifest';
import { refuseRoles } from '../certificates/import-names';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';
import { ExternalIpsecEndpoint } from '../endpoint/external-ipsec-endpoint';
import { compileMachineConfig } from '../machine-config/machine-config-object';

/** What `IpsecMonitoring` is made of. */
export interface IpsecMonitoringProps {
  /** The cluster whose nodes are watched. */
  readonly cluster: IpsecClusterConfig;

  /**
   * The MachineConfigPools whose nodes have the tunnels (`machineconfiguration.openshift.io/role`): `master`, `worker`, or the names
   * of custom pools.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_apis/machineconfig-machineconfiguration-openshift-io-v1
   */
  readonly roles: string[];

  /** The endpoints whose connections are watched; none of them absent. */
  readonly endpoints: ExternalIpsecEndpoint[];

  /**
   * Constructs whose MachineConfigs bring certificates, such as `CertImportMachineConfig` and `HostCertificates`. The end of
   * each certificate stands in the alerts, so that Prometheus warns without asking any node.
   *
   * @default - none: nobody warns before a certificate ends
   */
  readonly certificates?: IConstruct[];

  /**
   * Days before its end from which a certificate is due for renewal.
   *
   * @default 30
   */
  readonly expiresSoonDays?: number;

  /**
   * The time between two looks at a connection (`OnUnitActiveSec=`), from 15 seconds to an hour.
   *
   * @default Duration.minutes(1)
   * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.timer.html
   */
  readonly interval?: Duration;

  /**
   * How long a rollout may take before an alert says that a pool waits (`for`): all nodes one after the other, or the longest time
   * that a pool is paused on purpose.
   *
   * @default Duration.hours(6)
   * @see https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
   */
  readonly rolloutTimeout?: Duration;

  /**
   * Labels of every alert besides `severity` (`labels`), such as the team that is called.
   *
   * @default - none
   * @see https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
   */
  readonly alertLabels?: { [name: string]: string };

  /**
   * The name of the PrometheusRule and of the dashboard (`metadata.name`).
   *
   * @default 'ipsec'
   * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
   */
  readonly monitoringName?: string;

  /**
   * Warnings that are right here: rule ids and the reason for each, kept as annotations.
   *
   * @default - none
   */
  readonly acknowledge?: { [ruleId: string]: string };
}

/**
 * What an engineer on call needs to know of the tunnels, without an agent: is each of them encrypting, now?
 *
 * On each node of the pools a timer runs a script that looks at the kernel's policies and security associations and at the
 * certificate. Its unit, `ipsec-check@<connection>.service`, fails where a tunnel is down, and `ipsec-clear@<connection>.service`
 * where packets leave in clear. Node exporter, which every cluster runs, reports failed units once its systemd collector is
 * switched on: `clusterMonitoringConfig` is the fragment for that. A PrometheusRule has the alerts, and the console gets a dashboard.
 *
 * The MachineConfigs, `99-<role>-ipsec-monitoring`, reboot each node once, and again when a connection is added or changed. What
 * depends on a certificate stands in the PrometheusRule alone: a renewed one moves no byte in them.
 *
 * @see https://docs.redhat.com/en/documentation/monitoring_stack_for_red_hat_openshift/4.20/html/configuring_core_platform_monitoring/index
 */
export class IpsecMonitoring extends Construct {
  /** The names of the MachineConfigs, in the order of the roles. */
  public readonly machineConfigNames: string[];

  /** The MachineConfigs, in the order of the roles, to be annotated or patched. */
  public readonly machineConfigs: ApiObject[];

  /** The PrometheusRule with the alerts, in namespace `openshift-monitoring`. */
  public readonly prometheusRule: ApiObject;

  /** The ConfigMap with the dashboard for the console (Observe, Dashboards), in namespace `openshift-config-managed`. */
  public readonly dashboard: ApiObject;

  /** The dashboard as JSON, for a Grafana of your own. */
  public readonly grafanaDashboard: string;

  /**
   * The part of `config.yaml` in ConfigMap `cluster-monitoring-config` (namespace `openshift-monitoring`) that has node exporter
   * report the units. Merge it there by hand: the rest of the ConfigMap is somebody else's, and this writes no object for it.
   */
  public readonly clusterMonitoringConfig: string;

  /**
   * @throws when there is nothing to watch, or a name, number or duration can't be one
   */
  public constructor(scope: Construct, id: string, props: IpsecMonitoringProps) {
    super(scope, id);
    const written = build(this, props, KINDS, () => writeMonitoring(this, props));
    this.machineConfigs = written.machineConfigs;
    this.machineConfigNames = written.machineConfigs.map(({ name }) => name);
    this.prometheusRule = written.prometheusRule;
    this.dashboard = written.dashboard;
    this.grafanaDashboard = written.grafana;
    this.clusterMonitoringConfig = `nodeExporter:\n  collectors:\n    systemd:\n      enabled: true\n      units:\n      - ${WATCHED_UNITS}\n`;
  }
}

const CONSTRUCT: Kind = { what: 'a construct', is: (value) => typeof (value as Partial<IConstruct> | undefined)?.node?.path === 'string' };
const DURATION: Kind = { what: 'a Duration, such as Duration.minutes(1)', is: (value) => typeof (value as Duration | undefined)?.toSeconds === 'function' };

const KINDS: KindsOf<IpsecMonitoringProps> = {
  cluster: instance(IpsecClusterConfig),
  roles: listOf(TEXT, 'MachineConfigPools', "['worker']"),
  endpoints: listOf(instance(ExternalIpsecEndpoint), 'ExternalIpsecEndpoints'),
  certificates: optional(listOf(CONSTRUCT, 'constructs that bring certificates, such as CertImportMachineConfigs')),
  expiresSoonDays: optional(NUMBER),
  interval: optional(DURATION),
  rolloutTimeout: optional(DURATION),
  alertLabels: optional(mapOf(TEXT, 'texts')),
  monitoringName: optional(TEXT),
  acknowledge: ACKNOWLEDGE,
};

interface Written {
  readonly machineConfigs: ApiObject[];
  readonly prometheusRule: ApiObject;
  readonly dashboard: ApiObject;
  readonly grafana: string;
}

function writeMonitoring(scope: Construct, props: IpsecMonitoringProps): Written {
  const { cluster, roles, acknowledge, monitoringName: name = 'ipsec', expiresSoonDays = 30, alertLabels = {} } = props;
  refuse(props);
  const connections = watchedConnections(props.endpoints);
  const certificates = certificatesBelow(props.certificates ?? []);
  const names = [...new Set(connections.map((connection) => connection.name))].sort();
  const seconds = (props.interval ?? Duration.minutes(1)).toSeconds();
  const script = readFileSync(join(__dirname, 'ipsec-check.sh'));
  const machineConfigs = roles.map((role) => {
    const files = filesFor(role, connections, roles);
    if (files.size === 0) throw new InputError(`'roles' has '${role}', on whose nodes none of the endpoints has a connection: leave it out`);
    const manifest = compileMachineConfig({
      version: cluster.openshiftVersion,
      name: `99-${role}-ipsec-monitoring`,
      role,
      annotations: acknowledgementAnnotations(acknowledge),
      files: [
        { path: CHECK_SCRIPT, mode: 0o755, overwrite: true, contents: script },
        ...[...files].map(([connection, lines]) => (
          { path: `${CHECK_FOLDER}/${connection}`, mode: 0o644, overwrite: true, contents: Buffer.from(`${lines.join('\n')}\n`) })),
      ],
      units: checkUnits([...files.keys()], seconds),
    });
    return writeManifest(scope, role, manifest, { cluster, facts: cluster._facts });
  });
  const rolloutMinutes = Math.ceil((props.rolloutTimeout ?? Duration.hours(6)).toSeconds() / 60);
  const groups = alertGroups({ connections: names, pools: roles, certificates, expiresSoonDays, rolloutMinutes, labels: alertLabels });
  const grafana = `${JSON.stringify(dashboard(names, roles, certificates), null, 2)}\n`;
  return {
    machineConfigs,
    prometheusRule: writeManifest(scope, 'alerts', rule(name, groups)),
    dashboard: writeManifest(scope, 'dashboard', dashboardMap(name, grafana)),
    grafana,
  };
}

function rule(name: string, groups: object): Manifest {
  return { apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule', metadata: { name, namespace: 'openshift-monitoring' }, spec: { groups } };
}

function dashboardMap(name: string, grafana: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `grafana-dashboard-${name}`, namespace: 'openshift-config-managed', labels: { 'console.openshift.io/dashboard': 'true' } },
    data: { 'ipsec.json': grafana },
  };
}

function refuse({ roles, endpoints, expiresSoonDays = 30, interval, rolloutTimeout, monitoringName = 'ipsec', alertLabels = {} }: IpsecMonitoringProps): void {
  refuseRoles(roles);
  if (endpoints.length === 0) throw new InputError("'endpoints' (an empty list) must name at least one ExternalIpsecEndpoint: without one there is nothing to watch");
  const twice = endpoints.find((endpoint, i) => endpoints.indexOf(endpoint) !== i);
  if (twice) throw new InputError(`'endpoints' has '${twice.node.path}' twice: name it once`);
  if (!Number.isInteger(expiresSoonDays) || expiresSoonDays < 1 || expiresSoonDays > 3650) {
    throw new InputError(`'expiresSoonDays' (${expiresSoonDays}) must be a whole number of days from 1 to 3650`);
  }
  const seconds = interval?.toSeconds() ?? 60;
  if (seconds < 15 || seconds > 3600) throw new InputError(`'interval' (${seconds} s) must be from 15 seconds to 1 hour: alerts are for tunnels that are down for minutes`);
  const rollout = rolloutTimeout?.toSeconds() ?? 3600;
  if (rollout < 1800) throw new InputError(`'rolloutTimeout' (${rollout} s) must be at least 30 minutes: one node alone may need that, and every rollout would be an alert`);
  if (!isObjectName(monitoringName)) throw new InputError(`'monitoringName' ('${monitoringName}') must be lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit`);
  for (const label of Object.keys(alertLabels)) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) || label === 'severity' || label.startsWith('__')) {
      throw new InputError(`'alertLabels' has '${label}', which ${label === 'severity' ? 'each alert has already' : 'is no name of a label of Prometheus: letters, digits and _, not beginning with a digit or __'}`);
    }
  }
}
