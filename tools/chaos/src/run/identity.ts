/**
 * An identity service of our own, as a game would have it: it shares a key with lobby-master and says who
 * somebody is. A login by its tokens costs no password hash.
 */

import { jwtTokens } from '@lobby/accounts';
import type { Settings } from '@lobby/cluster';

const SECRET = 'known to the identity service and to lobby-master';

/** The settings by which lobby-master takes its tokens. */
export const IDENTITY_SETTINGS: Settings = { LOBBY_TOKEN_SECRET: SECRET, LOBBY_REGISTRATION: 'on' };

const tokens = jwtTokens({ secret: Buffer.from(SECRET), wallClock: () => Date.now() });
const issued = new Map<string, Promise<string>>();

/** A token of that name; the same one each time. */
export function tokenOf(name: string): Promise<string> {
  const known = issued.get(name) ?? tokens.issue({ name });
  issued.set(name, known);
  return known;
}
