/**
 * What a front says of calls that it made itself: to a client the catalogue's words alone, to the log those
 * that it was told. Between services the words pass.
 */
import { describe, expect, it } from '@jest/globals';
import { FAILURE_CODES, Failure, auth, room } from '@lobby/protocol';
import type { FailureCode } from '@lobby/protocol';
import fc from 'fast-check';
import { World } from './world.ts';

const ALICE = { name: 'alice', password: 'long enough' };
const USER = { user: 'alice', epoch: 1 };
const WORDS = 'room.req_seat_f2b of bob failed at 10.0.0.1:7200';
const CODES = Object.keys(FAILURE_CODES) as FailureCode[];

/** A client whose front asks a back for every registration. */
async function open(refusal: () => Failure) {
  const world = new World();
  const back = world.back().answer(room.reqSeatF2b, () => {
    throw refusal();
  });
  await back.start();
  const link = world.link();
  link.start();
  const front = world.front().answer(auth.reqRegister, async () => {
    await link.call(room.reqSeatF2b, USER);
    return { userId: 'never' };
  });
  const { near } = await world.open(front, world.client());
  const register = (): Promise<object> => world.settled(near.call(auth.reqRegister, ALICE));
  return { world, back, link, register };
}

describe('a failure that a front was told by a server behind it', () => {
  it('reaches its client with its code, its details and the fixed words of its code', async () => {
    const details = fc.record({ retryAfterMs: fc.nat(10_000), mayHaveRun: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...CODES), details, async (code, told) => {
        const { register } = await open(() => new Failure(code, WORDS, told));
        await expect(register()).rejects.toMatchObject({ code, message: FAILURE_CODES[code], ...told });
      }),
      { numRuns: 2 * CODES.length },
    );
  });

  it('is in the log in full, as a warning only where servers are at odds', async () => {
    for (const code of CODES) {
      const { world, register } = await open(() => new Failure(code, WORDS));
      await expect(register()).rejects.toMatchObject({ code });
      const lines = world.log.lines.filter(({ fields }) => fields['why'] === WORDS);
      expect(lines).toEqual([
        {
          level: code === 'internal' || code === 'unknown_topic' ? 'warn' : 'debug',
          message: expect.any(String),
          fields: {
            session: expect.any(Number),
            topic: 'auth.req_register',
            asked: 'room.req_seat_f2b',
            code,
            why: WORDS,
          },
        },
      ]);
    }
  });

  it('is told as it is by a server to another', async () => {
    const { world, link } = await open(() => new Failure('room_full', WORDS));
    await expect(world.settled(link.call(room.reqSeatF2b, USER))).rejects.toMatchObject({ message: WORDS });
  });
});

describe('a link that is down, as a client hears of it', () => {
  it('is a server behind that is away: without an address, a name, or why', async () => {
    const { world, back, register } = await open(() => new Failure('room_full', WORDS));
    const stopped = back.stop();
    await world.clock.advance(10_000);
    await stopped;
    await expect(register()).rejects.toMatchObject({
      code: 'backend_unavailable',
      message: FAILURE_CODES.backend_unavailable,
      mayHaveRun: false,
    });
  });
});
