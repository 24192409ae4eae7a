/** Tokens as an identity service issues them: signed with the key that it shares with the lobby. */

import { jwtTokens } from '@lobby/accounts';
import type { Served } from './contender.ts';

/** What issues a token for a name that the lobby behind `served` takes. */
export function tokenMaker({ more }: Served): (name: string) => Promise<string> {
  const secret = Buffer.from(more?.['tokenSecret'] ?? '');
  const issuer = jwtTokens({ secret, wallClock: () => Date.now() });
  return (name) => issuer.issue({ name });
}
