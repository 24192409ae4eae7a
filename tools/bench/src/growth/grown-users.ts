/** lobby-master with so many users: what a user takes, what a login costs, what the death of a front does. */

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argon2idHasher, jwtTokens, openSqliteAccounts } from '@lobby/accounts';
import type { TokenIssuer } from '@lobby/accounts';
import { LobbyMaster } from '@lobby/lobby';
import { auth } from '@lobby/protocol';
import type { Measures } from '../contender.ts';
import { callTimes } from './call-times.ts';
import { FakeFront } from './fake-front.ts';
import { FULL_EFFORT, bytesHeld, fill, measureDeaths } from './grown.ts';
import type { Grown } from './grown.ts';
import type { MemoryCluster } from './memory-cluster.ts';
import { lobbyRunner } from './users.ts';
import type { Users } from './users.ts';

/** Where they are counted one by one, this takes long. */
const COUNTS = { times: 10, warmUps: 3 };
const RECOVERY_MS = 100;
const SECRET_BYTES = 32;

export async function measureUsers(
  cluster: MemoryCluster,
  size: number,
  effort = FULL_EFFORT,
): Promise<Measures> {
  const identity = { service: 'lobby-master', node: 'lobby-master', boot: 'bench' };
  const port = cluster.servicePort(identity);
  const { clock } = cluster.platform;
  const directory = await mkdtemp(join(tmpdir(), 'lobby-bench-'));
  const file = join(directory, 'accounts.sqlite');
  const accounts = await openSqliteAccounts({ file, hasher: argon2idHasher() });
  try {
    const tokens = jwtTokens({ secret: randomBytes(SECRET_BYTES), wallClock: () => clock.wallNow() });
    const books = { accounts, tokens, recoveryMs: RECOVERY_MS };
    const master = new LobbyMaster({ port, clock, identity, version: '1', ...books });
    await master.start();
    await port.start();
    const grown: Grown<Users> = { cluster, kind: lobbyRunner, size, known: () => master.size, effort };

    const empty = bytesHeld();
    const fronts = await fill(grown);
    const full = bytesHeld();
    if (master.size !== size) throw new Error(`lobby-master knows ${master.size} users of ${size}`);
    return {
      userBytes: (full - empty) / size,
      ...(await measureLogins(grown, tokens)),
      ...(await callTimes('counts', async () => [master.size, master.fronts.recovery?.status], COUNTS)),
      ...(await measureDeaths(grown, fronts)),
    };
  } finally {
    await accounts.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Users come by token, and then come again at another front. */
async function measureLogins({ cluster, effort }: Grown<Users>, tokens: TokenIssuer): Promise<Measures> {
  const door = await FakeFront.arrive(cluster, lobbyRunner, { node: 'door' });
  const other = await FakeFront.arrive(cluster, lobbyRunner, { node: 'other' });
  const users = Array.from(
    { length: effort.calls.times + effort.calls.warmUps },
    (_, nth) => `newcomer-${nth}`,
  );
  const given = await Promise.all(users.map((name) => tokens.issue({ name })));
  const loginAt =
    ({ link }: FakeFront) =>
    (nth: number): Promise<unknown> =>
      link.call(auth.reqLoginF2b, { token: given[nth] as string, session: nth });
  return {
    ...(await callTimes('login', loginAt(door), effort.calls)),
    ...(await callTimes('again', loginAt(other), effort.calls)),
  };
}
