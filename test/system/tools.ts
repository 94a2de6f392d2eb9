import { existsSync } from 'fs';
import { delimiter, join } from 'path';

/**
 * Fails where a tool is missing, with the Debian package that has it: a test that can't judge must not look as if it had.
 *
 * @param packages the package by its tool: a name on the PATH, or an absolute path
 */
export function requireTools(packages: { readonly [tool: string]: string }): void {
  const missing = Object.entries(packages).filter(([tool]) => !findTool(tool));
  if (missing.length === 0) return;
  const names = [...new Set(missing.map(([, name]) => name))].sort();
  throw new Error(`${missing.map(([tool]) => tool).join(', ')} not found: apt-get install --no-install-recommends ${names.join(' ')}`);
}

function findTool(tool: string): boolean {
  if (tool.startsWith('/')) return existsSync(tool);
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].some((directory) => directory !== '' && existsSync(join(directory, tool)));
}
