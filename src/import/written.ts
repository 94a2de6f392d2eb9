import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Candidate, ReadObject } from './candidate';
import { call, Code, Environment, literal } from './code';
import { Difference, differences, splitAdded } from './difference';
import type { KeptFiles } from './kept-files';
import { valueCode } from './values';
import { InputError } from '../core/input-error';
import { PlainObject, record } from '../documents/values';

/** How the program writes one object, or several of one construct. */
export interface Written {
  readonly objects: readonly ReadObject[];
  readonly candidate: Candidate;
  /** For each object what is patched after the construct has written it. */
  readonly patches: readonly (readonly Difference[])[];
  /** The annotations that the construct adds. */
  readonly added: readonly string[];
  /** Why no construct of the library writes it, where none does. */
  readonly plain?: string;
  /** Why a better construct does not write it. */
  readonly instead?: string;
}

/** A statement of the program: what it writes, in which chart, and what it is called there. */
export interface Statement extends Written {
  readonly chart: string;
  readonly id: string;
  /** The variable that holds it, where something refers to it. */
  readonly name?: string;
}

/** More differences than these, and the object is none of the construct's. */
const MOST_PATCHES = 12;

/** What a construct makes of an object in an app of its own. */
export function tryCandidate(
  candidate: Candidate, read: readonly ReadObject[], variables: Environment,
): Written | { readonly why: string } {
  try {
    const made = new candidate.make(new Chart(new App(), 'trial'), 'trial', candidate.props.make(variables) as never);
    const objects = candidate.objectsOf(made as never);
    const parts = read.map(({ object }, i) => {
      const written = objects[i].toJson() as PlainObject;
      return splitAdded(written, differences(written, object));
    });
    const patches = parts.map(({ rest }) => rest);
    if (candidate.isWhole && objects.length !== read.length) return { why: `${candidate.name} writes ${objects.length} objects` };
    const hidden = candidate.isWhole ? undefined : patches.flat().find(({ path }) => /^\/(?:spec|data|stringData)$|\/contents(?:\/source)?$/.test(path));
    if (hidden?.path.includes('/contents')) return { why: `its file contents are encoded in another way than a construct does it (${hidden.path})` };
    if (objects.length !== read.length || hidden) return { why: `no construct writes what it has at ${hidden?.path ?? 'its place'}` };
    const own = candidate.isWhole ? patches.flat().find(({ path }) => !/^\/metadata\/(?:labels|annotations)(?:\/|$)/.test(path)) : undefined;
    if (own) return { why: `it differs from what ${candidate.name} writes (${own.path})` };
    if (patches.some((one) => one.length > MOST_PATCHES)) return { why: 'no construct writes most of it' };
    return { objects: read, candidate, patches, added: [...new Set(parts.flatMap(({ added }) => added))] };
  } catch (error) {
    if (error instanceof InputError) return { why: error.message.replace(/^trial\/trial: /, '').replaceAll('\n', '; ') };
    if (error instanceof TypeError || error instanceof RangeError) return { why: 'no construct takes what it has' };
    throw error;
  }
}

/** An object as it is, in the program as data. */
export function asItIs(read: ReadObject, files: KeptFiles, why: string): Written {
  const { object } = read;
  for (const base of [object, { apiVersion: 'v1', kind: 'Object', metadata: { name: 'object' } }]) {
    if (base === object && !isTyped(object)) continue;
    const candidate: Candidate = {
      name: 'ApiObject',
      make: ApiObject as unknown as Candidate['make'],
      props: base === object ? valueCode(object, files) : literal(base),
      path: () => '',
      objectsOf: (made: ApiObject) => [made],
    };
    try {
      const made = new ApiObject(new Chart(new App(), 'trial'), 'trial', base as never).toJson() as PlainObject;
      const patches = [differences(made, object)];
      if (base === object && patches[0].length > MOST_PATCHES) continue;
      return { objects: [read], candidate, patches, added: [], plain: why };
    } catch {
      // What cdk8s can't render goes in by patches, which take anything.
    }
  }
  throw new InputError(`${read.file}: ${nameOf(read)} can't be written by any program: keep this file as it is`);
}

/** Whether the compiler takes an object as what an `ApiObject` is made of. */
function isTyped({ metadata, apiVersion }: PlainObject): boolean {
  const given = record(metadata);
  const texts = (value: unknown) => value === undefined || Object.values(record(value) ?? { none: 1 }).every((each) => typeof each === 'string');
  return given !== undefined && typeof given.name === 'string' && texts(given.labels) && texts(given.annotations)
    && (given.namespace === undefined || typeof given.namespace === 'string')
    && given.ownerReferences === undefined && given.finalizers === undefined && String(apiVersion).split('/').length < 3;
}

/** What messages and comments call an object. */
export function nameOf({ object }: ReadObject): string {
  const name = record(object.metadata)?.name;
  return `${String(object.kind)} '${typeof name === 'string' ? name : ''}'`;
}

/** The patches as the program has them. */
export function patchCode(patches: readonly Difference[], files: KeptFiles): Code[] {
  return patches.map(({ op, path, value }) => {
    const args = op === 'remove' ? [literal(path)] : [literal(path), valueCode(value, files, path, secretAt(path))];
    return call(`JsonPatch.${op}`, ['JsonPatch'], args, JsonPatch[op] as (...given: never[]) => unknown);
  });
}

/** What is patched alone has lost the key that says that it is secret. */
function secretAt(path: string): 'values' | undefined {
  const last = path.split('/').at(-1)!;
  const { props } = { props: valueCode({ [last]: 'x' }, NOWHERE) };
  return props.uses.length > 0 ? 'values' : undefined;
}

const NOWHERE = { keep: () => 'nowhere' } as unknown as KeptFiles;

/** Runs it in a chart; what it made is returned, for whatever refers to it. */
export function runWritten({ candidate, patches }: Written, scope: Construct, id: string, variables: Environment): Construct {
  const made = new candidate.make(scope, id, candidate.props.make(variables) as never);
  const objects = candidate.objectsOf(made as never);
  patches.forEach((ops, i) => objects[i].addJsonPatch(...ops.map(({ op, path, value }) => (
    op === 'remove' ? JsonPatch.remove(path) : JsonPatch[op](path, value)))));
  return made;
}

/** A construct in an app that nobody synthesizes, for whatever needs one to refer to. */
export function makeAlone(candidate: Candidate, variables: Environment): Construct {
  return new candidate.make(new Chart(new App(), 'alone'), 'alone', candidate.props.make(variables) as never);
}
