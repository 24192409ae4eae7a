/**
 * An identity service of one's own, as a game would have it: it shares a key with lobby-master and says who
 * somebody is. A login by its tokens costs no password hash.
 */

import { randomBytes } from 'node:crypto';
import { jwtTokens } from '@lobby/accounts';
import type { Settings } from '../src/index.ts';

const SECRET = 'known to the identity service and to lobby-master';

/** The settings by which lobby-master takes its tokens. */
export const IDENTITY_SETTINGS: Settings = { LOBBY_TOKEN_SECRET: SECRET, LOBBY_REGISTRATION: 'on' };

const tokens = jwtTokens({ secret: Buffer.from(SECRET), wallClock: () => Date.now() });

export function tokenOf(name: string): Promise<string> {
  return tokens.issue({ name });
}

/** A name that nobody has. */
export function freshName(called: string): string {
  return `${called}-${randomBytes(4).toString('hex')}`;
}
