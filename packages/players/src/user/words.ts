/**
 * The words that a random user gives its rooms, its requests and its chats. A tool may hand in others, such
 * as the longest that the protocol allows.
 *
 * Invariant: the same user and number have the same words, and no two requests of one voice have one id.
 */
import type { RoomWish } from './user.ts';

export interface Words {
  /** Of a user's room with this number. `voice` is the user's alone. */
  room(
    by: { readonly name: string; readonly voice: string },
    number: number,
  ): Pick<RoomWish, 'title' | 'attributes' | 'requestId'>;
  /** A chat that begins with `said`. */
  chat(said: string, length: 'short' | 'long'): string;
}

const FILLER = ' bla'.repeat(200);

export const PLAIN_WORDS: Words = Object.freeze<Words>({
  room: ({ name, voice }, number) => ({ title: `${name} ${number}`, requestId: `${voice} ${number}` }),
  chat: (said, length) => (length === 'long' ? said + FILLER : said),
});
