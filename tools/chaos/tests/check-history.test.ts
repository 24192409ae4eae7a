/** Each invariant's check finds what is planted, and nothing in a history that is right. */

import { describe, expect, it } from '@jest/globals';
import { checkHistory, reportOf } from '../src/index.ts';
import type { CheckOptions, History } from '../src/index.ts';
import { RUN, Story, roomInfo } from './story.ts';

/** What is found, as `I6 bot-0001: words`. */
function findings(history: History, options: CheckOptions = {}): string[] {
  return checkHistory(history, options).map(({ check, bot = '-', words }) => `${check.id} ${bot}: ${words}`);
}

const LOGIN = 'auth.req_login';
const PAGE = { topic: 'room.req_page', request: { page: 1 }, reply: { page: 1, rooms: [] } };
const KICKOUT = {
  topic: 'auth.syn_kickout',
  payload: { code: 'logged_in_elsewhere', message: 'logged in elsewhere' },
};
const ROOM = roomInfo();

/** Two in a room, each on a connection of their own. */
function together(): Story {
  return new Story()
    .logsIn('ana', 1)
    .logsIn('ben', 2)
    .enters('ana', 1, { ticket: 't1' })
    .enters('ben', 2, { ticket: 't2', users: ['ana', 'ben'] })
    .hears('ana', 1, { topic: 'room.syn_enter', payload: { user: 'ben' } });
}

/** Both end their connections, and all is well. */
function apart(story: Story): History {
  return story.ends('ana', 1).ends('ben', 2).endsWell();
}

describe('a history that is right', () => {
  it('breaks nothing: two meet, talk, leave, and one of them logs in twice', () => {
    const story = together()
      .asks('ana', 1, { topic: 'room.req_chat', request: { text: 'ana says 1' } })
      .hearsLine('ana', 1, { id: 1, text: 'ana says 1' })
      .hearsLine('ben', 2, { id: 1, text: 'ana says 1' })
      .answers('ana', 1, { topic: 'room.req_chat', reply: { id: 1 } })
      .does('ana', 1, { topic: 'room.req_leave' })
      .hearsLine('ben', 2, { id: 2, text: 'ben says 1' })
      .opens('ana', 3)
      .asks('ana', 3, { topic: LOGIN })
      .hears('ana', 1, KICKOUT)
      .ends('ana', 1, 'logged_in_elsewhere')
      .answers('ana', 3, { topic: LOGIN, reply: { name: 'ana' } })
      .ends('ana', 3)
      .ends('ben', 2);
    expect(findings(story.endsWell(), { timing: true })).toEqual([]);
  });

  it('breaks nothing where connections are whole at the end and the books say so', () => {
    const users = [
      { name: 'ana', epoch: 1, session: 1, front: 'app-front' },
      { name: 'ben', epoch: 2, session: 2, front: 'app-front' },
    ];
    const room = { roomId: ROOM.roomId, users: 2, held: 2, capacity: 2 };
    const history = together()
      .calm()
      .probed()
      .books('lobby-master', { users })
      .books('room-master', { rooms: [{ ...room, front: 'app-front' }] })
      .books('app-front', {
        users: users.map(({ name, epoch, session }) => ({ name, epoch, session })),
        rooms: [{ ...room, members: ['ana', 'ben'] }],
      })
      .history();
    expect(findings(history)).toEqual([]);
  });
});

describe('I2', () => {
  const older = (story: Story): Story =>
    story.logsIn('ana', 1).logsIn('ana', 2).does('ana', 1, PAGE).ends('ana', 1).ends('ana', 2);

  it('is broken by an older login that is served after the reply to the newer one', () => {
    expect(findings(older(new Story()).endsWell())).toEqual([
      'I2 ana: room.req_page on connection 1 was served, after the newer login on connection 2 had its reply',
    ]);
  });

  it('is not judged while a fault may keep the older front from knowing', () => {
    const fault = { what: 'fault', on: 'app-front → lobby-master', fault: 'bytes vanish' } as const;
    const story = older(new Story().tell({ ...fault, phase: 'begin' })).tell({ ...fault, phase: 'end' });
    expect(findings(story.endsWell())).toEqual([]);
    const healed = new Story().tell({ ...fault, phase: 'begin' }).tell({ ...fault, phase: 'end' });
    expect(findings(older(healed.later(12_001)).endsWell())).toHaveLength(1);
  });

  it('is kept where the older connection has logged in once more', () => {
    const story = new Story()
      .logsIn('ana', 1)
      .logsIn('ana', 2)
      .ends('ana', 2)
      .does('ana', 1, { topic: LOGIN, reply: { name: 'ana' } })
      .does('ana', 1, PAGE)
      .ends('ana', 1);
    expect(findings(story.endsWell())).toEqual([]);
  });
});

describe('I3', () => {
  const rivals = (): Story => new Story().logsIn('ana', 1).logsIn('ana', 2);

  it.each([
    [
      'a second kickout',
      (story: Story) => story.hears('ana', 1, KICKOUT),
      'was told twice that it is put out',
    ],
    [
      'anything that is told after the kickout',
      (story: Story) => story.hearsLine('ana', 1, { id: 1, text: 'ana says 1' }),
      'was put out, and then was told room.syn_chat',
    ],
    ['a connection that goes on', (story: Story) => story.later(11_000), 'did not end within 10000 ms'],
  ])('is broken by %s', (_, more, words) => {
    const story = more(rivals().hears('ana', 1, KICKOUT));
    const found = findings(story.ends('ana', 1, 'logged_in_elsewhere').ends('ana', 2).endsWell());
    expect(found).toContainEqual(expect.stringMatching(`^I3 ana: .*${words}`));
  });

  it('is broken by an end without a kickout', () => {
    const story = rivals().ends('ana', 1, 'logged_in_elsewhere').ends('ana', 2);
    expect(findings(story.endsWell())).toEqual([
      'I3 ana: connection 1 ended for a newer login, and was not told before',
    ]);
  });

  it('is broken by an older login that goes on, unless it has logged out or a fault may keep its front from knowing', () => {
    const older = (story: Story): Story => story.logsIn('ana', 1);
    const newer = (story: Story): History =>
      story.logsIn('ana', 2).ends('ana', 2).later(11_000).ends('ana', 1).endsWell();
    const fault = { what: 'fault', on: 'lobby-master', fault: 'killed', phase: 'begin' } as const;
    expect(findings(newer(older(new Story())))).toEqual([
      'I3 ana: connection 1 goes on 10000 ms after the newer login on connection 2',
    ]);
    expect(findings(newer(older(new Story()).does('ana', 1, { topic: 'auth.req_logout' })))).toEqual([]);
    expect(findings(newer(older(new Story()).tell(fault)))).toEqual([]);
  });

  it('is broken by a kickout of the newest login', () => {
    const story = rivals().hears('ana', 2, KICKOUT).ends('ana', 2, 'logged_in_elsewhere').ends('ana', 1);
    expect(findings(story.endsWell())).toEqual([
      'I3 ana: the newest login of ana was put out for a newer one, and there is none',
    ]);
  });
});

describe('I6', () => {
  it('is broken by an answer that tells of more users than seats', () => {
    const rooms = [roomInfo({ users: 3 })];
    const story = new Story().logsIn('ana', 1).does('ana', 1, { ...PAGE, reply: { page: 1, rooms } });
    expect(findings(story.ends('ana', 1).endsWell())).toEqual([
      `I6 ana: room ${ROOM.roomId} is told to have 3 users, and has 2 seats`,
    ]);
  });

  it('is broken by enters beyond the capacity, and by somebody who enters twice', () => {
    const enter = (user: string) => ({ topic: 'room.syn_enter', payload: { user } });
    const story = together().hears('ana', 1, enter('ben')).hears('ben', 2, enter('eve'));
    expect(findings(apart(story))).toEqual([
      `I6 ana: ben enters room ${ROOM.roomId}, and is in it`,
      `I6 ben: room ${ROOM.roomId} has 3 members and 2 seats: ana, ben, eve`,
    ]);
  });

  it('is broken by a list that names one twice', () => {
    const story = new Story().logsIn('ana', 1).enters('ana', 1, { ticket: 't', users: ['ana', 'ana'] });
    expect(findings(story.ends('ana', 1).endsWell())).toEqual([
      `I6 ana: a user is in room ${ROOM.roomId} twice: ana, ana`,
    ]);
  });

  it('is kept where a user leaves and another one enters', () => {
    const story = together()
      .hears('ana', 1, { topic: 'room.syn_leave', payload: { user: 'ben', reason: 'left' } })
      .hears('ana', 1, { topic: 'room.syn_enter', payload: { user: 'eve' } });
    expect(findings(apart(story))).toEqual([]);
  });
});

describe('I7', () => {
  const checkIn = (ticket: string) => ({
    topic: 'room.req_checkin',
    request: { ticket },
    reply: { room: ROOM, users: ['ana', 'ben'] },
  });

  it('is broken by a ticket that leads in twice', () => {
    expect(findings(apart(together().does('ana', 1, checkIn('t1'))))).toEqual([
      'I7 ana: the ticket t1 led in twice',
    ]);
  });

  it('is broken by a ticket of somebody else, and by one that nobody was given', () => {
    const reserve = {
      topic: 'room.req_reserve',
      request: { roomId: ROOM.roomId },
      reply: { room: ROOM, seat: { ticket: 't3', roomId: ROOM.roomId, expiresAt: RUN.wallMs + 9_000 } },
    };
    const story = together()
      .does('ana', 1, reserve)
      .does('ben', 2, checkIn('t3'))
      .does('ben', 2, checkIn('t9'));
    expect(findings(apart(story))).toEqual([
      'I7 ben: the ticket of ana led ben in',
      'I7 ben: the ticket t9 led in, and nobody was given it',
    ]);
  });

  it('is broken by a ticket that leads in after it has expired', () => {
    const seat = { ticket: 't3', roomId: ROOM.roomId, expiresAt: RUN.wallMs + 5_000 };
    const story = together()
      .does('ana', 1, {
        topic: 'room.req_reserve',
        request: { roomId: ROOM.roomId },
        reply: { room: ROOM, seat },
      })
      .later(7_000)
      .does('ana', 1, checkIn('t3'));
    expect(findings(apart(story))).toEqual([
      expect.stringMatching(/^I7 ana: the ticket t3 led in 20\d\d ms after it had expired$/),
    ]);
  });
});

describe('I9', () => {
  it('is broken by a call that nothing settled', () => {
    const story = new Story().logsIn('ana', 1).asks('ana', 1, PAGE);
    expect(findings(story.endsWell())).toContain(
      'I9 ana: call 2 (room.req_page) on connection 1 is open: no answer came, and its connection has not ended',
    );
  });

  it('is broken by a second answer, and by one to nothing', () => {
    const answer = { topic: PAGE.topic, reply: PAGE.reply };
    const story = new Story().logsIn('ana', 1).does('ana', 1, PAGE).answers('ana', 1, answer);
    story.tell({ what: 'answered', bot: 'ana', link: 1, seq: 77, ...answer });
    expect(findings(story.ends('ana', 1).endsWell())).toEqual([
      'I9 ana: call 2 (room.req_page) on connection 1 was answered twice',
      'I9 ana: an answer came to call 77 on connection 1, which was never made',
    ]);
  });

  it('is broken by the answer to another question', () => {
    const story = new Story().logsIn('ana', 1).does('ana', 1, { ...PAGE, reply: { page: 2, rooms: [] } });
    expect(findings(story.ends('ana', 1).endsWell())).toEqual([
      expect.stringMatching(/^I9 ana: call 2 \(room.req_page\) .* belongs to another/),
    ]);
  });

  it('is broken by a late answer only where time is judged, and later where a fault is in the way', () => {
    const slow = (story: Story, ms: number): History => {
      const { topic, request, reply } = PAGE;
      return story
        .logsIn('ana', 1)
        .asks('ana', 1, { topic, request })
        .later(ms)
        .answers('ana', 1, { topic, reply })
        .ends('ana', 1)
        .endsWell();
    };
    const disturbed = (): Story =>
      new Story().tell({ what: 'fault', on: 'app-front', fault: 'stopped', phase: 'begin' });
    expect(findings(slow(new Story(), 8_000))).toEqual([]);
    expect(findings(slow(new Story(), 8_000), { timing: true })).toEqual([
      'I9 ana: call 2 (room.req_page) on connection 1 took 8001 ms, more than 7000',
    ]);
    expect(findings(slow(disturbed(), 8_000), { timing: true })).toEqual([]);
    expect(findings(slow(disturbed(), 21_000), { timing: true })).toHaveLength(1);
  });
});

describe('I13', () => {
  it.each<readonly [string, (story: Story) => Story, string]>([
    [
      'a gap',
      (story) =>
        story
          .hearsLine('ben', 2, { id: 1, text: 'ana says 1' })
          .hearsLine('ben', 2, { id: 3, text: 'ana says 3' }),
      'connection 2: line 3 of room room-of-tea1 came after line 1',
    ],
    [
      'a line that is another one for somebody else',
      (story) =>
        story
          .hearsLine('ana', 1, { id: 1, text: 'ana says 1' })
          .hearsLine('ben', 2, { id: 1, text: 'ana says 2' }),
      'line 1 of room room-of-tea1 is "ana: ana says 2", and was "ana: ana says 1" for ana',
    ],
    [
      'an order in which it was not said',
      (story) =>
        story
          .hearsLine('ben', 2, { id: 1, text: 'ana says 2' })
          .hearsLine('ben', 2, { id: 2, text: 'ana says 1' }),
      'in room room-of-tea1 line 2 says 1 of ana, after line 1 said 2',
    ],
    [
      'a line after the leave',
      (story) =>
        story.does('ben', 2, { topic: 'room.req_leave' }).hearsLine('ben', 2, { id: 1, text: 'ana says 1' }),
      'line 1 \\("ana says 1"\\) of a room that it is not in was heard',
    ],
    [
      'a line before the check-in was answered',
      (story) => story.logsIn('eve', 3).hearsLine('eve', 3, { id: 1, text: 'ana says 1' }).ends('eve', 3),
      'line 1 \\("ana says 1"\\) of a room that it is not in was heard',
    ],
    [
      'a line of one in the name of another',
      (story) =>
        story.hears('ben', 2, {
          topic: 'room.syn_chat',
          payload: { id: 1, from: 'ben', text: 'ana says 1', at: 1 },
        }),
      'line 1 of room room-of-tea1, "ana says 1", bears the name of ben',
    ],
    [
      'an acknowledged line that its sender does not hear',
      (story) =>
        story
          .does('ben', 2, { topic: 'room.req_chat', request: { text: 'ben says 1' }, reply: { id: 1 } })
          .does('ben', 2, { topic: 'room.req_leave' }),
      'line 1 of room room-of-tea1 was acknowledged and never heard by its sender',
    ],
  ])('is broken by %s', (_, wrong, words) => {
    expect(findings(apart(wrong(together())))).toEqual([expect.stringMatching(`^I13 \\w+: .*${words}`)]);
  });
});

describe('I13, of who has logged out', () => {
  const logout = (story: Story): Story =>
    story.does('ben', 2, { topic: 'auth.req_logout' }).hearsLine('ben', 2, { id: 1, text: 'ana says 1' });

  it('is broken by a line after the logout, unless a fault may keep the room from knowing', () => {
    expect(findings(apart(logout(together())))).toEqual([
      expect.stringMatching(/^I13 ben: .*that it is not in/),
    ]);
    const fault = { what: 'fault', on: 'room-master', fault: 'killed', phase: 'begin' } as const;
    expect(findings(apart(logout(together().tell(fault))))).toEqual([]);
  });

  it('is broken by a line that comes when every fault is long over, unless the user has logged in again', () => {
    const fault = { what: 'fault', on: 'room-master', fault: 'killed' } as const;
    const told = (story: Story, id: number): Story =>
      story.hearsLine('ben', 2, { id, text: `ana says ${id}` });
    const out = (): Story =>
      told(logout(together().tell({ ...fault, phase: 'begin' })).tell({ ...fault, phase: 'end' }), 2);
    expect(findings(apart(out()))).toEqual([]);
    expect(findings(apart(told(out().later(13_000), 3)))).toEqual([
      expect.stringMatching(/^I13 ben: .*heard after a logout of which the room must know/),
    ]);
    const again = out().does('ben', 2, { topic: 'auth.req_login', reply: { name: 'ben' } });
    expect(findings(apart(told(again.later(13_000), 3)))).toEqual([]);
  });
});

describe('I17', () => {
  const login = { name: 'ana', epoch: 7, session: 1 };
  const room = { roomId: ROOM.roomId, users: 0, held: 0, capacity: 2 };
  const told = (books: {
    readonly master?: object[];
    readonly front?: object[];
    readonly placed?: object[];
    readonly held?: object[];
    readonly reasons?: string[];
  }): History => {
    const { master = [], front = [], placed = [], held = [], reasons = [] } = books;
    return new Story()
      .calm()
      .probed()
      .books('lobby-master', { users: master as (typeof login)[] })
      .books('room-master', { rooms: placed as (typeof room)[] })
      .books('app-front', { users: front as (typeof login)[], rooms: held as (typeof room)[], reasons })
      .history();
  };

  it.each([
    [
      'a login that only lobby-master knows',
      { master: [{ ...login, front: 'app-front' }] },
      'lobby-master knows ana \\(epoch 7\\) as session 1 of app-front, and it is not so',
    ],
    [
      'a login of another epoch',
      { master: [{ ...login, epoch: 6, front: 'app-front' }], front: [login] },
      'lobby-master does not know ana \\(epoch 7\\)',
    ],
    [
      'a login without a connection',
      { master: [{ ...login, front: 'app-front' }], front: [login] },
      'ana \\(epoch 7\\) as session 1 of app-front is in its books, and has no connection',
    ],
    ['a user who is logged in twice', { front: [login, { ...login, session: 2 }] }, 'ana is logged in twice'],
    [
      'a room that room-master does not know',
      { held: [room] },
      'room-master does not know room room-of-tea1 of app-front',
    ],
    [
      'a room of a dead front',
      { placed: [{ ...room, front: 'gone' }] },
      'room-master knows room room-of-tea1 of gone: .* and it is not so',
    ],
    [
      'other seats than the front has',
      { placed: [{ ...room, front: 'app-front' }], held: [{ ...room, held: 1 }] },
      'room-master does not know room room-of-tea1 of app-front: 0 users, 1 seats of 2 taken',
    ],
    [
      'a user who is in two rooms',
      {
        held: [
          { ...room, members: ['ana'] },
          { ...room, roomId: 'other', members: ['ana'] },
        ],
      },
      'ana is in two rooms',
    ],
    ['more seats than there are', { held: [{ ...room, held: 3 }] }, '3 seats of 2 taken: too many'],
    ['a process that is not ready', { reasons: ['connecting'] }, 'app-front is not ready: connecting'],
  ])('is broken by %s', (_, books, words) => {
    expect(findings(told(books))).toContainEqual(expect.stringMatching(`^I17 .*${words}`));
  });

  it('is broken where the books were never taken', () => {
    expect(findings(new Story().history())).toContain('I17 -: the run ended before the books were taken');
  });
});

describe('I18', () => {
  it('is broken by a step of a probe that fails, by a front where nobody tried, and by a run that ends before', () => {
    const failed = new Story()
      .calm()
      .tell({ what: 'probe', node: 'app-front', step: 'login', fault: 'deadline' })
      .books('app-front', { users: [], rooms: [] })
      .books('lobby-runner', { users: [] })
      .history();
    expect(findings(failed)).toEqual([
      'I18 probe-app-front: on app-front the step "login" failed: deadline',
      'I18 -: on lobby-runner nobody tried',
    ]);
    expect(findings(new Story().history())).toContain('I18 -: the run ended before it was calm');
  });
});

describe('I20', () => {
  const forged = (answer: { reply?: Record<string, unknown>; failure?: string }): History =>
    new Story()
      .logsIn('ana', 1)
      .tell({
        what: 'asked',
        bot: 'ana',
        link: 1,
        seq: 2,
        topic: 'auth.req_kick_b2f',
        request: {},
        forged: true,
      })
      .tell({ what: 'answered', bot: 'ana', link: 1, seq: 2, topic: 'auth.req_kick_b2f', ...answer })
      .ends('ana', 1)
      .endsWell();

  it('is broken by a forged word that is answered, or fails as if it had been looked at', () => {
    expect(findings(forged({ failure: 'unknown_topic' }))).toEqual([]);
    expect(findings(forged({ reply: { kicked: true } }))).toEqual([
      'I20 ana: the forged auth.req_kick_b2f came to {"kicked":true}',
    ]);
    expect(findings(forged({ failure: 'room_not_found' }))).toHaveLength(1);
  });
});

describe('I23', () => {
  const ended = { what: 'process', node: 'app-front', event: 'ended' } as const;

  it.each<readonly [string, (story: Story) => Story, string]>([
    [
      'a process that ends by itself',
      (story) => story.tell({ ...ended, code: 1, signal: null }),
      'app-front ended with exit code 1; nobody asked it to',
    ],
    [
      'a process that must be killed when it was asked to end',
      (story) => story.tell({ ...ended, code: null, signal: 'SIGKILL', meant: 'SIGTERM' }),
      'app-front ended with SIGKILL; it was asked to by SIGTERM',
    ],
    [
      'a complaint',
      (story) => story.tell({ what: 'complaint', node: 'app-front', text: 'TypeError: no\n' }),
      'app-front complained: TypeError: no',
    ],
    [
      'a handler that failed',
      (story) => story.books('room-runner', { handlerErrors: 2 }),
      '2 handlers of room-runner have failed',
    ],
    [
      'a failure of no catalogue',
      (story) =>
        story
          .opens('ana', 1)
          .asks('ana', 1, { topic: LOGIN })
          .answers('ana', 1, { topic: LOGIN, failure: 'mishap' })
          .ends('ana', 1),
      'the code "mishap" is in no catalogue',
    ],
    [
      'an end of no catalogue',
      (story) => story.opens('ana', 1).ends('ana', 1, 'unreadable: bad frame'),
      'the code "unreadable: bad frame" is in no catalogue',
    ],
  ])('is broken by %s', (_, wrong, words) => {
    expect(findings(wrong(new Story()).endsWell())).toEqual([
      expect.stringMatching(`^I23 [-\\w]+: ${words}$`),
    ]);
  });

  it('is kept by those that end as they were asked to, and tell of the silence of others', () => {
    const log = { level: 'error', front: 'app-front', user: 'ana', code: 'deadline' };
    const story = new Story()
      .tell({ what: 'complaint', node: 'lobby-master', text: JSON.stringify(log) })
      .tell({ ...ended, code: 0, signal: null, meant: 'SIGTERM' })
      .tell({ ...ended, code: null, signal: 'SIGKILL', meant: 'SIGKILL' });
    expect(findings(story.endsWell())).toEqual([]);
  });
});

describe('I24', () => {
  const create = (roomId: string) => ({
    topic: 'room.req_create',
    request: { title: 'tea', requestId: 'r1' },
    reply: { room: roomInfo({ roomId }), seat: { ticket: `of ${roomId}`, roomId, expiresAt: 2_000_000 } },
  });

  it('is broken by a login and an enter that the books do not know', () => {
    const found = findings(together().endsWell());
    expect(found).toContain(
      'I24 ana: ana is logged in as session 1 of app-front, and lobby-master does not know it',
    );
    expect(found).toContain(
      `I24 ben: ben is in room ${ROOM.roomId} of app-front, and app-front does not know it`,
    );
  });

  it('is broken by a room that room-master does not list', () => {
    const held = { roomId: ROOM.roomId, users: 1, held: 1, capacity: 2, members: ['ana'] };
    const history = new Story()
      .opens('ana', 1)
      .does('ana', 1, { topic: 'room.req_checkin', reply: { room: ROOM, users: ['ana'] } })
      .books('room-master', { rooms: [] })
      .books('app-front', { users: [], rooms: [held] })
      .history();
    expect(findings(history)).toContain(
      `I24 ana: ana is in room ${ROOM.roomId} of app-front, and room-master does not know the room`,
    );
  });

  it('is broken by a room that was made a moment ago and is gone', () => {
    const story = new Story().logsIn('ana', 1).does('ana', 1, create('room-a')).ends('ana', 1);
    expect(findings(story.endsWell())).toEqual([
      expect.stringMatching(
        /^I24 ana: room room-a was made \d+ ms before, and room-master does not list it$/,
      ),
    ]);
  });

  const twice = (between: (story: Story) => Story): Story =>
    between(new Story().logsIn('ana', 1).does('ana', 1, create('room-a')))
      .does('ana', 1, create('room-b'))
      .later(25_000)
      .does('ana', 1, {
        topic: 'room.req_checkin',
        request: { ticket: 'of room-a' },
        reply: { room: roomInfo({ roomId: 'room-a' }), users: ['ana'] },
      })
      .ends('ana', 1);
  const passes = (on: string, fault: string) => (story: Story) =>
    story.tell({ what: 'fault', on, fault, phase: 'begin' }).tell({ what: 'fault', on, fault, phase: 'end' });

  it.each([
    ['nothing in between', (story: Story) => story],
    ['a death of room-master', passes('room-master', 'killed')],
    ['another front cut off', passes('app-front-2 → room-master', 'bytes of both ways vanish for 900 ms')],
    [
      'its front cut off for a moment',
      passes('app-front → room-master', 'bytes of both ways vanish for 900 ms'),
    ],
  ])(
    'is broken by a repeated creation that makes a second room while the first is there: %s',
    (_, between) => {
      expect(findings(twice(between).endsWell())).toEqual([
        'I24 ana: the request ana r1 made room room-a, which is there, and then room room-b',
      ]);
    },
  );

  const startsAnew = (story: Story) =>
    story
      .tell({ what: 'process', node: 'room-master', event: 'ended', signal: 'SIGKILL', meant: 'SIGKILL' })
      .tell({ what: 'process', node: 'room-master', event: 'started' });
  const cut = { what: 'fault', on: 'app-front → room-master', fault: 'bytes of both ways vanish' } as const;
  const stands = { what: 'fault', on: 'app-front', fault: 'stopped for 12000 ms' } as const;
  const during = (fault: typeof cut | typeof stands) => (story: Story) =>
    startsAnew(story.tell({ ...fault, phase: 'begin' })).tell({ ...fault, phase: 'end' });

  it.each([
    [
      'cut off for long from one that knows it',
      (story: Story) => passes(cut.on, cut.fault)(story).later(12_000),
    ],
    [
      'cut off long before a new one',
      (story: Story) => startsAnew(passes(cut.on, cut.fault)(story).later(12_000)),
    ],
  ])('is broken by a second room where the front of the first was %s', (_, between) => {
    expect(findings(twice(between).endsWell())).toEqual([
      'I24 ana: the request ana r1 made room room-a, which is there, and then room room-b',
    ]);
  });

  it('is kept by a second room a minute after the first was made, however often that was asked for', () => {
    const again = (story: Story) => story.later(40_000).does('ana', 1, create('room-a')).later(30_000);
    expect(findings(twice(again).endsWell())).toEqual([]);
  });

  it.each([
    ['cut off from it', during(cut)],
    ['at a standstill', during(stands)],
  ])('is kept by a second room of a new room-master while the front of the first was %s', (_, between) => {
    expect(findings(twice(between).endsWell())).toEqual([]);
  });
});

describe('a report', () => {
  it('tells the time, the client, the invariant in words, and the lines around it', () => {
    const history = apart(
      together()
        .hearsLine('ben', 2, { id: 1, text: 'ana says 1' })
        .hearsLine('ben', 2, { id: 3, text: 'ana says 3' }),
    );
    const [found] = checkHistory(history);
    const report = found === undefined ? '' : reportOf(found, history);
    expect(report).toMatch(
      /^I13 at 0\.0\d\d s \(ben\): connection 2: line 3 of room room-of-tea1 came after line 1\n/,
    );
    expect(report).toContain('  I13: all members hear the same lines in one order');
    expect(report).toMatch(/heard {4}bot ben, link 2, topic room\.syn_chat, .*"ana says 3"/);
    expect(report).toMatch(/---------\n.*ended {4}bot ben/);
  });
});
