import { InputError } from '../../core/input-error';
import { FLAG, KindsOf, NUMBER, optional } from '../../core/kinds';
import { requireProps } from '../../core/props';
import { GENEVE_OVERHEAD, isMtu, largestClusterMtu, largestMtuWithoutEsp, MIN_MTU_IPV6, MTU_RANGE } from '../../openshift/mtu';

/** From where to where the MTUs of a cluster go, in bytes. */
export interface MtuMigrationProps {
  /**
   * The cluster network's MTU now (`migration.mtu.network.from`), as
   * `oc get network.config cluster -o jsonpath='{.status.clusterNetworkMTU}'` prints it.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/changing-cluster-network-mtu
   */
  readonly networkFrom: number;

  /**
   * The cluster network's MTU afterwards (`migration.mtu.network.to`): at least 100 less than `machineTo`, and 146 less in mode Full.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/changing-cluster-network-mtu
   */
  readonly networkTo: number;

  /**
   * The MTU of the nodes' own interfaces afterwards (`migration.mtu.machine.to`); their MTU now, where that stays as it is.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/changing-cluster-network-mtu
   */
  readonly machineTo: number;

  /**
   * The MTU of the nodes' own interfaces now (`migration.mtu.machine.from`).
   *
   * @default - not written, the operator needs only `machineTo`
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/changing-cluster-network-mtu
   */
  readonly machineFrom?: number;

  /**
   * Whether the cluster network has an IPv6 range, which needs MTUs of at least 1280 bytes.
   *
   * @default false
   */
  readonly ipv6?: boolean;
}

/** What decides the MTU of a cluster network that IPsec runs on, in bytes. */
export interface MtuForIpsecProps {
  /**
   * The MTU of the nodes' own interfaces (`migration.mtu.machine.to`), which stays as it is.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/changing-cluster-network-mtu
   */
  readonly machineMtu: number;

  /**
   * The cluster network's MTU now (`migration.mtu.network.from`), as
   * `oc get network.config cluster -o jsonpath='{.status.clusterNetworkMTU}'` prints it.
   *
   * @default - `machineMtu` less 100 on the way down, less 146 on the way up
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/changing-cluster-network-mtu
   */
  readonly clusterMtu?: number;

  /**
   * Whether IPsec was switched off, so that its 46 bytes can be had back.
   *
   * @default false
   */
  readonly afterDisabling?: boolean;

  /**
   * Whether the cluster network has an IPv6 range, which needs MTUs of at least 1280 bytes.
   *
   * @default false
   */
  readonly ipv6?: boolean;
}

/**
 * A change of the cluster network's MTU: a value for `IpsecClusterConfig`, which stays the only owner of the Network object.
 *
 * It is done in two steps. `start` makes the operators prepare it and reboot every node; when all MachineConfigPools are
 * updated, `finalize` (with the same numbers) takes the migration out and writes the new MTU, and every node reboots again.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/changing-cluster-network-mtu
 */
export class MtuMigration {
  /**
   * The first step: announces the new MTUs.
   *
   * @param props the MTUs before and after
   * @throws when the Cluster Network Operator would refuse them
   */
  public static start(props: MtuMigrationProps): MtuMigration {
    return new MtuMigration(props, false);
  }

  /**
   * The last step: ends the migration. Apply it when `oc get mcp` says that every pool is updated.
   *
   * @param props the same MTUs that the migration was started with
   * @throws when the Cluster Network Operator would refuse them
   */
  public static finalize(props: MtuMigrationProps): MtuMigration {
    return new MtuMigration(props, true);
  }

  /**
   * The first step of the change that IPsec needs: down by the 46 bytes that ESP takes, before IPsec is switched on; and
   * up again, after it was switched off. `finalized()` gives the last step.
   *
   * @param props the MTUs of the cluster now
   * @throws when there is nothing to change, or the Cluster Network Operator would refuse the result
   */
  public static forIpsec(props: MtuForIpsecProps): MtuMigration {
    requireProps('MtuMigration.forIpsec', props, FOR_IPSEC_KINDS);
    const { machineMtu, afterDisabling, ipv6 } = props;
    refuseMtus({ machineMtu, clusterMtu: props.clusterMtu }, ipv6);
    const [without, withEsp] = [largestMtuWithoutEsp(machineMtu), largestClusterMtu(machineMtu)];
    const [networkFrom, networkTo] = afterDisabling ? [props.clusterMtu ?? withEsp, without] : [props.clusterMtu ?? without, withEsp];
    if (afterDisabling ? networkFrom >= networkTo : networkFrom <= networkTo) {
      throw new InputError(`'clusterMtu' (${networkFrom}) needs no migration on a machine network of ${machineMtu}: `
        + (afterDisabling ? `Geneve alone allows at most ${without}` : `Geneve and ESP allow at most ${withEsp}`)
        + "; leave 'mtuMigration' out");
    }
    return MtuMigration.start({ networkFrom, networkTo, machineTo: machineMtu, ipv6 });
  }

  /** The cluster network's MTU before. */
  public readonly networkFrom: number;

  /** The cluster network's MTU afterwards. */
  public readonly networkTo: number;

  /** The MTU of the nodes' own interfaces afterwards. */
  public readonly machineTo: number;

  private constructor(
    private readonly props: MtuMigrationProps,
    /** Whether this is the last step. */
    public readonly isFinal: boolean,
  ) {
    requireProps('MtuMigration', props, KINDS);
    const { networkFrom, networkTo, machineFrom, machineTo, ipv6 } = props;
    refuseMtus({ networkFrom, networkTo, machineTo, machineFrom }, ipv6);
    if (networkFrom === networkTo && (machineFrom === undefined || machineFrom === machineTo)) {
      throw new InputError(`'networkTo' (${networkTo}) is 'networkFrom' as well: there is nothing to migrate`);
    }
    if (networkTo > largestMtuWithoutEsp(machineTo)) {
      throw new InputError(
        `'networkTo' (${networkTo}) must be at most ${largestMtuWithoutEsp(machineTo)} with 'machineTo' (${machineTo}): `
          + `Geneve takes ${GENEVE_OVERHEAD} bytes, `
          + 'and the Cluster Network Operator refuses less room',
      );
    }
    this.networkFrom = networkFrom;
    this.networkTo = networkTo;
    this.machineTo = machineTo;
  }

  /** The last step of the same change. */
  public finalized(): MtuMigration {
    return MtuMigration.finalize(this.props);
  }

  /**
   * Throws where the MTUs that the cluster is said to have are others.
   * @internal
   */
  public _refuseFor(cluster: { readonly clusterMtu?: number; readonly machineMtu?: number }): void {
    const { networkFrom, networkTo, machineFrom, machineTo } = this.props;
    const current = this.isFinal ? networkTo : networkFrom;
    if (cluster.clusterMtu !== undefined && cluster.clusterMtu !== current) {
      throw new InputError(
        `'clusterMtu' (${cluster.clusterMtu}) must be the MTU that 'mtuMigration' `
          + `${this.isFinal ? 'ended at' : 'starts from'} (${current}): `
          + "the Cluster Network Operator refuses a migration from any other; correct the one that is wrong, or leave 'clusterMtu' out",
      );
    }
    if (cluster.machineMtu !== undefined && cluster.machineMtu !== machineTo && cluster.machineMtu !== machineFrom) {
      throw new InputError(`'machineMtu' (${cluster.machineMtu}) must be an MTU of the machine network in 'mtuMigration' `
        + `(${machineFrom === undefined ? machineTo : `${machineFrom} to ${machineTo}`}): correct the one that is wrong, `
        + 'or leave \'machineMtu\' out');
    }
  }

  /**
   * The value of `spec.migration`; null takes it out.
   * @internal
   */
  public get _migration(): object | null {
    const { networkFrom, networkTo, machineFrom, machineTo } = this.props;
    if (this.isFinal) return null;
    return {
      mtu: {
        network: { from: networkFrom, to: networkTo },
        machine: { ...(machineFrom === undefined ? {} : { from: machineFrom }), to: machineTo },
      },
    };
  }
}

const KINDS: KindsOf<MtuMigrationProps> = {
  networkFrom: NUMBER, networkTo: NUMBER, machineTo: NUMBER, machineFrom: optional(NUMBER), ipv6: optional(FLAG),
};

const FOR_IPSEC_KINDS: KindsOf<MtuForIpsecProps> = {
  machineMtu: NUMBER, clusterMtu: optional(NUMBER), afterDisabling: optional(FLAG), ipv6: optional(FLAG),
};

function refuseMtus(mtus: { readonly [name: string]: number | undefined }, ipv6 = false): void {
  const minimum = ipv6 ? MIN_MTU_IPV6 : MTU_RANGE.from;
  for (const [name, mtu] of Object.entries(mtus)) {
    if (mtu === undefined || isMtu(mtu, minimum)) continue;
    throw new InputError(`'${name}' (${mtu}) must be a whole number of bytes from ${minimum} to ${MTU_RANGE.to}, `
      + `which is what the Cluster Network Operator takes${ipv6 ? ' for a cluster network with IPv6' : ''}`);
  }
}
