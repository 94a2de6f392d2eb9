import { IConstruct } from 'constructs';
import { howToAcknowledge } from './acknowledgements';

/** Something that works, but not as most people think. */
export interface IpsecWarning {
  /** The rule, for example `libreswan-peer-unverified`; `acknowledge` takes it. */
  readonly ruleId: string;
  /** What was found, why it matters, and what to do. */
  readonly message: string;
  /** The path of the construct in the app. */
  readonly path: string;
}

/**
 * The warnings of an app.
 *
 * Each is told once, on standard error, when the app is synthesized. A construct that takes `acknowledge` keeps a warning
 * quiet for good reasons, and the reason goes into the manifest; `silence()` keeps all of them quiet, for tests and tools
 * that read `list()` themselves.
 */
export class IpsecWarnings {
  /**
   * The warnings of the app that holds a construct.
   *
   * @param scope the app, or any construct in it
   */
  public static of(scope: IConstruct): IpsecWarnings {
    const root = scope.node.root;
    let warnings = IpsecWarnings.roots.get(root);
    if (!warnings) IpsecWarnings.roots.set(root, warnings = new IpsecWarnings());
    return warnings;
  }

  private static readonly roots = new WeakMap<IConstruct, IpsecWarnings>();

  /** Keyed by path, rule and message, so that two synths tell a warning once. */
  private readonly warnings = new Map<string, IpsecWarning>();
  private told = 0;
  private silent = false;

  private constructor() {}

  /** The warnings so far; those across objects are among them after synthesis. */
  public list(): IpsecWarning[] {
    return [...this.warnings.values()];
  }

  /** Keeps the warnings from standard error; `list()` still has them. */
  public silence(): void {
    this.silent = true;
  }

  /** @internal */
  public _add(warning: IpsecWarning): void {
    this.warnings.set(`${warning.path}\0${warning.ruleId}\0${warning.message}`, warning);
  }

  /** @internal */
  public _tell(): void {
    const all = this.list();
    if (!this.silent) {
      for (const { path, ruleId, message } of all.slice(this.told)) {
        process.stderr.write(`warning: ${path}: ${message}${howToAcknowledge(ruleId, message)} (${ruleId})\n`);
      }
    }
    this.told = all.length;
  }
}
