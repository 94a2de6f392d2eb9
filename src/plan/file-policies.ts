import { posix } from 'path';
import type { FilePolicy } from '../openshift/node-disruption';

/** Policies for files, looked up by the path of each: there may be thousands of both. */
export class FilePolicies {
  private readonly byPath = new Map<string, Numbered>();
  private readonly byFolder = new Map<string, Numbered>();
  private readonly lengths = new Set<number>();

  public constructor(policies: readonly FilePolicy[]) {
    for (const [number, policy] of policies.entries()) {
      if (policy.path === '') continue;
      const [numbered, folder] = [{ number, policy }, clean(policy.path)];
      this.byPath.set(policy.path, first(this.byPath.get(policy.path), numbered));
      this.byFolder.set(folder, first(this.byFolder.get(folder), numbered));
      this.lengths.add(folder.length);
    }
  }

  /** The policy with the longest path that is this one or a folder above it; of equal ones the first. */
  public of(path: string): FilePolicy | undefined {
    let found = this.byPath.get(path);
    const full = clean(path);
    for (let end = full.indexOf('/', 1); end >= 0; end = full.indexOf('/', end + 1)) {
      const above = this.lengths.has(end) ? this.byFolder.get(full.slice(0, end)) : undefined;
      if (above) found = first(found, above);
    }
    return found?.policy;
  }
}

interface Numbered {
  readonly number: number;
  readonly policy: FilePolicy;
}

function first(one: Numbered | undefined, other: Numbered): Numbered {
  const longer = other.policy.path.length - (one?.policy.path.length ?? 0);
  return one && (longer < 0 || longer === 0 && one.number < other.number) ? one : other;
}

/** As Go's `filepath.Clean`: without `.`, `..`, and slashes that say nothing. */
function clean(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}
