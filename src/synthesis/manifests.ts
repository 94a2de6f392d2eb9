import { ApiObject, JsonPatch } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { judgeTogether, judgeWritten, ManifestFinding } from './judge-manifests';
import { refuseMisreadTexts } from './misread-text';
import type { About, Manifest, RecordedManifest } from './recorded-manifest';
import { InputError } from '../core/input-error';
import { IpsecWarnings } from '../core/warnings';

/**
 * Writes an object under `scope`, has the rules judge it, and records it for the rules across objects.
 *
 * One plain spec, built once, serves all: nothing is rendered a second time. An object without a namespace of its own is
 * cluster-scoped: the namespace of its chart has no meaning for it, and the API refuses it there.
 *
 * @throws when a rule calls it an error
 */
export function writeManifest(scope: Construct, id: string, manifest: Manifest, about: About = {}): ApiObject {
  Manifests.of(scope).add({ ...about, manifest, owner: scope });
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

  public add(recorded: RecordedManifest): void {
    try {
      refuseMisreadTexts(recorded.manifest);
      for (const finding of judgeWritten(recorded)) this.warn(finding);
    } catch (error) {
      throw error instanceof InputError ? error._at(recorded.owner.node.path) : error;
    }
    this.recorded.push(recorded);
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
    for (const finding of judgeTogether(this.recorded)) {
      const { rule, severity, message, recorded } = finding;
      if (severity === 'error') errors.push(`${recorded.owner.node.path}: ${message} (${rule})`);
      else this.warn(finding);
    }
    return errors;
  }

  private warn({ rule, message, recorded }: ManifestFinding): void {
    IpsecWarnings.of(this.root)._add({ ruleId: rule, message, path: recorded.owner.node.path });
  }
}
