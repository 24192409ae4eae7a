/** How long a master that has started waits for its fronts. */

import type { Settings } from '@lobby/cluster';

/**
 * As long as by default: a cluster for tests has less, too little for links that find it again on their own.
 */
export const RECOVERY_MS = 3_000;
export const RECOVERY_SETTINGS: Settings = { LOBBY_RECOVERY_MS: String(RECOVERY_MS) };
