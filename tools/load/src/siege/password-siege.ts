/**
 * Strangers who keep the hashing of passwords busy, against users who log in by password one after the other,
 * and against a class that comes all at once from one address.
 */
import { toolTransport } from '@lobby/cluster';
import { nodePlatform } from '@lobby/net-frame';
import type { Address } from '@lobby/net-frame';
import { Link, LinkKeeper } from '@lobby/players';
import { auth } from '@lobby/protocol';
import { loopbackAddresses } from '../bot/addresses.ts';
import { HelperProcess } from '../run/helper-process.ts';
import { OwnLobby } from '../run/own-lobby.ts';
import { listed } from './front-watch.ts';
import { loginCrowd } from './login-crowd.ts';
import type { CrowdFigures } from './login-crowd.ts';
import { MeasuredLogins } from './measured-logins.ts';
import type { LoginFigures } from './measured-logins.ts';
import type { PasswordNews, PasswordOrder } from './orders.ts';
import { siegeResult } from './siege-result.ts';
import type { SiegeResult } from './siege-result.ts';

export interface PasswordSiegeOptions {
  /** Hostile connections. */
  readonly connections: number;
  /** Addresses that they come from. */
  readonly addresses: number;
  /** Calls a second of each. */
  readonly perSecond: number;
  /** Logins of each phase, one after the other. */
  readonly logins: number;
  /** Milliseconds from one login to the next. */
  readonly everyMs: number;
  /** Users of the class. */
  readonly classSize: number;
}

const PASSWORD_DEFAULTS: PasswordSiegeOptions = Object.freeze({
  connections: 50,
  addresses: 8,
  perSecond: 28,
  logins: 200,
  everyMs: 50,
  classSize: 200,
});

/** How much slower than twice that of quiet a login may be: there are turns of others before it. */
const GRACE_MS = 200;
const CLASS_WITHIN_MS = 10_000;
const PASSWORD = 'correct horse battery';
/** Users whose logins are measured; they come again and again. */
const MEASURED_USERS = 20;
const REGISTRATIONS_AT_ONCE = 4;
/** The attackers' addresses are none of the users'. */
const FIRST_ADDRESS = 1_000;
const [OFFICE, HOME, SCHOOL, OTHER_SCHOOL] = loopbackAddresses(4, 2_000) as [string, string, string, string];

export async function passwordSiege(
  given: Partial<PasswordSiegeOptions>,
  print: (line: string) => void,
): Promise<SiegeResult> {
  const options = { ...PASSWORD_DEFAULTS, ...given };
  const { connections, addresses, perSecond, logins, everyMs, classSize } = options;
  await using lobby = await OwnLobby.start({ fronts: 1 });
  const [to] = lobby.fronts;
  if (to === undefined) throw new Error('a lobby has a front');
  const keeper = new LinkKeeper(nodePlatform().clock);
  const pupils = named('pupil', classSize);
  const people = named('user', Math.min(MEASURED_USERS, logins));
  print(`registering ${pupils.length + people.length} users`);
  await registerAll([...pupils, ...people], { to, keeper });

  const credentials = (nth: number) => people[nth % people.length] as NamedUser;
  const users = new MeasuredLogins({ to, from: HOME, credentials, everyMs }, keeper);
  print(`warming up, then quiet: ${logins} logins, and a class of ${classSize} at once`);
  await users.run(people.length);
  const quiet = await users.run(logins);
  const quietClass = await loginCrowd({ to, from: SCHOOL, users: pupils }, keeper);

  const attacker = new HelperProcess<PasswordOrder, PasswordNews>('../siege/password-main.ts', {
    name: 'attacker',
    yields: true,
  });
  try {
    print(
      `besieged: ${connections} connections from ${addresses} addresses, ${perSecond} calls a second each`,
    );
    const from = loopbackAddresses(addresses, FIRST_ADDRESS);
    const takenName = people[0]?.name ?? '';
    const plan = { to, addresses: from, connections, perSecond, takenName };
    attacker.order({ order: 'attack', plan });
    await attacker.next('begun');
    const besieged = await users.run(logins);
    const besiegedClass = await loginCrowd({ to, from: OTHER_SCHOOL, users: pupils }, keeper);
    attacker.order({ order: 'stop' });
    const { outcomes } = await attacker.next('over');
    return judged({ quiet, besieged, quietClass, besiegedClass, outcomes, ended: lobby.ended });
  } finally {
    attacker.end();
  }
}

interface NamedUser {
  readonly name: string;
  readonly password: string;
}

function named(prefix: string, users: number): NamedUser[] {
  return Array.from({ length: users }, (_, nth) => ({ name: `${prefix}-${nth + 1}`, password: PASSWORD }));
}

/** Registers them over a few connections, from an address that they never log in from. */
async function registerAll(
  users: readonly NamedUser[],
  { to, keeper }: { readonly to: Address; readonly keeper: LinkKeeper },
): Promise<void> {
  const left = [...users];
  const transport = toolTransport({ from: () => OFFICE });
  const register = async (): Promise<void> => {
    for (let user = left.pop(); user !== undefined; user = left.pop()) {
      const link = await Link.open({ ...{ to, transport, keeper, agent: 'lobby-load' }, handlers: {} });
      await link.call(auth.reqRegister, user);
      link.end();
    }
  };
  await Promise.all(Array.from({ length: REGISTRATIONS_AT_ONCE }, register));
}

interface Judged {
  readonly quiet: LoginFigures;
  readonly besieged: LoginFigures;
  readonly quietClass: CrowdFigures;
  readonly besiegedClass: CrowdFigures;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly ended: readonly string[];
}

function judged({ quiet, besieged, quietClass, besiegedClass, outcomes, ended }: Judged): SiegeResult {
  const classLine = (when: string, { allInMs, refusals }: CrowdFigures): string =>
    `class, ${when}: all in after ${(allInMs / 1_000).toFixed(2)} s; refused on the way: ${listed(new Map(Object.entries(refusals)))}`;
  return siegeResult(
    [
      { what: 'login, median', quietMs: quiet.ms.p50Ms, besiegedMs: besieged.ms.p50Ms, graceMs: GRACE_MS },
      { what: 'login, p95', quietMs: quiet.ms.p95Ms, besiegedMs: besieged.ms.p95Ms, graceMs: GRACE_MS },
    ],
    {
      lines: [
        `logins measured: ${quiet.ms.count} quiet, ${besieged.ms.count} besieged`,
        classLine('quiet', quietClass),
        classLine('besieged', besiegedClass),
        `what the attackers got: ${listed(new Map(Object.entries(outcomes).sort()))}`,
      ],
      faults: [
        ...[quietClass, besiegedClass].map(({ allInMs }) =>
          allInMs > CLASS_WITHIN_MS ? `a class took longer than ${CLASS_WITHIN_MS} ms` : undefined,
        ),
        ...[...quiet.failures, ...besieged.failures].map((failure) => `a login failed: ${failure}`),
        ...[quietClass, besiegedClass].flatMap(({ failures }) =>
          Object.entries(failures).map(([code, users]) => `${users} of the class never got in: ${code}`),
        ),
        ...ended.map((node) => `${node} ended by itself`),
      ],
    },
  );
}
