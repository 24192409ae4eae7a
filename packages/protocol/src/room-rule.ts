/** What a room may say of itself, in bytes: so that twenty rooms always fit into one page. */
import { Failure } from './errors.ts';

const MAX_ROOM_TEXT_BYTES = 2_048;

/** The words of a room, as whoever makes it gives them. */
export interface RoomText {
  readonly title?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Throws `bad_request` where title and attributes together take more than 2,048 bytes of UTF-8. */
export function requireShortRoomText({ title = '', attributes = {} }: RoomText): void {
  let bytes = Buffer.byteLength(title);
  for (const [key, value] of Object.entries(attributes))
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  if (bytes <= MAX_ROOM_TEXT_BYTES) return;
  throw new Failure(
    'bad_request',
    `title and attributes take ${bytes} bytes of UTF-8, ${MAX_ROOM_TEXT_BYTES} at most are taken: shorten them`,
  );
}
