/**
 * A mistake in what the user passed, told in one sentence.
 *
 * The message names the property, the value, what is allowed, why, and the fix; it never holds a password or key.
 * Programs that print errors (the demo, the command) print the message alone for this class, and nothing else of it.
 *
 * @jsii ignore
 */
export class InputError extends Error {
  public constructor(message: string) {
    super(message);
    this.name = 'InputError';
  }
}
