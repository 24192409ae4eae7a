/**
 * A history of two users at random, mostly wrong: they open connections, log in and out, create rooms, are
 * let in, are put out and end, in any order, while faults come and go. An act is a few small numbers, so that
 * a story that fails can be made shorter.
 */
import fc from 'fast-check';
import type { History } from '../src/index.ts';
import { Story, roomInfo } from './story.ts';

const KINDS = [
  ...['opens', 'tries to log in', 'tries to log in', 'tries to log in', 'logs in', 'logs in'],
  ...['asks', 'is answered', 'is answered', 'is answered', 'is answered', 'does', 'does', 'does', 'does'],
  ...['is put out', 'ends', 'later', 'later', 'fault', 'heals', 'dies'],
] as const;
const BOTS = ['ana', 'ben'] as const;
const TOPICS = [
  ...['auth.req_login', 'auth.req_logout', 'room.req_page'],
  ...['room.req_create', 'room.req_create', 'room.req_checkin'],
] as const;
const PAUSES_MS = [50, 1_000, 9_000, 11_000, 13_000, 35_000] as const;
const KICKOUT = { topic: 'auth.syn_kickout', payload: { code: 'logged_in_elsewhere' } };

export interface Act {
  readonly kind: (typeof KINDS)[number];
  readonly who: number;
  readonly what: number;
}

interface Open {
  readonly bot: string;
  readonly link: number;
  /** What was asked last, and not answered. */
  asked?: string | undefined;
}

export const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.record({ kind: fc.constantFrom(...KINDS), who: fc.nat(5), what: fc.nat(5) }),
  { minLength: 4, maxLength: 50 },
);

function replyTo(topic: string, what: number): Readonly<Record<string, unknown>> {
  const room = roomInfo({ roomId: `room-${what}` });
  return topic === 'room.req_create' || topic === 'room.req_checkin' ? { room, users: [] } : {};
}

class Stage {
  readonly #story = new Story();
  readonly #open: Open[] = [];
  #links = 0;

  act({ kind, who, what }: Act): void {
    const on = this.#open[who % Math.max(1, this.#open.length)] ?? this.#opens(who);
    switch (kind) {
      case 'opens':
        return void this.#opens(who);
      case 'tries to log in':
        return this.#asks(this.#opens(who), 0);
      case 'logs in':
        return this.#does(this.#opens(who), 0, 0);
      case 'asks':
        return this.#asks(on, what);
      case 'is answered': {
        const waiting = this.#open.filter(({ asked }) => asked !== undefined);
        return this.#isAnswered(waiting[who % Math.max(1, waiting.length)], what);
      }
      case 'does':
        return this.#does(on, what, who);
      case 'is put out':
        return void this.#story.hears(on.bot, on.link, KICKOUT);
      case 'ends':
        this.#open.splice(this.#open.indexOf(on), 1);
        return void this.#story.ends(on.bot, on.link);
      case 'later':
        return void this.#story.later(PAUSES_MS[what] as number);
      case 'dies':
        return void this.#story.tell({ what: 'process', node: 'app-front', event: 'ended' });
      case 'fault':
        return this.#fault('begin', what);
      case 'heals':
        return this.#fault('end', what);
    }
  }

  /** With the books, in which some logins and one room are, whatever has happened. */
  ends(): History {
    const room = { roomId: 'room-1', users: 0, held: 0, capacity: 2 };
    const users = [1, 2, 3].map((session) => ({ name: BOTS[session % 2] as string, epoch: 1, session }));
    return this.#story
      .books('room-master', { rooms: [room] })
      .books('app-front', { users })
      .history();
  }

  #opens(who: number): Open {
    const opened = { bot: BOTS[who % 2] as string, link: (this.#links += 1) };
    this.#open.push(opened);
    this.#story.opens(opened.bot, opened.link);
    return opened;
  }

  #asks(on: Open, what: number): void {
    const topic = TOPICS[what] as string;
    on.asked = topic;
    this.#story.asks(on.bot, on.link, { topic, request: { requestId: `r${what % 2}` } });
  }

  /** A reply that names a room by that number, or a failure. */
  #isAnswered(on: Open | undefined, what: number): void {
    if (on?.asked === undefined) return;
    const topic = on.asked;
    const answer = what === 5 ? { failure: 'deadline' } : { reply: replyTo(topic, what) };
    this.#story.answers(on.bot, on.link, { topic, ...answer });
    on.asked = undefined;
  }

  #does(on: Open, topic: number, what: number): void {
    this.#asks(on, topic);
    this.#isAnswered(on, what);
  }

  #fault(phase: 'begin' | 'end', what: number): void {
    this.#story.tell({ what: 'fault', on: 'app-front', fault: `stopped for ${what % 2} ms`, phase });
  }
}

export function storyOf(told: readonly Act[]): History {
  const stage = new Stage();
  for (const act of told) stage.act(act);
  return stage.ends();
}
