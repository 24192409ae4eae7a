/** Each invariant finds what is planted, and nothing in a history that is right. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  Beliefs,
  Kickouts,
  answersOnce,
  authority,
  capacity,
  chatLines,
  ownAnswers,
  tickets,
} from '../src/index.ts';
import type { Fold, Weather } from '../src/index.ts';
import { FAIR, FOUL, ROOM, Told } from './told.ts';

const KICKOUT = { topic: 'auth.syn_kickout', payload: { code: 'logged_in_elsewhere', message: '' } };
const PAGE = { topic: 'room.req_page', request: { page: 1 }, reply: { page: 1, rooms: [] } };
const LEAVE = { topic: 'room.req_leave' };
const LOGOUT = { topic: 'auth.req_logout' };

const chat = (weather: Weather = FAIR): Told => new Told(chatLines({ weather, userOf: (voice) => voice }));
const together = (weather?: Weather): Told =>
  chat(weather)
    .enters('ana', 1)
    .enters('ben', 2, { users: ['ana', 'ben'] });

describe('a room that is told of', () => {
  it('has no more users than seats, by whatever way it is told', () => {
    const told = new Told(capacity())
      .does('eve', 3, { ...PAGE, reply: { page: 1, rooms: [{ ...ROOM, users: 3 }] } })
      .enters('ana', 1, { users: ['ana', 'ben'] })
      .hears('ana', 1, { topic: 'room.syn_enter', payload: { user: 'eve' } });
    expect(told.words).toEqual([
      'room tea is told to have 3 users, and has 2 seats',
      'room tea has 3 members and 2 seats: ana, ben, eve',
    ]);
  });

  it('has nobody twice, and forgets who leaves', () => {
    const user = (name: string) => ({ user: name });
    const told = new Told(capacity())
      .enters('ana', 1, { users: ['ana', 'ben'] })
      .hears('ana', 1, { topic: 'room.syn_leave', payload: user('ben') })
      .hears('ana', 1, { topic: 'room.syn_enter', payload: user('eve') })
      .hears('ana', 1, { topic: 'room.syn_enter', payload: user('ana') })
      .enters('dan', 4, { users: ['dan', 'dan'] });
    expect(told.words).toEqual([
      'ana enters room tea, and is in it',
      'a user is in room tea twice: dan, dan',
    ]);
  });
});

describe('a ticket', () => {
  const seat = (ticket: string, expiresAt = 5_000) => ({ ticket, roomId: 'tea', expiresAt });
  const reserve = (ticket: string) => ({
    topic: 'room.req_reserve',
    request: { roomId: 'tea' },
    reply: { room: ROOM, seat: seat(ticket) },
  });
  /** Bots are named after their users and a number. */
  const userOf = (bot: string): string | undefined => (bot === 'nobody' ? undefined : bot.split('-')[0]);

  it('leads its own user in, once, on whichever connection', () => {
    const told = new Told(tickets({ userOf }))
      .does('ana-1', 1, reserve('t1'))
      .enters('ana-2', 2, { ticket: 't1' });
    expect(told.words).toEqual([]);
    told.enters('ana-1', 1, { ticket: 't1' });
    expect(told.words).toEqual(['the ticket t1 led in twice']);
  });

  it('leads nobody else in, and must have been given', () => {
    const told = new Told(tickets({ userOf }))
      .does('ana-1', 1, reserve('t1'))
      .enters('ben-1', 2, { ticket: 't1' })
      .enters('ben-1', 2, { ticket: 't9' })
      .enters('nobody', 3, { ticket: 't8' });
    expect(told.words).toEqual([
      'the ticket of ana led ben in',
      'the ticket t9 led in, and nobody was given it',
    ]);
  });

  it('is too old a good while after its time, where there is a clock to say so', () => {
    const late = (wallMs?: number): string[] =>
      new Told(tickets({ userOf, ...(wallMs === undefined ? {} : { wallMs }) }))
        .does('ana-1', 1, reserve('t1'))
        .enters('ana-1', 1, { ticket: 't1' }).words;
    expect([late(), late(5_000)]).toEqual([[], []]);
    expect(late(6_500)).toEqual([expect.stringMatching(/1503 ms after it had expired/)]);
  });
});

describe('an answer', () => {
  const { topic, reply } = PAGE;

  it('comes once, and to nothing that was not asked', () => {
    const told = new Told(answersOnce()).does('ana', 1, PAGE).answers('ana', 1, { topic, reply });
    told.line({ what: 'answered', bot: 'ana', link: 1, seq: 77, topic });
    expect(told.words).toEqual([
      'call 1 (room.req_page) on connection 1 was answered twice',
      'an answer came to call 77 on connection 1, which was never made',
    ]);
  });

  it('belongs to its question', () => {
    const told = new Told(ownAnswers())
      .does('ana', 1, PAGE)
      .does('ana', 1, { ...PAGE, reply: { page: 2 } })
      .does('ana', 1, { topic: 'room.req_create', request: { title: 'tea' }, reply: { room: ROOM } })
      .does('ana', 1, { topic: 'room.req_reserve', request: { roomId: 'b' }, reply: { room: ROOM } });
    expect(told.words).toEqual([
      expect.stringMatching(/^call 2 \(room.req_page\)/),
      expect.stringMatching(/^call 4 \(room.req_reserve\)/),
    ]);
  });
});

describe('a kickout', () => {
  it('comes once, and after it nothing but the end', () => {
    const told = new Told(new Kickouts()).hears('ana', 1, KICKOUT).ends('ana', 1, 'logged_in_elsewhere');
    told.hears('ana', 2, KICKOUT).hears('ana', 2, KICKOUT).does('ana', 2, PAGE);
    expect(told.words).toEqual([
      'connection 2 was told twice that it is put out',
      'connection 2 was put out, and then was told room.req_page',
    ]);
  });

  it('comes before the end for a newer login', () => {
    const told = new Told(new Kickouts()).ends('ana', 1, 'logged_in_elsewhere').ends('ana', 2, 'replaced');
    expect(told.words).toEqual(['connection 1 ended for a newer login, and was not told before']);
  });

  it('is remembered until the connection ends', () => {
    const kickouts = new Kickouts();
    const told = new Told(kickouts).hears('ana', 1, KICKOUT);
    expect([...kickouts.goingOn.keys()]).toEqual([1]);
    told.ends('ana', 1);
    expect(kickouts.goingOn.size).toBe(0);
  });
});

describe('a forged word', () => {
  it('is refused, or comes to nothing', () => {
    const forged = { what: 'asked', bot: 'eve', link: 1, topic: 'x', request: {}, forged: true } as const;
    const answered = { what: 'answered', bot: 'eve', link: 1, topic: 'x' } as const;
    const told = new Told(authority());
    for (let seq = 1; seq <= 4; seq += 1) told.line({ ...forged, seq });
    told
      .line({ ...answered, seq: 1, failure: 'unknown_topic' })
      .line({ ...answered, seq: 2, reply: { kicked: true } })
      .line({ ...answered, seq: 3, failure: 'room_not_found' });
    expect(told.words).toEqual([
      'the forged x came to {"kicked":true}',
      'the forged x came to "room_not_found"',
    ]);
  });
});

/** Beliefs find nothing by themselves. */
function listening(beliefs: Beliefs): Fold {
  return {
    told(line) {
      beliefs.told(line);
      return undefined;
    },
  };
}

describe('what a client must believe', () => {
  const login = { topic: 'auth.req_login', reply: { name: 'ana' } };

  it('follows from what it was told', () => {
    const beliefs = new Beliefs({ doubtsWhatItAsked: false });
    const told = new Told(listening(beliefs));
    told.does('ana', 1, login).enters('ana', 1);
    expect(beliefs.of(1)).toEqual({ login: true, roomId: 'tea' });
    told.asks('ana', 1, LEAVE).answers('ana', 1, { ...LEAVE, failure: 'deadline' });
    expect(beliefs.of(1).roomId).toBe('tea');
    told.hears('ana', 1, { topic: 'room.syn_close', payload: {} });
    expect(beliefs.of(1)).toEqual({ login: true, roomId: undefined });
    told.hears('ana', 1, KICKOUT);
    expect([beliefs.of(1).login, beliefs.all.size]).toEqual([false, 0]);
  });

  it('is less where asking for an end is enough', () => {
    const beliefs = new Beliefs({ doubtsWhatItAsked: true });
    const told = new Told(listening(beliefs));
    told.does('ana', 1, login).enters('ana', 1).asks('ana', 1, LEAVE);
    expect(beliefs.of(1)).toEqual({ login: true, roomId: undefined });
    told.asks('ana', 1, LOGOUT);
    expect(beliefs.of(1).login).toBe(false);
  });
});

describe('the lines of a room', () => {
  it('are heard by all alike, while they are in it', () => {
    const told = together()
      .asks('ana', 1, { topic: 'room.req_chat' })
      .hearsChat('ana', 1, { id: 1, text: 'ana says 1 and more' })
      .answers('ana', 1, { topic: 'room.req_chat', reply: { id: 1 } })
      .hearsChat('ben', 2, { id: 1, text: 'ana says 1 and more' })
      .does('ana', 1, LEAVE)
      .hearsChat('ben', 2, { id: 2, text: 'ben says 1' });
    expect(told.words).toEqual([]);
  });

  it.each<readonly [string, (told: Told) => Told, string]>([
    [
      'with a gap',
      (told) =>
        told
          .hearsChat('ben', 2, { id: 1, text: 'ana says 1' })
          .hearsChat('ben', 2, { id: 3, text: 'ana says 3' }),
      'connection 2: line 3 of room tea came after line 1',
    ],
    [
      'that differ',
      (told) =>
        told
          .hearsChat('ana', 1, { id: 1, text: 'ana says 1' })
          .hearsChat('ben', 2, { id: 1, text: 'ana says 2' }),
      'connection 2: line 1 of room tea is "ana: ana says 2", and was "ana: ana says 1" for ana',
    ],
    [
      'that nobody has said',
      (told) => told.hearsChat('ben', 2, { id: 1, text: 'hello' }),
      'connection 2: line 1 of room tea, "hello", bears the name of hello',
    ],
    [
      'after the leave',
      (told) => told.does('ben', 2, LEAVE).hearsChat('ben', 2, { id: 1, text: 'ana says 1' }),
      'connection 2: line 1 ("ana says 1") of a room that it is not in was heard',
    ],
    [
      'that are owed',
      (told) => told.does('ben', 2, { topic: 'room.req_chat', reply: { id: 7 } }).does('ben', 2, LEAVE),
      'connection 2: line 7 of room tea was acknowledged and never heard by its sender',
    ],
  ])('are wrong %s', (_, wrong, words) => {
    expect(wrong(together()).words).toEqual([words]);
  });

  it('may come after a logout only while a fault may keep the room from knowing', () => {
    const out = (weather: Weather): string[] =>
      together(weather).does('ben', 2, LOGOUT).hearsChat('ben', 2, { id: 1, text: 'ana says 1' }).words;
    expect(out(FAIR)).toEqual([expect.stringMatching(/that it is not in/)]);
    expect(out(FOUL)).toEqual([]);
  });
});

describe('chats at random', () => {
  /** A chat of one of two, heard by both, by one of them or by neither; sometimes another one than it was. */
  const lines = fc.array(
    fc.record({
      speaker: fc.constantFrom('ana', 'ben'),
      lost: fc.constantFrom(...([...Array<'none'>(8).fill('none'), 'ana', 'ben'] as const)),
      isOther: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0),
    }),
    { maxLength: 30 },
  );

  it('are wrong where, told plainly, a member lacks one between two or two heard different ones', () => {
    fc.assert(
      fc.property(lines, (said) => {
        const told = together();
        const heard: Record<string, { id: number; text: string }[]> = { ana: [], ben: [] };
        for (const [index, { speaker, lost, isOther }] of said.entries()) {
          const id = index + 1;
          for (const listener of ['ana', 'ben'] as const) {
            if (listener === lost) continue;
            const text = `${speaker} says ${isOther && listener === 'ben' ? id + 1_000 : id}`;
            heard[listener]?.push({ id, text });
          }
        }
        // One hears all before the other hears anything: order between members means nothing.
        for (const line of heard['ana'] ?? []) told.hearsChat('ana', 1, line);
        for (const line of heard['ben'] ?? []) told.hearsChat('ben', 2, line);
        const gaps = Object.values(heard).some((own) =>
          own.some(({ id }, at) => at > 0 && id !== (own[at - 1]?.id ?? 0) + 1),
        );
        const numbers = new Map<number, string>();
        for (const { id, text } of heard['ana'] ?? []) numbers.set(id, text);
        const differ = (heard['ben'] ?? []).some(({ id, text }) => (numbers.get(id) ?? text) !== text);
        const isPlainlyWrong = gaps || differ;
        if (isPlainlyWrong) expect(told.words).not.toEqual([]);
        else if (said.every(({ isOther }) => !isOther)) expect(told.words).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
