/**
 * I20: what only a service may say is not heeded from a client. That who somebody is comes from the login,
 * and never from a payload, I7 and I13 hold: a ticket leads in its own user, and a chat bears the name of who
 * has said it.
 */
import { authority as authorityFold } from '@lobby/players';
import type { MakeInvariant } from './invariant.ts';

export const authority: MakeInvariant = () => {
  const fold = authorityFold();
  return { id: 'I20', told: (line) => fold.told(line)?.words };
};
