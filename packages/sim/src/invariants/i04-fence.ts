/**
 * I4: a login leaves lobby-master's book only for a newer one, or when its front does not serve it any more,
 * or when the front's session has ended. A late word about an older login changes nothing, and as long as a
 * master lives, it never goes back to an older login of a user, whoever has left meanwhile. At rest nobody is
 * in the book by a login of before the operator put the user out.
 */
import type { LobbyMaster, Login } from '@lobby/lobby';
import { userKey } from '@lobby/protocol';
import type { App } from '../cluster/app.ts';
import type { Finding, MakeInvariant } from './invariant.ts';

export const fence: MakeInvariant = ({ cluster }) => {
  /** What each master's book held, by its boot and the user. */
  const books = new Map<string, Map<string, Login>>();
  /** The newest login that each of them has had of a user. */
  const newest = new Map<string, Map<string, number>>();

  /** Whether the front, if its session with the master still stands, serves this login. */
  function isServed({ front, session, epoch }: Login): boolean {
    if (front.session.state !== 'established') return false;
    const app = cluster.apps.find(({ process }) => process.boot === front.up.boot);
    const users = [...(app?.services.lobby?.listing().items ?? [])];
    return users.some((user) => user.session === session && user.epoch === epoch);
  }

  function compare({ process }: App, { logins, size }: LobbyMaster): Finding {
    const before = books.get(process.boot) ?? new Map<string, Login>();
    if (isSame(before, logins, size)) return undefined;
    const now = new Map<string, Login>();
    const had = newest.get(process.boot) ?? new Map<string, number>();
    newest.set(process.boot, had);
    books.set(process.boot, now);
    for (const login of logins) {
      const { name, epoch } = login;
      now.set(name, login);
      const newer = had.get(userKey(name)) ?? epoch;
      if (newer > epoch) return `the book has ${name} as ${epoch}, and had the newer ${newer} before`;
      had.set(userKey(name), epoch);
    }
    for (const [name, login] of before) {
      const later = now.get(name);
      if (later === login || later?.epoch === login.epoch) continue;
      if (later === undefined && isServed(login))
        return `${name} as ${login.epoch} left the book while ${login.front.up.node} still serves the login`;
    }
    return undefined;
  }

  return {
    id: 'I4',
    step: (app) => {
      const { lobbyMaster } = app.services;
      return lobbyMaster === undefined ? undefined : compare(app, lobbyMaster);
    },
    atRest: () => {
      for (const { name, epoch } of cluster.app('lobby-master')?.services.lobbyMaster?.logins ?? []) {
        const voided = cluster.disk.voided.get(userKey(name));
        if (voided !== undefined && epoch <= voided.epoch)
          return `${name} is logged in as ${epoch}, and was put out by the operator after that`;
      }
      return undefined;
    },
  };
};

/** Most events leave the book as it is. */
function isSame(before: ReadonlyMap<string, Login>, logins: Iterable<Login>, size: number): boolean {
  if (before.size !== size) return false;
  for (const login of logins) if (before.get(login.name) !== login) return false;
  return true;
}
