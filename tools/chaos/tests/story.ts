/**
 * A small history for the tests of the checker: told a line at a time, each a millisecond after the one
 * before it. By itself it is right: two fronts, both masters, all ready, nobody there. A test tells what is
 * wrong.
 */
import { History } from '../src/index.ts';
import type { HistoryLine, Told } from '../src/index.ts';

type Payload = Readonly<Record<string, unknown>>;

export const RUN = {
  what: 'run',
  seed: 1,
  users: 2,
  fronts: 1,
  wallMs: 1_000_000,
  seatExpiresMs: 5_000,
  memberGraceMs: 6_000,
  roomEmptyMs: 20_000,
} as const;

/** The end of a run in which all went well. */
const PROBE_STEPS = ['connect', 'login', 'create', 'list', 'reserve', 'check in', 'chat', 'leave', 'log out'];

export class Story {
  /** What has been told. */
  readonly lines: HistoryLine[] = [];
  readonly #seqs = new Map<number, number>();
  /** When the next line is told. */
  at = 0;

  constructor() {
    this.tell(RUN);
  }

  tell(told: Told): this {
    this.lines.push({ at: this.at, ...told });
    this.at += 1;
    return this;
  }

  later(ms: number): this {
    this.at += ms;
    return this;
  }

  /** A connection; its session on the front bears the same number. */
  opens(bot: string, link: number, node = 'app-front'): this {
    return this.tell({ what: 'opened', bot, link, node, session: link });
  }

  ends(bot: string, link: number, code = 'client_closed'): this {
    return this.tell({ what: 'ended', bot, link, code });
  }

  asks(bot: string, link: number, { topic, request = {} }: { topic: string; request?: Payload }): this {
    const seq = (this.#seqs.get(link) ?? 0) + 1;
    this.#seqs.set(link, seq);
    return this.tell({ what: 'asked', bot, link, seq, topic, request });
  }

  /** The answer to what was asked last on the connection. */
  answers(bot: string, link: number, answer: { topic: string; reply?: Payload; failure?: string }): this {
    return this.tell({ what: 'answered', bot, link, seq: this.#seqs.get(link) ?? 0, ...answer });
  }

  /** A question and its reply. */
  does(bot: string, link: number, done: { topic: string; request?: Payload; reply?: Payload }): this {
    const { topic, request = {}, reply = {} } = done;
    return this.asks(bot, link, { topic, request }).answers(bot, link, { topic, reply });
  }

  hears(bot: string, link: number, { topic, payload }: { topic: string; payload: Payload }): this {
    return this.tell({ what: 'heard', bot, link, topic, payload });
  }

  /** Logs in on a new connection. */
  logsIn(bot: string, link: number, node?: string): this {
    return this.opens(bot, link, node).does(bot, link, { topic: 'auth.req_login', reply: { name: bot } });
  }

  /** Reserves a seat and checks in, on a connection where it is logged in. */
  enters(bot: string, link: number, { ticket, users = [bot] }: { ticket: string; users?: string[] }): this {
    const room = roomInfo({ users: users.length });
    const seat = { ticket, roomId: room.roomId, expiresAt: RUN.wallMs + this.at + RUN.seatExpiresMs };
    return this.does(bot, link, {
      topic: 'room.req_reserve',
      request: { roomId: room.roomId },
      reply: { room, seat },
    }).does(bot, link, { topic: 'room.req_checkin', request: { ticket }, reply: { room, users } });
  }

  hearsLine(bot: string, link: number, { id, text }: { id: number; text: string }): this {
    const from = text.split(' ')[0] as string;
    return this.hears(bot, link, { topic: 'room.syn_chat', payload: { id, from, text, at: 1 } });
  }

  calm(): this {
    return this.tell({ what: 'calm' });
  }

  probed(node = 'app-front'): this {
    for (const step of PROBE_STEPS) this.tell({ what: 'probe', node, step });
    return this;
  }

  books(node: string, told: Partial<Extract<Told, { what: 'books' }>> = {}): this {
    return this.tell({ what: 'books', node, app: node, reasons: [], handlerErrors: 0, ...told });
  }

  /** Calm, a good probe, and books in which nobody is. */
  endsWell(): History {
    return this.calm()
      .probed()
      .books('lobby-master', { users: [] })
      .books('room-master', { rooms: [] })
      .books('app-front', { users: [], rooms: [] })
      .history();
  }

  history(): History {
    return new History(this.lines);
  }
}

export function roomInfo(facts: { readonly roomId?: string; readonly users?: number } = {}): {
  roomId: string;
  title: string;
  capacity: number;
  users: number;
} {
  return { roomId: 'room-of-tea1', title: 'tea', capacity: 2, users: 1, ...facts };
}
