/**
 * Who tells each code of the wire, and what to do about it: what the catalogues themselves don't say. The
 * types hold that no code is missing here and none is too many.
 */

import type { CloseCode, FailureCode } from '@lobby/protocol';

export interface CodeNote {
  /** Who tells it. */
  readonly who: string;
  /** What whoever is told does. */
  readonly advice: string;
}

export const FAILURE_NOTES: Readonly<Record<FailureCode, CodeNote>> = {
  bad_request: {
    who: 'any port; the SDK itself for what can not be sent; the lobby for a login that is under way already, or while somebody else is checked in on the connection, mixed credentials, a name or password that breaks its rule',
    advice:
      'correct the request: where the front itself refuses it, the message names the key or the rule. Asking again does not help',
  },
  unauthenticated: {
    who: 'client ports; the SDK itself when it was told so a few times',
    advice: 'log in, or check in, on this connection first',
  },
  wrong_credentials: {
    who: 'lobby-master',
    advice: 'ask the person again, or the identity service for a new token',
  },
  name_taken: { who: 'lobby-master', advice: 'choose another name' },
  throttled: {
    who: 'client ports for frames, lobby-master for wrong passwords, room-master for reservations that were left unused, room-runners for lines that a room does not carry any more, the SDK itself where a server would hang up for one call more',
    advice: 'wait `retryAfter` milliseconds, then ask again; it was not done',
  },
  backend_unavailable: {
    who: 'fronts whose link to a master is down; a link or session that ended during a call; room-master for a repeated create or quick while it is not known whether its room or seat is there; lobby-master while the accounts can not be read or written',
    advice: 'ask again a little later; with `mayHaveRun` only what is safe to repeat',
  },
  deadline: {
    who: 'whoever was asked, 5 s after the call; a caller that gave up itself',
    advice: 'it may have been done: ask again only what is safe to repeat',
  },
  overloaded: {
    who: 'lobby-master where a password could not be checked within 5 s (with `retryAfter`), a room-runner that is full, a caller with 10,000 open calls on a session',
    advice: 'wait a little, then ask again; it was not done',
  },
  draining: {
    who: 'servers that are about to stop: fronts and lobby-master for logins and registrations, room-runners for rooms and seats, room-master for rooms',
    advice: 'it was not done: use another server; for a room, ask again or choose another',
  },
  room_not_found: {
    who: 'room-master, room-runners',
    advice: 'list the rooms again: it was closed, or its server died',
  },
  room_full: { who: 'room-runners', advice: 'choose another room' },
  no_room_runner: {
    who: 'room-master',
    advice: 'ask again a little later; operators: start a room-runner or app-front',
  },
  bad_ticket: {
    who: 'room-runners',
    advice: 'reserve again; check that host and port are those of the seat',
  },
  seat_expired: { who: 'room-runners', advice: 'reserve again' },
  already_in_room: {
    who: 'room-runners',
    advice: 'leave the other room first, on the connection that is in it',
  },
  not_in_room: { who: 'room-runners', advice: 'reserve a seat and check in' },
  room_closed: {
    who: 'room-runners, room-master for a repeated create or quick',
    advice: 'choose another room, or ask with another `requestId`',
  },
  too_many_rooms: {
    who: 'room-master',
    advice:
      'use one of the rooms, or leave them: one that stays empty is closed. Operators: a room-runner that is older than room-master can not close them for the next',
  },
  unknown_topic: {
    who: 'any port',
    advice: 'ask the server that offers it; a fault of the client otherwise',
  },
  internal: { who: 'any server', advice: 'operators: the log has the error; users: ask again later' },
};

const CLIENT_FAULT = 'a fault of the client: correct it';

export const CLOSE_NOTES: Readonly<Record<CloseCode, CodeNote>> = {
  bad_frame: { who: 'any side', advice: `${CLIENT_FAULT}, the message says which rule was broken` },
  hello_timeout: {
    who: 'client and service ports, links',
    advice: 'say hello at once; operators: something else than a client connects here',
  },
  bad_hello: { who: 'any side', advice: `${CLIENT_FAULT}; or the port is not one of this project` },
  bad_version: { who: 'any side', advice: 'use a client of the version that the message names' },
  bad_proof: { who: 'service ports and links', advice: 'give all processes one `LOBBY_SECRET`' },
  too_many_connections: {
    who: 'any port',
    advice:
      'say hello and log in at once; operators: raise `LOBBY_MAX_UNAUTHENTICATED_PER_ADDRESS` behind a proxy',
  },
  login_timeout: {
    who: 'client ports',
    advice: 'log in or check in within 10 s of the welcome, a logout or a leave',
  },
  frame_timeout: {
    who: 'any side',
    advice: 'the network is very slow or the client is broken: connect again',
  },
  heartbeat_timeout: {
    who: 'any side',
    advice: 'the other side was gone: connect again; clients: answer pings',
  },
  slow_reader: { who: 'any side', advice: 'read faster: connect again' },
  flood: { who: 'client ports', advice: 'heed `throttled`' },
  bad_request: { who: 'client and service ports', advice: CLIENT_FAULT },
  unknown_topic: { who: 'client and service ports', advice: CLIENT_FAULT },
  internal: { who: 'any side', advice: 'operators: the log has the error; clients: connect again' },
  logged_in_elsewhere: {
    who: 'fronts',
    advice: 'tell the person; do not log in again by yourself, or two clients kick each other for ever',
  },
  kicked: { who: 'fronts', advice: 'tell the person' },
  replaced: {
    who: 'room-runners',
    advice: 'nothing: the other connection of the user is the one that counts',
  },
  superseded: {
    who: 'masters',
    advice: 'nothing; if it repeats, two processes have one `LOBBY_NODE` and one address',
  },
  implausible: {
    who: 'masters',
    advice: 'operators: that front is broken, or is not what it says; its name is in the log of the master',
  },
  stuck_call: {
    who: 'fronts and masters',
    advice: 'operators: the other side is broken, see its log; the link heals by itself',
  },
  shutting_down: { who: 'any server that stops', advice: 'connect to another server, or again in a moment' },
  connection_lost: {
    who: 'nobody: noted where a connection ended without a bye',
    advice: 'connect again, log in by token',
  },
  client_closed: { who: 'clients and links', advice: 'nothing: it was meant' },
};
