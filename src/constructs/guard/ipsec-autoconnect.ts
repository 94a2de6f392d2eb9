import { readFileSync } from 'fs';
import { join } from 'path';
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { AUTOCONNECT_PATH, autoconnectUnit } from './autoconnect-unit';
import { ENDPOINTS, refuseEndpoints } from './guarded-endpoints';
import { writeRoleConfigs } from './node-role-configs';
import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { ACKNOWLEDGE, instance, KindsOf, listOf, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';
import { ExternalIpsecEndpoint } from '../endpoint/external-ipsec-endpoint';

/** What `IpsecAutoconnect` is made of. */
export interface IpsecAutoconnectProps {
  /** The cluster whose nodes have the connections. */
  readonly cluster: IpsecClusterConfig;

  /**
   * The MachineConfigPools whose nodes have them (`machineconfiguration.openshift.io/role`): `master`, `worker`, or the names of
   * custom pools. A node has one of them alone: that of a custom pool takes the place of `worker`'s on its nodes, so it
   * names in `endpoints` what that one names, too.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_apis/machineconfig-machineconfiguration-openshift-io-v1
   */
  readonly roles: string[];

  /**
   * The connections that are kept up. A node that lacks one passes it over until it has it.
   *
   * @default - all IPsec connections of NetworkManager on the node, whoever made them
   */
  readonly endpoints?: ExternalIpsecEndpoint[];

  /**
   * Warnings that are right here: rule ids and the reason for each, kept as annotations.
   *
   * @default - none
   */
  readonly acknowledge?: { [ruleId: string]: string };
}

/**
 * Keeps IPsec connections to hosts outside the cluster up: after a boot, after a restart of libreswan or NetworkManager, and as soon
 * as a peer is there again that was away.
 *
 * NetworkManager starts no such connection by itself, says that one is activated when libreswan has forgotten it, and keeps saying
 * so: a script looks every 15 seconds for the security associations themselves, and takes a connection without one down and up.
 * What fails is tried again after 5 seconds, and then after ever longer, up to 5 minutes, without end.
 *
 * It writes one MachineConfig for each role; applying it, each change of it and deleting it reboot every node of the pools, one at a
 * time. While it runs, `nmcli connection down` lasts for seconds: `systemctl stop ipsec-autoconnect` comes first.
 *
 * @see https://networkmanager.dev/docs/api/latest/nmcli.html
 */
export class IpsecAutoconnect extends Construct {
  /** The names of the MachineConfigs, in the order of the roles. */
  public readonly machineConfigNames: string[];

  /** The MachineConfigs, in the order of the roles, to be annotated or patched. */
  public readonly machineConfigs: ApiObject[];

  /**
   * @throws when an endpoint is another cluster's, or a role can't be one
   */
  public constructor(scope: Construct, id: string, props: IpsecAutoconnectProps) {
    super(scope, id);
    this.machineConfigs = build(this, props, KINDS, () => writeAutoconnect(this, props));
    this.machineConfigNames = this.machineConfigs.map(({ name }) => name);
  }
}

const KINDS: KindsOf<IpsecAutoconnectProps> = {
  cluster: instance(IpsecClusterConfig),
  roles: listOf(TEXT, 'MachineConfigPools', "['worker']"),
  endpoints: optional(ENDPOINTS),
  acknowledge: ACKNOWLEDGE,
};

function writeAutoconnect(scope: Construct, { cluster, roles, endpoints, acknowledge }: IpsecAutoconnectProps): ApiObject[] {
  if (endpoints) refuseEndpoints(endpoints, cluster, ', or be left out for all connections of the nodes');
  return writeRoleConfigs(scope, {
    cluster,
    roles,
    name: 'ipsec-autoconnect',
    annotations: acknowledgementAnnotations(acknowledge),
    files: [{ path: AUTOCONNECT_PATH, mode: 0o740, overwrite: true, contents: autoconnectScript() }],
    units: [autoconnectUnit(endpoints && namesOf(endpoints))],
  });
}

/** Sorted, so that the order of the endpoints in the program reboots nobody. Several may write one connection on different nodes. */
function namesOf(endpoints: readonly ExternalIpsecEndpoint[]): string[] {
  return [...new Set(endpoints.flatMap(({ interfaceNames }) => interfaceNames))].sort();
}

let script: Buffer | undefined;

/** The script as the node gets it. */
export function autoconnectScript(): Buffer {
  return script ??= readFileSync(join(__dirname, 'ipsec-autoconnect.sh'));
}
