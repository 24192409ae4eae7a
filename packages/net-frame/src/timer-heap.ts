/**
 * Timers in the order of their times, those of one time in the order in which they were set: a binary heap.
 * Adding and taking cost the logarithm of how many wait; one that is cancelled costs nothing until its time
 * comes.
 */

export interface HeapTimer {
  readonly at: number;
  /** Set by the heap: which came first. */
  order: number;
  /** `undefined` once it was cancelled. */
  task: (() => void) | undefined;
}

export class TimerHeap {
  readonly #heap: HeapTimer[] = [];
  #lastOrder = 0;
  #cancelled = 0;

  /** Timers that wait, without those that were cancelled. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  add(at: number, task: () => void): HeapTimer {
    const timer = { at, order: (this.#lastOrder += 1), task };
    this.#heap.push(timer);
    this.#rise(this.#heap.length - 1, timer);
    return timer;
  }

  /** Harmless for one that was taken or cancelled before. */
  cancel(timer: HeapTimer): void {
    if (timer.task === undefined) return;
    timer.task = undefined;
    this.#cancelled += 1;
  }

  /** The time of the next one; `undefined` where none waits. */
  get nextAt(): number | undefined {
    while (this.#heap[0] !== undefined && this.#heap[0].task === undefined) {
      this.#takeTop();
      this.#cancelled -= 1;
    }
    return this.#heap[0]?.at;
  }

  /** Takes the next one and returns its task; `undefined` where none waits. */
  take(): (() => void) | undefined {
    if (this.nextAt === undefined) return undefined;
    const top = this.#takeTop();
    const { task } = top;
    top.task = undefined;
    return task;
  }

  #takeTop(): HeapTimer {
    const top = this.#heap[0] as HeapTimer;
    const last = this.#heap.pop() as HeapTimer;
    if (this.#heap.length > 0) this.#sink(last);
    return top;
  }

  #rise(from: number, timer: HeapTimer): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = this.#heap[above] as HeapTimer;
      if (isBefore(other, timer)) break;
      this.#heap[at] = other;
      at = above;
    }
    this.#heap[at] = timer;
  }

  /** Puts `timer` at the top and lets it sink to its place. */
  #sink(timer: HeapTimer): void {
    const heap = this.#heap;
    let at = 0;
    for (let below = 1; below < heap.length; below = 2 * at + 1) {
      const right = heap[below + 1];
      if (right !== undefined && isBefore(right, heap[below] as HeapTimer)) below += 1;
      const other = heap[below] as HeapTimer;
      if (isBefore(timer, other)) break;
      heap[at] = other;
      at = below;
    }
    heap[at] = timer;
  }
}

function isBefore(a: HeapTimer, b: HeapTimer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
