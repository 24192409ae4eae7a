/**
 * The shapes that several topics share. Lengths of strings count Unicode code points; times are milliseconds
 * since the epoch.
 */
import Type from 'typebox';
import type { Static } from 'typebox';

const MAX_INTEGER = Number.MAX_SAFE_INTEGER;
const MAX_ATTRIBUTES = 16;

/** The largest number of seats that a room can have. */
const MAX_CAPACITY = 1_000;

/** A whole number from 0 to 2^53-1: sessions, epochs, times, counts. */
export const Count = Type.Integer({ minimum: 0, maximum: MAX_INTEGER });
export const Milliseconds = Type.Integer({ minimum: 1, maximum: 0x7fff_ffff });

/** What a client says its name is; the exact rule is applied after normalisation, by the accounts. */
export const Name = Type.String({ minLength: 1, maxLength: 64 });
export const Password = Type.String({ minLength: 8, maxLength: 128 });
/** A password that is tried: a wrong one may have any length. */
export const GivenPassword = Type.String({ maxLength: 128 });
export const Token = Type.String({ minLength: 1, maxLength: 3_000 });
export const RoomId = Type.String({ minLength: 1, maxLength: 64 });
export const Ticket = Type.String({ minLength: 1, maxLength: 128 });
export const Title = Type.String({ minLength: 1, maxLength: 64 });
export const Capacity = Type.Integer({ minimum: 1, maximum: MAX_CAPACITY });
export const ChatText = Type.String({ minLength: 1, maxLength: 1_000 });
/** Where a page ended; opaque to whoever gets it. */
export const Cursor = Type.String({ minLength: 1, maxLength: 512 });
export const RequestId = Type.String({ minLength: 1, maxLength: 64 });
export const Code = Type.String({ minLength: 1, maxLength: 64 });
export const Explanation = Type.String({ maxLength: 1_000 });

/**
 * The keys of a record: 1 to `maxLength` of any characters. A record must say `additionalProperties: false`
 * beside it, for a key that does not match is else let through with whatever value it has; typebox's own
 * pattern matches no key with a line break. typebox checks with the flag `u` and cleans without it, so a
 * character beyond the first plane is spelled out as its two halves: it counts as one either way.
 */
export const RecordKey = (maxLength: number) =>
  Type.String({ pattern: `^(?:[\\uD800-\\uDBFF][\\uDC00-\\uDFFF]|[^\\uD800-\\uDFFF]){1,${maxLength}}$` });

/** What a room says of itself: at most 16 pairs, keys of 1 to 32 and values of up to 128 characters. */
export const Attributes = Type.Record(RecordKey(32), Type.String({ maxLength: 128 }), {
  maxProperties: MAX_ATTRIBUTES,
  additionalProperties: false,
});

/** Bytes of a page of rooms, at most: whoever makes it cuts it. */
export const MAX_PAGE_BYTES = 64 * 1024;
export const PageNumber = Type.Integer({ minimum: 1, maximum: 1_000_000 });
export const PageSize = Type.Integer({ minimum: 1, maximum: 100 });

export const RoomInfo = Type.Object({
  roomId: RoomId,
  title: Title,
  capacity: Capacity,
  users: Count,
  createdAt: Count,
  attributes: Attributes,
});
export type RoomInfo = Static<typeof RoomInfo>;

export const Seat = Type.Object({
  ticket: Ticket,
  roomId: RoomId,
  host: Type.String({ minLength: 1, maxLength: 255 }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  expiresAt: Count,
});
export type Seat = Static<typeof Seat>;

/** A code and what to tell a person. */
export const Notice = Type.Object({ code: Code, message: Explanation });

/** A failure's payload, whatever the call. */
export const FailurePayload = Type.Object({
  code: Code,
  message: Explanation,
  retryAfter: Type.Optional(Count),
  mayHaveRun: Type.Optional(Type.Boolean()),
});

export const Nothing = Type.Object({});

/** Raw bytes of one exact length. The keyword is read by the typed codec; typebox itself knows no bytes. */
export const Bytes = (byteLength: number) =>
  Type.Refine(
    Type.Unsafe<Uint8Array>({ byteLength }),
    (value) => value instanceof Uint8Array && value.length === byteLength,
    () => `must be ${byteLength} bytes of binary`,
  );
