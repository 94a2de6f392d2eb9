import { Path } from './spec/report';

/**
 * Where each part of the output came from: paths of the Ignition config to paths of the Butane config.
 *
 * Ignition's rules judge the output, their messages name the input. Most compilations need no such message, so the
 * translation runs without a record first, and once more with one if a message needs its place.
 */
export class Origins {
  private readonly paths = new Map<string, { readonly to: Path; readonly from: Path }>();

  public add(from: Path, to: Path): void {
    this.paths.set(to.join('.'), { to, from });
  }

  public of(to: Path): Path | undefined {
    return this.paths.get(to.join('.'))?.from;
  }

  public get size(): number {
    return this.paths.size;
  }

  /** Records `from` as the source of everything in a value that something else than a field of the config made. */
  public addAll(from: Path, to: Path, value: unknown): void {
    this.add(from, to);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (inner !== undefined) this.addAll(from, [...to, Array.isArray(value) ? Number(key) : key], inner);
    }
  }
}
