import { Document, isMap } from 'yaml';
import { TreeProblem } from './plain-tree';
import { parseTexts, parseWhole } from './yaml-file';
import { Severity } from '../core/finding';
import { InputError } from '../core/input-error';
import { printable } from '../core/printable';
import { sentence } from '../core/sentence';
import type { JudgeOptions } from '../documents/facts';
import { at, isMissing, record, text } from '../documents/values';
import { OpenShiftVersion } from '../openshift/openshift-version';
import { platformOf } from '../openshift/platform';
import { judgeAll, ObjectFinding, RULE_BY_ID } from '../rules';

/** What a KRM function gives back. */
export interface KrmResult {
  /** The ResourceList with `results`; its items are as they came. */
  readonly output: string;
  readonly severities: readonly Severity[];
  /** How many objects the items hold, and how many of them are of a kind that the rules judge. */
  readonly objects: number;
  readonly judged: number;
}

/**
 * Checks the items of a ResourceList, as Kustomize, kpt and others pass it to a function.
 *
 * @throws when the text is no ResourceList, or its `functionConfig` has an unknown value
 * @see https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md
 */
export function checkResourceList(input: string, options: JudgeOptions): KrmResult {
  const { document, value } = parse(input);
  const list = record(value);
  if (!isMap(document.contents) || list?.kind !== 'ResourceList' || !Array.isArray(list.items)) {
    throw new InputError("standard input is no ResourceList: '--krm' is for Kustomize, kpt and other programs that run KRM functions");
  }
  const { findings, objects, judged } = judgeAll([list], { parseYaml: parseTexts, ...options, ...configured(list.functionConfig) });
  document.set('results', document.createNode(findings.map(toResult)));
  return { output: String(document), severities: findings.map(({ severity }) => severity), objects, judged };
}

function parse(input: string): { readonly document: Document.Parsed; readonly value: unknown } {
  try {
    return parseWhole(input);
  } catch (error) {
    if (!(error instanceof TreeProblem)) throw error;
    throw new InputError(`standard input ${error.message}`);
  }
}

/** `spec` of the function's configuration, or `data` where that is a ConfigMap. */
function configured(functionConfig: unknown): JudgeOptions {
  const settings = record(at(functionConfig, 'spec')) ?? record(at(functionConfig, 'data')) ?? {};
  const version = settings.openshiftVersion;
  const platform = text(settings.platform);
  return {
    ...isMissing(version) ? {} : { version: OpenShiftVersion.of(String(version)) },
    ...platform === undefined ? {} : { platform: platformOf(platform) },
    ...isMissing(settings.hostedControlPlane) ? {} : { hostedControlPlane: String(settings.hostedControlPlane) === 'true' },
    ...isMissing(settings.rhelComputeNodes) ? {} : { rhelComputeNodes: String(settings.rhelComputeNodes) === 'true' },
  };
}

function toResult(finding: ObjectFinding): object {
  const { rule, severity, subject, pointer } = finding;
  // What Kustomize knows is the item, whatever holds what in it.
  let item = subject;
  while (item.held) item = item.held.by;
  const annotation = (name: string) =>
    at(item.object.metadata, 'annotations', `internal.config.kubernetes.io/${name}`)
    ?? at(item.object.metadata, 'annotations', `config.kubernetes.io/${name}`);
  const path = text(annotation('path'));
  const index = Number(annotation('index') ?? NaN);
  const field = pointer.slice(item.pointer.length);
  return {
    message: printable(sentence(finding)),
    severity,
    resourceRef: {
      apiVersion: subject.apiVersion,
      kind: subject.kind,
      name: subject.name ?? '',
      ...(subject.namespace === undefined ? {} : { namespace: subject.namespace }),
    },
    ...field === '' ? {} : { field: { path: fieldPath(field) } },
    ...path === undefined ? {} : { file: { path, ...Number.isInteger(index) ? { index } : {} } },
    tags: { rule, docs: RULE_BY_ID.get(rule)!.docs },
  };
}

/** A JSON pointer as the path of a field: `spec.desiredState.interfaces[0].libreswan.right`. */
function fieldPath(pointer: string): string {
  return pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => /^\d+$/.test(part) ? `[${part}]` : /^[\w-]+$/.test(part) ? `.${part}` : `['${part}']`).join('').replace(/^\./, '');
}
