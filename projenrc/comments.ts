import { readdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

/**
 * Takes the comments out of the modules that `tsc` made: they are a fifth of the code in the package, editors show those of the types, and
 * `removeComments` would take them from the types, too.
 */
const options = { removeComments: true, target: ScriptTarget.ES2022, module: ModuleKind.CommonJS };

for (const name of readdirSync('lib', { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.js') || /^cli.bundle/.test(name)) continue;
  const file = join('lib', name);
  writeFileSync(file, transpileModule(readFileSync(file, 'utf8'), { compilerOptions: options }).outputText);
}
