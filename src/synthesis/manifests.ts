import { ApiObject, JsonPatch } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import type { ManifestFinding } from './judge-manifests';
import { ManifestObject } from './manifest-object';
import { refuseMisreadText, refuseMisreadTexts } from './misread-text';
import type { About, Alike, Manifest, RecordedManifest } from './recorded-manifest';
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
export function writeManifest(scope: Construct, id: string, manifest: Manifest, about: About = {}, alike?: Alike): ApiObject {
  Manifests.of(scope).add(manifest, about, scope, alike);
  const object = new ManifestObject(scope, id, manifest);
  if (manifest.metadata.namespace === undefined && object.metadata.namespace !== undefined) {
    object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }
  return object;
}

/**
 * What a synthesis of the app that holds `scope` would refuse, and its warnings told: for whoever reads the app without synthesizing it.
 *
 * @throws what the rules refuse
 * @param options whether RHACM fills in what the app leaves to it
 */
export function validateApp(scope: IConstruct, options: { readonly filledInByRhacm: boolean }): string[] {
  const { root } = scope.node;
  const validate = () => root.node.findAll().flatMap(({ node }) => node.validate());
  return options.filledInByRhacm ? Manifests.of(root).filledInByRhacm(validate) : validate();
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
  /** The state in which nothing was found last, of those that are alike. */
  private readonly silent = new WeakMap<About, object>();
  private judged = { count: -1, errors: [] as ManifestFinding[] };
  private isFilledIn = false;

  private constructor(private readonly root: IConstruct) {}

  public add(manifest: Manifest, about: About, owner: IConstruct, alike: Alike | undefined): void {
    const knownState = alike && this.silent.get(about) === alike.state ? alike.state : undefined;
    const recorded = { manifest, about, owner, knownState };
    try {
      if (knownState) {
        refuseMisreadText(manifest.metadata.name);
        refuseMisreadText(alike!.host);
      } else {
        refuseMisreadTexts(manifest);
        this.judgeAlone(recorded, alike);
      }
    } catch (error) {
      throw error instanceof InputError ? error._at(owner.node.path) : error;
    }
    this.recorded.push(recorded);
  }

  private judgeAlone(recorded: RecordedManifest, alike: Alike | undefined): void {
    const findings = judges().judgeWritten(recorded);
    for (const finding of findings) this.warn(finding);
    if (alike && findings.length === 0) this.silent.set(recorded.about, alike.state);
  }

  /** Templates of the hub are no error as long as `validate` runs: what reads the app puts its objects into policies. */
  public filledInByRhacm<T>(validate: () => T): T {
    this.isFilledIn = true;
    try {
      return validate();
    } finally {
      this.isFilledIn = false;
    }
  }

  private asValidation(): { validate(): string[] } {
    return {
      validate: () => {
        if (this.judged.count !== this.recorded.length) this.judged = { count: this.recorded.length, errors: this.judge() };
        IpsecWarnings.of(this.root)._tell();
        const errors = this.judged.errors.filter(({ rule }) => !(this.isFilledIn && rule === 'hub-template-outside-policy'));
        if (errors.length === 0) return [];
        // Thrown, because cdk8s puts the path of what it validates before each text, which is that of the app, and its own frames below.
        throw new InputError(errors.map(({ rule, message, recorded }) => `${recorded.owner.node.path}: ${message} (${rule})`).join('\n'));
      },
    };
  }

  private judge(): ManifestFinding[] {
    const errors: ManifestFinding[] = [];
    for (const finding of judges().judgeTogether(this.recorded)) {
      if (finding.severity === 'error') errors.push(finding);
      else this.warn(finding);
    }
    return errors;
  }

  private warn({ rule, message, recorded }: ManifestFinding): void {
    IpsecWarnings.of(this.root)._add({ ruleId: rule, message, path: recorded.owner.node.path });
  }
}

/** The rules are a hundred files: whoever imports the package and writes nothing, such as for its types, does without them. */
function judges(): typeof import('./judge-manifests') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return loaded ??= require('./judge-manifests') as typeof import('./judge-manifests');
}

let loaded: typeof import('./judge-manifests') | undefined;
