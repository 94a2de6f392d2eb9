import { readFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, App, Chart, Names, YamlOutputType } from 'cdk8s';
import { IConstruct } from 'constructs';
import { FIRST_ON_CHANGED_NODES, RolloutStage, STAGES } from './rollout-stage';
import { NamedInNamespace, objectsOf } from './written-objects';
import { InputError } from '../../core/input-error';
import type { CertImportMachineConfig } from '../certificates/cert-import-machine-config';
import type { MtuMigration } from '../cluster/mtu-migration';
import { renderedInto } from '../cluster/rendered-machine-configs';
import { shellQuote } from '../cluster/shell';

/** What the script needs to know of a rollout. */
export interface ScriptedRollout extends IConstruct {
  readonly pools: string[];
  readonly _mtuMigration?: MtuMigration;
  _stages(): { readonly stage: RolloutStage; readonly chart: Chart }[];
  _renderedInto(pool: string): string[];
  _daemonSets(): NamedInNamespace[];
  _imports(): CertImportMachineConfig[];
}

/** What the operator of NMState brings, without which no policy can be applied. */
const POLICY_KIND = 'nodenetworkconfigurationpolicies.nmstate.io';

/** The functions, which are a real script beside this file, and the calls of them. */
export function applyScript(rollout: ScriptedRollout): string {
  const functions = readFileSync(join(__dirname, 'rollout-apply.sh'), 'utf8');
  const app = App.of(rollout);
  if (app.yamlOutputType !== YamlOutputType.FILE_PER_CHART && app.yamlOutputType !== YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE) {
    throw new InputError(
      "'yamlOutputType' of the app must be FILE_PER_CHART or FOLDER_PER_CHART_FILE_PER_RESOURCE, because a rollout is applied "
        + 'chart by chart: leave it out',
    );
  }
  const extension = app.outputFileExtension.replace(/^\./, '');
  const calls = [`extension=${shellQuote(extension)}`, ...passwordCalls(rollout), ...callsOf(rollout)];
  return `${functions}\n${calls.join('\n')}\nsay OK 'everything is applied'\n`;
}

/** What the script does not bring, and the import of a certificate waits for: once for all roles that need the same. */
function passwordCalls(rollout: ScriptedRollout): string[] {
  const rolesOf = new Map<string, string[]>();
  for (const { nickname, _nodePassword: password, _import: { roles } } of rollout._imports()) {
    if (password === undefined) continue;
    const what = `the password of the bundle ${nickname}${password.encrypted ? ', encrypted for the node' : ''}, which nothing here brings, and `
      + `without which it is not imported: ${password.file} on each node of role `;
    rolesOf.set(what, [...rolesOf.get(what) ?? [], ...roles]);
  }
  return [...rolesOf].map(([what, roles]) => `say NEED ${words(`${what}${roles.slice(0, 8).join(', ')}${roles.length > 8 ? ` and ${roles.length - 8} more` : ''}`)}`);
}

function callsOf(rollout: ScriptedRollout): string[] {
  const needsNodes = STAGES.slice(STAGES.indexOf(FIRST_ON_CHANGED_NODES));
  let waited = false;
  return rollout._stages().flatMap(({ stage, chart }) => {
    const calls: string[] = [];
    if (!waited && needsNodes.includes(stage)) {
      calls.push(...changedCalls(rollout), ...operatorCalls(rollout, chart));
      waited = true;
    }
    if (stage === RolloutStage.UNPAUSE) calls.push(...renderedCalls(rollout));
    return [...calls, ...stageCalls(rollout, stage, chart)];
  }).concat(waited ? [] : changedCalls(rollout));
}

function stageCalls({ _mtuMigration: migration, pools }: ScriptedRollout, stage: RolloutStage, chart: Chart): string[] {
  if (stage === RolloutStage.MIGRATION && migration) return [`migrate_mtu ${words(fileOf(chart), String(migration.networkTo))}`];
  const objects = objectsOf(chart);
  const jobs = objects.filter(({ kind }) => kind === 'Job');
  const before = stage === RolloutStage.NMSTATE ? [wait('the NMState operator', 'kind_exists', 'nmstates.nmstate.io')] : [];
  return [
    ...before,
    ...jobs.map((job) => `delete_job ${words(namespaceOf(job), job.name)}`),
    `apply ${words(fileOf(chart))}`,
    ...stage === FIRST_ON_CHANGED_NODES ? guardCalls(pools, chart) : [],
    ...objects.filter(({ kind }) => kind === 'NodeNetworkConfigurationPolicy').map(({ name }) => wait(`policy ${name}`, 'policy_available', name)),
    ...jobs.map((job) => wait(`job ${job.name}`, 'job_complete', namespaceOf(job), job.name)),
  ];
}

/** A guard that comes with the connections is on the nodes when they have rebooted once more. */
function guardCalls(pools: readonly string[], chart: Chart): string[] {
  return pools.flatMap((pool) => {
    const names = renderedInto(pool, chart);
    return names.length === 0 ? [] : [wait(`pool ${pool} to be updated`, 'pool_updated', pool, ...names)];
  });
}

function renderedCalls(rollout: ScriptedRollout): string[] {
  return rollout.pools.map((pool) => wait(`pool ${pool} to be rendered`, 'pool_rendered', pool, ...rollout._renderedInto(pool)));
}

/** What the connections need of the nodes: all their MachineConfigs, and the certificates that DaemonSets bring. */
function changedCalls(rollout: ScriptedRollout): string[] {
  return [
    ...rollout.pools.map((pool) => wait(`pool ${pool} to be updated`, 'pool_updated', pool, ...rollout._renderedInto(pool))),
    ...rollout._daemonSets().map(({ namespace, name }) => wait(`the pods of daemonset ${name}`, 'daemonset_ready', namespace, name)),
  ];
}

/** A policy needs the operator, and its webhook, whoever installed it. */
function operatorCalls(rollout: ScriptedRollout, chart: Chart): string[] {
  if (!objectsOf(chart).some(({ kind }) => kind === 'NodeNetworkConfigurationPolicy')) return [];
  const installs = rollout._stages().some(({ stage }) => stage === RolloutStage.NMSTATE);
  return [
    wait('the kind of the policies', 'kind_exists', POLICY_KIND),
    ...installs ? [wait('the webhook of the policies', 'deployment_available', 'openshift-nmstate', 'nmstate-webhook')] : [],
  ];
}

function wait(what: string, question: string, ...args: string[]): string {
  return `wait_for ${words(what)} ${question} ${words(...args)}`;
}

function words(...texts: string[]): string {
  return texts.map(shellQuote).join(' ');
}

function namespaceOf(object: ApiObject): string {
  return object.metadata.namespace ?? 'default';
}

/** What cdk8s names the file or folder of a chart, without the number before it. */
function fileOf(chart: Chart): string {
  return Names.toDnsLabel(chart);
}
