import type { DocumentSet } from '../../documents/document-set';
import { encrypts } from '../../documents/networks';
import { IpsecInterface, finalText } from '../../documents/policies';
import { annotationsOf, Subject } from '../../documents/subjects';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

/** What a live policy needs on the nodes first, of what is applied together. */
interface Needs {
  network?: Subject;
  readonly imports: Map<string, Subject>;
}

export const policySameFile: Rule = {
  id: 'policy-same-file',
  severity: 'warning',
  title: 'a live IPsec policy in one file with the Network object that switches IPsec on, or with the import of its certificate',
  why: 'Both reach the nodes later: by a reboot, or by a pod. A policy that is applied with them fails on the node, and NMState does not try it '
    + 'again by itself.',
  fix: 'Put the policy into a file of its own, and apply it when the pools are updated; IpsecRollout has the charts for it.',
  docs: DOCS.enableExternal,

  on: {
    set(set, report) {
      const { facts: { appliedWith }, liveInterfaces } = set;
      if (!appliedWith || liveInterfaces.length === 0) return;
      const needs = needsByFile(set, appliedWith);
      if (needs.size === 0) return;
      const told = new Set<unknown>();
      for (const own of liveInterfaces) {
        const { subject } = own;
        const file = appliedWith(subject.document);
        const needed = subject.held || told.has(file) ? undefined : neededBy(own, needs.get(file));
        if (!needed || comesLater(subject, needed)) continue;
        // Hundreds of policies are one mistake.
        told.add(file);
        report({
          subject,
          path: '/metadata/name',
          message:
            `policy ${show(subject.name ?? '')} is applied together with ${needed.kind} ${show(needed.name ?? '')}, `
              + 'which it needs on the nodes first: '
              + 'it fails there, and NMState does not try it again by itself',
        });
        if (told.size === needs.size) return;
      }
    },
  },
};

function needsByFile(
  { networks, certificateImports, daemonSetImports }: DocumentSet, appliedWith: (document: unknown) => unknown,
): Map<unknown, Needs> {
  const needs = new Map<unknown, Needs>();
  const of = ({ document }: Subject): Needs | undefined => {
    const file = appliedWith(document);
    if (file !== undefined && !needs.has(file)) needs.set(file, { imports: new Map() });
    return needs.get(file);
  };
  for (const network of networks) {
    const found = network.subject.held || !encrypts(network) ? undefined : of(network.subject);
    if (found) found.network ??= network.subject;
  }
  const imports = [
    ...certificateImports.all.map(({ nickname, machineConfig: { subject } }) => ({ nickname, subject })), ...daemonSetImports,
  ];
  for (const { nickname, subject } of imports) {
    if (nickname !== undefined && !subject.held) of(subject)?.imports.set(nickname, subject);
  }
  return needs;
}

function neededBy({ settings = {} }: IpsecInterface, needs: Needs | undefined): Subject | undefined {
  const nickname = finalText(settings, 'leftcert');
  return needs && (needs.network ?? (nickname === undefined ? undefined : needs.imports.get(nickname)));
}

/** Waves of Argo CD say the order within one file. */
function comesLater(policy: Subject, needed: Subject): boolean {
  return waveOf(policy) > waveOf(needed);
}

function waveOf(subject: Subject): number {
  const wave = annotationsOf(subject).find(([name]) => name === 'argocd.argoproj.io/sync-wave')?.[1];
  return typeof wave === 'string' ? Number(wave) || 0 : 0;
}
