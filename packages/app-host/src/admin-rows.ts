/**
 * What the lists that every app has show of a session, a peer and an open call. A provider fills in what it
 * knows; what is not in a row's schema never leaves the process.
 */
import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';

/**
 * What a provider answers: how many there are, and the rows. The host takes no more rows than were asked for.
 */
export interface Listing<Row> {
  readonly total: number;
  readonly items: Iterable<Row>;
}

/** Asked once a request. Give an iterator that makes its rows lazily where there may be many. */
export type ListProvider<Row> = () => Listing<Row> | Promise<Listing<Row>>;

const text = (description: string) => Type.String({ description });
const maybeText = (description: string) => Type.Optional(Type.String({ description }));
const maybeCount = (description: string) => Type.Optional(Type.Integer({ description }));

export const sessionRow = Type.Object({
  session: text('Its key; never used again in this process'),
  pulse: maybeText('The pulse that it belongs to'),
  state: text('Where it is in its life'),
  remote: maybeText('The address of the other side'),
  user: maybeText('The user that is logged in on it'),
  ageMs: maybeCount('How long it has been there'),
  unsentBytes: maybeCount('What waits to be sent'),
});

export const peerRow = Type.Object({
  service: text('The kind of service'),
  node: text('The name of the process'),
  state: text('up, down, connecting, recovering, draining'),
  boot: maybeText('Which life of that process it is'),
  version: maybeText('The version that runs there'),
  address: maybeText('Where it can be reached'),
  session: maybeText('The session that leads to it'),
  load: Type.Optional(Type.Number({ description: 'What it says of its load' })),
  ageMs: maybeCount('How long it has been in this state'),
});

export const callRow = Type.Object({
  session: text('The session that the call is bound to'),
  topic: text('What was called'),
  seq: maybeCount('Its number in the session'),
  ageMs: maybeCount('How long it has been open'),
});

export type SessionRow = Static<typeof sessionRow>;
export type PeerRow = Static<typeof peerRow>;
export type CallRow = Static<typeof callRow>;

export const USUAL_LIMIT = 100;
const HIGHEST_LIMIT = 1000;

/** The query of every list. */
export const limitQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: HIGHEST_LIMIT, default: USUAL_LIMIT })),
});

/** The reply of a list of `row`. */
export function listReply<Row extends TSchema>(row: Row) {
  return Type.Object({ total: Type.Integer(), limit: Type.Integer(), items: Type.Array(row) });
}

/** The listings of several providers as one, no more than `limit` rows of it. */
export async function firstRows<Row>(
  providers: readonly ListProvider<Row>[],
  limit: number,
): Promise<{
  total: number;
  limit: number;
  items: Row[];
}> {
  const items: Row[] = [];
  let total = 0;
  for (const provider of providers) {
    const listing = await provider();
    total += listing.total;
    if (items.length === limit) continue;
    for (const row of listing.items) {
      items.push(row);
      if (items.length === limit) break;
    }
  }
  return { total, limit, items };
}
