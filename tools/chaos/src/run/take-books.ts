/**
 * What the processes tell of themselves at the end: whether they are ready, who is logged in, which rooms
 * there are, and whether a handler has failed. It looks again until two looks are alike, so that what is only
 * under way is not taken for wrong.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { AppProcess } from '@lobby/cluster';
import type { BooksLine, RoomRow, UserRow } from '../history/history-line.ts';

export type Books = Omit<BooksLine, 'at'>;

const USERS_OF: readonly string[] = ['lobby-master', 'lobby-runner', 'app-front'];
const ROOMS_OF: readonly string[] = ['room-master', 'room-runner', 'app-front'];
const EVERY_MS = 500;

/** The books of all, when they are ready and no longer change; else as they are after `withinMs`. */
export async function takeBooks(
  apps: readonly AppProcess[],
  { withinMs }: { readonly withinMs: number },
): Promise<Books[]> {
  const deadline = performance.now() + withinMs;
  for (let before = '', isLate = false; ; isLate = performance.now() >= deadline) {
    const books = await Promise.all(apps.map((app) => booksOf(app)));
    const now = JSON.stringify(books);
    const isStable = now === before && books.every(({ reasons }) => reasons.length === 0);
    if (isStable || isLate) return books;
    before = now;
    await pause(EVERY_MS);
  }
}

async function booksOf(app: AppProcess): Promise<Books> {
  const head = { what: 'books' as const, node: app.name, app: app.app };
  try {
    const { reasons = [] } = await app.admin<{ reasons?: string[] }>('/readyz');
    return {
      ...head,
      reasons,
      handlerErrors: await handlerErrors(app),
      ...(USERS_OF.includes(app.app) ? { users: await rows<UserRow>(app, '/users') } : {}),
      ...(ROOMS_OF.includes(app.app) ? { rooms: await rows<RoomRow>(app, '/rooms') } : {}),
    };
  } catch (error) {
    return { ...head, reasons: [`does not answer: ${(error as Error).message}`], handlerErrors: 0 };
  }
}

async function rows<Row>(app: AppProcess, path: string): Promise<Row[]> {
  return (await app.admin<{ items: Row[] }>(`${path}?limit=1000`)).items;
}

async function handlerErrors(app: AppProcess): Promise<number> {
  const metrics = await app.admin<string>('/metrics');
  const values = metrics.matchAll(/^lobby_handler_errors_total(?:\{[^}]*\})? (\d+)/gm);
  return [...values].reduce((sum, [, value]) => sum + Number(value), 0);
}
