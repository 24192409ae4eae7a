/**
 * The rooms of P10 as their runner tells them, each made from its number: a title of 20 characters, two
 * attributes, one seat, and that one taken; only the first room has free seats. Half of the titles are made
 * of a letter that is two when it is small; in half of the rooms one game is played, and in half of those by
 * beginners. So at every size a filter finds more rooms than a call may look at.
 */

import type { BackLink } from '@lobby/discovery';
import { room, service } from '@lobby/protocol';
import type { PayloadOf, ResponseOf } from '@lobby/protocol';
import type { FrontKind, Holding } from './fake-front.ts';

export type Books = PayloadOf<typeof room.synChangesF2b>;
type RoomRecord = Books['rooms'][number];
type Offer = ResponseOf<typeof room.reqCreateB2f>;
type Order = PayloadOf<typeof room.reqCreateB2f>;

/** Some day in 2026. */
const FIRST_MADE_AT = 1_795_000_000_000;
/** One room in so many was made within the last minute, and bears the number of its request. */
const FRESH_EVERY = 10;
const FREE_SEATS = 999;
/** The letter that is two when it is small. */
const DOTTED = 'İ';

/** Filters, by the names of their measures. Each looks at as many rooms as one call may. */
export const FILTERS = Object.freeze({
  title: { title: 'table 00' },
  /** All its pairs of letters are in half of the titles, and it is in none. */
  titleOfNone: { title: DOTTED.repeat(20) },
  attributes: { attributes: { game: 'chess', level: 'beginners' } },
  /** Only the first room is open, and another game is played there. */
  openOfNone: { attributes: { game: 'go', level: 'beginners' }, open: true },
  open: { open: true },
});

const digits = (number: number): string => String(number).padStart(6, '0').slice(-6);
const idOf = (number: number): string => `room${String(number).padStart(8, '0')}`;
const creatorOf = (number: number): string => `creator-${number}`;

function recordOf(number: number): RoomRecord {
  return {
    roomId: idOf(number),
    title: number % 2 === 0 ? `Tea at table ${digits(number)}.` : `${DOTTED.repeat(14)}${digits(number)}`,
    capacity: number === 0 ? 1 + FREE_SEATS : 1,
    users: 1,
    createdAt: FIRST_MADE_AT + number,
    attributes: {
      game: Math.floor(number / 2) % 2 === 0 ? 'chess' : 'go',
      level: Math.floor(number / 4) % 2 === 0 ? 'beginners' : 'masters',
    },
    held: 1,
    private: false,
    creator: creatorOf(number),
    ...(number % FRESH_EVERY === 0 ? { requestId: `request-${number}` } : {}),
  };
}

function seatOf(number: number): Books['seats'][number] {
  return { user: creatorOf(number), epoch: 1, grant: number, roomId: idOf(number), held: true };
}

function offerOf({ roomId, title, capacity, users, createdAt, attributes }: RoomRecord): Offer {
  return {
    room: { roomId, title, capacity, users, createdAt, attributes },
    seat: { ticket: `ticket to ${roomId}`, roomId, host: 'front', port: 1, expiresAt: createdAt },
  };
}

let made = 0;

/** Makes the room, and tells of it before it answers, as a runner does. */
function make(link: BackLink, { user, epoch, grant, requestId, ...wish }: Order): Offer {
  made += 1;
  const record: RoomRecord = {
    private: false,
    attributes: {},
    ...wish,
    roomId: `made${made}`,
    users: 1,
    held: 1,
    createdAt: 2 * FIRST_MADE_AT + made,
    creator: user,
    ...(requestId === undefined ? {} : { requestId }),
  };
  const seat = { user, epoch, grant, roomId: record.roomId, held: true };
  link.send(room.synChangesF2b, { rooms: [record], closed: [], seats: [seat] });
  return offerOf(record);
}

/** What a user asks for who creates a room: one that is full at once. */
export function wishOf(nth: number): Pick<Order, 'title' | 'capacity' | 'requestId'> {
  return { title: `Made on this day ${String(nth).padStart(3, '0')}`, capacity: 1, requestId: `wish-${nth}` };
}

/** Who sits in these rooms. */
export function seatsOf({ first, count }: Holding): Books['seats'] {
  return Array.from({ length: count }, (_, nth) => seatOf(first + nth));
}

/** An inventory that knows of nobody's seat. */
export const roomsOf: NonNullable<FrontKind<Books>['inventory']> = {
  topic: room.reqInventoryF2b,
  describe: (numbers) => ({ rooms: numbers.map(recordOf), closed: [], seats: [] }),
};

/**
 * Holds rooms, makes rooms, and gives seats; of those it does not tell, so rooms stay as full as they are.
 */
export const roomRunner: FrontKind<Books> = {
  service: 'room-runner',
  say: service.synRoomRunnerUp,
  hear: service.synRoomMasterUp,
  inventory: {
    topic: room.reqInventoryF2b,
    describe: (numbers) => ({ ...roomsOf.describe(numbers), seats: numbers.map(seatOf) }),
  },
  serve: (link) => (session) =>
    link.pulse
      .asChild({ session })
      .answer(room.reqCreateB2f, (_, order) => make(link, order))
      .answer(room.reqReserveB2f, (_, { roomId }) => offerOf({ ...recordOf(0), roomId }))
      .answer(room.reqReleaseB2f, () => ({})),
};

/** Asks in the name of users, and holds nothing. */
export const asker: FrontKind<object> = {
  service: 'lobby-runner',
  say: service.synLobbyRunnerUp,
  hear: service.synRoomMasterUp,
};
