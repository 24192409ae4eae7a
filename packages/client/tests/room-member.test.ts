/** A place in a room: on the lobby's connection or one of its own, what is told of the room, and its ends. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { room } from '@lobby/protocol';
import { Pulse, clientPort, silentLog } from '@lobby/pulse';
import type { Session, ServerPulse } from '@lobby/pulse';
import type { LobbyClient, RoomMember } from '../src/index.ts';
import type { TestLobby } from '../src/testing/index.ts';
import { ClientWorld, HERE, THERE } from './client-world.ts';

const ROOM = { roomId: 'r', title: 'tea', capacity: 4, users: 2, createdAt: 0, attributes: {} };

let world: ClientWorld;
let server: TestLobby;

beforeEach(async () => {
  world = new ClientWorld();
  server = await world.lobby();
});

afterEach(async () => {
  await world.settled(server.stop());
});

/** Everything that a member is told from now on, in words. */
function told(member: RoomMember): string[] {
  const words: string[] = [];
  member.on('chat', ({ from, text }) => words.push(`${from}: ${text}`));
  member.on('enter', ({ user }) => words.push(`${user} enters`));
  member.on('leave', ({ user, reason }) => words.push(`${user} ${reason}`));
  member.on('closed', ({ code }) => words.push(`closed: ${code}`));
  return words;
}

/** Ana makes a room at HERE and is in it, on the lobby's own connection; Ben is logged in at THERE. */
async function roomOfAna() {
  const ana = await world.user('ana');
  const ben = await world.user('ben', THERE);
  const { room: made, seat } = await world.settled(ana.createRoom({ title: 'tea', capacity: 2 }));
  return { ana, ben, roomId: made.roomId, anaIn: await world.settled(ana.enter(seat)) };
}

async function enter(client: LobbyClient, roomId: string): Promise<RoomMember> {
  const { seat } = await world.settled(client.reserve(roomId));
  return world.settled(client.enter(seat));
}

describe('entering', () => {
  it('uses the lobby’s own connection where the seat is at its address', async () => {
    const { ana, anaIn } = await roomOfAna();
    expect(server.connections).toBe(2);
    await world.settled(anaIn.leave());
    expect(await anaIn.closed).toMatchObject({ code: 'left' });
    expect(ana.isOpen).toBe(true);
    expect(await world.settled(ana.rooms())).toMatchObject({ rooms: [{ users: 0 }] });
  });

  it('makes a connection to a seat elsewhere, which ends with the place in the room', async () => {
    const { ben, roomId, anaIn } = await roomOfAna();
    const words = told(anaIn);
    const benIn = await enter(ben, roomId);
    expect(benIn.users).toEqual(['ana', 'ben']);
    expect(server.connections).toBe(3);
    await world.settled(benIn.leave());
    expect(words).toEqual(['ben enters', 'ben left']);
    expect([benIn.isOpen, ben.isOpen, server.connections]).toEqual([false, true, 2]);
  });

  it('fails as the check-in does, and closes the connection that it made', async () => {
    const { ben, roomId } = await roomOfAna();
    const { seat } = await world.settled(ben.reserve(roomId));
    const entering = ben.enter({ ...seat, ticket: 'forged' });
    await expect(world.settled(entering)).rejects.toMatchObject({ code: 'bad_ticket' });
    expect(server.connections).toBe(2);
    expect(await world.settled(ben.enter(seat))).toMatchObject({ users: ['ana', 'ben'] });
  });

  it('fails as connecting does where nobody listens', async () => {
    const { ben, roomId } = await roomOfAna();
    const { seat } = await world.settled(ben.reserve(roomId));
    const entering = ben.enter({ ...seat, port: 1 });
    await expect(world.settled(entering)).rejects.toMatchObject({ code: 'nobody_listens' });
  });

  it('ends the older place when another is taken on the same connection', async () => {
    const { ana, anaIn, roomId } = await roomOfAna();
    const again = await enter(ana, roomId);
    expect(await anaIn.closed).toMatchObject({ code: 'replaced' });
    const words = told(again);
    await world.settled(again.chat('still here'));
    expect(words).toEqual(['ana: still here']);
  });

  it('goes back to a kept seat by the seat of the next login', async () => {
    const { ben, roomId } = await roomOfAna();
    const benIn = await enter(ben, roomId);
    const next = await world.connect(THERE);
    const { seat } = await world.settled(next.login({ name: 'ben', password: 'correct horse' }));
    if (seat === undefined) throw new Error('the seat is kept');
    const back = await world.settled(next.resume(seat));
    expect(back.users).toEqual(['ana', 'ben']);
    expect(await benIn.closed).toMatchObject({ code: 'replaced', by: 'remote' });
  });
});

describe('a member', () => {
  it('hears everybody in one order, and itself', async () => {
    const { ben, roomId, anaIn } = await roomOfAna();
    const benIn = await enter(ben, roomId);
    const [byAna, byBen] = [told(anaIn), told(benIn)];
    await world.settled(Promise.all([anaIn.chat('hello'), benIn.chat('hi')]));
    expect(byAna.slice(1)).toEqual(byBen);
    expect([...byBen].sort()).toEqual(['ana: hello', 'ben: hi']);
  });

  it('is told nothing by a handler that was detached', async () => {
    const { anaIn } = await roomOfAna();
    const texts: string[] = [];
    const off = anaIn.on('chat', ({ text }) => texts.push(text));
    await world.settled(anaIn.chat('one'));
    off();
    await world.settled(anaIn.chat('two'));
    expect(texts).toEqual(['one']);
  });

  it('knows who is there although nobody listens', async () => {
    const { ben, roomId, anaIn } = await roomOfAna();
    const benIn = await enter(ben, roomId);
    expect(anaIn.users).toEqual(['ana', 'ben']);
    await world.settled(benIn.leave());
    expect(anaIn.users).toEqual(['ana']);
  });

  it('logs what a handler throws, and tells the others all the same', async () => {
    const faults: object[] = [];
    const log = { ...silentLog, error: (fields: object) => faults.push(fields) };
    const cleo = await world.user('cleo', HERE, log);
    const { seat } = await world.settled(cleo.createRoom({ title: 'tea', capacity: 2 }));
    const member = await world.settled(cleo.enter(seat));
    member.on('chat', () => {
      throw new Error('a mistake');
    });
    const words = told(member);
    await world.settled(member.chat('hello'));
    expect(words).toEqual(['cleo: hello']);
    expect(faults).toMatchObject([{ event: 'chat', err: { message: 'a mistake' } }]);
  });
});

describe('the end of a place in a room', () => {
  it('comes with the room’s own end, and leaves the lobby’s connection open', async () => {
    const { ana, ben, anaIn, roomId } = await roomOfAna();
    const words = told(anaIn);
    const benIn = await enter(ben, roomId);
    server.closeRoom(roomId);
    await world.clock.settle();
    expect(await benIn.closed).toMatchObject({ code: 'room_closed', by: 'remote' });
    expect(server.connections).toBe(2);
    expect(await anaIn.closed).toMatchObject({ code: 'room_closed', by: 'remote' });
    expect(words).toEqual(['ben enters', 'closed: room_closed']);
    expect(ana.isOpen).toBe(true);
    await expect(anaIn.chat('anybody?')).rejects.toMatchObject({ code: 'not_in_room', outcome: 'refused' });
  });

  it('comes with the end of the connection', async () => {
    const { ana, ben, roomId, anaIn } = await roomOfAna();
    const words = told(anaIn);
    const benIn = await enter(ben, roomId);
    await world.settled(ben.close());
    expect(await benIn.closed).toMatchObject({ code: 'client_closed' });
    expect(words).toEqual(['ben enters', 'ben disconnected']);
    await world.settled(ana.close());
    expect(await anaIn.closed).toMatchObject({ code: 'client_closed' });
  });

  it('leaves when a scope is left, and is harmless to ask for again', async () => {
    const { ben, roomId, anaIn } = await roomOfAna();
    const words = told(anaIn);
    const benIn = await enter(ben, roomId);
    await world.settled(benIn[Symbol.asyncDispose]());
    await world.settled(benIn.close());
    await world.settled(benIn.leave());
    expect(words).toEqual(['ben enters', 'ben left']);
    expect(await benIn.closed).toMatchObject({ code: 'left' });
  });
});

describe('with a front that tells things early', () => {
  let front: ServerPulse;
  let atCheckIn: (session: Session) => readonly string[];
  let atLeave: () => object | Promise<object>;

  beforeEach(async () => {
    atLeave = () => ({});
    front = Pulse.asServer({
      name: 'front',
      platform: world.platform,
      dialect: clientPort({ node: 'front' }),
      host: 'early',
      port: 1,
    });
    front
      .answer(room.reqCheckin, (session) => {
        session.admit('member', 'ana');
        return { room: ROOM, users: [...atCheckIn(session)] };
      })
      .answer(room.reqLeave, () => atLeave());
    await front.start();
  });

  afterEach(async () => {
    await world.settled(front.stop());
  });

  async function checkIn(): Promise<RoomMember> {
    const client = await world.connect({ host: 'early', port: 1 });
    return world.settled(client.enter({ ticket: 't', roomId: 'r', host: 'early', port: 1, expiresAt: 0 }));
  }

  it('loses nothing that came before, with or after the answer to the check-in', async () => {
    atCheckIn = (session) => {
      session.send(room.synEnter, { user: 'cleo' });
      front.post(() => void session.send(room.synChat, { id: 1, from: 'cleo', text: 'first', at: 0 }));
      return ['ana', 'ben'];
    };
    const member = await checkIn();
    await world.clock.settle();
    const words = told(member);
    expect(words).toEqual([]);
    await world.clock.settle();
    expect(words).toEqual(['cleo enters', 'cleo: first']);
  });

  it('knows who is there whatever came before the answer', async () => {
    atCheckIn = (session) => {
      for (const user of ['cleo', 'dora']) session.send(room.synEnter, { user });
      for (const user of ['dora', 'ben', 'eve']) session.send(room.synLeave, { user, reason: 'left' });
      session.send(room.synEnter, { user: 'eve' });
      return ['ana', 'ben', 'dora'];
    };
    const member = await checkIn();
    expect(member.users).toEqual(['ana', 'cleo', 'eve']);
    expect(member.room).toEqual(ROOM);
  });

  it('keeps the newest events, and the end last, where nobody listens for long', async () => {
    let there: Session | undefined;
    atCheckIn = (session) => {
      there = session;
      return ['ana'];
    };
    const member = await checkIn();
    for (let id = 1; id <= 1_200; id += 1)
      there?.send(room.synChat, { id, from: 'ben', text: `${id}`, at: 0 });
    await world.clock.settle();
    there?.close('shutting_down', 'stopping');
    await world.settled(member.closed);
    const words = told(member);
    await world.clock.settle();
    expect(words).toHaveLength(1_000);
    expect([words[0], words.at(-2), words.at(-1)]).toEqual([
      'ben: 202',
      'ben: 1200',
      'closed: shutting_down',
    ]);
  });

  it('waits two seconds for the answer to its leave when it is closed, and ends', async () => {
    atCheckIn = () => ['ana'];
    atLeave = () => new Promise<object>(() => undefined);
    const member = await checkIn();
    const closing = member.close();
    await world.clock.advance(1_999);
    expect(member.isOpen).toBe(true);
    await world.clock.advance(1);
    await closing;
    expect(await member.closed).toMatchObject({ code: 'client_closed' });
  });
});
