/**
 * The calls of each connection that wait for an answer, so that an answer is seen beside its question. Freed
 * with the connection.
 */
import type { AnsweredLine, AskedLine, ClientLine } from '../history/line.ts';

export class OpenCalls {
  readonly #links = new Map<number, Map<number, AskedLine>>();

  /** What was asked, where the line is the first answer to it. */
  told(line: ClientLine): AskedLine | undefined {
    if (line.what === 'asked') this.#asked(line);
    else if (line.what === 'answered') return this.#answered(line);
    else if (line.what === 'ended') this.#links.delete(line.link);
    return undefined;
  }

  #asked(line: AskedLine): void {
    const calls = this.#links.get(line.link) ?? new Map<number, AskedLine>();
    this.#links.set(line.link, calls.set(line.seq, line));
  }

  #answered({ link, seq }: AnsweredLine): AskedLine | undefined {
    const calls = this.#links.get(link);
    const asked = calls?.get(seq);
    calls?.delete(seq);
    return asked;
  }
}
