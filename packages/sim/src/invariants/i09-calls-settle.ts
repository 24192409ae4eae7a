/**
 * I9: every call settles once, by the answer to it and no other. When a session has ended no call of it
 * waits; when all has come to rest none waits anywhere.
 */
import { ownAnswers } from '@lobby/players';
import type { Session } from '@lobby/pulse';
import { established } from '@lobby/pulse';
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
  const sessions = new Map<App, Set<Session>>();
  return {
    id: 'I9',
    started: (app) => {
      const known = new Set<Session>();
      sessions.set(app, known);
      for (const pulse of app.pulses) pulse.sub(established, (session) => void known.add(session));
    },
    step: (app) => {
      const known = sessions.get(app);
      for (const session of known ?? []) {
        if (session.state !== 'closed') continue;
        known?.delete(session);
        if (session.pendingCalls > 0)
          return `${session.pendingCalls} calls of ${app.name} wait on session ${session.key}, which has ended`;
      }
      return undefined;
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
