/** What the act `peers` looks for in the logs of a fault: `<row> <program> <side> <fragment>`, a line each. */
import { LOG_SIGNS, PLAYED_FAULTS } from '../../src/peer/log-signs';

const fragmentOf = (id: string) => LOG_SIGNS.find((sign) => sign.id === id)!.fragment;

for (const { row, libreswan, strongSwan } of PLAYED_FAULTS) {
  for (const [program, signs] of [['libreswan', libreswan], ['strongswan', strongSwan]] as const) {
    for (const [side, id] of Object.entries(signs ?? {})) process.stdout.write(`${row} ${program} ${side} ${fragmentOf(id)}\n`);
  }
}
