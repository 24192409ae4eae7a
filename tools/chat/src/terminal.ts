/**
 * What the chat needs of a terminal: lines in, lines out. The real one is `node-terminal.ts`; a test has one
 * of its own.
 */

export interface Terminal {
  /** Somebody sits there and can be asked again. */
  readonly interactive: boolean;
  /** What stands before the line that is being typed. */
  prompt: string;
  /** The next line that was typed; `undefined` when there will be none. */
  readLine(): Promise<string | undefined>;
  /**
   * The next line, which is not shown while it is typed and not remembered; `undefined` when there will be
   * none.
   */
  readSecret(question: string): Promise<string | undefined>;
  /** Shows a line; one that is being typed stays whole. */
  print(line: string): void;
  /** Reads no more: whoever waits for a line gets `undefined`. Twice is harmless. */
  close(): void;
}
