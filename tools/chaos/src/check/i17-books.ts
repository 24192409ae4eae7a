/**
 * I1, I5, I8 and I17: at the end the books of the masters are the union of those of the fronts, each front's
 * of the connections that there are; every user is logged in once and in one room; everybody is ready.
 */
import type { History } from '../history/history.ts';
import type { BooksLine, RoomRow, UserRow } from '../history/history-line.ts';
import type { Check, Violation } from './violation.ts';

interface Placed<Row> {
  readonly node: string;
  readonly row: Row;
}

function rowsOf<Key extends 'users' | 'rooms'>(
  books: readonly BooksLine[],
  key: Key,
): Placed<NonNullable<BooksLine[Key]>[number]>[] {
  const fronts = books.filter(({ app }) => !app.endsWith('master'));
  return fronts.flatMap(({ node, [key]: rows }) =>
    ((rows ?? []) as (UserRow & RoomRow)[]).map((row) => ({ node, row })),
  );
}

const ofUser = ({ name, epoch, session }: UserRow, front: string): string =>
  `${name} (epoch ${epoch}) as session ${session} of ${front}`;
const ofRoom = ({ roomId, users, held, capacity }: RoomRow, front: string): string =>
  `room ${roomId} of ${front}: ${users} users, ${held} seats of ${capacity} taken`;

/** What only one of two sides has. */
function difference(master: string, told: readonly string[], fronts: readonly string[]): string[] {
  const [known, there] = [new Set(told), new Set(fronts)];
  return [
    ...fronts.filter((row) => !known.has(row)).map((row) => `${master} does not know ${row}`),
    ...told.filter((row) => !there.has(row)).map((row) => `${master} knows ${row}, and it is not so`),
  ];
}

function twice(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.filter((name) => seen.size === seen.add(name).size);
}

/**
 * A login as the books and the connections both can name it; a session's number is used again by the next
 * process of that name.
 */
const placeOf = (node: string, session: number, name: string): string => `${node} ${session} ${name}`;

/** Logins that no whole connection has. */
function ghosts(logins: readonly Placed<UserRow>[], { links }: History, at: number): string[] {
  const whole = new Set<string>();
  for (const { opened, ended } of links.values())
    if (ended === undefined || ended.at > at) whole.add(placeOf(opened.node, opened.session, opened.bot));
  return logins
    .filter(({ node, row }) => !whole.has(placeOf(node, row.session, row.name)))
    .map(({ node, row }) => `${ofUser(row, node)} is in its books, and has no connection`);
}

function look(history: History): Violation[] {
  const { books } = history;
  const at = books[0]?.at;
  if (at === undefined) return [{ at: history.endMs, words: 'the run ended before the books were taken' }];
  const lobbyMaster = books.find(({ app }) => app === 'lobby-master')?.users ?? [];
  const roomMaster = books.find(({ app }) => app === 'room-master')?.rooms ?? [];
  const logins = rowsOf(books, 'users');
  const rooms = rowsOf(books, 'rooms');
  const words = [
    ...books
      .filter(({ reasons }) => reasons.length > 0)
      .map(({ node, reasons }) => `${node} is not ready: ${reasons.join('; ')}`),
    ...difference(
      'lobby-master',
      lobbyMaster.map((row) => ofUser(row, row.front ?? '')),
      logins.map(({ node, row }) => ofUser(row, node)),
    ),
    ...difference(
      'room-master',
      roomMaster.map((row) => ofRoom(row, row.front ?? '')),
      rooms.map(({ node, row }) => ofRoom(row, node)),
    ),
    ...twice(logins.map(({ row }) => row.name)).map((name) => `${name} is logged in twice`),
    ...twice(rooms.flatMap(({ row }) => row.members ?? [])).map((name) => `${name} is in two rooms`),
    ...rooms
      .filter(({ row }) => row.held > row.capacity)
      .map(({ node, row }) => `${ofRoom(row, node)}: too many`),
    ...ghosts(logins, history, at),
  ];
  return words.map((text) => ({ at, words: text, about: /bot-\d+|probe-\S+/.exec(text) ?? [] }));
}

export const books: Check = {
  id: 'I17',
  rule: 'at the end all are ready, the books of the masters are the union of the fronts’, and nobody is anywhere twice',
  look,
};
