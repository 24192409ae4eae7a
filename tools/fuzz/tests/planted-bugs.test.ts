/** Bugs that are put in on purpose: the fuzzer finds each of them, and says which frame, by which rule. */

import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { FrameReader, NetFrameError } from '@lobby/net-frame';
import { decodePayload, msgpackLiteCodec } from '@lobby/protocol';
import { FuzzCases } from '../src/cases/fuzz-case.ts';
import { CostCheck } from '../src/checks/cost.ts';
import { runShare } from '../src/share/run-share.ts';
import { ShareRunner } from '../src/share/share-runner.ts';
import { Tally } from '../src/share/tally.ts';
import { Worker } from '../src/share/worker.ts';
import type { Found } from '../src/finding.ts';
import { CodecTarget } from '../src/targets/codec-target.ts';
import type { CodecTargetOptions } from '../src/targets/codec-target.ts';
import { PulseTarget } from '../src/targets/pulse-target.ts';
import { PulseWorld } from '../src/targets/pulse-world.ts';
import { ReaderTarget } from '../src/targets/reader-target.ts';
import type { Target } from '../src/targets/target.ts';

const SEED = 11;
const MOST_FRAMES = 5_000;
/** So many that each topic has some hundreds. */
const MOST_PAYLOADS = 30_000;
const codec = msgpackLiteCodec();

async function firstFound(target: Target, frames = MOST_FRAMES): Promise<Found | undefined> {
  return new ShareRunner(SEED, [{ target, everyNth: 1 }]).run({ from: 0, to: frames }, new Tally());
}

/** What is found with a codec that does something else with some payloads. */
function withCodec(options: CodecTargetOptions): Promise<Found | undefined> {
  return firstFound(new CodecTarget(options), MOST_PAYLOADS);
}

describe('a codec is found out that', () => {
  it.each<readonly [string, string, CodecTargetOptions]>([
    [
      'takes bytes after the payload',
      'disagreement',
      {
        decode: (topic, payload) =>
          decodePayload(topic, payload.at(-1) === 0 ? payload.subarray(0, -1) : payload),
      },
    ],
    [
      'does not look at the schema',
      // Which of the two is met first depends on the topics that there are.
      expect.stringMatching(/^(invalid_data|disagreement)$/) as unknown as string,
      { decode: (_, payload) => codec.decode(payload) },
    ],
    [
      'loses a key',
      'invalid_data',
      {
        decode: (topic, payload) => {
          const value = decodePayload(topic, payload) as Record<string, unknown>;
          delete value['capacity'];
          return value;
        },
      },
    ],
    [
      'gives objects of a class',
      'invalid_data',
      {
        decode: (topic, payload) => Object.assign(Object.create({}), decodePayload(topic, payload)) as object,
      },
    ],
    [
      'throws an error of its own',
      'foreign_error',
      {
        decode: (topic, payload) => {
          if (payload[0] === 0xdf) throw new RangeError('too large');
          return decodePayload(topic, payload);
        },
      },
    ],
    [
      'leaves out records that are right',
      'invalid_data',
      {
        lenient: (topic, payload) => {
          const entries = Object.entries(decodePayload(topic, payload, []) as Record<string, unknown>);
          return Object.fromEntries(
            entries.map(([key, part]) => [key, Array.isArray(part) ? part.slice(1) : part]),
          );
        },
      },
    ],
    [
      'has a typed way that takes more than the general one',
      'disagreement',
      {
        typed: (topic, payload) =>
          topic.typed?.read(payload, 0, payload.length) ?? (payload.length === 0 ? undefined : {}),
      },
    ],
  ])('%s', async (_, rule, options) => {
    expect(await withCodec(options)).toMatchObject({ target: 'codec', rule });
  });

  it.each([3, 20])('takes too long, %d ms, however often it is asked', async (tookMs) => {
    const slow: CodecTargetOptions['decode'] = (topic, payload) => {
      const end = performance.now() + tookMs;
      if (payload[0] === 0xde) while (performance.now() < end);
      return decodePayload(topic, payload);
    };
    expect(await withCodec({ decode: slow })).toMatchObject({ rule: 'slow' });
  });

  it('does not take too long because others take the machine meanwhile', () => {
    const cost = new CostCheck();
    const gate = new Int32Array(new SharedArrayBuffer(4));
    // Time passes in which this thread has no core.
    const waiting = (): unknown => Atomics.wait(gate, 0, 0, 20);
    expect(() => cost.slow(100, waiting)).not.toThrow();
    expect(cost.repeated).toBe(1);
  });

  it('makes too much of too few bytes', async () => {
    const cost = new CostCheck();
    const kept = (count: number) => (): unknown => Array.from({ length: count }, (_, at) => ({ at }));
    expect(() => cost.memory(100, kept(1_000))).not.toThrow();
    expect(() => cost.memory(100, kept(100_000))).toThrow(expect.objectContaining({ rule: 'memory' }));
    expect(() => cost.memory(200 * 16 * 1024, kept(100_000))).not.toThrow();
  });
});

describe('a reader is found out that', () => {
  const readerThat = (push: (reader: FrameReader, chunk: Uint8Array) => void): ReaderTarget =>
    new ReaderTarget({
      make: (maxFrameBytes, onFrame) => {
        const reader = new FrameReader(maxFrameBytes, onFrame);
        return {
          get partial() {
            return reader.partial;
          },
          push: (chunk) => push(reader, chunk),
        };
      },
    });

  it('takes a bad frame for a good one', async () => {
    const lenient = readerThat((reader, chunk) => {
      if (chunk.length > 7 && chunk[7] !== 0) chunk = Uint8Array.from(chunk).fill(0, 7, 8);
      reader.push(chunk);
    });
    expect(await firstFound(lenient)).toMatchObject({ rule: 'disagreement' });
  });

  it('depends on where chunks are cut', async () => {
    const forgetful = readerThat((reader, chunk) =>
      reader.push(chunk.length === 1 ? new Uint8Array(0) : chunk),
    );
    expect(await firstFound(forgetful)).toMatchObject({ rule: 'disagreement' });
  });

  it('throws an error of its own', async () => {
    const broken = readerThat((reader, chunk) => {
      try {
        reader.push(chunk);
      } catch (error) {
        throw error instanceof NetFrameError ? new TypeError('bad') : error;
      }
    });
    expect(await firstFound(broken)).toMatchObject({ rule: 'foreign_error' });
  });
});

describe('a pulse is found out', () => {
  it('whose handler is given what the schema refuses', async () => {
    const world = new PulseWorld();
    const lax = new PulseTarget({ world });
    const take = world.takeEvents.bind(world);
    world.takeEvents = () => {
      const events = take();
      return {
        ...events,
        handled: events.handled.map(({ topic }) => ({ topic, payload: { capacity: -1 } })),
      };
    };
    expect(await firstFound(lax)).toMatchObject({ target: 'pulse', rule: 'invalid_data' });
  });
});

describe('a prototype', () => {
  it('that a frame has changed is put right, and the frame is named', async () => {
    const culprit = 1_234;
    const polluter: Target = {
      name: 'polluter',
      run({ index }) {
        if (index === culprit) Object.assign(Object.prototype, { isAdmin: true });
        return 'done';
      },
    };
    const found = await firstFound(polluter, 3_000);
    expect(found).toMatchObject({ rule: 'prototype', index: culprit, message: /isAdmin/ as unknown });
    expect('isAdmin' in {}).toBe(false);
  });
});

describe('a process', () => {
  const module = fileURLToPath(new URL('./fixtures/dying-worker.ts', import.meta.url));
  const found = async (seed: number): Promise<Found | null> => {
    using worker = new Worker({ seed, targets: [], module, patienceMs: 5_000 });
    return (await worker.run({ from: 100, to: 200 })).found;
  };

  it('that a frame ends is started again, and the frame is named', async () => {
    expect(await found(1)).toMatchObject({
      rule: 'ended',
      index: 142,
      hex: new FuzzCases(1).at(142).bytes.toString('hex'),
    });
  });

  it('that a frame hangs is ended, and the frame is named', async () => {
    expect(await found(2)).toMatchObject({ rule: 'hung', index: 142 });
  });

  it('that a frame slows down is not believed until others are slowed down, too', async () => {
    const slow = (seed: number): Promise<Found | undefined> =>
      runShare({ seed, targets: [], module, frames: 200, workers: 1, tally: new Tally() });
    expect(await slow(4)).toBeUndefined();
    expect(await slow(5)).toMatchObject({ rule: 'slow', index: 142 });
  });

  it('that does neither tells what it has counted', async () => {
    expect(await found(3)).toBeNull();
  });
});
