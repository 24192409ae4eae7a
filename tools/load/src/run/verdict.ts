/**
 * Whether a run was served: every way in which it may not have been, in words; nothing where all went well.
 */
import type { Sums } from './bot-processes.ts';

export interface Expected {
  readonly users: number;
  /** Servers that ended by themselves. */
  readonly endedServers: readonly string[];
}

/** The faults of a run, one a line. */
export function verdict(
  { totals, failures, disconnects }: Sums,
  { users, endedServers }: Expected,
): string[] {
  const { arrived, lost, disordered, chatsSent, chatsAcknowledged } = totals;
  return [
    arrived < users ? `${users - arrived} of ${users} users did not arrive` : undefined,
    lost > 0 ? `${lost} deliveries of chats were lost` : undefined,
    disordered > 0 ? `${disordered} deliveries came twice or out of order` : undefined,
    chatsAcknowledged < chatsSent
      ? `${chatsSent - chatsAcknowledged} of ${chatsSent} chats were not acknowledged`
      : undefined,
    ...Object.entries(failures).map(([what, times]) => `${times} × failed: ${what}`),
    ...Object.entries(disconnects).map(([code, times]) => `${times} × disconnected: ${code}`),
    ...endedServers.map((node) => `${node} ended by itself`),
  ].filter((fault) => fault !== undefined);
}
