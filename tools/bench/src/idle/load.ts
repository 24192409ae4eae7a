/** P4: everybody comes, takes a seat, and says nothing. */

import type { RoomsContender } from '../contender.ts';
import { openAll, own } from '../load.ts';
import type { Load } from '../load.ts';

export const load: Load<RoomsContender> = async (contender, { served, variant, share }, { counter }) => {
  await openAll(own(variant.connections, share), async (member) => {
    const room = Math.floor(member / variant.roomSize);
    await contender.join(served, { member, room, isSpeaker: false }, () => undefined);
    counter.count();
  });
};
