/**
 * The parts of an app, started one after another and stopped in reverse.
 *
 * Invariant: what was started is stopped exactly once, the last first, whatever else fails. A stop that comes
 * while a part is starting waits for that part, and no further one is started.
 */
import type { Part } from '@lobby/discovery';
import type { Log } from './log.ts';

export class PartSequence {
  readonly #started: Part[] = [];
  readonly #log: Log;
  #starting: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;
  #busyWith: string | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** The part that is being started or stopped now. */
  get busyWith(): string | undefined {
    return this.#busyWith;
  }

  /** Starts `parts` in order. Rejects with the first error; what was started before it stays until `stop`. */
  start(parts: readonly Part[]): Promise<void> {
    this.#starting = this.#startAll(parts);
    return this.#starting;
  }

  /** Stops in reverse what was started. Rejects when all are done, with the errors of those that failed. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #startAll(parts: readonly Part[]): Promise<void> {
    for (const part of parts) {
      if (this.#stopped !== undefined) return;
      this.#busyWith = part.name;
      await part.start();
      this.#started.push(part);
      this.#busyWith = undefined;
    }
  }

  async #stopAll(): Promise<void> {
    await this.#starting.catch(() => undefined);
    const errors: unknown[] = [];
    for (const part of this.#started.splice(0).reverse()) {
      this.#busyWith = part.name;
      try {
        await part.stop();
      } catch (err) {
        errors.push(err);
        this.#log.error({ err, part: part.name }, 'a part did not stop well');
      }
    }
    this.#busyWith = undefined;
    if (errors.length > 0)
      throw new AggregateError(errors, 'some parts did not stop well: the log names them');
  }
}
