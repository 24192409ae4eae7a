/**
 * A whole journey on the wire, made with the project's own encoders from fixed values: two users, two
 * connections, every word that an ordinary client says and hears, and a few that go wrong.
 */

import { FrameKind, encodeFrame } from '@lobby/net-frame';
import {
  Failure,
  PROTOCOL_VERSION,
  auth,
  encodeCall,
  encodeFailure,
  encodeMessage,
  encodeReply,
  net,
  room,
} from '@lobby/protocol';
import type { CallTopic } from '@lobby/protocol';
import { block } from './markdown.ts';
import { frameLines } from './frame-lines.ts';

/** One frame, who sends it, and what it is called. */
export interface SentFrame {
  readonly who: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

const NOW = 1_800_000_000_000;
const ANA = 'Ana   -> server';
const BEN = 'Ben   -> server';
const TO_ANA = 'server -> Ana';
const TO_BEN = 'server -> Ben';

const seat = (ticket: string) => ({
  ticket,
  roomId: 'q83vEjRWeJAB',
  host: '127.0.0.1',
  port: 7000,
  expiresAt: NOW + 15_000,
});
const tea = (users: number) => ({
  roomId: 'q83vEjRWeJAB',
  title: 'tea',
  capacity: 2,
  users,
  createdAt: NOW,
  attributes: { map: 'garden' },
});

function asked<Q extends object, R extends object>(
  who: readonly [string, string],
  topic: CallTopic<Q, R>,
  say: {
    readonly seq: number;
    readonly request: Q;
    readonly reply: R;
    readonly before?: readonly SentFrame[];
  },
): SentFrame[] {
  const { seq, request, reply, before = [] } = say;
  return [
    { who: who[0], name: topic.name, bytes: encodeCall(topic, seq, request) },
    ...before,
    { who: who[1], name: topic.reply.name, bytes: encodeReply(topic, seq, reply) },
  ];
}

/** The frames, in the order in which they are sent. */
export const JOURNEY: readonly SentFrame[] = [
  {
    who: ANA,
    name: net.hello.name,
    bytes: encodeMessage(net.hello, { v: PROTOCOL_VERSION, agent: 'example/1.0' }),
  },
  {
    who: TO_ANA,
    name: net.welcome.name,
    bytes: encodeMessage(net.welcome, {
      v: PROTOCOL_VERSION,
      session: 17,
      heartbeat: 10_000,
      node: 'app-front',
    }),
  },
  ...asked([ANA, TO_ANA], auth.reqRegister, {
    seq: 1,
    request: { name: 'Ana', password: 'correct horse' },
    reply: { userId: '0f1e2d3c-4b5a-4697-8877-665544332211' },
  }),
  ...asked([ANA, TO_ANA], auth.reqLogin, {
    seq: 2,
    request: { name: 'ana', password: 'correct horse' },
    reply: { userId: '0f1e2d3c-4b5a-4697-8877-665544332211', name: 'Ana', token: 'eyJh.eyJu.c2ln' },
  }),
  ...asked([ANA, TO_ANA], room.reqCreate, {
    seq: 3,
    request: { title: 'tea', capacity: 2, attributes: { map: 'garden' }, requestId: 'r-1' },
    reply: { room: tea(0), seat: seat('AAECAwQFBgcICQoLDA0ODw') },
  }),
  ...asked([ANA, TO_ANA], room.reqCheckin, {
    seq: 4,
    request: { ticket: 'AAECAwQFBgcICQoLDA0ODw' },
    reply: { room: tea(1), users: ['Ana'] },
  }),
  ...asked([BEN, TO_BEN], room.reqPage, {
    seq: 2,
    request: { page: 1, title: 'tea' },
    reply: { page: 1, pages: 1, total: 1, rooms: [tea(1)] },
  }),
  ...asked([BEN, TO_BEN], room.reqReserve, {
    seq: 3,
    request: { roomId: 'q83vEjRWeJAB' },
    reply: { room: tea(1), seat: seat('EBESExQVFhcYGRobHB0eHw') },
  }),
  ...asked([BEN, TO_BEN], room.reqCheckin, {
    seq: 4,
    request: { ticket: 'EBESExQVFhcYGRobHB0eHw' },
    reply: { room: tea(2), users: ['Ana', 'Ben'] },
    before: [{ who: TO_ANA, name: room.synEnter.name, bytes: encodeMessage(room.synEnter, { user: 'Ben' }) }],
  }),
  ...asked([BEN, TO_BEN], room.reqChat, {
    seq: 5,
    request: { text: 'hello, Ana ☕' },
    reply: { id: 1 },
    before: [TO_ANA, TO_BEN].map((who) => ({
      who,
      name: room.synChat.name,
      bytes: encodeMessage(room.synChat, { id: 1, from: 'Ben', text: 'hello, Ana ☕', at: NOW + 4_321 }),
    })),
  }),
  { who: TO_ANA, name: net.ping.name, bytes: encodeFrame(net.ping.number, FrameKind.message) },
  { who: ANA, name: net.pong.name, bytes: encodeFrame(net.pong.number, FrameKind.message) },
  ...asked([BEN, TO_BEN], room.reqLeave, {
    seq: 6,
    request: {},
    reply: {},
    before: [
      {
        who: TO_ANA,
        name: room.synLeave.name,
        bytes: encodeMessage(room.synLeave, { user: 'Ben', reason: 'left' }),
      },
    ],
  }),
  { who: BEN, name: room.reqChat.name, bytes: encodeCall(room.reqChat, 7, { text: 'too late' }) },
  {
    who: TO_BEN,
    name: room.reqChat.reply.name,
    bytes: encodeFailure(
      room.reqChat.reply.number,
      7,
      new Failure('not_in_room', 'this connection is not checked in to a room: reserve a seat and check in'),
    ),
  },
  ...asked([BEN, TO_BEN], auth.reqLogout, { seq: 8, request: {}, reply: {} }),
  {
    who: TO_ANA,
    name: auth.synKickout.name,
    bytes: encodeMessage(auth.synKickout, {
      code: 'logged_in_elsewhere',
      message: 'you logged in on another connection',
    }),
  },
  {
    who: TO_ANA,
    name: net.bye.name,
    bytes: encodeMessage(net.bye, {
      code: 'logged_in_elsewhere',
      message: 'you logged in on another connection',
    }),
  },
];

/** The journey as one block. */
export function journeyTranscript(): string {
  return block(
    JOURNEY.flatMap(({ who, name, bytes }) => [`${who}  ${name}`, ...frameLines(bytes), '']).slice(0, -1),
  );
}
