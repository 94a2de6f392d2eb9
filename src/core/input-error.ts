import { usersFrames } from './users-frames';

/**
 * A mistake in what the user passed, told in one sentence.
 *
 * The message names the property, the value, what is allowed, why, and the fix; it never holds a password or key. Where a
 * construct was being made, its path in the app stands before it. The stack holds the user's own frames alone.
 * Programs that print errors (the demo, the command) print the message alone for this class, and nothing else of it.
 *
 * @jsii ignore
 */
export class InputError extends Error {
  #located = false;
  readonly #frames = usersFrames(InputError);

  public constructor(message: string) {
    super(message);
    this.name = 'InputError';
    this.tellStack();
  }

  /**
   * The same mistake, with the path of the innermost construct that it was made in.
   * @internal
   */
  public _at(path: string): this {
    if (!this.#located && path !== '') {
      this.#located = true;
      this.message = `${path}: ${this.message}`;
      this.tellStack();
    }
    return this;
  }

  private tellStack(): void {
    this.stack = [`${this.name}: ${this.message}`, ...this.#frames].join('\n');
  }
}
