/**
 * The lanes of a load, each of which does one unit of work after the other, and which can all be made to
 * wait: so that somebody else may be measured meanwhile.
 *
 *     going ── pause() ──▶ each lane ends its unit ──▶ all wait ── resume() ──▶ going
 *
 * Invariant: from the moment when `pause` resolves until `resume` is called no unit is under way.
 */

interface Pausing {
  /** Opens when all go on. */
  readonly gate: PromiseWithResolvers<void>;
  /** Resolves when all wait. */
  readonly all: PromiseWithResolvers<void>;
}

export class Pace {
  #lanes = 0;
  #waiting = 0;
  #pausing: Pausing | undefined;

  /**
   * Does `unit` again and again, one at a time. What it rejects with is left to whoever started the process.
   */
  lane(unit: () => Promise<void>): void {
    this.#lanes += 1;
    void this.#again(unit);
  }

  /**
   * Resolves when every lane waits; twice is harmless. Rejects where there are no lanes: what a load does
   * without them would go on.
   */
  async pause(): Promise<void> {
    if (this.#lanes === 0) throw new Error('a load without lanes can not be paused');
    this.#pausing ??= { gate: Promise.withResolvers(), all: Promise.withResolvers() };
    return this.#pausing.all.promise;
  }

  /** Every lane goes on. Harmless while they go. */
  resume(): void {
    this.#waiting = 0;
    const { gate, all } = this.#pausing ?? {};
    this.#pausing = undefined;
    gate?.resolve();
    all?.resolve();
  }

  async #again(unit: () => Promise<void>): Promise<never> {
    for (;;) {
      while (this.#pausing !== undefined) await this.#turn(this.#pausing);
      await unit();
    }
  }

  #turn({ gate, all }: Pausing): Promise<void> {
    this.#waiting += 1;
    if (this.#waiting === this.#lanes) all.resolve();
    return gate.promise;
  }
}
