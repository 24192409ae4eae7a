/**
 * I3: who is superseded is told so once, and then the connection ends. A login is put out for another one of the same user only
 * where there was another: one that was asked for, or under way, since this one was asked for.
 */
import { closed } from '@lobby/pulse';
import type { BotConnection } from '../bots/bot-connection.ts';
import type { App } from '../cluster/app.ts';
import type { Told } from '../history.ts';
import type { Finding, MakeInvariant } from './invariant.ts';

const ENDED_WITHIN_MS = 15_000;

interface Attempt {
  readonly user: string;
  readonly connection: BotConnection;
  readonly askedAt: number;
  answeredAt: number;
  /** It was refused for certain: the login that there was on the connection, if any, is still the one. */
  refused: boolean;
}

export const kicks: MakeInvariant = ({ world, bots }) => {
  const attempts: Attempt[] = [];
  const kickedAt = new Map<BotConnection, number>();

  const userOf = ({ process }: BotConnection): string | undefined =>
    bots.find((bot) => bot.process === process)?.user;

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

  return {
    id: 'I3',
    started: (app) => {
      if (app.services.lobby === undefined) return;
      app.port?.sub(closed, ({ key }, { code }) => {
        const found = code === 'logged_in_elsewhere' ? superseded(app, key) : undefined;
        if (found !== undefined) world.report('I3', found);
      });
    },
    told: (told: Told) => {
      const { connection } = told;
      if (told.kind === 'asked' && told.topic.name === 'auth.req_login') {
        const user = userOf(connection);
        if (user !== undefined)
          attempts.push({ user, connection, askedAt: told.atMs, answeredAt: Infinity, refused: false });
      }
      if (told.kind === 'answered' && told.asked.topic.name === 'auth.req_login') {
        const attempt = attempts.find(
          (one) => one.connection === connection && one.askedAt === told.asked.atMs,
        );
        // One that may have run may still be on its way to lobby-master.
        if (attempt !== undefined && !told.mayHaveRun) {
          attempt.answeredAt = world.clock.now();
          attempt.refused = told.failure !== undefined;
        }
      }
      if (told.kind === 'ended') kickedAt.delete(connection);
      if (told.kind !== 'heard' || told.topic.name !== 'auth.syn_kickout') return undefined;
      if (kickedAt.has(connection)) return `${connection.process.name} was told twice that it is put out`;
      kickedAt.set(connection, world.clock.now());
      return undefined;
    },
    tick: () => {
      for (const [{ process }, atMs] of kickedAt)
        if (world.clock.now() - atMs > ENDED_WITHIN_MS && world.calm.for(ENDED_WITHIN_MS))
          return `${process.name} was told that it is put out, and its connection goes on`;
      return undefined;
    },
  };
};
