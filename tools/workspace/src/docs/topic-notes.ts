/**
 * What every topic is for, what its keys mean, and with which codes it fails: what the protocol's table can't
 * say of itself. Types and ranges stand nowhere here; they come from the schemas.
 */

import type { FailureCode } from '@lobby/protocol';

/** Key of a payload (`address.host` inside a map, `users[].name` inside an array) to what it means. */
export type KeyNotes = Readonly<Record<string, string>>;

export interface TopicNote {
  readonly about: string;
  /** Codes beyond those that every call can fail with. */
  readonly failures?: readonly FailureCode[];
  readonly keys?: KeyNotes;
  /** Keys of the reply. */
  readonly reply?: KeyNotes;
}

/** Keys that mean the same wherever they stand. */
export const KEY_NOTES: KeyNotes = {
  agent: 'name and version of the program',
  attributes: "the room's own pairs, for whoever looks for rooms; keys of 1 to 32 characters",
  at: 'when it was said',
  boot: 'drawn at random when the process started',
  capacity: 'seats of the room',
  code: 'stable, for programs',
  createdAt: 'when the room was created',
  creator: 'who created it',
  draining: 'takes nothing new, is about to stop',
  epoch: "lobby-master's number of the login; a newer login has a larger one",
  expiresAt: 'when the ticket stops being good',
  from: 'who said it',
  grant: "room-master's number of the grant of a seat; of two by one login the newer one is larger",
  heartbeat: 'milliseconds of silence after which a sign of life is asked for',
  held: 'seats taken or reserved',
  host: 'where clients connect to',
  id: 'the number of the line in this room: 1, 2, 3 ..., the same for all members',
  last: 'true on the last page',
  load: 'how much it carries, by what it counts',
  incarnation:
    'its number among those of its kind; one that was started later has a larger one, as far as its fronts know',
  master: 'of a master that numbers itself: itself; of a front: the last such master that it knew',
  message: 'for people',
  name: "the user's name",
  node: "the process's name among those of its kind",
  nonce: '16 random bytes',
  page: 'counted from 1',
  password: 'the password',
  port: 'where clients connect to',
  private: 'true: the room is not listed, and is entered by its id',
  proof: '32 bytes, see Opening between services',
  requestId: 'makes the request safe to repeat',
  room: 'the room',
  roomId: "the room's id",
  rooms: 'rooms',
  seat: 'the seat that is held for the user',
  seats: 'seats',
  service: 'the kind of service',
  session: "the sender's own number of the connection",
  text: 'what is said',
  ticket: 'good for one check-in',
  title: 'what the room is called',
  token: 'a login token',
  user: "the user's name",
  userId: "the account's id",
  users: 'members: those who are checked in, and those whose connection was lost within the grace',
  v: 'version of the protocol: 1',
  version: 'version of the software',
};

const SAFE_TO_REPEAT = 'Safe to repeat.';
const BACK: readonly FailureCode[] = ['backend_unavailable'];

const NET: Readonly<Record<string, TopicNote>> = {
  'net.hello': { about: 'The first frame of the side that connected.' },
  'net.welcome': { about: 'The answer to the hello: the connection is established.' },
  'net.bye': { about: 'The last frame of a side that closes.' },
  'net.ping': { about: 'Asks for a sign of life.' },
  'net.pong': { about: 'Answers a ping.' },
  'net.challenge': { about: 'The first frame of a service port.' },
};

const AUTH: Readonly<Record<string, TopicNote>> = {
  'auth.req_register': {
    about: 'Makes an account. It does not log in.',
    failures: ['bad_request', 'name_taken', 'throttled', 'overloaded', 'draining', ...BACK],
    keys: { name: 'see Names and passwords', password: 'see Names and passwords' },
  },
  'auth.req_login': {
    about:
      'Logs a user in on this connection: with `name` and `password`, or with `token` alone. An older login of the same user is put out first.',
    failures: ['bad_request', 'wrong_credentials', 'throttled', 'overloaded', 'draining', ...BACK],
    keys: {
      name: 'with `password`; case does not matter',
      password: 'with `name`',
      token: 'instead of both: from an earlier login, or from an identity service',
    },
    reply: {
      name: 'the name as registered, or as the token says it',
      token: 'a fresh login token',
      seat: 'the user still holds this seat: check in with it to come back',
    },
  },
  'auth.req_logout': {
    about:
      'Ends the login. A seat that the user holds is freed; a connection that is checked in with it gets `room.syn_close` with the code `left`.',
  },
  'auth.req_everywhere': {
    about:
      "Ends all other logins of the user, and makes all tokens of before void, an identity service's too. This login stays. Five times an hour.",
    failures: ['throttled', 'unauthenticated', ...BACK],
    reply: { token: 'a login token that holds' },
  },
  'auth.syn_kickout': {
    about: "The connection is no longer the user's. `net.bye` with the same code follows at once.",
    keys: { code: '`logged_in_elsewhere`, `kicked` or `shutting_down`' },
  },
};

const OFFER: KeyNotes = { seat: 'the reserved seat: where to check in, and with which ticket' };
const CREATING: readonly FailureCode[] = [
  'already_in_room',
  'no_room_runner',
  'overloaded',
  'draining',
  'room_closed',
  'room_not_found',
  'room_full',
  'too_many_rooms',
  ...BACK,
];
const RESERVING: readonly FailureCode[] = [
  'room_not_found',
  'already_in_room',
  'room_full',
  'draining',
  ...BACK,
];
const QUICK: readonly FailureCode[] = [
  'already_in_room',
  'no_room_runner',
  'overloaded',
  'draining',
  'room_closed',
  'room_not_found',
  'room_full',
  'too_many_rooms',
  ...BACK,
];

const ROOM: Readonly<Record<string, TopicNote>> = {
  'room.req_create': {
    about:
      'Makes a room and reserves a seat in it. The one who asks is not in the room before the check-in. Title and attributes together take 2,048 bytes of UTF-8 at most, here and in `room.req_quick`: `bad_request`.',
    failures: CREATING,
    keys: {
      private: 'true: not listed, entered by `roomId`; false if left out',
      requestId: 'the same user asking again with the same one within 60 s gets the same room',
    },
    reply: OFFER,
  },
  'room.req_page': {
    about: 'One page of the rooms that are not private, oldest first.',
    failures: BACK,
    keys: {
      pageSize: 'rooms on a page; 20 if left out',
      page: 'from 1, which it is if left out; not asked for with `after`',
      title: 'only rooms whose title contains this, whatever the case; all if left out or empty',
      attributes: 'only rooms that have all of these',
      open: 'true: only rooms with a free seat, on a server that takes people',
      after: 'the `next` of the page before, with the same filter: the rooms that follow it',
    },
    reply: {
      pages: 'how many pages there are; 0 where there is no room',
      total:
        'how many rooms there are on all pages. With a filter one call looks at 500 rooms at most: it counts those that suit among them',
      rooms:
        'those of this page; none on a page past the last. A page is cut where it would pass 64 KiB; with a filter it may be short, or empty, and have a `next`',
      next: 'where to go on, for `after`; missing where nothing follows',
    },
  },
  'room.req_reserve': {
    about: 'Reserves a seat in a room that is known by its id.',
    failures: RESERVING,
    reply: OFFER,
  },
  'room.req_quick': {
    about:
      "Reserves a seat in the fullest listed room that suits and has one free, the oldest of several, never in one that everybody has left; where none suits, makes a room called `<name>'s room`. Seats that others have asked for count as taken. Who wishes for the same at the same moment waits for the room that is being made, up to its capacity.",
    failures: QUICK,
    keys: {
      capacity: 'exactly this many; any, and 8 for a room that is made, if left out',
      attributes: 'the room must have these pairs, and may have others',
      requestId:
        'the same user asking again with the same one gets the same room: while the seat is held, or within 60 s one that was made for it',
    },
    reply: { ...OFFER, created: 'true where the room was made for this request' },
  },
  'room.req_checkin': {
    about:
      "Takes the seat of a ticket, on a connection to the seat's `host` and `port`. No login is needed there.",
    failures: ['bad_ticket', 'seat_expired', 'room_closed', 'already_in_room'],
    keys: { ticket: 'from a seat' },
    reply: {
      room: 'the room, the one who enters counted',
      users: 'the names of all members, the one who enters included, in no order to rely on',
    },
  },
  'room.req_chat': {
    about: 'Says something to everyone in the room.',
    failures: ['not_in_room'],
    reply: { id: 'the number that the line has in `room.syn_chat`' },
  },
  'room.req_leave': {
    about: 'Leaves the room and gives the seat back. The connection stays.',
    failures: ['not_in_room'],
  },
  'room.syn_chat': { about: 'Somebody said something. To everyone in the room, the sender too.' },
  'room.syn_enter': { about: 'Somebody entered. To everyone else in the room.', keys: { user: 'who' } },
  'room.syn_leave': {
    about: 'Somebody is not in the room any more. To everyone else in the room.',
    keys: { user: 'who', reason: '`left`, `disconnected` or `kicked`' },
  },
  'room.syn_close': {
    about: 'This connection is not checked in any more; it stays open unless `net.bye` follows.',
    keys: { code: '`room_closed`, `replaced` or `left`' },
  },
};

const UP: TopicNote = {
  about: '',
  keys: {
    address: 'where clients reach it; masters have none',
    'address.host': 'the advertised host',
    'address.port': 'the client port',
  },
};

const SERVICE: Readonly<Record<string, TopicNote>> = {
  'service.syn_lobby_runner_up': { ...UP, about: 'A lobby-runner is up. To lobby-master and room-master.' },
  'service.syn_room_runner_up': { ...UP, about: 'A room-runner is up. To room-master.' },
  'service.syn_lobby_master_up': { ...UP, about: 'The answer to each announcement of a lobby-runner.' },
  'service.syn_room_master_up': { ...UP, about: 'The answer to each announcement of a front.' },
};

const USER_SESSION: KeyNotes = { session: "the front's own number of the client's connection" };

const CLIENT_HOST = 'the host that the client connected from: sources take turns, and guess so often';

const AUTH_BETWEEN: Readonly<Record<string, TopicNote>> = {
  'auth.req_register_f2b': {
    about: '`auth.req_register`, passed on.',
    failures: ['bad_request', 'name_taken', 'throttled', 'overloaded', ...BACK],
    keys: { address: CLIENT_HOST },
  },
  'auth.req_login_f2b': {
    about: '`auth.req_login`, passed on. Answered after an older login of the user has been put out.',
    failures: ['bad_request', 'wrong_credentials', 'throttled', 'overloaded', 'draining', ...BACK],
    keys: {
      ...USER_SESSION,
      address: CLIENT_HOST,
      member: 'who is checked in on the connection: somebody else fails with `bad_request`',
    },
    reply: {
      epoch: 'the number of this login',
      authTime: 'when the user last proved who they are: the front says it in `auth.req_everywhere_f2b`',
    },
  },
  'auth.req_everywhere_f2b': {
    about:
      '`auth.req_everywhere`, passed on. Answered when the front has adopted the new number, all tokens of before are void, and all other logins have ended.',
    failures: ['throttled', 'unauthenticated', ...BACK],
    keys: {
      ...USER_SESSION,
      epoch: 'the number of the login that stays',
      authTime: 'when the user last proved who they are: the new token says it too',
    },
    reply: { epoch: 'the new number of the login' },
  },
  'auth.req_adopt_b2f': {
    about:
      'Gives a login another number, in place: nothing that ends the older number ends it any more. Doing it twice is harmless.',
    keys: { ...USER_SESSION, epoch: 'its number until now', newEpoch: 'its number from now on' },
    reply: { adopted: 'false where the front does not hold this login' },
  },
  'auth.syn_logout_f2b': { about: 'The login of this epoch is over; one of another epoch is left alone.' },
  'auth.req_kick_b2f': {
    about: `Puts a login out. Answered when the front serves that login no more. ${SAFE_TO_REPEAT}`,
    keys: { ...USER_SESSION, code: 'what the client is told' },
    reply: { kicked: 'false where the front does not hold this login' },
  },
  'auth.req_revoke_b2f': {
    about: `A user is put out, also where there is no login any more: whatever was derived from logins up to this epoch ends. The front tells \`room-master\` so with \`room.req_gone_f2b\`, until that has answered. ${SAFE_TO_REPEAT}`,
    keys: {
      epoch: 'no login of this number or a smaller one holds any more',
      code: 'what the client is told',
    },
    reply: {
      told: '`room-master` has answered; false: the front goes on telling it',
      roomId: 'the room in which the user had a seat',
    },
  },
  'auth.req_inventory_f2b': {
    about: `Every login that a front holds, in pages, after its announcement was answered. ${SAFE_TO_REPEAT}`,
    keys: { users: 'the logins', 'users[].session': USER_SESSION['session'] ?? '' },
  },
};

const PASSED_ON: KeyNotes = { user: 'who asks, as the front knows it' };
const BOOKS: KeyNotes = {
  rooms: 'rooms that are there, as they are now',
  'rooms[].users': 'members',
  closed: 'ids of rooms that are no more',
  'seats[].held': 'false: the seat is free again',
  'seats[].entered': 'true where somebody is checked in',
  'seats[].unused':
    'true where it is free again and nobody came, although it was reserved for half of its time or more',
  'seats[].request': 'the request that it was given for, where that had a `requestId`',
  'seats[].request.created': 'true where a room was made for it',
};

const ROOM_BETWEEN: Readonly<Record<string, TopicNote>> = {
  'room.req_create_f2b': { about: '`room.req_create`, passed on.', failures: CREATING, keys: PASSED_ON },
  'room.req_page_f2b': {
    about: '`room.req_page`, passed on.',
    keys: {
      page: '1 if left out',
      pageSize: '20 if left out',
      title: 'a part of the title',
      attributes: 'all of these',
      open: 'true: with a free seat',
      after: 'the `next` of the page before',
    },
    reply: { pages: 'how many there are', total: 'rooms on all pages', next: 'where to go on' },
  },
  'room.req_reserve_f2b': { about: '`room.req_reserve`, passed on.', failures: RESERVING, keys: PASSED_ON },
  'room.req_quick_f2b': {
    about: '`room.req_quick`, passed on.',
    failures: QUICK,
    keys: PASSED_ON,
    reply: { created: 'true where the room was made for this request' },
  },
  'room.req_seat_f2b': {
    about:
      'A user has logged in: is there a seat that the user still holds? Where its room-runner refuses or is lost, there is none in the reply; the call has no failure of its own.',
    reply: { seat: 'the way back to it, with a fresh ticket; no new reservation is ever made' },
  },
  'room.req_gone_f2b': {
    about:
      'A login is over. With `logged_in_elsewhere` the connection to the room ends and the seat stays; with any other code the seat is freed. Answered when that is done, also where the room-runner refuses or is lost; the call has no failure of its own.',
    keys: { epoch: 'only a seat of this login or an older one is touched', code: 'why it is over' },
    reply: { roomId: 'the room in which the user had such a seat' },
  },
  'room.req_create_b2f': {
    about: 'Opens a room, with a seat for the one who asked.',
    failures: ['overloaded'],
  },
  'room.req_reserve_b2f': {
    about: 'Reserves a seat, or gives a fresh ticket to the one there is.',
    failures: ['room_not_found', 'room_full', 'already_in_room', 'seat_expired'],
    keys: {
      mustHold: 'only where the user holds a seat there; else it fails with `seat_expired`',
      request: 'the request that the seat is given for; it is kept with the seat',
      'request.created': 'true where a room was made for it',
    },
  },
  'room.req_release_b2f': {
    about: "Frees a user's seat. A seat of a newer epoch is left alone.",
    failures: ['already_in_room'],
    keys: {
      evict: 'also where the user is checked in, which fails with `already_in_room` otherwise',
      'evict.code': 'what the connection is told',
      'evict.keepSeat': 'only the connection ends, the seat stays for the grace',
      close:
        'the room is closed then, if the user created it and nobody holds a seat in it; an older room-runner does not know this, and leaves it open',
    },
  },
  'room.req_inventory_f2b': {
    about: `Everything that a room-runner holds, in pages, after its announcement was answered. ${SAFE_TO_REPEAT}`,
    keys: BOOKS,
  },
  'room.syn_changes_f2b': {
    about: 'What has changed at a room-runner, once a turn: each thing as it is now.',
    keys: BOOKS,
  },
};

/** By the name of the topic; a call's note serves its reply too. */
export const TOPIC_NOTES: Readonly<Record<string, TopicNote>> = {
  ...NET,
  ...AUTH,
  ...ROOM,
  ...SERVICE,
  ...AUTH_BETWEEN,
  ...ROOM_BETWEEN,
};
