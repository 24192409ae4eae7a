/** All invariants, in the order of their names. */
import { epochsGrow } from './i01-epochs-grow.ts';
import { oneLogin } from './i02-one-login.ts';
import { fence } from './i04-fence.ts';
import { noGhosts } from './i05-ghosts.ts';
import { capacity } from './i06-capacity.ts';
import { callsSettle } from './i09-calls-settle.ts';
import { sessionsLiveOnce } from './i11-sessions-live-once.ts';
import { chat } from './i13-chat.ts';
import { registry } from './i17-registry.ts';
import type { MakeInvariant } from './invariant.ts';

export const INVARIANTS: readonly MakeInvariant[] = Object.freeze([
  epochsGrow,
  oneLogin,
  fence,
  noGhosts,
  capacity,
  callsSettle,
  sessionsLiveOnce,
  chat,
  registry,
]);
