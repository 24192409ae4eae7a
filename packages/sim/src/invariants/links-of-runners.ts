/**
 * Which session a room-runner has at room-master, and since when: what is told on one session is heard in its
 * order, so who has it still, after as long as silence is borne, has been heard.
 */
import type { View } from './invariant.ts';

/** For so long a new room-master waits for runners that it does not know of. */
const WINDOW_MS = 3_000;

export class LinksOfRunners {
  readonly #view: View;
  readonly #sinceMs = new Map<string, number>();
  /** When a room-master first ran, and the boots of the runners that it has met, by its own boot. */
  readonly #masters = new Map<string, { readonly sinceMs: number; readonly met: Set<string> }>();

  constructor(view: View) {
    this.#view = view;
  }

  /** To be called with every step of room-master. */
  look(): void {
    const master = this.#view.cluster.app('room-master');
    if (master === undefined) return;
    const { boot } = master.process;
    const nowMs = this.#view.world.clock.now();
    const known = this.#masters.get(boot) ?? { sinceMs: nowMs, met: new Set<string>() };
    this.#masters.set(boot, known);
    for (const [key, { up }] of master.services.roomMaster?.runners.fronts ?? []) {
      const link = `${boot} ${key}`;
      if (!this.#sinceMs.has(link)) this.#sinceMs.set(link, nowMs);
      known.met.add(up.boot);
    }
  }

  /** Whether the room-master of now has met the runner of this boot, or may still wait for it. */
  isAwaited(boot: string): boolean {
    const master = this.#masters.get(this.#view.cluster.app('room-master')?.process.boot ?? '');
    if (master === undefined) return true;
    return master.met.has(boot) || this.#view.world.clock.now() - master.sinceMs < WINDOW_MS;
  }

  /** The session of the runner of this boot; `undefined` while it has none. */
  of(boot: string): string | undefined {
    const master = this.#view.cluster.app('room-master');
    for (const [key, front] of master?.services.roomMaster?.runners.fronts ?? [])
      if (front.up.boot === boot) return `${master?.process.boot} ${key}`;
    return undefined;
  }

  /** When the runner of this boot came to have the session that it has; never where it has none. */
  sinceOf(boot: string): number {
    return this.#sinceMs.get(this.of(boot) ?? '') ?? Infinity;
  }
}
