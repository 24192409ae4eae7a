/** The chat as its users see it: two terminals, and a lobby in memory. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestLobby } from '@lobby/client/testing';
import { MemoryNetwork, nodePlatform } from '@lobby/net-frame';
import type { Platform } from '@lobby/net-frame';
import { chat } from '../src/chat.ts';
import { FakeTerminal } from './fake-terminal.ts';

const FRONTS = [
  { host: 'here', port: 1 },
  { host: 'there', port: 2 },
] as const;
const PASSWORD = 'correct horse';

let platform: Platform;
let server: TestLobby;

beforeEach(async () => {
  platform = nodePlatform({ transport: new MemoryNetwork({ clock: nodePlatform().clock }) });
  server = await TestLobby.start({ platform, fronts: FRONTS });
});

afterEach(async () => {
  await server.stop();
});

interface Guest {
  readonly terminal: FakeTerminal;
  readonly code: Promise<0 | 1>;
}

interface Beginning {
  readonly front?: number;
  /** None is asked for. */
  readonly password?: string | undefined;
  readonly terminal?: FakeTerminal;
}

function begin(name: string | undefined, beginning: Beginning = {}): Guest {
  const { front = 0, password, terminal = new FakeTerminal() } = { password: PASSWORD, ...beginning };
  const lobby = { ...server.address(front), platform };
  return { terminal, code: chat({ terminal, lobby, name, password }) };
}

async function comeIn(name: string, front = 0): Promise<Guest> {
  const guest = begin(name, { front });
  await guest.terminal.shows(/^\* welcome/);
  return guest;
}

/** Ana has made "tea" at the one front and Ben, of the other, has joined it. */
async function teaForTwo(): Promise<{ ana: Guest; ben: Guest }> {
  const ana = await comeIn('ana');
  const ben = await comeIn('ben', 1);
  ana.terminal.type('/create tea 4');
  await ana.terminal.shows(/^\* you are in "tea" with nobody yet$/);
  ben.terminal.type('/rooms', '/join 1');
  await ben.terminal.shows(/^\* you are in "tea" with ana$/);
  await ana.terminal.shows(/^\* ben is here$/);
  return { ana, ben };
}

describe('getting in', () => {
  it('registers a name that is new, and knows it the next time', async () => {
    const first = begin('ana');
    await first.terminal.shows(/^\* ana is new here and registered now$/);
    first.terminal.type('/quit');
    expect(await first.code).toBe(0);
    const second = begin('ana');
    second.terminal.end();
    expect(await second.code).toBe(0);
    expect(second.terminal.printed).toEqual(['* welcome, ana: /help lists what can be done here']);
  });

  it('asks for the name and the password that were not given', async () => {
    const { terminal, code } = begin(undefined, { password: undefined });
    terminal.type('ana', PASSWORD);
    await terminal.shows(/^\* welcome, ana/);
    expect(terminal.questions).toEqual(['password for ana: ']);
    terminal.end();
    expect(await code).toBe(0);
  });

  it('says in one line that the password is wrong, and ends', async () => {
    (await comeIn('ana')).terminal.type('/quit');
    const { terminal, code } = begin('ana', { password: 'wrong horse' });
    expect(await code).toBe(1);
    expect(terminal.printed).toEqual([expect.stringMatching(/^! .* \(wrong_credentials\)$/)]);
  });

  it('asks again, three times at most, whoever sits there', async () => {
    (await comeIn('ana')).terminal.type('/quit');
    const terminal = new FakeTerminal();
    terminal.interactive = true;
    terminal.type('wrong horse', 'short', 'wrong mule', PASSWORD);
    const { code } = begin('ana', { password: undefined, terminal });
    expect(await code).toBe(1);
    expect(terminal.questions).toHaveLength(3);
    expect(terminal.printed.map((line) => /\((\w+)\)$/.exec(line)?.[1])).toEqual([
      'wrong_credentials',
      'bad_request',
      'wrong_credentials',
    ]);
  });

  it('says in one line that nobody listens', async () => {
    const terminal = new FakeTerminal();
    const lobby = { host: 'nowhere', port: 1, platform };
    expect(await chat({ terminal, lobby, name: 'ana', password: PASSWORD })).toBe(1);
    expect(terminal.printed).toEqual(['! nobody listens on nowhere:1: start the lobby with npm start']);
  });
});

describe('talking', () => {
  it('is heard by the others, once and in order, and not said back', async () => {
    const { ana, ben } = await teaForTwo();
    ben.terminal.type('hello', '  how are you?  ');
    await ana.terminal.shows(/^ben: hello$/);
    await ana.terminal.shows(/^ben: how are you\?$/);
    ana.terminal.type('fine');
    await ben.terminal.shows(/^ana: fine$/);
    expect([...ana.terminal.printed, ...ben.terminal.printed]).toEqual([]);
  });

  it('needs a room', async () => {
    const { terminal } = await comeIn('ana');
    for (const line of ['hello', '/who', '/leave']) {
      terminal.type(line);
      await terminal.shows(/^× you are in no room: /);
    }
  });

  it('goes on when the server refuses a line', async () => {
    const { ana, ben } = await teaForTwo();
    ana.terminal.type('x'.repeat(1_001), 'hello');
    await ana.terminal.shows(/^× .* \(bad_request\)$/);
    await ben.terminal.shows(/^ana: hello$/);
  });
});

describe('the commands', () => {
  it('list rooms by their titles, with numbers to join by', async () => {
    const { ana } = await teaForTwo();
    ana.terminal.type('/rooms', '/rooms cake');
    expect(await ana.terminal.shows(/tea/)).toBe('  1  tea  2 of 4  room-1');
    await ana.terminal.shows(/^no room like "cake"$/);
  });

  it('join by id, and say what is wrong with one that is not there', async () => {
    const { ben } = await teaForTwo();
    ben.terminal.type('/leave', '/join nowhere', '/join room-1', '/join room-1', '/join');
    await ben.terminal.shows(/^\* you left "tea"$/);
    await ben.terminal.shows(/^× .* \(room_not_found\)$/);
    await ben.terminal.shows(/^\* you are in "tea" with ana$/);
    await ben.terminal.shows(/^× you are in "tea": \/leave it first$/);
    await ben.terminal.shows(/^× which one\?/);
  });

  it('join by a number of the last list only', async () => {
    const { ben } = await teaForTwo();
    ben.terminal.type('/leave', '/join 2', '/rooms nothing', '/join 1', '/rooms', '/join 1');
    await ben.terminal.shows(/^× there is no 2 in the last list: \/rooms makes a new one$/);
    await ben.terminal.shows(/^× there is no 1 in the last list: /);
    await ben.terminal.shows(/^\* you are in "tea" with ana$/);
  });

  it('tell who is there, and who comes and goes', async () => {
    const { ana, ben } = await teaForTwo();
    ben.terminal.type('/who', '/leave');
    await ben.terminal.shows(/^\* in "tea" \(2 of 4\): ana, ben$/);
    await ana.terminal.shows(/^\* ben left$/);
  });

  it.each([
    ['/create', /^× what shall it be called\?/],
    ['/create 7', /^\* you are in "7" with nobody yet$/],
    ['/create high tea', /^\* you are in "high tea" with nobody yet$/],
    ['/create tea 5000', /^× .* \(bad_request\)$/],
    ['/quick', /^\* you are in "quick" with nobody yet$/],
    ['/dance', /^× there is no \/dance: \/help lists what there is$/],
    ['/toString', /^× there is no \/toString/],
    ['/help', /^ {2}anything else .* is said to everyone in the room$/],
  ])('answer %s', async (line, answer) => {
    const { terminal } = await comeIn('ana');
    terminal.type(line);
    await terminal.shows(answer);
  });

  it('keep the prompt up to date', async () => {
    const { ana, ben } = await teaForTwo();
    expect(ben.terminal.prompt).toBe('ben in tea> ');
    ben.terminal.type('/leave');
    await ana.terminal.shows(/^\* ben left$/);
    await ben.terminal.shows(/^\* you left/);
    expect(ben.terminal.prompt).toBe('ben> ');
  });

  it('end the chat at /quit or the end of the input, and leave the room', async () => {
    const { ana, ben } = await teaForTwo();
    ben.terminal.type('/quit', 'never said');
    expect(await ben.code).toBe(0);
    await ana.terminal.shows(/^\* ben left$/);
    ana.terminal.end();
    expect(await ana.code).toBe(0);
  });
});

describe('what happens to a user', () => {
  it('is told when the room closes, and the chat goes on', async () => {
    const { ana, ben } = await teaForTwo();
    server.closeRoom('room-1');
    await ben.terminal.shows(/^! you are out of the room: .* \(room_closed\)$/);
    ana.terminal.type('/create cake');
    await ana.terminal.shows(/^\* you are in "cake"/);
  });

  it('ends the chat when the user logs in elsewhere, and says so', async () => {
    const ana = await comeIn('ana');
    await comeIn('ana', 1);
    await ana.terminal.shows(/^! you are put out: .* \(logged_in_elsewhere\)$/);
    await ana.terminal.shows(/^! the connection to the lobby is over: .* \(logged_in_elsewhere\)$/);
    expect(await ana.code).toBe(1);
  });

  it('ends the chat when the connection is lost, whatever was typed meanwhile', async () => {
    const { ana, ben } = await teaForTwo();
    await server.stop();
    for (const { terminal, code } of [ana, ben]) {
      expect(await code).toBe(1);
      await terminal.shows(/^! the connection to the lobby is over: .* \(shutting_down\)$/);
    }
  });

  it('brings a user back to the seat that is still held', async () => {
    const { ben } = await teaForTwo();
    const again = begin('ben', { front: 1 });
    await again.terminal.shows(/^\* you are in "tea" with ana$/);
    expect(await ben.code).toBe(1);
  });
});
