import { readdirSync } from 'fs';
import { join, resolve } from 'path';
import { buildSync } from 'esbuild';

/**
 * Makes one file of the rules, in place of the one that `tsc` made: whoever writes the first object loads them all, and to find, read and
 * compile a hundred files costs several times what it costs to compile one. The other rooms stay modules, which keep what they know once.
 */
const RULES = resolve('lib/rules/index.js');

buildSync({
  entryPoints: [RULES],
  outfile: RULES,
  allowOverwrite: true,
  bundle: true,
  platform: 'node',
  target: 'node20',
  charset: 'ascii',
  minifyWhitespace: true,
  external: ['cdk8s', 'constructs', ...readdirSync('lib').filter((room) => room !== 'rules').map((room) => join(resolve('lib'), room, '*'))],
});
