/**
 * The bots that share a room: the first of them makes it, the others wait until it is known. It knows nothing
 * of how a bot gets there.
 */
import type { Address } from '@lobby/net-frame';

/** A room, and where it is. */
export interface KnownRoom {
  readonly roomId: string;
  readonly address: Address;
}

export class Group {
  readonly index: number;
  readonly size: number;
  readonly #room = Promise.withResolvers<KnownRoom>();
  readonly #onRoom: (room: KnownRoom, group: Group) => void;

  constructor(
    index: number,
    { size, onRoom }: { readonly size: number; readonly onRoom: (room: KnownRoom, group: Group) => void },
  ) {
    this.index = index;
    this.size = size;
    this.#onRoom = onRoom;
    // Where nobody waits, nobody need be told that there is no room.
    this.#room.promise.catch(() => undefined);
  }

  /** The room of the group, once it is known. Rejects where the bot that should have made it gave up. */
  get room(): Promise<KnownRoom> {
    return this.#room.promise;
  }

  /** There is a room for all. Only the first one counts. */
  share(room: KnownRoom): void {
    this.#room.resolve(room);
    this.#onRoom(room, this);
  }

  /** There will be none. Harmless where there is one. */
  fail(reason: Error): void {
    this.#room.reject(reason);
  }
}
