/**
 * A mistake in what the user passed, told in one sentence.
 *
 * The message names the property, the value, what is allowed, why, and the fix; it never holds a password or key. Where a
 * construct was being made, its path in the app stands before it.
 * Programs that print errors (the demo, the command) print the message alone for this class, and nothing else of it.
 *
 * @jsii ignore
 */
export class InputError extends Error {
  #located = false;

  public constructor(message: string) {
    super(message);
    this.name = 'InputError';
  }

  /**
   * The same mistake, with the path of the innermost construct that it was made in.
   * @internal
   */
  public _at(path: string): this {
    if (!this.#located && path !== '') {
      this.#located = true;
      this.message = `${path}: ${this.message}`;
    }
    return this;
  }
}
