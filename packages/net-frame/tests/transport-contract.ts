/**
 * What every transport must do, whatever moves its bytes. A transport's test file calls this with a way to
 * make one.
 */
import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Places, formatAddress } from '../src/index.ts';
import type { Address, Listener, ListenOptions, Pipe, Transport } from '../src/index.ts';
import { PipeLog } from './pipe-log.ts';

const HOST = '127.0.0.1';
/** More turns than any event of a connection takes on its way: what has not come by then is not coming. */
const MANY_TURNS = 20;

async function manyTurns(): Promise<void> {
  for (let turn = 0; turn < MANY_TURNS; turn += 1) await turnOfEventLoop();
}

function text(content: string): Uint8Array {
  return Buffer.from(content, 'latin1');
}

export function transportContract(name: string, create: () => Transport): void {
  describe(`the ${name} transport`, () => {
    let transport: Transport;
    let listeners: Listener[];
    let pipes: Pipe[];

    beforeEach(() => {
      transport = create();
      listeners = [];
      pipes = [];
    });

    afterEach(async () => {
      for (const pipe of pipes) pipe.destroy();
      for (const listener of listeners) await listener.close();
      await manyTurns();
    });

    async function listen(
      accept: (pipe: Pipe) => void,
      options: Partial<ListenOptions> = {},
    ): Promise<Listener> {
      const listener = await transport.listen({ host: HOST, port: 0, ...options }, (pipe) => {
        pipes.push(pipe);
        accept(pipe);
      });
      listeners.push(listener);
      return listener;
    }

    async function connect(address: Address): Promise<Pipe> {
      const pipe = await transport.connect({ ...address, timeoutMs: 10_000 });
      pipes.push(pipe);
      return pipe;
    }

    /** Both ends of one connection, none of them opened yet. */
    async function pair(): Promise<{ near: Pipe; far: Pipe }> {
      const accepted = Promise.withResolvers<Pipe>();
      const { address } = await listen(accepted.resolve);
      const near = await connect(address);
      return { near, far: await accepted.promise };
    }

    async function openPair(): Promise<{ near: PipeLog; far: PipeLog }> {
      const { near, far } = await pair();
      return { near: new PipeLog(near), far: new PipeLog(far) };
    }

    /** Some transports have a pipe by then, which ends; others have not come so far. */
    async function turnedAway(address: Address): Promise<void> {
      await connect(address).then(
        (pipe) => new PipeLog(pipe).closed(),
        (error: unknown) => expect(error).toMatchObject({ code: 'ECONNRESET' }),
      );
    }

    describe('a pipe', () => {
      it('carries bytes in order, both ways', async () => {
        const { near, far } = await openPair();
        for (const part of ['a', 'bc', '', 'def']) near.pipe.write(text(part));
        for (const part of ['1', '23', '456']) far.pipe.write(text(part));
        await Promise.all([near.has(6), far.has(6)]);
        expect([near.text, far.text]).toEqual(['123456', 'abcdef']);
      });

      it('carries many bytes of many turns in order', async () => {
        const { near, far } = await openPair();
        const sent: Buffer[] = [];
        for (let part = 0; part < 64; part += 1) {
          const bytes = Buffer.alloc(16 * 1024, part);
          sent.push(bytes);
          near.pipe.write(bytes);
          if (part % 3 === 0) await turnOfEventLoop();
        }
        await far.has(64 * 16 * 1024);
        expect(far.bytes.equals(Buffer.concat(sent))).toBe(true);
      });

      it('answers from within its own handler', async () => {
        const { near, far } = await pair();
        far.open({ data: (chunk) => far.write(Uint8Array.from(chunk)), closed: () => undefined });
        const log = new PipeLog(near);
        near.write(text('echo'));
        await log.has(4);
        expect(log.text).toBe('echo');
      });

      it('holds what comes before it is opened, and tells it first', async () => {
        const { near, far } = await pair();
        near.write(text('one '));
        far.write(text('1 '));
        await manyTurns();
        near.write(text('two '));
        far.write(text('2 '));
        const logs = { near: new PipeLog(near), far: new PipeLog(far) };
        near.write(text('three'));
        far.write(text('3'));
        await Promise.all([logs.near.has(5), logs.far.has(13)]);
        expect([logs.near.text, logs.far.text]).toEqual(['1 2 3', 'one two three']);
      });

      it('tells nothing in the turn in which it is opened', async () => {
        const { near, far } = await pair();
        near.write(text('early'));
        await manyTurns();
        const log = new PipeLog(far);
        expect(log.told).toEqual([]);
        await log.has(5);
      });

      it('delivers what was written before its end, and then tells both ends once', async () => {
        const { near, far } = await openPair();
        const bytes = Buffer.alloc(1024 * 1024, 'lobby');
        near.pipe.write(bytes);
        near.pipe.write(text('farewell'));
        near.pipe.end();
        await Promise.all([near.closed(), far.closed()]);
        await manyTurns();
        expect(far.bytes.equals(Buffer.concat([bytes, text('farewell')]))).toBe(true);
        expect(far.told.at(-1)).toBe('closed');
        expect([near.ends, far.ends]).toEqual([1, 1]);
      });

      it('tells its bytes and then its end where both came before it was opened', async () => {
        const { near, far } = await pair();
        const nearLog = new PipeLog(near);
        near.write(text('only this'));
        near.end();
        await manyTurns();
        const farLog = new PipeLog(far);
        await Promise.all([nearLog.closed(), farLog.closed()]);
        await manyTurns();
        expect([farLog.text, farLog.told.at(-1), farLog.ends]).toEqual(['only this', 'closed', 1]);
      });

      it('tells its bytes and then its end where both come in the turn in which it is opened', async () => {
        const { near, far } = await pair();
        near.write(text('only '));
        await manyTurns();
        near.write(text('this'));
        near.end();
        const farLog = new PipeLog(far);
        await farLog.closed();
        await manyTurns();
        expect([farLog.text, farLog.told.at(-1), farLog.ends]).toEqual(['only this', 'closed', 1]);
      });

      it('tells its end where it is opened after the other side destroyed it', async () => {
        const { near, far } = await pair();
        near.destroy();
        await manyTurns();
        const log = new PipeLog(far);
        await log.closed();
        await manyTurns();
        expect(log.ends).toBe(1);
      });

      it('takes nothing after its end', async () => {
        const { near, far } = await openPair();
        near.pipe.write(text('before'));
        near.pipe.end();
        near.pipe.write(text('after'));
        near.pipe.end();
        await far.closed();
        near.pipe.write(text('long after'));
        await manyTurns();
        expect(far.text).toBe('before');
      });

      it('tells both ends once when it is destroyed, twice too', async () => {
        const { near, far } = await openPair();
        near.pipe.destroy();
        near.pipe.destroy();
        await Promise.all([near.closed(), far.closed()]);
        far.pipe.write(text('nobody'));
        far.pipe.destroy();
        await manyTurns();
        expect([near.told, far.told]).toEqual([['closed'], ['closed']]);
      });

      it('tells a destroyed end no bytes any more', async () => {
        const { near, far } = await openPair();
        near.pipe.write(text('too late'));
        far.pipe.destroy();
        await Promise.all([near.closed(), far.closed()]);
        expect(far.told).toEqual(['closed']);
      });

      it('tells both ends once when both end it', async () => {
        const { near, far } = await openPair();
        near.pipe.end();
        far.pipe.end();
        await Promise.all([near.closed(), far.closed()]);
        await manyTurns();
        expect([near.told, far.told]).toEqual([['closed'], ['closed']]);
      });

      it('counts bytes that have not left, and none when they have', async () => {
        const { near, far } = await openPair();
        expect(near.pipe.unsentBytes).toBe(0);
        near.pipe.write(text('leaves'));
        await far.has(6);
        await manyTurns();
        expect(near.pipe.unsentBytes).toBe(0);
      });

      it('tells nothing while it is paused, neither bytes nor the end, and all of it afterwards', async () => {
        const { near, far } = await openPair();
        near.pipe.write(text('one '));
        await far.has(4);
        far.pipe.pause();
        near.pipe.write(text('two '));
        await manyTurns();
        near.pipe.write(text('three'));
        near.pipe.end();
        await manyTurns();
        expect([far.text, far.ends]).toEqual(['one ', 0]);
        far.pipe.resume();
        await far.closed();
        expect([far.text, far.told.at(-1), far.ends]).toEqual(['one two three', 'closed', 1]);
      });

      it('can be paused by the handler of its bytes, and says what it is told to meanwhile', async () => {
        const { near, far } = await pair();
        const log = new PipeLog(near);
        const heard: string[] = [];
        far.open({
          data: (chunk) => {
            heard.push(Buffer.from(chunk).toString('latin1'));
            far.pause();
            far.write(text('!'));
          },
          closed: () => undefined,
        });
        near.write(text('a'));
        await log.has(1);
        near.write(text('b'));
        await manyTurns();
        expect(heard).toEqual(['a']);
        far.resume();
        far.resume();
        await log.has(2);
        expect(heard).toEqual(['a', 'b']);
      });

      it.each(['last words', ''])(
        'tells nothing while it is paused with nothing waiting, and then %j and its end once',
        async (words) => {
          const { near, far } = await openPair();
          far.pipe.pause();
          if (words !== '') near.pipe.write(text(words));
          near.pipe.end();
          await manyTurns();
          far.pipe.resume();
          far.pipe.pause();
          await manyTurns();
          expect(far.told).toEqual([]);
          far.pipe.resume();
          expect(far.told).toEqual([]);
          await far.closed();
          await manyTurns();
          expect([far.text, far.told.at(-1), far.ends]).toEqual([words, 'closed', 1]);
        },
      );

      it('can be paused by the handler of its last bytes, and tells its end after that', async () => {
        const { near, far } = await pair();
        let heard = '';
        let ends = 0;
        const ended = Promise.withResolvers<void>();
        far.open({
          data: (chunk) => {
            heard += Buffer.from(chunk).toString('latin1');
            if (heard === 'all of it') far.pause();
          },
          closed: () => {
            ends += 1;
            ended.resolve();
          },
        });
        far.pause();
        near.write(text('all of it'));
        near.end();
        await manyTurns();
        far.resume();
        await manyTurns();
        expect([heard, ends]).toEqual(['all of it', 0]);
        far.resume();
        await ended.promise;
        await manyTurns();
        expect([heard, ends]).toEqual(['all of it', 1]);
      });

      it('tells an end that waits, and no bytes, when it is destroyed while it is paused', async () => {
        for (const words of ['', 'lost']) {
          const { near, far } = await openPair();
          far.pipe.pause();
          if (words !== '') near.pipe.write(text(words));
          near.pipe.end();
          await manyTurns();
          far.pipe.destroy();
          expect(far.told).toEqual([]);
          await far.closed();
          far.pipe.resume();
          far.pipe.destroy();
          await manyTurns();
          expect(far.told).toEqual(['closed']);
        }
      });

      it('tells no more bytes once their handler has destroyed it', async () => {
        const { near, far } = await pair();
        const told: string[] = [];
        const ended = Promise.withResolvers<void>();
        far.open({
          data: () => {
            told.push('bytes');
            far.destroy();
          },
          closed: () => {
            told.push('closed');
            ended.resolve();
          },
        });
        far.pause();
        for (const part of ['one', 'two', 'three']) {
          near.write(text(part));
          await manyTurns();
        }
        far.resume();
        await ended.promise;
        await manyTurns();
        expect(told).toEqual(['bytes', 'closed']);
      });

      it('tells its own sudden end although it is paused', async () => {
        const { near, far } = await openPair();
        far.pipe.pause();
        near.pipe.write(text('lost'));
        await manyTurns();
        far.pipe.destroy();
        await Promise.all([near.closed(), far.closed()]);
        expect(far.told).toEqual(['closed']);
      });

      it('says where its other end is', async () => {
        const { near, far } = await pair();
        expect(near.remoteAddress).toBe(formatAddress((listeners[0] as Listener).address));
        expect(far.remoteAddress).toMatch(/^127\.0\.0\.1:\d+$/);
      });
    });

    describe('a listener', () => {
      it('gets a port of its own where none is named', async () => {
        const ports = [];
        for (let count = 0; count < 3; count += 1) ports.push((await listen(() => undefined)).address.port);
        expect(new Set(ports).size).toBe(3);
        expect(ports.every((port) => port > 0)).toBe(true);
      });

      it('is refused a port that is taken, as EADDRINUSE', async () => {
        const { address } = await listen(() => undefined);
        await expect(listen(() => undefined, address)).rejects.toMatchObject({ code: 'EADDRINUSE' });
      });

      it('accepts no more when it is closed, and frees its port', async () => {
        const first = await listen(() => undefined);
        await first.close();
        await expect(connect(first.address)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
        const second = await listen(() => undefined, first.address);
        expect(second.address).toEqual(first.address);
      });

      it('may be closed twice, and leaves the next one on its port alone', async () => {
        const first = await listen(() => undefined);
        await Promise.all([first.close(), first.close()]);
        const second = await listen(() => undefined, first.address);
        await first.close();
        await expect(connect(second.address)).resolves.toBeDefined();
      });

      it('leaves its pipes alive when it is closed', async () => {
        const { near, far } = await openPair();
        await (listeners[0] as Listener).close();
        near.pipe.write(text('still here'));
        await far.has(10);
        expect([near.ends, far.ends]).toEqual([0, 0]);
      });

      it('F26: turns connections away where nobody makes room, tells of each, and takes one when there is room', async () => {
        let refused = 0;
        const accepted: PipeLog[] = [];
        let waiting = Promise.withResolvers<void>();
        const { address } = await listen(
          (pipe) => {
            pipe.place?.admit();
            accepted.push(new PipeLog(pipe));
            waiting.resolve();
          },
          { places: new Places({ most: 2 }), refused: () => (refused += 1) },
        );
        for (let count = 1; count <= 2; count += 1) {
          waiting = Promise.withResolvers();
          new PipeLog(await connect(address));
          await waiting.promise;
        }
        await turnedAway(address);
        expect([accepted.length, refused]).toEqual([2, 1]);

        accepted[0]?.pipe.end();
        await accepted[0]?.closed();
        waiting = Promise.withResolvers();
        await connect(address);
        await waiting.promise;
        expect([accepted.length, refused]).toEqual([3, 1]);
      });

      it('A13: ends the oldest connection that nobody is known on for a new one', async () => {
        const accepted: PipeLog[] = [];
        let waiting = Promise.withResolvers<void>();
        const places = new Places({ most: 2 });
        const { address } = await listen(
          (pipe) => {
            accepted.push(new PipeLog(pipe));
            waiting.resolve();
          },
          { places },
        );
        for (let count = 1; count <= 3; count += 1) {
          waiting = Promise.withResolvers();
          new PipeLog(await connect(address));
          await waiting.promise;
        }
        await accepted[0]?.closed();
        expect(accepted.map(({ ends }) => ends)).toEqual([1, 0, 0]);
        expect([places.size, places.madeRoom]).toEqual([2, 1]);
        for (const { pipe } of accepted) pipe.destroy();
        for (const log of accepted) await log.closed();
        expect(places.size).toBe(0);
      });
    });

    it('is refused a connection that nobody listens for, as ECONNREFUSED', async () => {
      const listener = await listen(() => undefined);
      await listener.close();
      await expect(connect(listener.address)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    });
  });
}
