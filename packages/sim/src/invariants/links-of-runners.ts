/**
 * Which session a room-runner has at room-master, and since when: what is told on one session is heard in its
 * order, so who has it still, after as long as silence is borne, has been heard.
 */
import type { View } from './invariant.ts';

export class LinksOfRunners {
  readonly #view: View;
  readonly #sinceMs = new Map<string, number>();

  constructor(view: View) {
    this.#view = view;
  }

  /** To be called with every step of room-master. */
  look(): void {
    const master = this.#view.cluster.app('room-master');
    for (const key of master?.services.roomMaster?.runners.fronts.keys() ?? []) {
      const link = `${master?.process.boot} ${key}`;
      if (!this.#sinceMs.has(link)) this.#sinceMs.set(link, this.#view.world.clock.now());
    }
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
