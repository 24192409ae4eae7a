/**
 * Any interleaving of logins, logouts, lost connections, lost links and restarts: when everything has come to
 * rest, a user has one session at most, and the master's book is what the fronts have.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TestClient } from '@lobby/discovery/testing';
import { auth, userKey } from '@lobby/protocol';
import { LobbyWorld, RECOVERY_MS } from './harness/lobby-world.ts';

const USERS = ['ana', 'Ana', 'ben'];
const SLOTS = 5;
const FRONTS = 2;
/** A login with its kick takes about 20 turns: an act may fall between any two of its steps. */
const TURNS = 25;

type Act =
  | { readonly kind: 'login'; readonly slot: number; readonly user: string }
  | { readonly kind: 'logout'; readonly slot: number }
  | { readonly kind: 'drop'; readonly slot: number }
  | { readonly kind: 'break link'; readonly front: number }
  | { readonly kind: 'restart master' };

interface Step {
  /** How many turns of the event loop after the beginning of its batch. */
  readonly turn: number;
  readonly act: Act;
}

const slot = fc.nat(SLOTS - 1);
const clientAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('login'), slot, user: fc.constantFrom(...USERS) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('logout'), slot }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop'), slot }) },
);
const fault: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant('break link'), front: fc.nat(FRONTS - 1) }),
  fc.record({ kind: fc.constant('restart master') }),
);

function batches(act: fc.Arbitrary<Act>): fc.Arbitrary<Step[][]> {
  const step = fc.record({ turn: fc.nat(TURNS), act });
  const batch = fc.array(step, { minLength: 1, maxLength: 8, size: 'max' });
  return fc.array(batch, { minLength: 1, maxLength: 4, size: 'max' });
}

/** Runs schedules against a lobby, and holds what its clients know against what its services know. */
class Schedule {
  readonly #world: LobbyWorld;
  readonly #clients: (TestClient | undefined)[] = [];
  readonly #epochs = new Map<string, number>();

  private constructor(world: LobbyWorld) {
    this.#world = world;
  }

  static async run(steps: readonly Step[][]): Promise<void> {
    const schedule = new Schedule(await LobbyWorld.start({ fronts: FRONTS }));
    for (const batch of steps) await schedule.#batch(batch);
  }

  async #batch(batch: readonly Step[]): Promise<void> {
    for (let nth = 0; nth < SLOTS; nth += 1) {
      const client = this.#clients[nth];
      if (client === undefined || client.ended !== undefined)
        this.#clients[nth] = await this.#world.client(nth % FRONTS);
    }
    for (const { turn, act } of batch) this.#afterTurns(turn, () => this.#act(act));
    await this.#world.clock.settle();
    await this.#world.clock.advance(RECOVERY_MS);
    this.#check();
  }

  #afterTurns(turns: number, task: () => void): void {
    this.#world.clock.endOfTurn(() => (turns === 0 ? task() : this.#afterTurns(turns - 1, task)));
  }

  #act(act: Act): void {
    if (act.kind === 'break link') return this.#breakLink(this.#world.front(act.front).node.identity.node);
    if (act.kind === 'restart master') {
      // One that is just being started is let be.
      if (this.#world.master.port.address === undefined) return;
      this.#world.master.node.kill();
      void this.#world.startMaster();
      return;
    }
    const client = this.#clients[act.slot];
    if (client === undefined || client.ended !== undefined) return;
    if (act.kind === 'drop') client.drop();
    else if (act.kind === 'logout') client.call(auth.reqLogout, {}).catch(() => undefined);
    else this.#world.login(client, act.user).catch(() => undefined);
  }

  #breakLink(node: string): void {
    for (const { session, up } of this.#world.master.service.fronts.fronts.values())
      if (up.node === node) session.close('superseded', 'a test');
  }

  #check(): void {
    const { tables, book } = this.#world;
    expect(book).toEqual(tables);
    const users = tables.map((row) => userKey(row.split(' ')[0] ?? ''));
    expect(users).toEqual([...new Set(users)]);
    for (const { name, epoch } of this.#world.master.service.listing().items) {
      expect(epoch).toBeGreaterThanOrEqual(this.#epochs.get(userKey(name)) ?? 0);
      this.#epochs.set(userKey(name), epoch);
    }
    const believed = this.#clients.flatMap((client) => (client === undefined ? [] : loggedInAs(client)));
    expect(believed.sort()).toEqual(users.sort());
    for (const client of this.#clients) {
      const kickouts = client?.messages(auth.synKickout).length ?? 0;
      expect(kickouts).toBeLessThanOrEqual(1);
      if (kickouts === 1) expect(client?.ended).toMatch(/^logged_in_elsewhere/);
    }
  }
}

/** Who the client is, by what it was told: nobody, or one user. */
function loggedInAs(client: TestClient): string[] {
  if (client.ended !== undefined) return [];
  let name: string | undefined;
  for (const { topic, payload } of client.heard) {
    const said = payload as { readonly name?: string; readonly code?: string };
    if (said.code !== undefined) continue;
    if (topic === auth.reqLogin.reply.name) name = said.name;
    if (topic === auth.reqLogout.reply.name) name = undefined;
  }
  return name === undefined ? [] : [userKey(name)];
}

describe('a lobby at rest', () => {
  it('has one session a user at most, whatever its clients did in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(batches(clientAct), (steps) => Schedule.run(steps)),
      { numRuns: 60 },
    );
  });

  it('has it also after links were lost and masters were restarted in between', async () => {
    const act = fc.oneof({ weight: 4, arbitrary: clientAct }, { weight: 1, arbitrary: fault });
    await fc.assert(
      fc.asyncProperty(batches(act), (steps) => Schedule.run(steps)),
      { numRuns: 60 },
    );
  });
});
