/**
 * Time, as the libraries see it. Whoever starts a program hands in a clock: the real one
 * (`node-platform.ts`), or a virtual one that a test moves by hand (`virtual-clock.ts`). No library reads
 * time in any other way.
 *
 * Deadlines are always taken from `now()`, which never jumps; `wallNow()` is for what people and tickets
 * read.
 */

/** A task that waits for its time. */
export interface Timer {
  /** The task will not run any more. Harmless when it has run or was cancelled already. */
  cancel(): void;
}

export interface Clock {
  /** Milliseconds from some fixed moment: monotonic, may have fractions, never stepped. */
  now(): number;
  /** Milliseconds since the Unix epoch, an integer; may be stepped by whoever sets the machine's clock. */
  wallNow(): number;
  /** Runs `task` once, `delayMs` from now or a little later, never in the calling turn. */
  setTimer(delayMs: number, task: () => void): Timer;
  /** Runs `task` once, when all input that this turn of the event loop brought has been handled. */
  endOfTurn(task: () => void): void;
}
