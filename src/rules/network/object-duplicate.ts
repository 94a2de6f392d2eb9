import type { DocumentSet } from '../../documents/document-set';
import { isPlaceholder } from '../../documents/placeholders';
import type { Subject } from '../../documents/subjects';
import { at, record } from '../../documents/values';
import { DOCS } from '../docs';
import type { FoundInSet, Rule } from '../rule';

/** Objects whose name is given: there is no other one to give. */
const FIXED_NAMES = ['Network', 'MachineConfigPool'];

export const objectDuplicate: Rule = {
  id: 'object-duplicate',
  severity: 'error',
  title: 'two objects of one apiVersion, kind, namespace and name, of a kind that this tool judges',
  why: 'The cluster keeps the one that is applied last; the other is lost without a word.',
  fix: 'Give one of them another name.',
  docs: DOCS.names,

  on: {
    set(set, report) {
      const byKind = new Map<string, Map<string, Map<string, Subject>>>();
      let last: Subject | undefined;
      let seen = new Map<string, Subject>();
      for (const subject of candidates(set)) {
        const { apiVersion, kind, namespace, name, held } = subject;
        if (name === undefined || held) continue;
        // Thousands of one kind come in a row.
        if (kind !== last?.kind || apiVersion !== last.apiVersion) {
          seen = inner(inner(byKind, kind, newMap<Map<string, Subject>>), apiVersion, newMap<Subject>);
          last = subject;
        }
        const identity = namespace === undefined && !FIXED_NAMES.includes(kind) ? name : [namespace, name, stepOf(subject)].join('\0');
        const other = seen.get(identity);
        if (!other) seen.set(identity, subject);
        else if (!isPlaceholder(name) && !isPlaceholder(namespace)) report(finding(subject, other, set));
      }
    },
  },
};

/** Repositories hold one Namespace or ConfigMap many times, for many clusters: that is theirs, as long as no rule reads it. */
function candidates(set: DocumentSet): Iterable<Subject> {
  if (set.facts.fromConstructs) return set.subjects;
  if (!set.concernsIpsec) return [];
  const judged = [...set.networks, ...set.policies.filter(({ isState }) => !isState), ...set.machineConfigs].map(({ subject }) => subject);
  return [...judged, ...set.pools, ...set.firewalls];
}

function finding(subject: Subject, other: Subject, { facts: { fileOf } }: DocumentSet): FoundInSet {
  const { kind, name } = subject;
  const path = '/metadata/name';
  const lost = 'the cluster keeps only the one that is applied last';
  const fix = FIXED_NAMES.includes(kind) ? 'Keep one of them, with what both say' : 'Give one of them another name';
  if (!fileOf) return { subject, path, message: `${kind} '${name}' is there twice: ${lost}`, fix: `${fix}.` };
  const [here, there] = [fileOf(subject.document), fileOf(other.document)];
  return {
    subject,
    path,
    message: `${kind} '${name}' is there twice, ${here === there ? 'both times in this file' : `here and in '${there}'`}: `
      + `one call is one cluster, and ${lost}`,
    fix: `${fix}; where they are for two clusters, check each cluster in a call of its own.`,
  };
}

/**
 * A pause of a pool and the object that ends it are kept side by side, to be applied one after the other; so are the start of an MTU
 * migration alone and the Network object with the new MTU.
 */
function stepOf({ kind, object }: Subject): string {
  if (kind === 'MachineConfigPool') return String(at(object.spec, 'paused'));
  return kind === 'Network' && at(object.spec, 'defaultNetwork') === undefined && record(at(object.spec, 'migration', 'mtu'))
    ? 'migration'
    : '';
}

function newMap<V>(): Map<string, V> {
  return new Map();
}

function inner<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, value = make());
  return value;
}
