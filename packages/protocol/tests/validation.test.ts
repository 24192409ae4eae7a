/** What the shapes let through, and that a refusal names the topic and the key. */

import { describe, expect, it } from '@jest/globals';
import { auth, net, room, service, serviceNet } from '../src/index.ts';
import type { Topic } from '../src/index.ts';

const ROOM = { roomId: 'r', title: 't', capacity: 4, users: 0, createdAt: 1, attributes: {} };
const SEAT = { ticket: 't', roomId: 'r', host: 'h', port: 1, expiresAt: 1 };
const WISH = { title: 'Table', capacity: 4 };
const UP = { service: 's', node: 'n', boot: 'b', version: '1', load: {}, draining: false };

function manyAttributes(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key ${index}`, '']));
}

describe('F35: a payload', () => {
  const good: [Topic, object][] = [
    [net.hello, { v: 1 }],
    [net.hello, { v: 1, agent: 'x' }],
    [net.challenge, { nonce: new Uint8Array(16) }],
    [auth.reqLogin, { name: 'Ana', password: '12345678' }],
    [auth.reqLogin, { token: 't' }],
    [auth.reqLogin.reply, { userId: 'u', name: 'Ana', token: 't', seat: SEAT }],
    [room.reqCreate, WISH],
    [room.reqCreate, { ...WISH, capacity: 1_000, title: '😀'.repeat(64), attributes: manyAttributes(16) }],
    [
      room.reqCreate,
      { ...WISH, attributes: { ['😀'.repeat(32)]: '😀'.repeat(128), 'two\nlines': 'two\nlines' } },
    ],
    [room.reqPage, { page: 1, pageSize: 100 }],
    [room.reqPage.reply, { page: 1, pages: 1, total: 1, rooms: [ROOM] }],
    [room.reqChat, { text: '😀'.repeat(1_000) }],
    [service.synLobbyRunnerUp, { ...UP, load: { users: 3 }, address: { host: 'h', port: 7300 } }],
  ];

  it.each(good.map(([topic, payload]) => [topic.name, topic, payload] as const))(
    'of %s is handed back when its shape is right',
    (_, topic, payload) => expect(topic.validate(payload)).toEqual(payload),
  );

  it('keeps every key of a record that it takes, those of wide characters and of several lines too', () => {
    const keys = ['😀'.repeat(32), `a${'𝔸'.repeat(31)}`, 'two\nlines', 'a\u2028b', '7'];
    const attributes = (): object => Object.fromEntries(keys.map((key) => [key, 'x']));
    expect(room.reqCreate.validate({ ...WISH, attributes: attributes() })).toEqual({
      ...WISH,
      attributes: attributes(),
    });
  });

  const bad: [Topic, unknown, RegExp][] = [
    [net.hello, {}, /\bv\b/],
    [net.hello, { v: '1' }, /\bv\b/],
    [net.hello, { v: 1, agent: 'x'.repeat(129) }, /agent/],
    [net.hello, null, /payload/],
    [net.hello, [], /payload/],
    [net.welcome, { v: 1, session: -1, heartbeat: 1, node: 'n' }, /session/],
    [net.welcome, { v: 1, session: 2 ** 53, heartbeat: 1, node: 'n' }, /session/],
    [net.welcome, { v: 1, session: 1, heartbeat: 0, node: 'n' }, /heartbeat/],
    [net.challenge, { nonce: new Uint8Array(15) }, /nonce/],
    [net.challenge, { nonce: 'x'.repeat(16) }, /nonce/],
    [net.challenge, {}, /nonce/],
    [serviceNet.hello, { v: 1, service: 's', node: 'n', boot: 'b', nonce: new Uint8Array(16) }, /proof/],
    [auth.reqRegister, { name: 'Ana', password: 'short' }, /password/],
    [auth.reqRegister, { name: 'Ana', password: 'x'.repeat(129) }, /password/],
    [auth.reqRegister, { password: '12345678' }, /name/],
    [auth.reqLogin.reply, { userId: 'u', name: 'Ana', token: 't', seat: { ...SEAT, port: 0 } }, /seat\/port/],
    [room.reqCreate, { ...WISH, capacity: 0 }, /capacity/],
    [room.reqCreate, { ...WISH, capacity: 1_001 }, /capacity/],
    [room.reqCreate, { ...WISH, capacity: 1.5 }, /capacity/],
    [room.reqCreate, { ...WISH, capacity: Number.NaN }, /capacity/],
    [room.reqCreate, { ...WISH, capacity: Infinity }, /capacity/],
    [room.reqCreate, { ...WISH, title: '' }, /title/],
    [room.reqCreate, { ...WISH, title: 'x'.repeat(65) }, /title/],
    [room.reqCreate, { ...WISH, requestId: '' }, /requestId/],
    [room.reqCreate, { ...WISH, private: 1 }, /private/],
    [room.reqCreate, { ...WISH, attributes: [] }, /attributes/],
    [room.reqCreate, { ...WISH, attributes: manyAttributes(17) }, /attributes/],
    [room.reqCreate, { ...WISH, attributes: { map: 1 } }, /attributes\/map/],
    [room.reqCreate, { ...WISH, attributes: { 'two\nlines': { deep: 1 } } }, /attributes/],
    [room.reqCreate, { ...WISH, attributes: { 'a\u2028b': 1 } }, /attributes/],
    [room.reqCreate, { ...WISH, attributes: { '': 'x' } }, /attributes/],
    [room.reqCreate, { ...WISH, attributes: { ['k'.repeat(33)]: 'x' } }, /attributes/],
    [room.reqCreate, { ...WISH, attributes: { map: 'x'.repeat(129) } }, /attributes\/map/],
    [room.reqPage, { page: 0 }, /page/],
    [room.reqPage, { page: 1, pageSize: 101 }, /pageSize/],
    [
      room.reqPage.reply,
      { page: 1, pages: 1, total: 1, rooms: [{ ...ROOM, users: '0' }] },
      /rooms\/0\/users/,
    ],
    [room.reqChat, { text: '' }, /text/],
    [room.reqChat, { text: 'x'.repeat(1_001) }, /text/],
    [room.reqCheckin, { ticket: 7 }, /ticket/],
    [service.synRoomRunnerUp, { ...UP, load: { 'two\nlines': 'many' } }, /load/],
    [service.synRoomRunnerUp, { ...UP, load: { rooms: -1 } }, /load\/rooms/],
  ];

  it.each(bad.map(([topic, payload, key]) => [topic.name, key, topic, payload] as const))(
    'of %s is refused as bad_request, naming the topic and %s',
    (name, key, topic, payload) => {
      expect(() => topic.validate(payload)).toThrow(
        expect.objectContaining({
          name: 'ProtocolError',
          code: 'bad_request',
          message: expect.stringMatching(key),
        }),
      );
      expect(() => topic.validate(payload)).toThrow(name);
    },
  );
});
