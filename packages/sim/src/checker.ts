/** Asks all invariants whatever they want to be asked, and reports the first that finds something. */
import { INVARIANTS } from './invariants/catalogue.ts';
import type { Finding, Invariant, View } from './invariants/invariant.ts';

const TICK_MS = 250;

export class Checker {
  readonly #view: View;
  readonly #invariants: readonly Invariant[];

  constructor(view: View) {
    this.#view = view;
    this.#invariants = INVARIANTS.map((make) => make(view));
    const { world, cluster } = view;
    cluster.onStart((app) => {
      for (const { started } of this.#invariants) started?.(app);
    });
    world.history.follow((told) => this.#ask((invariant) => invariant.told?.(told)));
    this.#tick();
  }

  /** What ran since the last time is looked at. */
  step(): void {
    const { world, cluster } = this.#view;
    for (const process of world.ran) {
      const app = cluster.apps.find((other) => other.process === process);
      if (app === undefined) this.#ask((invariant) => invariant.botStep?.(process));
      else this.#ask((invariant) => invariant.step?.(app));
    }
    world.ran.clear();
  }

  atRest(): void {
    this.#ask((invariant) => invariant.atRest?.());
  }

  #tick(): void {
    this.#view.world.clock.setTimer(TICK_MS, () => {
      this.#ask((invariant) => invariant.tick?.());
      this.#tick();
    });
  }

  #ask(question: (invariant: Invariant) => Finding): void {
    for (const invariant of this.#invariants) {
      const found = question(invariant);
      if (found !== undefined) this.#view.world.report(invariant.id, found);
    }
  }
}
