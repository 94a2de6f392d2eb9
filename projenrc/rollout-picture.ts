import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { App } from 'cdk8s';
import { IpsecRollout, MtuMigration } from '../src';
import { chartOrder } from '../src/constructs/rollout/chart-order';
import { FIRST_ON_CHANGED_NODES, RolloutStage } from '../src/constructs/rollout/rollout-stage';

const PAGE = join(__dirname, '../docs/gitops.md');
const [BEGIN, END] = ['<!-- the order, drawn by: npx projen rollout-picture -->\n', '<!-- end of the order -->\n'];

/** What stands in each stage; the compiler asks for those that are new. */
const CONTENTS: Readonly<Record<RolloutStage, string>> = {
  [RolloutStage.MIGRATION]: 'MTU migration, with mtuMigration',
  [RolloutStage.OPERATOR]: 'NmstateOperator',
  [RolloutStage.NMSTATE]: 'the NMState object',
  [RolloutStage.PAUSE]: 'pools paused, with pause',
  [RolloutStage.CERTIFICATES]: 'certificates and their rotation, guard, other MachineConfigs',
  [RolloutStage.MODE]: 'IpsecClusterConfig',
  [RolloutStage.UNPAUSE]: 'pools unpaused',
  [RolloutStage.ENDPOINTS]: 'endpoints; the guard, where traffic must not stop before',
  [RolloutStage.VERIFICATION]: 'IpsecVerification',
};

/** The charts of a rollout with everything, and the dependencies between them, as Mermaid draws them. */
export function picture(): string {
  const rollout = new IpsecRollout(new App(), 'ipsec', {
    pools: ['worker'],
    pause: true,
    mtuMigration: MtuMigration.forIpsec({ machineMtu: 1500 }),
  });
  const all = [rollout.operator, rollout.nmstate, rollout.certificates, rollout.mode, rollout.endpoints, rollout.verification];
  const order = chartOrder(rollout);
  const lines = rollout.charts.flatMap((chart) => {
    const stage = chart.node.id as RolloutStage;
    const before = rollout.charts.filter((other) => order.get(chart)!.has(other)).at(-1);
    const arrow = stage === FIRST_ON_CHANGED_NODES ? '-- "the gate: every pool has all MachineConfigs by name, and is updated" -->' : '-->';
    return [`  ${stage}["${stage}: ${CONTENTS[stage]}"]`, ...before ? [`  ${before.node.id} ${arrow} ${stage}`] : []];
  });
  if (all.length >= rollout.charts.length) throw new Error('the picture lacks a chart');
  return `\`\`\`mermaid\nflowchart TD\n${lines.join('\n')}\n\`\`\`\n`;
}

/** The page with the picture of today. */
export function withPicture(page: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`docs/gitops.md has no place for the picture: ${BEGIN.trim()} … ${END.trim()}`);
  return page.slice(0, begin + BEGIN.length) + picture() + page.slice(end);
}

if (require.main === module) writeFileSync(PAGE, withPicture(readFileSync(PAGE, 'utf8')));
