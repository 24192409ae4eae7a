/** A reader who wants to see every room: page after page, by cursor, to the end. */

import { setTimeout as pause } from 'node:timers/promises';
import { Failure, LobbyClient } from '@lobby/client';
import type { RoomPage, RoomPageRequest } from '@lobby/client';
import type { Door } from '../bots/town.ts';
import { tokenOf } from '../run/identity.ts';

export interface RoomsRead {
  readonly firstMs: number;
  /** Rooms on the first page. */
  readonly firstRooms: number;
  readonly pages: number;
  readonly allMs: number;
  /** What was wrong about these rooms on the pages. */
  readonly faultsOf: (expected: readonly string[]) => string[];
}

const PAGE = 100;

/** Rejects where the reader is not served. */
export async function readRooms({ address }: Door): Promise<RoomsRead> {
  await using reader = await LobbyClient.connect(address);
  await reader.login({ token: await tokenOf('reader') });
  const begunAt = performance.now();
  const first = await pageOf(reader, {});
  const firstMs = performance.now() - begunAt;
  const all = [first];
  for (let next = first.next; next !== undefined; next = all.at(-1)?.next)
    all.push(await pageOf(reader, { after: next }));
  const allMs = performance.now() - begunAt;
  const ids = all.flatMap(({ rooms }) => rooms.map(({ roomId }) => roomId));
  const shown = new Set(ids);
  return {
    ...{ firstMs, allMs, firstRooms: first.rooms.length, pages: all.length },
    faultsOf: (expected) => {
      const missing = expected.filter((roomId) => !shown.has(roomId));
      return [
        ...(missing.length === 0 ? [] : [`${missing.length} of ${expected.length} rooms are on no page`]),
        ...(shown.size === ids.length ? [] : [`${ids.length - shown.size} rooms are on two pages`]),
      ];
    },
  };
}

/** As many rooms as a page may have. Who asks too often is told so, and asks again when that is allowed. */
async function pageOf(reader: LobbyClient, which: RoomPageRequest): Promise<RoomPage> {
  for (;;) {
    try {
      return await reader.rooms({ pageSize: PAGE, ...which });
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'throttled') throw error;
      await pause(error.retryAfterMs);
    }
  }
}
