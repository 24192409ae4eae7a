/**
 * Does harm for a while: begins faults of the kinds that it was given, lets them overlap, and ends every one
 * of them. Which kinds a run has is drawn first, so that some runs are all partitions and some all kills.
 */
import { amnesia } from './amnesia.ts';
import type { Begun, Fault, Scene } from './fault.ts';
import { cut, delay, isolate, refuse, slam, slowDrain, slowReader, swizzle, tear } from './link-faults.ts';
import { kill, pause, stop, timerLag } from './process-faults.ts';
import { announceAgain } from './service-faults.ts';
import type { Chance } from '@lobby/players';

const KINDS: readonly Fault[] = Object.values({
  kill,
  stop,
  pause,
  timerLag,
  cut,
  isolate,
  swizzle,
  delay,
  slowDrain,
  slowReader,
  refuse,
  slam,
  tear,
  announceAgain,
  amnesia,
});

/** The kinds of faults of a run: few or many of them. */
export function drawFaults(random: Chance): readonly Fault[] {
  const share = random.pick([0.15, 0.3, 0.6, 1]);
  const chosen = KINDS.filter(() => random.chance(share));
  return chosen.length > 0 ? chosen : [random.pick(KINDS)];
}

export class Nemesis {
  readonly #scene: Scene;
  readonly #kinds: readonly Fault[];
  readonly #pauseMs: number;
  readonly #atWork = new Set<Begun>();
  #resting = true;

  /** With no kinds it does no harm. */
  constructor(scene: Scene, kinds: readonly Fault[]) {
    this.#scene = scene;
    this.#kinds = kinds;
    this.#pauseMs = scene.random.pick([1_000, 3_000, 8_000]);
  }

  /** Does harm from now on. */
  begin(): void {
    if (this.#kinds.length === 0) return;
    this.#resting = false;
    this.#scene.world.calm.disturb();
    this.#later();
  }

  /** Ends every fault that is at work, and begins no more. */
  end(): void {
    if (this.#resting) return;
    this.#resting = true;
    for (const begun of [...this.#atWork]) this.#end(begun);
    this.#scene.world.network.heal();
    this.#scene.world.calm.settle();
    this.#scene.world.trace.event('nemesis', 'healed');
  }

  #later(): void {
    const { world, random } = this.#scene;
    world.clock.setTimer(random.between(0, this.#pauseMs), () => {
      if (this.#resting) return;
      this.#strike();
      this.#later();
    });
  }

  #strike(): void {
    const { world, random } = this.#scene;
    const begun = random.pick(this.#kinds)(this.#scene);
    if (begun === undefined) return;
    world.trace.event('nemesis', 'fault', begun.what);
    this.#atWork.add(begun);
    world.clock.setTimer(begun.lastsMs ?? random.between(100, 10_000), () => this.#end(begun));
  }

  #end(begun: Begun): void {
    if (!this.#atWork.delete(begun)) return;
    begun.end();
    this.#scene.world.trace.event('nemesis', 'fault_over', begun.what);
  }
}
