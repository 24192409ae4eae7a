/** Rooms and their seats: words between client and front, and between the fronts and room-master. */
import Type from 'typebox';
import { Batch } from '../schema-kinds.ts';
import {
  Attributes,
  Capacity,
  ChatText,
  Code,
  Count,
  Cursor,
  Epoch,
  Explanation,
  MAX_PAGE_BYTES,
  Grant as GrantNumber,
  MAX_CAPACITY,
  Moment,
  Name,
  Notice,
  Nothing,
  PageNumber,
  PageSize,
  RequestId,
  RoomId,
  RoomInfo,
  Seat,
  SeatCount,
  Ticket,
  Title,
  TitlePart,
  ToldName,
} from '../schemas.ts';
import { call, message } from '../topic.ts';

const RoomAndSeat = { room: RoomInfo, seat: Seat };
const Wish = {
  title: Title,
  capacity: Capacity,
  attributes: Type.Optional(Attributes),
  private: Type.Optional(Type.Boolean()),
  requestId: Type.Optional(RequestId),
};
const PageRequest = Type.Object({
  page: Type.Optional(PageNumber),
  pageSize: Type.Optional(PageSize),
  title: Type.Optional(TitlePart),
  attributes: Type.Optional(Attributes),
  open: Type.Optional(Type.Boolean()),
  after: Type.Optional(Cursor),
});
const Page = Type.Object({
  page: PageNumber,
  pages: Count,
  total: Count,
  rooms: Batch(RoomInfo, 100),
  next: Type.Optional(Cursor),
});
const QuickWish = {
  capacity: Type.Optional(Capacity),
  attributes: Type.Optional(Attributes),
  requestId: Type.Optional(RequestId),
};

/** Who asks, as the front knows it: never taken from a client's payload. */
const Asker = { user: Name, epoch: Epoch };
/** Numbers grants of seats, so that of two for one user the newer is known. */
const Grant = { grant: GrantNumber };

/** A room as its runner reports it. */
const RoomRecord = Type.Object({
  ...RoomInfo.properties,
  /** Seats taken or reserved. */
  held: SeatCount,
  private: Type.Boolean(),
  /** Who created it, and the number that makes creating safe to repeat. */
  creator: Name,
  requestId: Type.Optional(RequestId),
});
/**
 * The request that a seat was given for, and whether a room was made for it: asked again, it gets the same.
 */
const SeatRequest = Type.Object({ requestId: RequestId, created: Type.Boolean() });
/** A seat as its runner reports it; `held: false` says that it is free again. */
const SeatRecord = Type.Object({
  ...Asker,
  ...Grant,
  roomId: RoomId,
  held: Type.Boolean(),
  /** Somebody is checked in. */
  entered: Type.Optional(Type.Boolean()),
  /** It is free again, and nobody came although it was reserved for long. */
  unused: Type.Optional(Type.Boolean()),
  request: Type.Optional(SeatRequest),
});
/** The state of what it names, at the moment at which it is said. */
const Books = {
  rooms: Batch(RoomRecord, 1_000),
  closed: Batch(RoomId, 1_000),
  seats: Batch(SeatRecord, 2_000),
};

export const room = Object.freeze({
  reqCreate: call(301, 'room.req_create', {
    flow: 'client_to_front',
    legalIn: ['user'],
    payload: Type.Object(Wish),
    response: Type.Object(RoomAndSeat),
  }),
  reqPage: call(303, 'room.req_page', {
    flow: 'client_to_front',
    legalIn: ['user'],
    payload: PageRequest,
    response: Page,
    replyCutAt: MAX_PAGE_BYTES,
  }),
  reqReserve: call(305, 'room.req_reserve', {
    flow: 'client_to_front',
    legalIn: ['user'],
    payload: Type.Object({ roomId: RoomId }),
    response: Type.Object(RoomAndSeat),
  }),
  reqQuick: call(307, 'room.req_quick', {
    flow: 'client_to_front',
    legalIn: ['user'],
    payload: Type.Object(QuickWish),
    response: Type.Object({ ...RoomAndSeat, created: Type.Boolean() }),
  }),
  reqCheckin: call(309, 'room.req_checkin', {
    flow: 'client_to_front',
    payload: Type.Object({ ticket: Ticket }),
    response: Type.Object({ room: RoomInfo, users: Type.Array(ToldName, { maxItems: MAX_CAPACITY }) }),
  }),
  reqChat: call(311, 'room.req_chat', {
    flow: 'client_to_front',
    legalIn: ['user', 'member', 'left'],
    payload: Type.Object({ text: ChatText }),
    response: Type.Object({ id: Count }),
  }),
  reqLeave: call(313, 'room.req_leave', {
    flow: 'client_to_front',
    legalIn: ['user', 'member', 'left'],
    payload: Nothing,
    response: Nothing,
  }),

  synChat: message(321, 'room.syn_chat', {
    flow: 'front_to_client',
    payload: Type.Object({ id: Count, from: ToldName, text: ChatText, at: Moment }),
  }),
  synEnter: message(322, 'room.syn_enter', {
    flow: 'front_to_client',
    payload: Type.Object({ user: ToldName }),
  }),
  synLeave: message(323, 'room.syn_leave', {
    flow: 'front_to_client',
    payload: Type.Object({ user: ToldName, reason: Code }),
  }),
  synClose: message(324, 'room.syn_close', { flow: 'front_to_client', payload: Notice }),

  reqCreateF2b: call(341, 'room.req_create_f2b', {
    flow: 'front_to_back',
    payload: Type.Object({ ...Asker, ...Wish }),
    response: Type.Object(RoomAndSeat),
  }),
  reqPageF2b: call(343, 'room.req_page_f2b', {
    flow: 'front_to_back',
    payload: PageRequest,
    response: Page,
    replyCutAt: MAX_PAGE_BYTES,
  }),
  reqReserveF2b: call(345, 'room.req_reserve_f2b', {
    flow: 'front_to_back',
    payload: Type.Object({ ...Asker, roomId: RoomId }),
    response: Type.Object(RoomAndSeat),
  }),
  reqQuickF2b: call(347, 'room.req_quick_f2b', {
    flow: 'front_to_back',
    payload: Type.Object({ ...Asker, ...QuickWish }),
    response: Type.Object({ ...RoomAndSeat, created: Type.Boolean() }),
  }),
  /** A user has logged in: the way back to the seat that the user still holds, if there is one. */
  reqSeatF2b: call(349, 'room.req_seat_f2b', {
    flow: 'front_to_back',
    payload: Type.Object(Asker),
    response: Type.Object({ seat: Type.Optional(Seat) }),
  }),
  /**
   * A login is over. With `logged_in_elsewhere` the user's older connection to the room ends and the seat
   * stays, with any other code the seat is freed. Only a seat of this epoch or an older one is touched.
   */
  reqGoneF2b: call(351, 'room.req_gone_f2b', {
    flow: 'front_to_back',
    payload: Type.Object({ ...Asker, code: Code, message: Explanation }),
    response: Type.Object({
      /** The room in which the user had a seat of such a login. */
      roomId: Type.Optional(RoomId),
    }),
  }),

  reqCreateB2f: call(361, 'room.req_create_b2f', {
    flow: 'back_to_front',
    payload: Type.Object({ ...Asker, ...Grant, ...Wish }),
    response: Type.Object(RoomAndSeat),
  }),
  reqReserveB2f: call(363, 'room.req_reserve_b2f', {
    flow: 'back_to_front',
    payload: Type.Object({
      ...Asker,
      ...Grant,
      roomId: RoomId,
      mustHold: Type.Optional(Type.Boolean()),
      request: Type.Optional(SeatRequest),
    }),
    response: Type.Object(RoomAndSeat),
  }),
  /**
   * Frees a user's seat. Where the user is checked in it fails with `already_in_room`, unless `evict` says
   * why the connection ends; with `keepSeat` only the connection ends. A seat of a newer epoch is left alone.
   * With `close` the room is closed then, if the user created it and nobody holds a seat.
   */
  reqReleaseB2f: call(365, 'room.req_release_b2f', {
    flow: 'back_to_front',
    payload: Type.Object({
      ...Asker,
      roomId: RoomId,
      evict: Type.Optional(Type.Object({ ...Notice.properties, keepSeat: Type.Boolean() })),
      close: Type.Optional(Type.Boolean()),
    }),
    response: Nothing,
  }),
  /** Everything that a room-runner holds, in pages; `last` is set on the last one. */
  reqInventoryF2b: call(367, 'room.req_inventory_f2b', {
    flow: 'front_to_back',
    payload: Type.Object({ ...Books, last: Type.Boolean() }),
    response: Nothing,
  }),
  /** What has changed at a room-runner. */
  synChangesF2b: message(369, 'room.syn_changes_f2b', { flow: 'front_to_back', payload: Type.Object(Books) }),
});
