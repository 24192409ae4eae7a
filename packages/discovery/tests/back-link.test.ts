/**
 * The managed link of a front to one back: what it is, what it makes anew, and that nothing stays of what is
 * over.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { auth } from '@lobby/protocol';
import { closed } from '@lobby/pulse';
import type { SessionPulse } from '@lobby/pulse';
import { countsOf } from './harness/counts.ts';
import { LinkWorld } from './harness/link-world.ts';

const LOGIN = { token: 'a token', session: 1 };
const KICK = { name: 'ana', epoch: 1, session: 1, code: 'kicked', message: '' };

let world: LinkWorld;

beforeEach(() => {
  world = new LinkWorld();
});

describe('F3: the state of a link', () => {
  it('is down before the start, connecting until the welcome, up with it, and down after the stop', async () => {
    const { link } = world;
    expect(link.state).toBe('down');
    link.start();
    expect(link.state).toBe('connecting');
    await world.clock.settle();
    expect(link.state).toBe('connecting');
    await world.openBack();
    await world.reconnected();
    expect(link.state).toBe('up');
    expect(link.status).toMatchObject({
      name: 'lobby-master',
      address: 'back:7100',
      state: 'up',
      epoch: 1,
      peer: world.back.identity,
      pendingCalls: 0,
    });
    await world.cluster.settled(link.stop());
    expect(link.state).toBe('down');
    await world.reconnected();
    expect(link.state).toBe('down');
    expect(world.clock.timers).toBe(0);
  });

  it('tells why it is not up, and has no fault while it is', async () => {
    const { link } = world;
    await world.up();
    expect(link.fault).toContain('nobody listens on back:7100');
    await world.openBack();
    await world.reconnected();
    expect(link.fault).toBeUndefined();
    expect(link.status).not.toHaveProperty('fault');
    world.back.kill();
    await world.clock.settle();
    expect(link.fault).toContain('connection_lost');
    expect(link.status).not.toHaveProperty('peer');
  });

  it('counts an epoch each time that it is up, and none for an attempt that fails', async () => {
    await world.openBack();
    await world.up();
    expect(world.link.status.epoch).toBe(1);
    world.back.kill();
    await world.reconnected();
    expect(world.link.status.epoch).toBe(1);
    await world.openBack();
    await world.reconnected();
    expect(world.link.status.epoch).toBe(2);
  });

  it('stays connecting to a process that accepts and says nothing', async () => {
    const { link, clock } = world;
    await world.cluster.network.listen({ host: 'back', port: 7100 }, (pipe) => {
      pipe.open({ data: () => undefined, closed: () => undefined });
    });
    await world.up();
    await clock.advance(60_000);
    expect(link.state).toBe('connecting');
    expect(link.status.epoch).toBe(0);
  });
});

describe('what is built on a link', () => {
  it('is made anew for each session, and stopped when the session ends', async () => {
    const built: SessionPulse[] = [];
    world.link.onUp((session) => {
      const pulse = world.link.pulse.asChild({ session });
      built.push(pulse);
      return pulse;
    });
    await world.openBack();
    await world.up();
    expect(built).toHaveLength(1);
    expect(built[0]?.stopped).toBe(false);
    await world.breakLink();
    expect(built[0]?.stopped).toBe(true);
    await world.reconnected();
    expect(built.map(({ stopped }) => stopped)).toEqual([true, false]);
    expect(built[1]?.session).toBe(world.link.session);
  });

  it('is made at once on a link that is up already', async () => {
    await world.openBack();
    await world.up();
    const sessions: unknown[] = [];
    world.link.onUp((session) => {
      sessions.push(session);
      return world.link.pulse.asChild({ session });
    });
    expect(sessions).toEqual([world.link.session]);
    await world.breakLink();
    await world.reconnected();
    expect(sessions).toHaveLength(2);
  });

  it('hears the new session and no other', async () => {
    const kicks: number[] = [];
    let made = 0;
    world.link.onUp((session) => {
      const nth = (made += 1);
      return world.link.pulse.asChild({ session }).answer(auth.reqKickB2f, () => {
        kicks.push(nth);
        return { kicked: true };
      });
    });
    await world.openBack();
    await world.up();
    await world.breakLink();
    await world.reconnected();
    const [session] = world.port.sessions.values();
    await world.cluster.settled(
      session?.call(auth.reqKickB2f, KICK) ?? Promise.reject(new Error('no session')),
    );
    expect(kicks).toEqual([2]);
  });

  it('hears the end of its session after what waits on its strand, and is stopped then', async () => {
    const { link } = world;
    const { promise: held, resolve } = Promise.withResolvers<{ kicked: boolean }>();
    const heard: string[] = [];
    let pulse: SessionPulse | undefined;
    link.onUp((session) => {
      pulse ??= link.pulse
        .asChild({ session, strand: 'held' })
        .answer(auth.reqKickB2f, () => held)
        .sub(closed, (_, { code }) => void heard.push(code));
      return pulse;
    });
    await world.openBack();
    await world.up();
    const [session] = world.port.sessions.values();
    session?.call(auth.reqKickB2f, KICK).catch(() => undefined);
    await world.clock.settle();
    await world.breakLink();
    expect([heard, pulse?.stopped]).toEqual([[], false]);
    resolve({ kicked: true });
    await world.clock.settle();
    expect([heard, pulse?.stopped]).toEqual([['superseded'], true]);
  });

  it('is made once a session, also where it is registered while another is being made', async () => {
    const sessions: unknown[] = [];
    world.link.onUp((session) => {
      if (sessions.length === 0)
        world.link.onUp((same) => {
          sessions.push(same);
          return world.link.pulse.asChild({ session: same });
        });
      return world.link.pulse.asChild({ session });
    });
    await world.openBack();
    await world.up();
    expect(sessions).toEqual([world.link.session]);
  });

  it('leaves no more behind after 1,000 sessions than after one', async () => {
    const { link, clock } = world;
    for (const strand of [undefined, 'one', 'two']) {
      link.onUp((session) => {
        const pulse = link.pulse.asChild({ session, ...(strand === undefined ? {} : { strand }) });
        if (strand === 'one') pulse.answer(auth.reqKickB2f, () => ({ kicked: false }));
        pulse.repeat(5_000, () => undefined);
        pulse.asChild({ strand: 'deeper' }).once(60_000, () => undefined);
        return pulse;
      });
    }
    await world.openBack((port) => void port.answer(auth.reqLoginF2b, () => new Promise(() => undefined)));
    await world.up();
    const count = (): object => {
      link.call(auth.reqLoginF2b, LOGIN).catch(() => undefined);
      return {
        timers: clock.timers,
        front: countsOf(link.pulse, link.session),
        back: countsOf(world.port, [...world.port.sessions.values()][0]),
      };
    };
    await world.reconnected();
    const afterOne = count();
    for (let nth = 2; nth <= 1_000; nth += 1) {
      await world.breakLink();
      await world.reconnected();
      expect(link.status.epoch).toBe(nth);
      if (nth < 1_000) link.call(auth.reqLoginF2b, LOGIN).catch(() => undefined);
    }
    expect(count()).toEqual(afterOne);
    expect(afterOne).toMatchObject({ front: { sessions: 1, strands: 3, children: 6, pendingCalls: 1 } });
  });
});

describe('F8: a call on a link', () => {
  it('is refused at once while the link is down', async () => {
    await world.up();
    await expect(world.cluster.settled(world.link.call(auth.reqLoginF2b, LOGIN))).rejects.toMatchObject({
      code: 'backend_unavailable',
      outcome: 'refused',
      mayHaveRun: false,
      message: expect.stringContaining('lobby-master is away') as unknown,
    });
    expect(world.link.pulse.counters.calls.refused).toBe(1);
    expect(world.link.send(auth.synLogoutF2b, { name: 'ana', epoch: 1 })).toBe(false);
  });

  it('settles as unknown when the session ends before an answer', async () => {
    await world.openBack((port) => void port.answer(auth.reqLoginF2b, () => new Promise(() => undefined)));
    await world.up();
    const waiting = world.link.call(auth.reqLoginF2b, LOGIN);
    const settled = expect(waiting).rejects.toMatchObject({
      code: 'backend_unavailable',
      outcome: 'unknown',
      mayHaveRun: true,
    });
    await world.clock.settle();
    expect(world.link.status.pendingCalls).toBe(1);
    world.back.kill();
    await world.clock.settle();
    await settled;
    expect(world.link.status.pendingCalls).toBe(0);
  });

  it('goes to the session of now, and brings its answer', async () => {
    const answer = { userId: 'u1', name: 'ana', token: 't', epoch: 1 };
    await world.openBack((port) => void port.answer(auth.reqLoginF2b, () => answer));
    await world.up();
    await world.breakLink();
    await world.reconnected();
    await expect(world.cluster.settled(world.link.call(auth.reqLoginF2b, LOGIN))).resolves.toEqual(answer);
  });
});

describe('the stop of a link', () => {
  it('stops what was built, and is harmless before the start and twice', async () => {
    const { link } = world;
    let pulse: SessionPulse | undefined;
    link.onUp((session) => (pulse = link.pulse.asChild({ session })));
    await world.openBack();
    await world.up();
    await world.cluster.settled(Promise.all([link.stop(), link.stop()]));
    expect(pulse?.stopped).toBe(true);
    expect(world.port.sessions.size).toBe(0);
    await expect(world.cluster.settled(new LinkWorld().link.stop())).resolves.toBeUndefined();
  });
});
