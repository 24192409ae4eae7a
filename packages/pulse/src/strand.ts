/**
 * A strand: tasks that share one run one at a time, in the order in which they came; a task that returns a promise holds the
 * strand until the promise settles. A task that throws or rejects does not stop the next one.
 *
 *     idle ── task ──▶ running ──┬── returned, none waits ──▶ idle
 *                        ▲       ├── returned a promise ────▶ held ── settled ──┐
 *                        └───────┴──────────── next waiting task ◀──────────────┘
 *
 * Nothing here is queued that settles a call: replies and ends of sessions reach their waiters directly, so a held strand can
 * always go on. Waiting for a strand from inside itself would wait for ever; it throws instead.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { PulseError } from './errors.ts';

type Task = () => unknown;

interface Inside {
  readonly strand: Strand;
  readonly outer: Inside | undefined;
}

const inside = new AsyncLocalStorage<Inside>();

/** Whether a value is something to wait for. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}

export class Strand {
  readonly key: string;
  readonly #waiting: Task[] = [];
  #held = false;

  constructor(key: string) {
    this.key = key;
  }

  /** No task runs or waits. */
  get idle(): boolean {
    return !this.#held && this.#waiting.length === 0;
  }

  /** Tasks that wait for their turn. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Runs `task` now if the strand is idle, else when its turn comes. The task deals with its own errors. */
  dispatch(task: Task): void {
    if (this.#held) this.#waiting.push(task);
    else this.#run(task);
  }

  /**
   * Runs `task` in its turn and resolves with its value. Throws `strand_reentered` when called from a task of this strand,
   * however deep, because it would wait for itself.
   */
  run<T>(task: () => T | Promise<T>): Promise<T> {
    for (let at = inside.getStore(); at !== undefined; at = at.outer) {
      if (at.strand === this) {
        throw new PulseError(
          'strand_reentered',
          `strand "${this.key}" is waited for from inside itself: call the code directly, or post it`,
        );
      }
    }
    return new Promise<T>((resolve, reject) => {
      this.dispatch(async () => {
        try {
          resolve(await task());
        } catch (error) {
          reject(error as Error);
        }
      });
    });
  }

  #run(first: Task): void {
    this.#held = true;
    for (let task: Task | undefined = first; task !== undefined; task = this.#waiting.shift()) {
      const result = inside.run({ strand: this, outer: inside.getStore() }, task);
      if (!isPromise(result)) continue;
      const goOn = (): void => this.#next();
      result.then(goOn, goOn);
      return;
    }
    this.#held = false;
  }

  #next(): void {
    const task = this.#waiting.shift();
    if (task === undefined) this.#held = false;
    else this.#run(task);
  }
}

/** The strands of one root, by key; one exists while somebody uses it. */
export class Strands {
  readonly #strands = new Map<string, { readonly strand: Strand; users: number }>();

  get size(): number {
    return this.#strands.size;
  }

  use(key: string): Strand {
    const entry = this.#strands.get(key) ?? { strand: new Strand(key), users: 0 };
    entry.users += 1;
    this.#strands.set(key, entry);
    return entry.strand;
  }

  /** One user less. Tasks that wait still run. */
  release(key: string): void {
    const entry = this.#strands.get(key);
    if (entry === undefined) return;
    entry.users -= 1;
    if (entry.users > 0) return;
    if (entry.strand.idle) this.#strands.delete(key);
    else entry.strand.dispatch(() => this.#deleteUnused(key));
  }

  #deleteUnused(key: string): void {
    if (this.#strands.get(key)?.users === 0) this.#strands.delete(key);
  }
}
