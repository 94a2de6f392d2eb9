import { NODE_ROLE_PREFIX } from '../../openshift/labels';
import type { Subject } from '../subjects';
import { at, list, record, text } from '../values';

/** A certificate that a DaemonSet brings from Secrets to the nodes, as `CertImportDaemonSet` writes it. */
export interface DaemonSetImport {
  readonly subject: Subject;
  readonly nickname: string;
  /** JSON pointer to the nickname. */
  readonly path: string;
  /** The roles of the nodes; none where nothing says them. */
  readonly roles: readonly string[];
  /** The Secret, in whose name `$(…)` stands for the node; a namespace only where the DaemonSet says it. */
  readonly secret: { readonly name: string; readonly namespace: string | undefined };
  /** Whether each node has a Secret of its own, and so a certificate of its own under the one nickname. */
  readonly perNode: boolean;
}

const PROGRAM = /\/ipsec-from-secret\.sh$/;

/** The import of a DaemonSet, if it is one. */
export function daemonSetImportOf(subject: Subject): DaemonSetImport | undefined {
  if (subject.kind !== 'DaemonSet' || !subject.apiVersion.startsWith('apps/')) return undefined;
  const pod = at(subject.object.spec, 'template', 'spec');
  for (const [index, container] of list(at(pod, 'containers')).entries()) {
    if (!list(at(container, 'command')).some((word) => PROGRAM.test(text(word) ?? ''))) continue;
    const env = list(at(container, 'env'));
    const place = env.findIndex((each) => at(each, 'name') === 'IPSEC_NICKNAME');
    const nickname = text(at(env[place], 'value'));
    if (nickname === undefined) continue;
    const secret = text(at(env.find((each) => at(each, 'name') === 'IPSEC_SECRET'), 'value')) ?? '';
    return {
      subject,
      nickname,
      path: `/spec/template/spec/containers/${index}/env/${place}/value`,
      roles: rolesOf(pod),
      secret: { name: secret, namespace: text(at(subject.object.metadata, 'namespace')) },
      perNode: secret.includes('$('),
    };
  }
  return undefined;
}

/** Whether it brings this Secret to a node; in the name that it asks for, `$(…)` is a node's. */
export function isSecretOf({ secret }: DaemonSetImport, name: string, namespace: string | undefined): boolean {
  if (namespace !== secret.namespace) return false;
  const [before, after] = secret.name.split(/\$\([^)]*\)/);
  if (after === undefined) return name === secret.name;
  return name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after);
}

/** The roles that its selector names, or the terms of its affinity, each of which is enough. */
function rolesOf(pod: unknown): string[] {
  const selected = rolesIn(Object.keys(record(at(pod, 'nodeSelector')) ?? {}));
  if (selected.length > 0) return selected;
  const terms = list(at(pod, 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms'));
  return rolesIn(terms.flatMap((term) => list(at(term, 'matchExpressions')).map((expression) => text(at(expression, 'key')) ?? '')));
}

function rolesIn(keys: readonly string[]): string[] {
  return keys.filter((key) => key.startsWith(NODE_ROLE_PREFIX)).map((key) => key.slice(NODE_ROLE_PREFIX.length))
    .map((role) => (role === 'control-plane' ? 'master' : role));
}
