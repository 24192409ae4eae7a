/**
 * Asks all invariants whatever they want to be asked, and reports the first that finds something. What an
 * invariant does not want to be asked is sorted out once: a run has thousands of events.
 */
import type { App } from './cluster/app.ts';
import { INVARIANTS } from './invariants/catalogue.ts';
import type { Finding, Invariant, View } from './invariants/invariant.ts';
import type { SimProcess } from './sim-process.ts';

const TICK_MS = 250;
/** So many things in one app are a crowd. */
const CROWD = 300;

interface Question<Subject> {
  readonly id: string;
  readonly ask: (subject: Subject) => Finding;
}

export class Checker {
  readonly #view: View;
  readonly #invariants: readonly Invariant[];
  readonly #steps: readonly Question<App>[];
  /** Those of them that look at all that an app holds. */
  readonly #looksAtAll: readonly Question<App>[];
  /** Apps with crowds, in which something ran since the last tick. */
  readonly #crowded = new Set<App>();
  readonly #botSteps: readonly Question<SimProcess>[];
  readonly #ticks: readonly Question<void>[];

  constructor(view: View) {
    this.#view = view;
    this.#invariants = INVARIANTS.map((make) => make(view));
    this.#steps = this.#questions(({ step, looksAtAll }) => (looksAtAll ? undefined : step));
    this.#looksAtAll = this.#questions(({ step, looksAtAll }) => (looksAtAll ? step : undefined));
    this.#botSteps = this.#questions(({ botStep }) => botStep);
    this.#ticks = this.#questions(({ tick }) => tick);
    const { world, cluster } = view;
    cluster.onStart((app) => {
      for (const { started } of this.#invariants) started?.(app);
    });
    const told = this.#questions((invariant) => invariant.told);
    world.history.follow((what) => this.#ask(told, what));
    this.#tick();
  }

  /** What ran since the last time is looked at. */
  step(): void {
    const { world, cluster } = this.#view;
    for (const process of world.ran) {
      const app = cluster.appOf(process);
      if (app === undefined) {
        this.#ask(this.#botSteps, process);
        continue;
      }
      this.#ask(this.#steps, app);
      if (isCrowded(app)) this.#crowded.add(app);
      else this.#ask(this.#looksAtAll, app);
    }
    world.ran.clear();
  }

  atRest(): void {
    this.#ask(
      this.#questions(({ atRest }) => atRest),
      undefined,
    );
  }

  #tick(): void {
    this.#view.world.clock.setTimer(TICK_MS, () => {
      for (const app of this.#crowded) if (app.process.alive) this.#ask(this.#looksAtAll, app);
      this.#crowded.clear();
      this.#ask(this.#ticks, undefined);
      this.#tick();
    });
  }

  #questions<Subject>(
    of: (invariant: Invariant) => ((subject: Subject) => Finding) | undefined,
  ): Question<Subject>[] {
    return this.#invariants.flatMap((invariant) => {
      const ask = of(invariant);
      return ask === undefined ? [] : [{ id: invariant.id, ask }];
    });
  }

  #ask<Subject>(questions: readonly Question<Subject>[], subject: Subject): void {
    for (const { id, ask } of questions) {
      const found = ask(subject);
      if (found !== undefined) this.#view.world.report(id, found);
    }
  }
}

function isCrowded({ port, services: { rooms } }: App): boolean {
  return (port?.sessions.size ?? 0) + (rooms?.size ?? 0) > CROWD;
}
