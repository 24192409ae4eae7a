/**
 * A23: the accounts' storage is away, or stands still, as a locked file and a database behind a dead network
 * do. It costs logins by password and registrations, as long as it lasts, and nobody else anything.
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { AccountError } from '@lobby/accounts';
import type { TestClient } from '@lobby/discovery/testing';
import { auth } from '@lobby/protocol';
import { LobbyWorld } from './harness/lobby-world.ts';

const ANA = { name: 'ana', password: 'correct horse' };
const ANSWER_MS = 5_000;

let world: LobbyWorld;
let client: TestClient;

beforeEach(async () => {
  world = await LobbyWorld.start({ fronts: 1 });
  client = await world.client();
  await world.cluster.settled(client.call(auth.reqRegister, ANA));
});

const standsStill = (): Promise<never> => new Promise(() => undefined);
const isAway = (): Promise<never> =>
  Promise.reject(new AccountError('storage', 'the database db.internal is away'));

const failures: readonly (readonly [string, () => Promise<never>, string])[] = [
  ['stands still', standsStill, 'deadline'],
  ['is away', isAway, 'backend_unavailable'],
];

describe('A23: while the storage of the accounts', () => {
  it.each(failures)('%s, logins by token go on in no time at all', async (_, fails) => {
    world.accounts.before = fails;
    for (let nth = 0; nth < 50; nth += 1) {
      const other = await world.client();
      void other.call(auth.reqLogin, ANA).catch(() => undefined);
      const user = await world.client();
      const login = world.login(user, `user-${nth}`);
      await expect(world.cluster.settled(login)).resolves.toMatchObject({ name: `user-${nth}` });
    }
  });

  it.each(failures)(
    '%s, logins by password and registrations fail in time, and work again afterwards',
    async (_, fails, code) => {
      world.accounts.before = fails;
      const asked = [
        client.call(auth.reqLogin, ANA),
        (await world.client()).call(auth.reqRegister, { name: 'ben', password: 'correct horse' }),
      ];
      for (const one of asked)
        await expect(world.cluster.within(ANSWER_MS, one)).rejects.toMatchObject({ code });
      world.accounts.before = () => Promise.resolve();
      const login = world.cluster.settled(client.call(auth.reqLogin, ANA));
      await expect(login).resolves.toMatchObject({ name: 'ana' });
    },
  );

  it('is away, a registration may have been done, a login was not', async () => {
    world.accounts.before = isAway;
    const register = client.call(auth.reqRegister, { name: 'ben', password: 'correct horse' });
    await expect(world.cluster.settled(register)).rejects.toMatchObject({ mayHaveRun: true });
    await expect(world.cluster.settled(client.call(auth.reqLogin, ANA))).rejects.toMatchObject({
      mayHaveRun: false,
    });
  });
});
