/**
 * I3: who is superseded is told so once, and then the connection ends. A login is put out for another one of
 * the same user only where there was another: one that was asked for, or under way, since this one was asked
 * for.
 */
import { Kickouts } from '@lobby/players';
import type { ClientLine } from '@lobby/players';
import { closed } from '@lobby/pulse';
import type { App } from '../cluster/app.ts';
import type { ClientSide } from '../history.ts';
import { userOf } from './invariant.ts';
import type { Finding, MakeInvariant } from './invariant.ts';

const ENDED_WITHIN_MS = 15_000;

interface Attempt {
  readonly user: string;
  readonly connection: ClientSide;
  /** The call's number on its connection. */
  readonly seq: number;
  readonly askedAt: number;
  answeredAt: number;
  /** It was refused for certain: the login that there was on the connection, if any, is still the one. */
  refused: boolean;
}

export const kicks: MakeInvariant = (view) => {
  const { world } = view;
  const kickouts = new Kickouts();
  const attempts: Attempt[] = [];

  function superseded(app: App, sessionKey: number): Finding {
    const mine = attempts.findLast(
      ({ refused, connection: { process, remoteKey, address, boot } }) =>
        !refused &&
        remoteKey === sessionKey &&
        address.host === app.name &&
        boot === app.process.boot &&
        process.alive,
    );
    if (mine === undefined) return undefined;
    const others = attempts.filter(
      ({ user, connection }) => user === mine.user && connection !== mine.connection,
    );
    if (others.some(({ answeredAt }) => answeredAt >= mine.askedAt)) return undefined;
    return `the login of ${mine.user} on session ${sessionKey} of ${app.name} was put out for a newer one, and there is none`;
  }

  function attempted(line: ClientLine): void {
    if ((line.what !== 'asked' && line.what !== 'answered') || line.topic !== 'auth.req_login') return;
    const connection = world.history.connection(line.link);
    const { at, seq } = line;
    if (line.what === 'asked') {
      const user = userOf(view, line.bot);
      if (user !== undefined)
        attempts.push({ user, connection, seq, askedAt: at, answeredAt: Infinity, refused: false });
      return;
    }
    const attempt = attempts.find((one) => one.connection === connection && one.seq === seq);
    // One that may have run may still be on its way to lobby-master.
    if (attempt === undefined || line.mayHaveRun === true) return;
    attempt.answeredAt = at;
    attempt.refused = line.failure !== undefined;
  }

  return {
    id: 'I3',
    started: (app) => {
      if (app.services.lobby === undefined) return;
      app.port?.sub(closed, ({ key }, { code }) => {
        const found = code === 'logged_in_elsewhere' ? superseded(app, key) : undefined;
        if (found !== undefined) world.report('I3', found);
      });
    },
    told: (line) => {
      attempted(line);
      return kickouts.told(line)?.words;
    },
    tick: () => {
      for (const { at, bot } of kickouts.goingOn.values())
        if (world.clock.now() - at > ENDED_WITHIN_MS && world.calm.for(ENDED_WITHIN_MS))
          return `${bot} was told that it is put out, and its connection goes on`;
      return undefined;
    },
  };
};
