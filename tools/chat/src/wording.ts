/** What the chat says to people: one line for everything. */
import { ClientError, Failure } from '@lobby/client';
import type { CloseReason, Kickout, RoomInfo } from '@lobby/client';

const LEFT: Readonly<Record<string, string>> = {
  left: 'left',
  disconnected: 'lost the connection and is gone',
  kicked: 'was put out',
};

export function someoneLeft(user: string, reason: string): string {
  return `* ${user} ${LEFT[reason] ?? `is gone: ${reason}`}`;
}

export function putOut({ code, message }: Kickout): string {
  return `! you are put out: ${message} (${code})`;
}

export function connectionOver({ code, message }: CloseReason): string {
  return `! the connection to the lobby is over: ${message} (${code})`;
}

export function roomOver({ code, message }: CloseReason): string {
  return `! you are out of the room: ${message} (${code})`;
}

/** `1  tea          2 of 4  id` */
export function listed(rooms: readonly RoomInfo[]): readonly string[] {
  const width = Math.max(...rooms.map(({ title }) => title.length));
  return rooms.map(
    ({ title, users, capacity, roomId }, index) =>
      `${String(index + 1).padStart(3)}  ${title.padEnd(width)}  ${users} of ${capacity}  ${roomId}`,
  );
}

/** What went wrong, in one line; anything that is not an expected failure is thrown on. */
export function explained(error: unknown): string {
  if (error instanceof ClientError)
    return error.code === 'nobody_listens'
      ? `${error.message}: start the lobby with npm start`
      : error.message;
  if (!(error instanceof Failure)) throw error;
  const again = error.retryAfterMs === undefined ? '' : `, again in ${error.retryAfterMs} ms`;
  const unknown = error.mayHaveRun ? ', it may have been done' : '';
  return `${error.message} (${error.code}${unknown}${again})`;
}
