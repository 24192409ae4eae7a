/**
 * P3: rooms are full of members; the first of each room are its speakers, one chat of each is under way. A
 * speaker speaks again when the own chat has come back. Counted are deliveries, timed is a speaker's chat on
 * its way out and back.
 */

import type { RoomsContender } from '../contender.ts';
import { openAll, own } from '../load.ts';
import type { Load } from '../load.ts';

export const load: Load<RoomsContender> = async (contender, { served, variant, share }, { counter }) => {
  const { connections, inFlight, roomSize } = variant;
  const members = await openAll(own(connections, share), async (member) => {
    const isSpeaker = member % roomSize < inFlight;
    const place = { member, room: Math.floor(member / roomSize), isSpeaker };
    let saidAt = 0;
    const speak = (): void => {
      saidAt = performance.now();
      link.say();
    };
    const link = await contender.join(served, place, (isOwn) => {
      counter.count();
      if (!isOwn) return;
      counter.took(performance.now() - saidAt);
      speak();
    });
    return { isSpeaker, speak };
  });
  for (const { isSpeaker, speak } of members) if (isSpeaker) speak();
};
