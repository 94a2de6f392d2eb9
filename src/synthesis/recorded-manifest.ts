import type { ApiObjectMetadata } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { PropNames } from './prop-names';
import type { SynthesisFacts } from '../documents/facts';

/** A Kubernetes object as its construct wrote it, before cdk8s renders it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ApiObjectMetadata & { readonly name: string };
  readonly spec?: object;
  /** What kinds without a `spec` have instead. */
  readonly data?: object;
  readonly rules?: readonly object[];
  readonly roleRef?: object;
  readonly subjects?: readonly object[];
  readonly automountServiceAccountToken?: boolean;
}

/** What is known of a manifest besides its text. */
export interface About {
  /** The Network object of the cluster that the manifest is for; an app may hold the manifests of many clusters. */
  readonly cluster?: IConstruct;
  /** What the rules need to know and the manifest does not say. */
  readonly facts?: SynthesisFacts;
  /** The props that wrote what stands in the manifest, so that the rules name them. */
  readonly props?: PropNames;
}

/**
 * What a policy has in common with others that have one `About`, and differ in their name and node alone. Whoever gives it sees to it that
 * both are right, and that nothing else in the policy names the node: then rules that read one object and found nothing in the first find
 * nothing in the others.
 */
export interface Alike {
  /** The state that they share. */
  readonly state: object;
  /** The host name in the `nodeSelector`, which says nothing else. */
  readonly host: string;
}

/** A manifest and the construct that wrote it. */
export interface RecordedManifest {
  readonly manifest: Manifest;
  readonly about: About;
  /** Findings name its path. */
  readonly owner: IConstruct;
  /** The state of a policy of which nothing has to be read but its name and its node: rules found nothing in one with the same. */
  readonly knownState?: object;
}
