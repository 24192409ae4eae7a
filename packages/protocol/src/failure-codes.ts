/**
 * The one catalogue of failure codes: every code that a failed call can bear, and what it means. A client is
 * told the meaning, and nothing else, where the failure came from a server behind its own.
 * `docs/errors.md` is tested against it. A code, once published, keeps its meaning.
 */

export const FAILURE_CODES = {
  bad_request: 'A value is missing, has the wrong type, breaks its rule, or is not taken here.',
  unauthenticated: 'This call needs a login or a check-in on this connection first.',
  wrong_credentials: 'Name and password do not match, or the token is not valid. Which of them is not told.',
  name_taken: 'Somebody is registered under this name, or one that differs only in case.',
  throttled:
    'More is asked than may be now: frames, wrong passwords, seats that nobody takes, lines in one room. Wait `retryAfter` milliseconds.',
  backend_unavailable: 'A server behind this one is away. With `mayHaveRun` the request had been passed on.',
  deadline: 'No answer was there in the time allowed; it may have been done.',
  overloaded: 'Too much is under way here; try again a little later.',
  draining: 'This server is about to stop and takes nothing new; use another.',
  room_not_found: 'There is no room of this id.',
  room_full: 'Every seat of the room is taken or reserved.',
  no_room_runner: 'No server that can hold a room is up.',
  bad_ticket: 'The ticket is unknown, was used already, or belongs to another user.',
  seat_expired: 'The reservation was not taken in time; reserve again.',
  already_in_room: 'The user is checked in to a room; leave it first.',
  not_in_room: 'This connection is not checked in to a room.',
  room_closed: 'The room was closed.',
  too_many_rooms: 'The user has as many rooms as may be that nobody else is in; use one of them.',
  unknown_topic: 'This port does not take this topic from this side.',
  internal: 'A fault of the server; its log tells more.',
} as const;

export type FailureCode = keyof typeof FAILURE_CODES;

export function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(FAILURE_CODES, code);
}
