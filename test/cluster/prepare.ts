/**
 * Builds a program that `.ci/run` needs, beside whatever else runs, and prints its path; the tests then find it.
 *
 *     npx ts-node --transpile-only --project test/tsconfig.json test/cluster/prepare.ts kubectl-validate|mco
 */
import { kubectlValidate } from './kubectl-validate/program';
import { mcoProgram } from './mco/judge';

const PROGRAMS = new Map([['kubectl-validate', kubectlValidate], ['mco', mcoProgram]]);

const [name] = process.argv.slice(2);
const program = PROGRAMS.get(name);
if (!program) throw new Error(`'${name}' is none of the programs: ${[...PROGRAMS.keys()].join(', ')}`);
process.stdout.write(`${program()}\n`);
