import { bytesOf, MachineConfigObject } from './machine-config/machine-configs';
import { isPolicy } from './policies';
import { Place, pointerTo, stateSubject, Subject, subjectOf, TextPlace, wholeDocument } from './subjects';
import { isTemplateText, yamlOfTemplate } from './templated-yaml';
import { at, list, PlainObject, record, text } from './values';
import { statesWithoutKind, valuesAt, Wrapper, wrapperOf } from './wrappers';

/** All documents in a YAML text; it throws where one can't be read. */
export type ParseYaml = (text: string) => readonly unknown[];

/** The documents of a text, and the text as it was read. */
interface ReadText {
  readonly documents: readonly unknown[];
  readonly content: string;
}

/** A text in an object that looks like manifests and was not judged. */
export interface Unopened {
  readonly subject: Subject;
  readonly path: string;
  readonly why: string;
}

/** A wrapper in a wrapper happens (a ConfigMap in a ManifestWork in a policy); more of them than this is no manifest. */
const MAX_DEPTH = 8;

/** How much text is opened for one check: as much as whole fleets keep, and little enough to be read in seconds. */
const MAX_TEXT = 16 * 1024 * 1024;

/** The largest state, script or manifest that a MachineConfig may bring is smaller. */
const MAX_FILE_BYTES = 1024 * 1024;

/** Words of which every text that is worth opening has one: most ConfigMaps hold something else altogether. */
const PROMISING = /ipsec|nmstate\.io|MachineConfig|operator\.openshift\.io/;

/** A key that manifests in YAML or JSON have at the beginning of a line, and texts of other kinds have not. */
const LIKE_MANIFESTS = /^[ \t{["-]{0,64}(?:kind|apiVersion|interfaces|objectDefinition)"?[ \t]{0,8}:/m;

/** Finds the Kubernetes objects in documents: those that stand by themselves, in Lists, and inside other objects and texts. */
export class Opener {
  public readonly unopened: Unopened[] = [];
  private left = MAX_TEXT;

  public constructor(private readonly parseYaml?: ParseYaml) {}

  /** The objects in a document, in order; whatever is none is passed over. */
  public open(document: unknown): Iterable<Subject> {
    const object = record(document);
    if (!object) return [];
    const [apiVersion, kind] = [text(object.apiVersion), text(object.kind)];
    if (apiVersion === undefined || kind === undefined) return withoutKind(object, { document, pointer: '' });
    // Almost every document is one object and no more.
    const holdsOthers = kind.endsWith('List') || wrapperOf(apiVersion, kind) !== undefined;
    return holdsOthers ? this.expand(object, { document, pointer: '' }, 0) : [wholeDocument(object, apiVersion, kind, document)];
  }

  /** The nmstate states and policies in files of a MachineConfig, which nmstate applies at boot or a unit has applied. */
  public *statesIn(machineConfig: MachineConfigObject): Iterable<Subject> {
    const { subject, files, units } = machineConfig;
    if (!this.parseYaml || files.length === 0) return;
    const appliers = units.filter((unit) => /nmstatectl|\b(?:oc|kubectl)\b/.test(unit.text));
    for (const file of files) {
      if (!/\.(?:ya?ml|json)$/i.test(file.path) && !appliers.some((unit) => unit.text.includes(file.path))) continue;
      const bytes = bytesOf(file);
      if (!bytes || bytes.length > MAX_FILE_BYTES || !bytes.includes('ipsec')) continue;
      const path = `${file.pointer}/contents/source`;
      const { document, cluster, text: within } = subject;
      const place: Place = { document, cluster, pointer: pointerTo(subject, path), text: within, held: { by: subject, path } };
      for (const state of this.inText(bytes.toString('utf8'), place, MAX_DEPTH, false)) {
        if (state.isState || isPolicy(state)) yield state;
      }
    }
  }

  private *expand(value: unknown, place: Place, depth: number): Iterable<Subject> {
    const object = record(value);
    if (!object) return;
    const [apiVersion, kind] = [text(object.apiVersion), text(object.kind)];
    if (apiVersion === undefined || kind === undefined) {
      yield* withoutKind(object, place);
    } else if (kind.endsWith('List') && Array.isArray(object.items)) {
      if (depth > MAX_DEPTH) return;
      for (const [i, item] of object.items.entries()) {
        yield* this.expand(item, { ...place, pointer: `${place.pointer}/items/${i}` }, depth + 1);
      }
    } else {
      const subject = subjectOf(object, apiVersion, kind, place);
      yield subject;
      const wrapper = wrapperOf(apiVersion, kind);
      if (wrapper && depth < MAX_DEPTH) yield* this.contents(subject, wrapper, depth + 1);
    }
  }

  private *contents(subject: Subject, wrapper: Wrapper, depth: number): Iterable<Subject> {
    const { object, pointer } = subject;
    const cluster = subject.cluster ?? wrapper.cluster?.(object);
    const { document, text: within } = subject;
    const inside = (path: string): Place => ({ document, text: within, cluster, pointer: pointer + path, held: { by: subject, path } });
    for (const pattern of wrapper.objects ?? []) {
      for (const [path, value] of valuesAt(object, pattern)) yield* this.expand(value, inside(path), depth);
    }
    for (const pattern of wrapper.generated ?? []) {
      for (const [path, value] of valuesAt(object, pattern)) {
        yield* this.expand(generatedBy(value), inside(`${path}/data`), depth);
      }
    }
    for (const pattern of wrapper.states ?? []) {
      for (const [path, value] of valuesAt(object, pattern)) yield* states(record(value), '', inside(path));
    }
    for (const pattern of wrapper.texts ?? []) {
      for (const [path, value] of valuesAt(object, pattern)) {
        yield* this.inText(value, { ...inside(path), ...ofNodePool(path) }, depth, true);
      }
    }
    for (const pattern of wrapper.base64 ?? []) {
      for (const [path, value] of valuesAt(object, pattern)) {
        yield* this.inText(decoded(value), { ...inside(path), ...ofNodePool(path) }, depth, false);
      }
    }
    if (wrapper.templates !== undefined) yield* this.templates(subject, depth);
  }

  private *inText(content: unknown, place: Place, depth: number, verbatim: boolean): Iterable<Subject> {
    if (!this.parseYaml || typeof content !== 'string' || !PROMISING.test(content)) return;
    const read = this.read(content, place);
    for (const [index, document] of read?.documents.entries() ?? []) {
      yield* this.expand(document, { ...place, pointer: '', text: textPlace(place, read!.content, index, verbatim) }, depth);
    }
  }

  /** The objects that a ConfigurationPolicy enforces, unless it wants them gone. */
  private *templates(policy: Subject, depth: number): Iterable<Subject> {
    const raw = at(policy.object.spec, 'object-templates-raw');
    const path = raw === undefined ? '/spec/object-templates' : '/spec/object-templates-raw';
    const place: Place = { document: policy.document, text: policy.text, cluster: policy.cluster, pointer: policy.pointer + path };
    const read = typeof raw === 'string' ? this.read(raw, { ...place, held: { by: policy, path } }, true) : undefined;
    const [document] = read?.documents ?? [];
    const holder = raw === undefined ? policy.object.spec : document;
    const templates = list(Array.isArray(holder) ? holder : at(holder, 'object-templates'));
    const root = raw === undefined ? place.pointer : Array.isArray(document) ? '' : '/object-templates';
    const inside = read ? textPlace(place, read.content, 0, true) : place.text;
    for (const [i, template] of templates.entries()) {
      const complianceType = text(at(template, 'complianceType'))?.toLowerCase();
      if (complianceType === 'mustnothave') continue;
      const held = { by: policy, complianceType, path: raw === undefined ? `${path}/${i}/complianceType` : path };
      yield * this.expand(at(template, 'objectDefinition'), { ...place, pointer: `${root}/${i}/objectDefinition`, text: inside, held }, depth);
    }
  }

  /** The documents in a text, with what a template is to fill in as unknown, where that is needed to read it. */
  private read(content: string, { held }: Place, isTemplate = false): ReadText | undefined {
    if (!this.parseYaml) return undefined;
    const refuse = (why: string) => {
      if (held && LIKE_MANIFESTS.test(content)) this.unopened.push({ subject: held.by, path: held.path, why });
    };
    if (content.length > this.left) {
      refuse('it is too large beside all the others');
      return undefined;
    }
    this.left -= content.length;
    for (const yaml of isTemplate ? [yamlOfTemplate(content)] : isTemplateText(content) ? [content, yamlOfTemplate(content)] : [content]) {
      try {
        return { documents: this.parseYaml(yaml), content: yaml };
      } catch {
        continue;
      }
    }
    refuse(isTemplateText(content) ? 'it is a template, which is YAML only once it is filled in' : 'it is broken YAML');
    return undefined;
  }
}

function* withoutKind(document: PlainObject, place: Place): Iterable<Subject> {
  for (const pattern of statesWithoutKind(document)) yield* states(document, pattern, place);
}

/** The states at a place that configure IPsec: others are none of our business. */
function* states(document: PlainObject | undefined, pattern: string, place: Place): Iterable<Subject> {
  for (const [path, value] of valuesAt(document, pattern)) {
    const state = record(value);
    if (!state || !list(state.interfaces).some((own) => at(own, 'type') === 'ipsec')) continue;
    yield stateSubject(state, { ...place, pointer: place.pointer + path });
  }
}

function textPlace({ pointer, text: within }: Place, content: string, index: number, verbatim: boolean): TextPlace {
  return { pointer, within, content, index, verbatim };
}

/** What a Kyverno rule generates: the object without what names it, which stands beside. */
function generatedBy(generate: unknown): PlainObject | undefined {
  const [rule, data] = [record(generate), record(at(generate, 'data'))];
  if (!rule || !data) return undefined;
  const { apiVersion, kind, name, namespace } = rule;
  return { apiVersion, kind, ...data, metadata: { name, namespace, ...record(data.metadata) } };
}

/** HyperShift reads the key `config` of the ConfigMaps that a NodePool names, and gives each MachineConfig its role. */
function ofNodePool(path: string): Pick<Place, 'ofNodePool'> {
  return path === '/data/config' ? { ofNodePool: true } : {};
}

function decoded(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= 2 * MAX_FILE_BYTES ? Buffer.from(value, 'base64').toString('utf8') : undefined;
}
