/**
 * The journey: two users on two fronts register, log in, meet in a room, talk, part, and are put out by a
 * second login. Each step is a line of data; a step that finds something else than it expects throws.
 */
import { Failure } from '@lobby/client';
import type { Kickout, LobbyClientOptions } from '@lobby/client';
import { nodePlatform } from '@lobby/net-frame';
import type { Platform } from '@lobby/net-frame';
import type { Fronts } from './flags.ts';
import { runSteps } from './run-steps.ts';
import type { Step, StepsReport } from './run-steps.ts';
import { Visitor } from './visitor.ts';

export interface JourneyOptions extends Fronts {
  /** Told each line as its step ends. */
  readonly print: (line: string) => void;
  /** Milliseconds that one step may take; 10 s if left out. */
  readonly stepLimitMs?: number;
  /** As of `LobbyClient.connect`: plain TCP if left out. */
  readonly tls?: NonNullable<LobbyClientOptions['tls']>;
  /** Time, chance and transport; the real ones if left out. */
  readonly platform?: Platform;
}

/** What the steps have in common. */
interface Trip extends Fronts {
  readonly ana: Visitor;
  readonly ben: Visitor;
  readonly stranger: Visitor;
}

const DEFAULT_STEP_LIMIT_MS = 10_000;
const CAPACITY = 4;

function titleOf({ ana }: Trip): string {
  return `tea with ${ana.name}`;
}

function expectSame<T>(what: string, found: T, expected: T): void {
  if (found !== expected) throw new Error(`${what} is ${String(found)}, expected was ${String(expected)}`);
}

const STEPS: readonly Step<Trip>[] = [
  {
    name: 'ana connects to app-front',
    run: async ({ ana, appFront }) => void (await ana.connect(appFront)),
  },
  {
    name: 'ben connects to lobby-runner',
    run: async ({ ben, lobbyRunner }) => void (await ben.connect(lobbyRunner)),
  },
  {
    name: 'both register',
    run: async ({ ana, ben }) => {
      for (const { lobby, name, password } of [ana, ben]) await lobby.register({ name, password });
    },
  },
  { name: 'ana logs in', run: ({ ana }) => ana.login() },
  { name: 'ben logs in', run: ({ ben }) => ben.login() },
  {
    name: 'ana creates a room',
    run: async (trip) => {
      trip.ana.seat = (await trip.ana.lobby.createRoom({ title: titleOf(trip), capacity: CAPACITY })).seat;
    },
  },
  { name: 'ana enters it', run: ({ ana }) => ana.enter() },
  {
    name: 'ben finds it by its title and reserves a seat',
    run: async (trip) => {
      const { lobby } = trip.ben;
      const [found] = (await lobby.rooms({ title: titleOf(trip) })).rooms;
      if (found === undefined) throw new Error(`no room called "${titleOf(trip)}" is listed`);
      expectSame('the room', found.roomId, trip.ana.seat.roomId);
      trip.ben.seat = (await lobby.reserve(found.roomId)).seat;
    },
  },
  {
    name: 'ben enters from the other front, ana sees it',
    run: async ({ ana, ben }) => {
      await ben.enter();
      await ana.hears(`${ben.name} enters`);
      expectSame('who is there', [...ben.member.users].sort().join(), [ana.name, ben.name].sort().join());
    },
  },
  {
    name: 'ana says hello, both hear it',
    run: async ({ ana, ben }) => {
      await ana.member.chat('hello');
      for (const listener of [ana, ben]) await listener.hears(`${ana.name}: hello`);
    },
  },
  {
    name: 'ben says hi, both hear it',
    run: async ({ ana, ben }) => {
      await ben.member.chat('hi');
      for (const listener of [ana, ben]) await listener.hears(`${ben.name}: hi`);
    },
  },
  {
    name: 'ben leaves, ana sees it',
    run: async ({ ana, ben }) => {
      await ben.member.leave();
      await ana.hears(`${ben.name} leaves: left`);
    },
  },
  { name: 'ben logs out', run: ({ ben }) => ben.lobby.logout() },
  {
    name: 'ben logs in again by token',
    run: async ({ ben }) => {
      const { name } = await ben.lobby.login({ token: ben.token });
      expectSame('the name', name, ben.name);
    },
  },
  { name: 'ana leaves', run: ({ ana }) => ana.member.leave() },
  { name: 'ana logs in on lobby-runner, app-front puts her out', run: logInElsewhere },
  {
    name: 'a wrong password is refused',
    run: async ({ ana, stranger, appFront }) => {
      const lobby = await stranger.connect(appFront);
      const code = await lobby.login({ name: ana.name, password: stranger.password }).then(
        () => 'a login',
        (error: unknown) => (error instanceof Failure ? error.code : Promise.reject(error as Error)),
      );
      expectSame('the answer', code, 'wrong_credentials');
    },
  },
  {
    name: 'both log out',
    run: async ({ ana, ben }) => {
      for (const { lobby } of [ana, ben]) await lobby.logout();
    },
  },
];

async function logInElsewhere({ ana, lobbyRunner }: Trip): Promise<void> {
  const older = ana.lobby;
  const putOut = new Promise<Kickout>((resolve) => older.onKickout(resolve));
  await ana.connect(lobbyRunner);
  await ana.login();
  expectSame('the reason', (await putOut).code, 'logged_in_elsewhere');
  expectSame('who ended the older connection', (await older.closed).by, 'remote');
}

/**
 * Makes the journey against a running lobby, with fresh users. Never rejects, and leaves no connection open.
 */
export async function runJourney({
  appFront,
  lobbyRunner,
  print,
  stepLimitMs = DEFAULT_STEP_LIMIT_MS,
  tls = false,
  platform = nodePlatform(),
}: JourneyOptions): Promise<StepsReport> {
  const passage = { tls, platform };
  const [ana, ben, stranger] = [
    new Visitor('ana', passage),
    new Visitor('ben', passage),
    new Visitor('stranger', passage),
  ];
  const trip: Trip = { appFront, lobbyRunner, ana, ben, stranger };
  try {
    return await runSteps(STEPS, trip, { clock: platform.clock, print, limitMs: stepLimitMs });
  } finally {
    await Promise.all([ana, ben, stranger].map((visitor) => visitor.goHome()));
  }
}
