/** What a pulse is made from and told to do: refused at once where it can not be done, whatever is given. */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { hostileValues } from '@lobby/net-frame/testing';
import { auth, call, message, room } from '@lobby/protocol';
import Type from 'typebox';
import { Pulse, PulseError, clientLink, clientPort, serviceLink, servicePort } from '../src/index.ts';
import type { Log } from '../src/index.ts';
import { said, told } from './topics.ts';
import { FRONT, MASTER, SECRET, World } from './world.ts';

const bad: unknown = expect.objectContaining({ code: 'bad_option' });

afterEach(() => {
  jest.restoreAllMocks();
});

/** Whatever is made with options: with good ones, in which a test changes one. */
function makers(world: World): Record<string, { good: object; make: (options: never) => unknown }> {
  const { platform, log } = world;
  const { random } = platform;
  const service = { identity: MASTER, secret: SECRET, random, sessions: {} };
  const root = {
    name: 'it',
    platform,
    log,
    limits: { maxPendingCalls: 5 },
    dialect: clientLink({ agent: 'it' }),
  };
  return {
    asServer: { good: { ...root, ...FRONT, maxConnections: 5 }, make: Pulse.asServer },
    asClient: {
      good: {
        ...root,
        address: FRONT,
        reconnect: { minMs: 1, maxMs: 2 },
        connectTimeoutMs: 5,
        backsOffUntil: 'served',
      },
      make: Pulse.asClient,
    },
    clientPort: {
      good: {
        node: 'it',
        helloTimeoutMs: 5,
        loginTimeoutMs: 5,
        maxAnonymousFrameBytes: 5,
        maxUnauthenticatedPerAddress: 5,
        rate: { perSecond: 0.5, burst: 1 },
        sessions: { heartbeatMs: 5 },
      },
      make: clientPort,
    },
    clientLink: { good: { agent: 'it', sessions: {} }, make: clientLink },
    servicePort: { good: { ...service, openingsPerSecond: 5 }, make: servicePort },
    serviceLink: { good: service, make: serviceLink },
  };
}

const NAMES = Object.keys(makers(new World()));
const anyValue: fc.Arbitrary<() => unknown> = fc.oneof(
  fc.anything({ withMap: true }).map((value) => () => value),
  fc.constantFrom(...hostileValues('host', 'port', 'minMs', 'log', 'heartbeatMs')),
);

describe.each(NAMES)('A26: the options of %s', (name) => {
  it('are taken, refused where one is unknown, and each refused where it is wrong', () => {
    const { good, make } = makers(new World())[name] ?? { good: {}, make: () => undefined };
    expect(() => make(good as never)).not.toThrow();
    expect(() => make({ ...good, unheard: 1 } as never)).toThrow(bad);
    for (const key of Object.keys(good))
      for (const wrong of [NaN, -1, 2_500.5, 2 ** 53, null, new Map(), Symbol('a')])
        expect(() => make({ ...good, [key]: wrong } as never)).toThrow(bad);
  });

  it('of any value are taken or refused as bad_option', () => {
    const { good } = makers(new World())[name] ?? { good: {} };
    const changed = fc.tuple(fc.constantFrom(...Object.keys(good)), anyValue);
    fc.assert(
      fc.property(
        fc.oneof(
          anyValue.map((make) => [undefined, make] as const),
          changed,
        ),
        ([key, value]) => {
          const { good: options, make } = makers(new World())[name] ?? { good: {}, make: () => undefined };
          try {
            make((key === undefined ? value() : { ...options, [key]: value() }) as never);
          } catch (error) {
            expect(error).toEqual(bad);
          }
        },
      ),
    );
  });
});

describe('A26: a time that no timer takes', () => {
  it.each([NaN, Infinity, -1, 2 ** 31, '5', null])('is refused: %p', async (time) => {
    const world = new World();
    const front = world.front();
    await front.start();
    expect(() => front.once(time as number, () => undefined)).toThrow(bad);
    expect(() => front.repeat(time as number, () => undefined)).toThrow(bad);
    expect(world.clock.timers).toBe(0);
  });

  it('and what is no function are refused', () => {
    const front = new World().front();
    expect(() => front.once(5, undefined as never)).toThrow(bad);
    expect(() => front.repeat(5, 'task' as never)).toThrow(bad);
    expect(() => front.post({} as never)).toThrow(bad);
    expect(() => front.sub(said, undefined as never)).toThrow(bad);
    expect(() => front.asChild({ session: undefined as never })).toThrow(bad);
  });
});

describe('A28: a number', () => {
  const payload = Type.Object({});
  const word = { flow: 'client_to_front', payload, response: payload } as const;
  const taken: unknown = expect.objectContaining({ code: 'number_taken' });

  it('means one topic on a pulse, told or asked, on the root, its children and its sessions', async () => {
    const world = new World();
    const front = world.front();
    const { far } = await world.open(front, world.client());
    const mine = message(1_001, 'mine.syn_word', word);
    const other = message(1_001, 'other.syn_word', word);
    const asked = call(1_001, 'other.req_word', word);
    front.asChild({ session: far }).sub(mine, () => undefined);
    const child = front.asChild();
    for (const pulse of [front, child, front.asChild({ session: far })]) {
      expect(() => pulse.sub(other, () => undefined)).toThrow(taken);
      expect(() => pulse.answer(asked, () => ({}))).toThrow(taken);
    }
    expect(() => front.takes(asked)).toThrow(taken);
    expect(() => front.sub(mine, () => undefined).sub({ ...mine }, () => undefined)).not.toThrow();
  });

  it('is free on another pulse', () => {
    const world = new World();
    world.front().sub(message(1_001, 'mine.syn_word', word), () => undefined);
    expect(() => world.front().answer(call(1_001, 'mine.req_word', word), () => ({}))).not.toThrow();
  });
});

describe('A28: what is listened to', () => {
  it('is a message, what is answered a call, and neither anything else', () => {
    const front = new World().front();
    expect(() => front.sub(auth.reqLogin as never, () => undefined)).toThrow(bad);
    expect(() => front.answer(said as never, () => undefined as never)).toThrow(bad);
    for (const make of hostileValues('number')) {
      expect(() => front.sub(make() as never, () => undefined)).toThrow(PulseError);
      expect(() => front.answer(make() as never, () => undefined as never)).toThrow(PulseError);
    }
  });
});

describe('A28: an error of a handler', () => {
  it('goes to the console, in one line that is fit for a terminal, where no log was given', async () => {
    const lines: unknown[] = [];
    jest.spyOn(console, 'error').mockImplementation((line: unknown) => void lines.push(line));
    const world = new World();
    const front = world.front({}, { log: undefined });
    front.sub(said, (_, { name }) => {
      throw new Error(`no place for\n${name}\u009b2J`);
    });
    const { near } = await world.open(front, world.client());
    near.send(said, { name: 'ana', epoch: 1 });
    await world.clock.settle();
    expect(lines).toEqual([expect.stringMatching(/^lobby error: [^\n\u009b]*no place for[^\n\u009b]*ana/)]);
    expect(lines).toEqual([expect.stringMatching(/test\.syn_said.*options\.test\.ts/)]);
  });

  it('does no harm there, whatever was thrown', async () => {
    const lines: unknown[] = [];
    jest.spyOn(console, 'error').mockImplementation((line: unknown) => void lines.push(line));
    const makes = hostileValues('message', 'stack', 'name');
    const world = new World();
    const client = world.client({ log: undefined });
    let nth = 0;
    client.sub(told, () => {
      throw makes[(nth += 1) - 1]?.();
    });
    const { near, far } = await world.open(world.front(), client);
    for (const _ of makes) far.send(told, { name: 'ana', epoch: 1 });
    await world.clock.settle();
    expect([near.state, nth]).toEqual(['established', makes.length]);
    expect(lines).toHaveLength(makes.length);
  });

  it('goes to the log that was given, and to no console', async () => {
    const console_ = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const faults: object[] = [];
    const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
    const log: Log = { ...silent, error: (fields) => void faults.push(fields) };
    const world = new World();
    const front = world.front({}, { log }).answer(room.reqLeave, () => ({}));
    front.sub(said, () => {
      throw new Error('a mistake');
    });
    const { near } = await world.open(front, world.client());
    near.send(said, { name: 'ana', epoch: 1 });
    await world.clock.settle();
    expect([faults.length, console_.mock.calls.length]).toEqual([1, 0]);
  });
});
