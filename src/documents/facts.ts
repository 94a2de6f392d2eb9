import type { CaBundle } from '../certificate/ca-bundle';
import type { Pkcs12Bundle } from '../certificate/pkcs12-bundle';
import type { OpenShiftVersion } from '../openshift/openshift-version';
import type { Platform } from '../openshift/platform';

/** What is true of the cluster and stands in no document; a rule that needs what is not given stays silent. */
export interface ClusterFacts {
  readonly version?: OpenShiftVersion;
  readonly platform?: Platform;
  readonly hostedControlPlane?: boolean;
  readonly rhelComputeNodes?: boolean;
  /** The MTU of the cluster network, where its object does not say it. */
  readonly clusterMtu?: number;
  /** The MTU of the nodes' own interfaces, where no migration says it. */
  readonly machineMtu?: number;
  /** Addresses that the cluster lives on; they stand in none of its manifests. */
  readonly addresses?: {
    readonly machineNetworks?: readonly string[];
    readonly podNetworks?: readonly string[];
    readonly serviceNetworks?: readonly string[];
    readonly apiVips?: readonly string[];
  };
}

/** How the objects are judged besides. */
export interface JudgeOptions extends ClusterFacts {
  /** Reads the YAML documents of a text that stands in an object, or throws; without it such texts are passed over. */
  readonly parseYaml?: (text: string) => readonly unknown[];
  /** The file that a document stands in, where there is one to name. */
  readonly fileOf?: (document: unknown) => string | undefined;
  /** What a document is applied together with: documents of one file have one value. Undefined where nobody knows, as for a stream. */
  readonly appliedWith?: (document: unknown) => unknown;
  /** Whether all objects come from this library's constructs, so that each of them has to do with IPsec. */
  readonly fromConstructs?: boolean;
  /** Passwords to open PKCS#12 bundles with, besides the empty one and those in the objects themselves. */
  readonly passwords?: readonly Buffer[];
  /** The bundle in a document, where constructs have opened and judged all bundles already; then none is opened here. */
  readonly bundleOf?: (document: unknown) => Pkcs12Bundle | undefined;
  /** The CA certificates that the import in a document trusts, where a construct has read them. */
  readonly caBundleOf?: (document: unknown) => CaBundle | undefined;
  /** Days before the end from which a certificate is due for renewal; 30 unless given. */
  readonly expiresSoonDays?: number;
}

/** What constructs record beside a manifest for the rules, because its text does not say it. */
export interface SynthesisFacts {
  readonly cluster?: ClusterFacts;
  readonly bundle?: Pkcs12Bundle;
  readonly caBundle?: CaBundle;
}
