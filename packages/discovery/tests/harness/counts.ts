/** How much a pulse holds, in numbers: what must not grow when a link comes and goes. */
import type { ClientPulse, ServerPulse, Session } from '@lobby/pulse';

/** What a root keeps below its public face. */
interface Inside {
  readonly root: {
    readonly subscriptions: Subscribed;
    readonly strands: { readonly size: number };
    readonly sessions: { readonly size: number };
    readonly table: { readonly size: number };
  };
}

interface Subscribed {
  find(topic: number): unknown;
}

const ESTABLISHED_AND_CLOSED = [-1, -2];

export interface Counts {
  readonly sessions: number;
  readonly connections: number;
  readonly strands: number;
  /** Handlers of ends and beginnings at the root. */
  readonly lifeHandlers: number;
  /** Children of the session of now. */
  readonly children: number;
  /** Topics that are listened to on the session of now. */
  readonly sessionTopics: number;
  readonly pendingCalls: number;
}

export function countsOf(pulse: ClientPulse | ServerPulse, session: Session | undefined): Counts {
  const { root } = pulse as unknown as Inside;
  return {
    sessions: root.sessions.size,
    connections: root.table.size,
    strands: root.strands.size,
    lifeHandlers: ESTABLISHED_AND_CLOSED.flatMap((topic) => root.subscriptions.find(topic) ?? []).length,
    children: session?.boundPulses ?? 0,
    sessionTopics: session?.boundTopics ?? 0,
    pendingCalls: session?.pendingCalls ?? 0,
  };
}
