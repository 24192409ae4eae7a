/** A terminal that a test types on and reads: what was printed is kept, and can be waited for. */

import { LineQueue } from '../src/line-queue.ts';
import type { Terminal } from '../src/terminal.ts';

export class FakeTerminal implements Terminal {
  interactive = false;
  prompt = '';
  readonly printed: string[] = [];
  /** Questions for something that is not shown. */
  readonly questions: string[] = [];
  readonly #lines = new LineQueue();
  #printedOne: () => void = () => undefined;

  type(...lines: readonly string[]): void {
    for (const line of lines) this.#lines.push(line);
  }

  /** No more will be typed. */
  end(): void {
    this.#lines.end();
  }

  /** The first line from now on that matches, or one that is there already and was not waited for before. */
  async shows(pattern: RegExp): Promise<string> {
    for (;;) {
      const at = this.printed.findIndex((line) => pattern.test(line));
      const found = this.printed[at];
      if (found !== undefined) {
        this.printed.splice(0, at + 1);
        return found;
      }
      await new Promise<void>((resolve) => (this.#printedOne = resolve));
    }
  }

  readLine(): Promise<string | undefined> {
    return this.#lines.next();
  }

  readSecret(question: string): Promise<string | undefined> {
    this.questions.push(question);
    return this.#lines.next();
  }

  print(line: string): void {
    this.printed.push(line);
    this.#printedOne();
  }

  close(): void {
    this.#lines.end({ drop: true });
  }
}
