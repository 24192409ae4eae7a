/**
 * Users of chance at a lobby in memory: they do everything that there is, the same each time, and nothing of
 * it is wrong.
 */

import { describe, expect, it } from '@jest/globals';
import { TestLobby } from '@lobby/client/testing';
import { MemoryNetwork, VirtualClock } from '@lobby/net-frame';
import type { Address } from '@lobby/net-frame';
import {
  Chance,
  Kickouts,
  Link,
  LinkKeeper,
  LinkRecorder,
  PROBE_STEPS,
  RandomUser,
  TownTalk,
  User,
  answersOnce,
  authority,
  capacity,
  chatLines,
  isRefusal,
  ownAnswers,
  probe,
  tickets,
} from '../src/index.ts';
import type { ClientLine, Connection, Habits } from '../src/index.ts';
import { FOUL } from './told.ts';

const FRONTS = [
  { host: 'here', port: 7000 },
  { host: 'there', port: 7300 },
] as const;

const HABITS: Habits = {
  outside: [
    [2, 'page'],
    [1, 'pagesAtOnce'],
    [2, 'create'],
    [2, 'quick'],
    [3, 'reserve'],
    [1, 'logout'],
    [1, 'drop'],
    [1, 'close'],
  ],
  seated: [
    [6, 'checkIn'],
    [1, 'forgetSeat'],
  ],
  inRoom: [
    [9, 'chat'],
    [1, 'rant'],
    [1, 'leave'],
    [1, 'dropPlace'],
    [1, 'comeBack'],
    [1, 'freshTicket'],
    [1, 'changeRooms'],
    [1, 'loginElsewhere'],
    [1, 'goAway'],
    [1, 'shrug'],
  ],
  restless: new Set(['leave']),
  restlessness: [1, 0.1],
  pauseMs: [0, 500],
  absenceMs: [100, 3_000],
  defeatMs: [0, 1_000],
  byPassword: 1,
  capacities: [2, 4],
  quickCapacities: [undefined, 3],
  roomsInMind: 6,
  insists: true,
  mostConnections: 6,
};

class World {
  readonly clock = new VirtualClock();
  readonly network = new MemoryNetwork({ clock: this.clock });
  readonly keeper = new LinkKeeper(this.clock);
  readonly talk = new TownTalk();
  readonly lines: ClientLine[] = [];
  readonly faults: unknown[] = [];
  shrugs = 0;
  #links = 0;

  async lobby(): Promise<TestLobby> {
    let lastKey = 0;
    const { clock, network: transport } = this;
    const platform = { clock, transport, random: new Chance('lobby'), nextSessionKey: () => (lastKey += 1) };
    return TestLobby.start({ platform, fronts: FRONTS });
  }

  /** As a tool has it: a link, and what befalls it told to the history. */
  async open(bot: string, to: Address): Promise<Connection | undefined> {
    const { network: transport, keeper } = this;
    let ended: string | undefined;
    const handlers = new LinkRecorder({
      ...{ bot, link: (this.#links += 1), node: to.host },
      tell: (line) => void this.lines.push({ at: this.clock.now(), ...line }),
      ended: (code) => (ended = code),
    });
    try {
      const link = await Link.open({ transport, keeper, to, agent: 'test', handlers });
      return {
        address: to,
        get ended() {
          return ended;
        },
        call: (topic, request) => link.call(topic, request),
        close: () => link.end(),
        drop: () => link.end({ reset: true }),
      };
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }

  user(name: string, seed: string): RandomUser<Connection> {
    return new RandomUser<Connection>({
      ...{ name, voice: name, lobbies: FRONTS, talk: this.talk, clock: this.clock, habits: HABITS },
      open: (to) => this.open(name, to),
      tokenOf: (user) => `token-${user}`,
      chance: new Chance(`${seed} ${name}`),
      ownActs: { shrug: async () => (this.shrugs += 1) },
      failed: (error) => this.faults.push(error),
    });
  }
}

async function lived(seed: string): Promise<World> {
  const world = new World();
  await using _lobby = await world.lobby();
  const users = ['ana', 'ben', 'cai'].map((name) => world.user(name, seed));
  for (const user of users) user.live();
  await world.clock.advance(300_000);
  const resting = Promise.all(users.map((user) => user.rest()));
  await world.clock.advance(20_000);
  await resting;
  for (const { connections } of users) for (const connection of connections) connection.close();
  await world.clock.settle();
  return world;
}

describe('random users', () => {
  it('do everything that there is, and break nothing', async () => {
    const { lines, faults, shrugs } = await lived('a');
    const userOf = (name: string): string => name;
    const folds = [
      capacity(),
      tickets({ userOf }),
      answersOnce(),
      ownAnswers(),
      new Kickouts(),
      authority(),
      chatLines({ weather: FOUL, userOf }),
    ];
    expect(folds.flatMap((fold) => lines.flatMap((line) => fold.told(line) ?? []))).toEqual([]);
    expect(faults).toEqual([]);
    expect(shrugs).toBeGreaterThan(0);
    const replied = new Set(
      lines.flatMap((line) => (line.what === 'answered' && line.reply !== undefined ? [line.topic] : [])),
    );
    expect([...replied].sort()).toEqual([
      'auth.req_login',
      'auth.req_logout',
      'auth.req_register',
      'room.req_chat',
      'room.req_checkin',
      'room.req_create',
      'room.req_leave',
      'room.req_page',
      'room.req_quick',
      'room.req_reserve',
    ]);
    const open = new Set(lines.flatMap((line) => (line.what === 'opened' ? [line.link] : [])));
    for (const line of lines) if (line.what === 'ended') open.delete(line.link);
    expect(open.size).toBe(0);
  });

  it('do the same for the same seed, and something else for another', async () => {
    const [first, second, other] = [await lived('a'), await lived('a'), await lived('b')];
    expect(second.lines).toEqual(first.lines);
    expect(other.lines).not.toEqual(first.lines);
  });

  it('have only acts that there are', () => {
    const { clock, talk } = new World();
    const habits = { ...HABITS, outside: [[1, 'fly']] } as const;
    const options = { name: 'ana', voice: 'ana', lobbies: FRONTS, talk, clock, habits };
    const make = (): unknown =>
      new RandomUser({
        ...options,
        open: async () => undefined,
        tokenOf: () => '',
        chance: new Chance('a'),
        ownActs: { shrug: async () => undefined },
        failed: () => undefined,
      });
    expect(make).toThrow('there is no act "fly"');
  });
});

describe('a probe', () => {
  async function probed(world: World): Promise<{ steps: string[]; found: unknown }> {
    const steps: string[] = [];
    const [host, guest] = ['host', 'guest'].map(
      (name) => new User<Connection>(name, (to) => world.open(name, to)),
    );
    const found = probe({
      host: host as User<Connection>,
      guest: guest as User<Connection>,
      at: FRONTS,
      tokenOf: (name) => `token-${name}-0`,
      title: 'probe',
      done: (step) => steps.push(step),
    });
    found.catch(() => undefined);
    await world.clock.advance(1_000);
    return { steps, found: await found };
  }

  it('does every step, and leaves no connection', async () => {
    const world = new World();
    await using lobby = await world.lobby();
    for (const name of ['host', 'guest']) {
      const user = new User<Connection>(name, (to) => world.open(name, to));
      await world.clock.settle();
      const registered = user.connect(FRONTS[0]).then(() => user.register('correct horse'));
      await world.clock.settle();
      await registered;
      user.lobby?.close();
    }
    expect(await probed(world)).toEqual({ steps: [...PROBE_STEPS], found: undefined });
    expect(lobby.connections).toBe(0);
  });

  it('tells the step that failed, and why', async () => {
    const world = new World();
    await using lobby = await world.lobby();
    expect((await probed(world)).found).toMatchObject({
      step: 'login',
      fault: expect.stringMatching(/^wrong_credentials/) as unknown,
    });
    await lobby.stop();
    expect((await probed(world)).found).toMatchObject({ step: 'connect' });
  });
});
