/**
 * The one catalogue of the codes with which a session ends: in `net.bye`, in `auth.syn_kickout`, in logs and
 * metrics. `docs/errors.md` is tested against it.
 */

export const CLOSE_CODES = {
  bad_frame: 'The bytes broke a rule of the frame or of MessagePack; there is no resynchronisation.',
  hello_timeout: 'No `net.hello` came in time.',
  bad_hello: 'The first frame was not a well-formed `net.hello`.',
  bad_version: 'The protocol version is not spoken here.',
  bad_proof: 'The other side does not hold the secret of this cluster.',
  too_many_connections:
    'There were too many connections, and nobody was logged in or checked in on this one.',
  login_timeout: 'The connection was neither logged in nor checked in within the time allowed.',
  frame_timeout: 'A frame was begun and not completed in time.',
  heartbeat_timeout: 'Nothing was received for three heartbeats.',
  slow_reader: 'Too many bytes waited to be read, or none could be written for too long.',
  flood: 'The session went on sending although it was throttled.',
  bad_request: 'Ten requests in a row were ill-typed.',
  unknown_topic: 'Ten frames in a row bore a topic that this port does not take.',
  internal: 'A fault of this side while it handled a frame.',
  logged_in_elsewhere: 'The user logged in on another connection.',
  kicked: 'The user was put out.',
  replaced: 'The same user checked in on another connection, or has a newer seat in another room.',
  superseded: 'The same server opened a newer connection.',
  implausible: 'The front told of a login, a seat or a number that it cannot hold.',
  stuck_call: 'A call had no answer for too long on a living connection.',
  shutting_down: 'This server is stopping; connect to another, or again in a moment.',
  connection_lost: 'The connection ended without a farewell.',
  client_closed: 'The client ended the connection.',
} as const;

export type CloseCode = keyof typeof CLOSE_CODES;

/**
 * The code to close a session with, where another server said why. A code that is not known here, as of a
 * server of a newer version, becomes `kicked`: the message alone tells why.
 */
export function closeCodeOf(code: string): CloseCode {
  return Object.hasOwn(CLOSE_CODES, code) ? (code as CloseCode) : 'kicked';
}
