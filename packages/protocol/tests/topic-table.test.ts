/** The table against the description of the wire, written out once more by hand. */

import { describe, expect, it } from '@jest/globals';
import Type from 'typebox';
import {
  LAST_NET_TOPIC,
  auth,
  call,
  isCall,
  lobbyTopics,
  message,
  net,
  room,
  service,
  serviceNet,
  topicTable,
} from '../src/index.ts';
import type { Flow, Form } from '../src/index.ts';

/** Sections 3 and 4 of the description: number, name, form, and who says it. */
const CLIENT_TOPICS: [number, string, Form, Flow][] = [
  [1, 'net.hello', 'message', 'either'],
  [2, 'net.welcome', 'message', 'either'],
  [3, 'net.bye', 'message', 'either'],
  [4, 'net.ping', 'message', 'either'],
  [5, 'net.pong', 'message', 'either'],
  [6, 'net.challenge', 'message', 'either'],
  [201, 'auth.req_register', 'call', 'client_to_front'],
  [202, 'auth.res_register', 'reply', 'front_to_client'],
  [203, 'auth.req_login', 'call', 'client_to_front'],
  [204, 'auth.res_login', 'reply', 'front_to_client'],
  [205, 'auth.req_logout', 'call', 'client_to_front'],
  [206, 'auth.res_logout', 'reply', 'front_to_client'],
  [207, 'auth.syn_kickout', 'message', 'front_to_client'],
  [213, 'auth.req_everywhere', 'call', 'client_to_front'],
  [214, 'auth.res_everywhere', 'reply', 'front_to_client'],
  [301, 'room.req_create', 'call', 'client_to_front'],
  [302, 'room.res_create', 'reply', 'front_to_client'],
  [303, 'room.req_page', 'call', 'client_to_front'],
  [304, 'room.res_page', 'reply', 'front_to_client'],
  [305, 'room.req_reserve', 'call', 'client_to_front'],
  [306, 'room.res_reserve', 'reply', 'front_to_client'],
  [307, 'room.req_quick', 'call', 'client_to_front'],
  [308, 'room.res_quick', 'reply', 'front_to_client'],
  [309, 'room.req_checkin', 'call', 'client_to_front'],
  [310, 'room.res_checkin', 'reply', 'front_to_client'],
  [311, 'room.req_chat', 'call', 'client_to_front'],
  [312, 'room.res_chat', 'reply', 'front_to_client'],
  [313, 'room.req_leave', 'call', 'client_to_front'],
  [314, 'room.res_leave', 'reply', 'front_to_client'],
  [321, 'room.syn_chat', 'message', 'front_to_client'],
  [322, 'room.syn_enter', 'message', 'front_to_client'],
  [323, 'room.syn_leave', 'message', 'front_to_client'],
  [324, 'room.syn_close', 'message', 'front_to_client'],
];

const OPPOSITE: Record<Flow, Flow> = {
  either: 'either',
  client_to_front: 'front_to_client',
  front_to_client: 'client_to_front',
  front_to_back: 'back_to_front',
  back_to_front: 'front_to_back',
};

const { topics } = lobbyTopics;

describe('the topic table', () => {
  it.each(CLIENT_TOPICS)('knows %d as %s, a %s that goes %s', (number, name, form, flow) => {
    const topic = lobbyTopics.byNumber(number);
    expect(topic).toMatchObject({ number, name, form, flow });
    expect(lobbyTopics.byName(name)).toBe(topic);
  });

  it('lets a client say and hear nothing else', () => {
    const known = new Set(CLIENT_TOPICS.map(([number]) => number));
    const others = topics.filter(({ number }) => !known.has(number));
    expect(others.map(({ flow }) => flow).filter((flow) => !/back/.test(flow))).toEqual([]);
  });

  it('has numbers and names that are unique, in the order of the numbers', () => {
    const numbers = topics.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    expect(new Set(topics.map(({ name }) => name)).size).toBe(topics.length);
    expect(numbers.every((number) => Number.isInteger(number) && number > 0 && number <= 0xffff)).toBe(true);
  });

  it('gives every reply the number after its call, its name with res for req, and the way back', () => {
    const calls = topics.filter(isCall);
    expect(calls.length).toBeGreaterThan(10);
    for (const { number, name, flow, reply } of calls) {
      expect(reply).toMatchObject({
        number: number + 1,
        name: name.replace('.req_', '.res_'),
        form: 'reply',
        flow: OPPOSITE[flow],
      });
      expect(name).toMatch(/\.req_/);
      expect(lobbyTopics.byNumber(number + 1)).toBe(reply);
    }
    expect(topics.filter(({ form }) => form === 'reply')).toHaveLength(calls.length);
  });

  it('names service topics by the way that they go', () => {
    for (const { name, flow } of topics) {
      if (name.endsWith('_f2b'))
        expect([name, flow]).toEqual([name, /\.res_/.test(name) ? 'back_to_front' : 'front_to_back']);
      if (name.endsWith('_b2f'))
        expect([name, flow]).toEqual([name, /\.res_/.test(name) ? 'front_to_back' : 'back_to_front']);
    }
    expect(Object.values(service).map(({ number }) => number)).toEqual([101, 102, 103, 104]);
  });

  it('keeps the words of the net below all others', () => {
    for (const { name, number } of topics) expect(number <= LAST_NET_TOPIC).toBe(name.startsWith('net.'));
    for (const { name, number } of Object.values(serviceNet))
      expect(lobbyTopics.byNumber(number)?.name).toBe(name);
  });

  it('takes from a client before the login only what needs none', () => {
    const open = topics.filter(({ flow, legalIn }) => flow === 'client_to_front' && legalIn.includes('open'));
    expect(open.map(({ name }) => name)).toEqual(['auth.req_register', 'auth.req_login', 'room.req_checkin']);
  });

  it('knows nothing of other numbers and names', () => {
    expect([lobbyTopics.byNumber(0), lobbyTopics.byNumber(9_999), lobbyTopics.byName('toString')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is frozen, and so are its topics', () => {
    for (const value of [
      lobbyTopics,
      topics,
      net,
      auth,
      room,
      service,
      net.hello,
      room.reqChat,
      room.reqChat.reply,
    ])
      expect(Object.isFrozen(value)).toBe(true);
  });

  it('refuses two words of one number or one name, replies too', () => {
    const payload = Type.Object({});
    const word = { flow: 'either', payload } as const;
    const ask = call(9_001, 'own.req_thing', { ...word, response: payload });
    const { reply } = ask;
    for (const other of [
      message(9_001, 'own.syn_other', word),
      message(9_002, 'own.syn_other', word),
      call(9_003, 'own.req_thing', { ...word, response: payload }),
      { ...message(9_003, 'own.syn_other', word), name: reply.name },
    ]) {
      expect(() => topicTable([{ ask }, { other }])).toThrow(
        expect.objectContaining({ code: 'bad_table', message: expect.stringMatching(/900\d own\./) }),
      );
    }
    expect(topicTable([{ ask }, { other: message(9_003, 'own.syn_other', word) }]).topics).toHaveLength(3);
  });
});
