import { oncePerShared } from '../../core/shared';
import type { DocumentSet } from '../../documents/document-set';
import type { Subject } from '../../documents/subjects';
import { at, PlainObject, record, show, step } from '../../documents/values';
import { NODE_NAME_TEMPLATE } from '../../openshift/hub-template';
import { DOCS } from '../docs';
import type { FoundInSet, Rule } from '../rule';

const NODE_FIX = "Name the endpoint in 'nodeEndpoints' of RhacmPolicies, and apply what that writes alone.";

export const hubTemplateOutsidePolicy: Rule = {
  id: 'hub-template-outside-policy',
  severity: 'error',
  title: 'a hub template of RHACM (`{{hub … hub}}`) in a file of a MachineConfig, a connection or a node selector, or '
    + `\`${NODE_NAME_TEMPLATE}\` in a connection, where no policy holds the object`,
  why: 'Nothing fills the template in: a MachineConfig cannot be decoded, and its pool becomes Degraded; a connection takes it for the value.',
  fix: 'Have RhacmPolicies write the object into a policy, in an app of its own, and apply that alone; '
    + 'acknowledge it where a PolicyGenerator wraps this file.',
  docs: DOCS.rhacmPolicy,

  on: {
    set(set, report) {
      for (const found of [...inFiles(set), ...inConnections(set), ...inSelectors(set)]) if (!isInPolicy(found.subject)) report(found);
    },
  },
};

function* inFiles({ machineConfigs }: DocumentSet): Iterable<FoundInSet> {
  for (const { subject, files } of machineConfigs) {
    for (const { path: file, pointer, contents } of files) {
      if (!hasHubTemplate(contents?.source)) continue;
      yield {
        subject,
        path: `${pointer}/contents/source`,
        message: `the contents of ${show(file)} are a hub template, and no policy holds this MachineConfig`,
      };
    }
  }
}

function* inConnections({ connections }: DocumentSet): Iterable<FoundInSet> {
  for (const connection of connections) {
    const { settings } = connection;
    if (!holdsTemplate(settings)) continue;
    for (const key in settings) {
      const value = settings[key];
      const isNode = typeof value === 'string' && value.includes(NODE_NAME_TEMPLATE);
      if (!isNode && !hasHubTemplate(value)) continue;
      yield {
        subject: connection.subject,
        path: connection.settingsPath + step(key),
        message: isNode
          ? `'${key}' (${show(value)}) is the name of each node that RHACM goes through, and no policy of RHACM holds this object`
          : `'${key}' (${show(value)}) is a hub template, and no policy of RHACM holds this object`,
        fix: isNode ? NODE_FIX : undefined,
      };
    }
  }
}

function* inSelectors({ policies }: DocumentSet): Iterable<FoundInSet> {
  for (const { subject, nodesAreUnknown } of policies) {
    if (!nodesAreUnknown) continue;
    const selector = record(at(subject.object.spec, 'nodeSelector'));
    for (const key in selector) {
      if (!hasHubTemplate(selector[key])) continue;
      yield {
        subject,
        path: `/spec/nodeSelector${step(key)}`,
        message: `'nodeSelector' has ${show(selector[key])} for '${key}', a hub template, and no policy of RHACM holds this object`,
      };
    }
  }
}

/** Thousands of connections have their settings in common. */
const holdsTemplate = oncePerShared((settings: PlainObject) => (
  Object.values(settings).some((value) => hasHubTemplate(value) || typeof value === 'string' && value.includes(NODE_NAME_TEMPLATE))));

function hasHubTemplate(value: unknown): boolean {
  return typeof value === 'string' && value.includes('{{') && /\{\{-?\s*hub\b/.test(value);
}

/** Whether RHACM fills in what it holds. */
function isInPolicy({ held }: Subject): boolean {
  for (let by = held?.by; by; by = by.held?.by) if (by.apiVersion.startsWith('policy.open-cluster-management.io/')) return true;
  return false;
}
