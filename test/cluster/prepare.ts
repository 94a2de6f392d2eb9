/**
 * Builds the program that `.ci/run` needs of these, beside whatever else runs; the tests then find it.
 *
 *     npx ts-node --transpile-only --project test/tsconfig.json test/cluster/prepare.ts
 */
import { mcoProgram } from './mco/judge';

mcoProgram();
