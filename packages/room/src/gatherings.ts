/**
 * Rooms that are being made for those who take any room. Who wishes for the same meanwhile waits for that one
 * instead of having another made, as many as it has seats for; the next begins another at once.
 *
 *     begun ── others join ──▶ no place is left ──┐
 *       └─────────────────────────────────────────┴── made, or failed ──▶ over: who waited looks again
 *
 * Invariants: of one wish at most one has places left; what is over is not kept. No circle of waiting: those
 * who make a room wait for a room-runner alone.
 */
import type { Attributes } from './attribute-index.ts';

/** What the room will be; equal wishes meet. */
export interface GatheringWish {
  readonly capacity: number;
  readonly attributes: Attributes;
}

interface Gathering {
  places: number;
  readonly over: Promise<unknown>;
}

export class Gatherings {
  /** Those that have a place left, by wish. */
  readonly #open = new Map<string, Gathering>();

  get size(): number {
    return this.#open.size;
  }

  /**
   * Takes a place where a room of this wish is being made. Resolves with why it was not made, with
   * `undefined` where it was; never rejects. Where there is no place it returns `undefined`.
   */
  join(wish: GatheringWish): Promise<unknown> | undefined {
    const key = keyOf(wish);
    const gathering = this.#open.get(key);
    if (gathering === undefined) return undefined;
    gathering.places -= 1;
    if (gathering.places === 0) this.#open.delete(key);
    return gathering.over;
  }

  /** Makes a room of this wish, for others too; settles as `make` does. */
  begin<Made>(wish: GatheringWish, make: () => Promise<Made>): Promise<Made> {
    const key = keyOf(wish);
    const making = make();
    const end = (): void => {
      if (this.#open.get(key) === gathering) this.#open.delete(key);
    };
    const over = making.then(end, (error: unknown) => {
      end();
      return error;
    });
    const gathering = { places: wish.capacity - 1, over };
    if (gathering.places > 0) this.#open.set(key, gathering);
    return making;
  }
}

/** Equal for equal wishes, whatever is in them, and for no others. */
function keyOf({ capacity, attributes }: GatheringWish): string {
  const pairs = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([capacity, pairs]);
}
