/**
 * Whether this process is about to stop. There is one a process: whoever ends it begins the drain; services
 * ask it before they take anything new, are told when it begins, and say what a stop should wait for. It
 * stops nothing itself.
 *
 *     serving ── begin() ──▶ draining          no way back: what drains is stopped next
 */
import type { Clock } from '@lobby/net-frame';
import { Failure } from '@lobby/protocol';

/** Says what a stop should wait for; `undefined` when there is nothing. */
export type Busy = () => string | undefined;

const LOOK_EVERY_MS = 50;

export class Drain {
  readonly #begun: (() => void)[] = [];
  readonly #busy: Busy[] = [];
  #draining = false;

  get draining(): boolean {
    return this.#draining;
  }

  /** What a stop would wait for now. */
  get waitsFor(): readonly string[] {
    return this.#busy.flatMap((busy) => busy() ?? []);
  }

  /** From now on nothing new is taken. Twice is harmless. */
  begin(): void {
    if (this.#draining) return;
    this.#draining = true;
    for (const task of this.#begun) task();
  }

  /** Runs `task` when it begins, at once where it has. */
  onBegin(task: () => void): this {
    this.#begun.push(task);
    if (this.#draining) task();
    return this;
  }

  /** Adds something that a stop should wait for. It is asked often: it must be cheap, and must not throw. */
  busyWhile(busy: Busy): this {
    this.#busy.push(busy);
    return this;
  }

  /** Throws the failure `draining` once it has begun: to be called before anything new is taken. */
  refuseNew(): void {
    if (this.#draining)
      throw new Failure('draining', 'this server is about to stop and takes nothing new: use another');
  }

  /** Resolves when nothing is waited for, or `atMostMs` have passed; with what was still waited for then. */
  async quiet(clock: Clock, atMostMs: number): Promise<readonly string[]> {
    const until = clock.now() + atMostMs;
    for (;;) {
      const { waitsFor } = this;
      const leftMs = until - clock.now();
      if (waitsFor.length === 0 || leftMs <= 0) return waitsFor;
      await new Promise<void>((resolve) => clock.setTimer(Math.min(LOOK_EVERY_MS, leftMs), resolve));
    }
  }
}
