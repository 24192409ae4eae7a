/**
 * A strand: tasks that share one run one at a time, in the order in which they came; a task that returns a
 * promise holds the strand until the promise settles. A task that throws or rejects does not stop the next
 * one.
 *
 *     idle ── task ──▶ running ──┬── returned, none waits ──▶ idle
 *                        ▲       ├── returned a promise ────▶ held ── settled ──┐
 *                        └───────┴──────────── next waiting task ◀──────────────┘
 *
 * Nothing here is queued that settles a call: replies and ends of sessions reach their waiters directly, so a
 * held strand can always go on. Waiting for a strand from inside itself would wait for ever; it throws
 * instead.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { PulseError } from './errors.ts';

type Task = () => unknown;

/** A task that runs, as the code inside it finds it. */
interface Inside {
  readonly strand: Strand;
  /** The task that waits for this one. */
  readonly outer: Inside | undefined;
  /** It has settled: what it left behind, such as a timer, is no part of it any more. */
  over: boolean;
}

interface Turn {
  readonly task: Task;
  readonly outer: Inside | undefined;
}

const inside = new AsyncLocalStorage<Inside | undefined>();

/** The task that the calling code is part of. */
function current(): Inside | undefined {
  const here = inside.getStore();
  return here?.over === true ? undefined : here;
}

/** Runs `task` as a part of no strand: nobody on one waits for it. */
export function detached(task: Task): unknown {
  return inside.run(undefined, task);
}

/** Whether a value is something to wait for. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}

export class Strand {
  readonly key: string;
  readonly #waiting: Turn[] = [];
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

  /**
   * Runs `task` now if the strand is idle, else when its turn comes. The task deals with its own errors; one
   * that it throws all the same is lost. Nobody waits for it, so it may be dispatched from anywhere, this
   * strand too.
   */
  dispatch(task: Task): void {
    this.#take({ task, outer: undefined });
  }

  /**
   * Runs `task` in its turn and resolves with its value. Throws `strand_reentered` when called from a task of
   * this strand, however deep, because it would wait for itself.
   */
  run<T>(task: () => T | Promise<T>): Promise<T> {
    const outer = current();
    for (let at = outer; at !== undefined && !at.over; at = at.outer) {
      if (at.strand === this) {
        throw new PulseError(
          'strand_reentered',
          `strand "${this.key}" is waited for from inside itself: call the code directly, or post it`,
        );
      }
    }
    return new Promise<T>((resolve) => {
      const begin = (): Promise<T> => {
        const running = (async () => task())();
        resolve(running);
        return running;
      };
      this.#take({ task: begin, outer });
    });
  }

  #take(turn: Turn): void {
    if (this.#held) this.#waiting.push(turn);
    else this.#run(turn);
  }

  #run(first: Turn): void {
    this.#held = true;
    for (let turn: Turn | undefined = first; turn !== undefined; turn = this.#waiting.shift()) {
      const here: Inside = { strand: this, outer: turn.outer, over: false };
      const result = this.#enter(here, turn.task);
      if (!isPromise(result)) {
        here.over = true;
        continue;
      }
      const goOn = (): void => {
        here.over = true;
        this.#next();
      };
      result.then(goOn, goOn);
      return;
    }
    this.#held = false;
  }

  #enter(here: Inside, task: Task): unknown {
    try {
      return inside.run(here, task);
    } catch {
      return undefined;
    }
  }

  #next(): void {
    const turn = this.#waiting.shift();
    if (turn === undefined) this.#held = false;
    else this.#run(turn);
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

  /** Whoever waits behind this must not meet another strand of the same key. */
  #deleteUnused(key: string): void {
    const entry = this.#strands.get(key);
    if (entry?.users === 0 && entry.strand.waiting === 0) this.#strands.delete(key);
  }
}
