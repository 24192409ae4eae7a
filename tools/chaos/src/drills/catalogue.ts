/** All drills, by their names. */

import type { Drill } from './drill.ts';
import { fatRooms, manyRooms } from './fat-rooms.ts';
import { loginHammer } from './login-hammer.ts';
import { masterKilled, tenThousand } from './master-killed.ts';
import { masterStopped } from './master-stopped.ts';
import { seatHammer } from './seat-hammer.ts';

export const DRILLS: readonly Drill[] = [
  masterKilled,
  masterStopped,
  loginHammer,
  seatHammer,
  fatRooms,
  manyRooms,
  tenThousand,
];
