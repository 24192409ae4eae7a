/** I12 and I13: what a bot says bears the name of its user, whatever process it runs on. */
import { chatLines } from '@lobby/players';
import { userOf } from './invariant.ts';
import type { MakeInvariant } from './invariant.ts';

export const chat: MakeInvariant = (view) => {
  const fold = chatLines({
    weather: view.world.calm,
    userOf: (voice) => userOf(view, voice) ?? voice,
  });
  return { id: 'I13', told: (line) => fold.told(line)?.words };
};
