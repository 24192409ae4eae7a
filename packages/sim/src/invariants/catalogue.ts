/**
 * All invariants, in the order of their names. What is not here is held elsewhere: I18 by the probe, I21 and
 * I22 by whoever runs a seed, I26 where masters return, I27 by the readers.
 */
import { creatorRooms } from './a06-creator-rooms.ts';
import { userRate } from './a06-user-rate.ts';
import { honestFronts } from './a12-honest-fronts.ts';
import { roomForNewcomers } from './a13-room-for-newcomers.ts';
import { quickMeets } from './a16-quick-meets.ts';
import { unusedSeats } from './a18-unused-seats.ts';
import { deliveries } from './a30-deliveries.ts';
import { epochsGrow } from './i01-epochs-grow.ts';
import { oneLogin } from './i02-one-login.ts';
import { kicks } from './i03-kicks.ts';
import { fence } from './i04-fence.ts';
import { noGhosts } from './i05-ghosts.ts';
import { silenceEnds } from './i05-silence-ends.ts';
import { capacity } from './i06-capacity.ts';
import { tickets } from './i07-tickets.ts';
import { onePlace } from './i08-one-place.ts';
import { callsSettle } from './i09-calls-settle.ts';
import { lateReplies } from './i10-late-replies.ts';
import { sessionsLiveOnce } from './i11-sessions-live-once.ts';
import { chat } from './i13-chat.ts';
import { nothingStays } from './i15-nothing-stays.ts';
import { announced } from './i16-announced.ts';
import { registry } from './i17-registry.ts';
import { memory } from './i19-memory.ts';
import { authority } from './i20-authority.ts';
import { acknowledged } from './i24-acknowledged.ts';
import { linksEndure } from './i25-links-endure.ts';
import { writtenLogs } from './i28-written-logs.ts';
import { fixedTexts } from './i29-fixed-texts.ts';
import type { MakeInvariant } from './invariant.ts';

export const INVARIANTS: readonly MakeInvariant[] = Object.freeze([
  epochsGrow,
  oneLogin,
  kicks,
  fence,
  noGhosts,
  silenceEnds,
  capacity,
  tickets,
  onePlace,
  callsSettle,
  lateReplies,
  sessionsLiveOnce,
  chat,
  nothingStays,
  announced,
  registry,
  memory,
  authority,
  acknowledged,
  honestFronts,
  roomForNewcomers,
  quickMeets,
  userRate,
  creatorRooms,
  unusedSeats,
  deliveries,
  linksEndure,
  writtenLogs,
  fixedTexts,
]);
