/** Where a command writes, and what it was called with; the tests pass their own. */
export interface Invocation {
  readonly args: readonly string[];
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /**
   * Where a command reads what it is piped.
   *
   * @default - standard input
   */
  readonly stdin?: () => Buffer;
  /**
   * Whether standard output is a terminal, which obeys what a program or file does not.
   *
   * @default false
   */
  readonly terminal?: boolean;
}
