/**
 * The values that topics are made of, each once: what is let in by one topic is told by all others in the
 * same range. Lengths of strings count Unicode code points; times are milliseconds since the epoch. Every
 * value has a largest.
 */
import Type from 'typebox';
import type { Static } from 'typebox';
import { MAX_ID_CHARACTERS, NAME_CHARACTERS } from './name-rule.ts';
import { CutText, RecordKey, RuledText } from './schema-kinds.ts';

const MAX_INTEGER = Number.MAX_SAFE_INTEGER;
const MAX_ATTRIBUTES = 16;
/** What a character of a name may fall into, in NFD, at most. */
const PARTS_OF_A_CHARACTER = 4;

/** The largest number of seats that a room can have. */
export const MAX_CAPACITY = 1_000;
/** Characters of a login token, at most. */
export const MAX_TOKEN_CHARACTERS = 3_000;

const wholeNumber = () => Type.Integer({ minimum: 0, maximum: MAX_INTEGER });

export const Count = wholeNumber();
export const Milliseconds = Type.Integer({ minimum: 1, maximum: 0x7fff_ffff });
/** A moment. */
export const Moment = wholeNumber();
/** lobby-master's number of a login. */
export const Epoch = wholeNumber();
/** room-master's number of a grant of a seat. */
export const Grant = wholeNumber();
/** A side's own number of a connection. */
export const SessionKey = wholeNumber();

/**
 * What a client says its name is. As long as any form of a name can be that the rule takes; the rule itself
 * is applied by the accounts, after normalisation.
 */
export const GivenName = Type.String({
  minLength: 1,
  maxLength: PARTS_OF_A_CHARACTER * NAME_CHARACTERS.most,
});
/** A name that was let in, between services. */
export const Name = RuledText('name', { minLength: NAME_CHARACTERS.least, maxLength: NAME_CHARACTERS.most });
/**
 * The same, as clients are told it. They don't apply the rule: a client's Unicode may be older than the
 * server's.
 */
export const ToldName = Type.String({ minLength: NAME_CHARACTERS.least, maxLength: NAME_CHARACTERS.most });
/** An account's, a token's `sub`, or the key of the name where a token has none: see `isUserId`. */
export const UserId = Type.String({ minLength: 1, maxLength: MAX_ID_CHARACTERS });
export const Password = Type.String({ minLength: 8, maxLength: 128 });
/** A password that is tried: a wrong one may have any length. */
export const GivenPassword = Type.String({ maxLength: 128 });
export const Token = RuledText('ascii', { minLength: 1, maxLength: MAX_TOKEN_CHARACTERS });
export const RoomId = Type.String({ minLength: 1, maxLength: 64 });
export const Ticket = Type.String({ minLength: 1, maxLength: 128 });
export const Title = Type.String({ minLength: 1, maxLength: 64 });
/** What a title is to hold. */
export const TitlePart = Type.String({ maxLength: 64 });
export const Capacity = Type.Integer({ minimum: 1, maximum: MAX_CAPACITY });
/** Seats of a room, of whatever kind. */
export const SeatCount = Type.Integer({ minimum: 0, maximum: MAX_CAPACITY });
export const ChatText = Type.String({ minLength: 1, maxLength: 1_000 });
/** Where a page ended; opaque to whoever gets it. */
export const Cursor = Type.String({ minLength: 1, maxLength: 512 });
export const RequestId = Type.String({ minLength: 1, maxLength: 64 });
export const Code = RuledText('ascii', { minLength: 1, maxLength: 64 });
export const Explanation = CutText(1_000);
/** A word about a program. */
export const Agent = CutText(128);
/** What a service, a node, a start of one, a version of it is called. */
export const ServiceText = Type.String({ minLength: 1, maxLength: 128 });
export const Host = Type.String({ minLength: 1, maxLength: 255 });
export const Port = Type.Integer({ minimum: 1, maximum: 65_535 });

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
  users: SeatCount,
  /** Seats taken or reserved; missing where an older server tells it. */
  held: Type.Optional(SeatCount),
  createdAt: Moment,
  attributes: Attributes,
});
export type RoomInfo = Static<typeof RoomInfo>;

export const Seat = Type.Object({
  ticket: Ticket,
  roomId: RoomId,
  host: Host,
  port: Port,
  expiresAt: Moment,
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
