/**
 * Dispatch among many child pulses: a client port without a network, whose sessions are fed with bytes by
 * hand. The sizes differ in the number of children of a session only, and always the same few of them are
 * spoken to: what is compared is the way to a handler, not how much of it fits into the processor's cache.
 */

import { setImmediate as turn } from 'node:timers/promises';
import { nodePlatform } from '@lobby/net-frame';
import type { Listener, ListenOptions, Pipe, PipeHandlers, Platform, Transport } from '@lobby/net-frame';
import { PROTOCOL_VERSION, encodeMessage, message, net } from '@lobby/protocol';
import type { MessageTopic } from '@lobby/protocol';
import { Pulse, clientPort } from '@lobby/pulse';
import type { ServerPulse, Session } from '@lobby/pulse';
import type { AloneContender, Measures } from '../contender.ts';
import { ChatSchema } from '../echo/echo-pulse.ts';
import { CHAT } from '../payload.ts';
import type { Chat } from '../payload.ts';

const SESSIONS = 100;
const TOPICS_OF_CHILD = 10;
const FIRST_TOPIC = 1_000;
/** Sessions that are spoken to. */
const SPOKEN_TO = 10;
const FRAMES_AT_ONCE = 50;
const BATCHES = 400;
/** In which all that was fed must be heard: in each at least one session reads a few frames more. */
const MOST_TURNS = SPOKEN_TO * FRAMES_AT_ONCE;
/**
 * The quickest of so many tries counts: it has the least of other processes in it. The first ones warm up.
 */
const TRIES = 12;
const STOPPED = 500;

const first = message(FIRST_TOPIC, 'bench.syn_chat', {
  flow: 'client_to_front',
  payload: ChatSchema,
}) as MessageTopic<Chat>;
/** One of as many topics as there are; one schema is made for all. */
const topic = (nth: number): MessageTopic<Chat> => ({ ...first, number: FIRST_TOPIC + nth });

/** The server's end of a connection that carries only what it is fed with. */
class FedPipe implements Pipe {
  readonly remoteAddress = 'bench:0';
  readonly unsentBytes = 0;
  #handlers: PipeHandlers | undefined;

  open(handlers: PipeHandlers): void {
    this.#handlers = handlers;
  }

  feed(bytes: Uint8Array): void {
    this.#handlers?.data(bytes);
  }

  pause(): void {
    // It is fed a batch a turn: what is left of one is read before the next.
  }

  resume(): void {
    // As above.
  }

  write(): void {
    // Nobody reads it.
  }

  end(): void {
    this.destroy();
  }

  destroy(): void {
    this.#handlers?.closed();
    this.#handlers = undefined;
  }
}

/** Accepts a connection whenever it is told to. */
class FedTransport implements Transport {
  accept: (pipe: Pipe) => void = () => undefined;

  async listen({ host, port }: ListenOptions, accept: (pipe: Pipe) => void): Promise<Listener> {
    this.accept = accept;
    return { address: { host, port }, close: async () => undefined };
  }

  connect(): Promise<Pipe> {
    return Promise.reject(new Error('nobody connects from here'));
  }
}

interface Place {
  readonly pipe: FedPipe;
  readonly session: Session;
}

async function openSessions(): Promise<{ readonly front: ServerPulse; readonly places: readonly Place[] }> {
  const transport = new FedTransport();
  const platform: Platform = nodePlatform({ transport });
  const dialect = clientPort({ node: 'bench', rate: false });
  const front = Pulse.asServer({ name: 'bench', platform, dialect, host: 'bench', port: 1 });
  await front.start();
  const hello = encodeMessage(net.hello, { v: PROTOCOL_VERSION });
  const pipes = Array.from({ length: SESSIONS }, () => {
    const pipe = new FedPipe();
    transport.accept(pipe);
    pipe.feed(hello);
    return pipe;
  });
  const sessions = [...front.sessions.values()];
  for (const [nth, session] of sessions.entries()) session.admit('user', `user-${nth}`);
  return { front, places: sessions.map((session, nth) => ({ session, pipe: pipes[nth] as FedPipe })) };
}

/** A child of the session that listens to its own topics. */
function child(front: ServerPulse, session: Session, nth: number, heard: () => void) {
  const made = front.asChild({ session });
  for (let own = 0; own < TOPICS_OF_CHILD; own += 1) made.sub(topic(nth * TOPICS_OF_CHILD + own), heard);
  return made;
}

/** Nanoseconds that one frame takes from its bytes to its handler, and one child to be stopped. */
async function measure(subscriptions: number): Promise<Measures> {
  const { front, places } = await openSessions();
  const childrenOfSession = subscriptions / SESSIONS / TOPICS_OF_CHILD;
  let heard = 0;
  const hear = (): void => {
    heard += 1;
  };
  for (const { session } of places)
    for (let nth = 0; nth < childrenOfSession; nth += 1) child(front, session, nth, hear);

  const batch = Buffer.concat(
    Array.from({ length: FRAMES_AT_ONCE }, (_, nth) => encodeMessage(topic(nth % TOPICS_OF_CHILD), CHAT)),
  );
  const spokenTo = places.slice(0, SPOKEN_TO);
  const dispatchMs = await quickest(() => {
    heard = 0;
    return timed(async () => {
      for (let done = 1; done <= BATCHES; done += 1) {
        for (const { pipe } of spokenTo) pipe.feed(batch);
        // A turn may end before all of it is read; then the rest is read in the next ones.
        const due = done * SPOKEN_TO * FRAMES_AT_ONCE;
        for (let turns = 0; turns < MOST_TURNS && heard < due; turns += 1) await turn();
        if (heard !== due) throw new Error(`${heard} frames were heard, and ${due} were fed`);
        await turn();
      }
    });
  });

  const { session } = places[0] as Place;
  const stopMs = await quickest(() => {
    const guests = Array.from({ length: STOPPED }, (_, nth) =>
      child(front, session, childrenOfSession + nth, hear),
    );
    return timed(async () => {
      for (const guest of guests) guest.stop();
    });
  });
  return { dispatchNs: (dispatchMs * 1e6) / heard, stopNs: (stopMs * 1e6) / STOPPED };
}

async function quickest(tryOnce: () => Promise<number>): Promise<number> {
  let quickestMs = Infinity;
  for (let tried = 0; tried < TRIES; tried += 1) quickestMs = Math.min(quickestMs, await tryOnce());
  return quickestMs;
}

async function timed(act: () => Promise<void>): Promise<number> {
  globalThis.gc?.();
  const began = performance.now();
  await act();
  return performance.now() - began;
}

export function withChildren(subscriptions: number): AloneContender {
  return { measure: () => measure(subscriptions) };
}
