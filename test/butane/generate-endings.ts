import { ENDINGS } from './generate';

/** All of a config but the value at its end. */
export const ENDINGS_HEAD = `variant: openshift
version: 4.16.0
metadata:
  name: x
  labels:
    machineconfiguration.openshift.io/role: worker
storage:
  files:
    - path: /a
      contents:
        inline:`;

const BLOCKS = ['|', '|-', '|+', '>', '>-', '>+', '|2', '|2-', '|+2', '>2+', '| # c', '!!str |', '&a >+'];
const BLOCK_BODIES = [
  '',
  '\n',
  '\n\n          first',
  '\n          first',
  '\n          first\n          second',
  '\n          first\n\n           more\n          second',
  '\n          first \n          # text',
];
const OTHERS = [
  ' "first"',
  ' "first\n          second"',
  " 'first'",
  ' first',
  ' first\n          second',
  '',
  ' ~',
  ' !!str',
  ' &a first',
  ' first # c',
  ' |\n          first\n    - path: /b\n      contents:\n        inline: |+\n          b',
];

/** Configs that end with a scalar: every style, with every body, and every ending after it. */
export function configsWithEndings(): string[] {
  const scalars = [...BLOCKS.flatMap((header) => BLOCK_BODIES.map((body) => ` ${header}${body}`)), ...OTHERS];
  return scalars.flatMap((scalar) => ENDINGS.map((ending) => `${ENDINGS_HEAD}${scalar}${ending}`));
}
