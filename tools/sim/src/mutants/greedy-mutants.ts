/** Bugs that show where somebody wants more than a fair share. */
import type { Mutant } from './mutant.ts';

const CREATOR_ROOMS = 'packages/room/src/creator-rooms.ts';
const MEMBERS = 'packages/room/src/members.ts';
const QUOTAS = 'packages/pulse/src/quotas.ts';
const ROOM_LEDGER = 'packages/room/src/room-ledger.ts';
const SEATING = 'packages/room/src/seating.ts';
const SESSION_RATE = 'packages/pulse/src/session-rate.ts';
const TICKETS = 'packages/room/src/tickets.ts';

export const GREEDY_MUTANTS: readonly Mutant[] = [
  {
    name: 'a new connection brings new tokens',
    row: 'A6',
    words: 'The rate is of a connection, whoever is logged in on it.',
    needs: 'greedyUsers',
    edits: [
      {
        file: SESSION_RATE,
        find: 'const next = this.#quota?.bucket;',
        replace: 'const next = undefined;',
      },
    ],
  },
  {
    name: 'a bucket is forgotten with its last connection',
    row: 'A6',
    words: 'Who ends one connection before the next begins has a full bucket again.',
    needs: 'greedyUsers',
    edits: [{ file: QUOTAS, find: 'if (quota.bucket.isFull)', replace: 'if (quota.holders === 0)' }],
  },
  {
    name: 'a creator has as many rooms as it likes',
    row: 'A6',
    words: 'Nothing is closed for a room that is made.',
    needs: 'greedyUsers',
    edits: [
      {
        file: CREATOR_ROOMS,
        find: 'if (excess.length === 0) return;',
        replace: 'if (excess.length >= 0) return;',
      },
    ],
  },
  {
    name: 'a fresh ticket lengthens a reservation',
    row: 'A18',
    words: 'Who asks again and again and never comes holds a seat for ever.',
    needs: 'greedyUsers',
    edits: [
      {
        file: TICKETS,
        find: 'if (seat.session !== undefined) this.cancel(seat);',
        replace: 'this.cancel(seat);',
      },
    ],
  },
  {
    name: 'a seat that nobody took is not told of',
    row: 'A18',
    words: 'A room-runner says that the seat is free, and not that nobody came.',
    needs: 'greedyUsers',
    edits: [{ file: ROOM_LEDGER, find: '...(seat.unused ? { unused: true } : {})', replace: '...{}' }],
  },
  {
    name: 'who never comes is not made to wait',
    row: 'A18',
    words: 'What was left unused is counted, and nobody asks.',
    needs: 'greedyUsers',
    edits: [
      { file: SEATING, find: 'if (retryAfterMs === 0) return', replace: 'if (retryAfterMs >= 0) return' },
    ],
  },
  {
    name: 'a room carries whatever is said',
    row: 'A30',
    words: 'What a line costs is reckoned, and it is carried in any case.',
    needs: 'greedyUsers',
    edits: [
      {
        file: MEMBERS,
        find: 'return room.deliveries.take(key, deliveries);',
        replace: 'return 0 * room.deliveries.take(key, deliveries);',
      },
    ],
  },
];
