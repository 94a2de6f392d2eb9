import { ApiObject, ApiObjectMetadata, JsonPatch } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { IpsecWarnings } from './warnings';

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

/** A manifest and the construct that wrote it. */
export interface RecordedManifest {
  readonly manifest: Manifest;
  /** Findings name its path. */
  readonly owner: IConstruct;
  /** The Network object of the cluster that the manifest is for; an app may hold the manifests of many clusters. */
  readonly cluster?: IConstruct;
  /** What the checks need to know of it and its text does not say; they know its type. */
  readonly facts?: object;
}

/** What a check across all manifests found; an error stops the synthesis, a warning is told once. */
export interface SynthesisFinding {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** The manifest that the finding is about. */
  readonly subject: RecordedManifest;
}

/** A check that needs all manifests at once. It may read them, never change them. */
export type SynthesisCheck = (manifests: readonly RecordedManifest[], root: IConstruct) => Iterable<SynthesisFinding>;

const checks: SynthesisCheck[] = [];

/** Adds a check that every synthesis runs, once. The rules do this; constructs know nothing of them. */
export function registerSynthesisCheck(check: SynthesisCheck): void {
  checks.push(check);
}

/**
 * Writes an object under `scope` and records it for the checks across objects.
 *
 * One plain spec, built once, serves both: nothing is rendered a second time. An object without a namespace of its own is
 * cluster-scoped: the namespace of its chart has no meaning for it, and the API refuses it there.
 */
export function writeManifest(scope: Construct, id: string, manifest: Manifest, cluster?: IConstruct, facts?: object): ApiObject {
  Manifests.of(scope).add({ manifest, owner: scope, cluster, facts });
  const object = new ApiObject(scope, id, manifest);
  if (manifest.metadata.namespace === undefined && object.metadata.namespace !== undefined) {
    object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }
  return object;
}

/** All manifests under one root. cdk8s validates once per chart; the checks run once per set of manifests. */
class Manifests {
  public static of(scope: IConstruct): Manifests {
    const root = scope.node.root;
    let manifests = Manifests.roots.get(root);
    if (!manifests) {
      manifests = new Manifests(root);
      Manifests.roots.set(root, manifests);
      root.node.addValidation(manifests.asValidation());
    }
    return manifests;
  }

  private static readonly roots = new WeakMap<IConstruct, Manifests>();

  private readonly recorded: RecordedManifest[] = [];
  private judged = { count: -1, errors: [] as string[] };

  private constructor(private readonly root: IConstruct) {}

  public add(manifest: RecordedManifest): void {
    this.recorded.push(manifest);
  }

  private asValidation(): { validate(): string[] } {
    return {
      validate: () => {
        if (this.judged.count !== this.recorded.length) this.judged = { count: this.recorded.length, errors: this.judge() };
        IpsecWarnings.of(this.root)._tell();
        return this.judged.errors;
      },
    };
  }

  private judge(): string[] {
    const errors: string[] = [];
    for (const check of checks) {
      for (const { rule, severity, message, subject } of check(this.recorded, this.root)) {
        if (severity === 'error') errors.push(`${subject.owner.node.path}: ${message} (${rule})`);
        else IpsecWarnings.of(this.root)._add({ ruleId: rule, message, path: subject.owner.node.path });
      }
    }
    return errors;
  }
}
