/**
 * I9: every call settles once, by the answer to it and no other. When a session has ended no call of it
 * waits; when all has come to rest none waits anywhere.
 */
import { ownAnswers } from '@lobby/players';
import type { Session } from '@lobby/pulse';
import { closed } from '@lobby/pulse';
import type { App } from '../cluster/app.ts';
import type { Finding, MakeInvariant, View } from './invariant.ts';

function waiting({ cluster, bots }: View): Finding {
  for (const { name, pulses } of cluster.apps)
    for (const pulse of pulses) {
      if (pulse.openAnswers > 0) return `${name} still owes ${pulse.openAnswers} answers`;
      const sessions = 'sessions' in pulse ? [...pulse.sessions.values()] : [pulse.session];
      for (const session of sessions)
        for (const { awaits } of session?.openCalls ?? [])
          return `${name} still waits for ${awaits} on session ${session?.key}`;
    }
  for (const { process, connections } of bots)
    for (const { pending } of connections)
      if (pending > 0) return `${process.name} still waits for ${pending} answers`;
  return undefined;
}

export const callsSettle: MakeInvariant = (view) => {
  const fold = ownAnswers();
  /** The sessions of each app that have ended since it was last looked at. */
  const ended = new Map<App, Session[]>();
  return {
    id: 'I9',
    started: (app) => {
      const sessions: Session[] = [];
      ended.set(app, sessions);
      for (const pulse of app.pulses) pulse.sub(closed, (session) => void sessions.push(session));
    },
    step: (app) => {
      const waits = ended
        .get(app)
        ?.splice(0)
        .find(({ pendingCalls }) => pendingCalls > 0);
      return waits === undefined
        ? undefined
        : `${waits.pendingCalls} calls of ${app.name} wait on session ${waits.key}, which has ended`;
    },
    botStep: (process) => {
      const bot = view.bots.find((other) => other.process === process);
      for (const { ended, pending } of bot?.connections ?? [])
        if (ended !== undefined && pending > 0)
          return `${pending} calls of ${process.name} wait on a connection that has ended`;
      return undefined;
    },
    told: (line) => fold.told(line)?.words,
    atRest: () => waiting(view),
  };
};
