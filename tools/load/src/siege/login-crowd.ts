/**
 * Users behind one address who log in by password at one moment, as a class does at the beginning of a
 * lesson: who is refused comes back a little later, until all are in.
 */
import { toolTransport } from '@lobby/cluster';
import type { Address } from '@lobby/net-frame';
import { Link, LinkError } from '@lobby/players';
import type { LinkKeeper } from '@lobby/players';
import { auth } from '@lobby/protocol';
import { count } from '../figures/tally.ts';
import type { Credentials } from './measured-logins.ts';

export interface LoginCrowdOptions {
  readonly to: Address;
  readonly from: string;
  readonly users: readonly Credentials[];
}

export interface CrowdFigures {
  /** From the first try of all to the last login, in milliseconds. */
  readonly allInMs: number;
  /** Tries that were refused, by code; each was made again. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Users who never got in, by what. */
  readonly failures: Readonly<Record<string, number>>;
}

const AGAIN_AFTER_MS = 500;
const PATIENCE_MS = 120_000;
/** Worth another try. */
const FOR_NOW = new Set(['overloaded', 'throttled', 'deadline', 'login_timeout', 'connection_lost']);

/** `keeper` is the caller's. Resolves when all are in, or have given up. */
export async function loginCrowd(
  { to, from, users }: LoginCrowdOptions,
  keeper: LinkKeeper,
): Promise<CrowdFigures> {
  const refusals: Record<string, number> = {};
  const failures: Record<string, number> = {};
  const transport = toolTransport({ from: () => from });
  const sinceMs = performance.now();
  let allInMs = 0;

  async function getIn(credentials: Credentials): Promise<void> {
    let link: Link | undefined;
    for (;;) {
      try {
        if (link?.isOpen !== true)
          link = await Link.open({ ...{ to, transport, keeper, agent: 'lobby-load' }, handlers: {} });
        await link.call(auth.reqLogin, credentials);
        allInMs = Math.max(allInMs, performance.now() - sinceMs);
        link.end();
        return;
      } catch (error) {
        const code = error instanceof LinkError ? error.code : String(error);
        const isOver = !FOR_NOW.has(code) || performance.now() - sinceMs > PATIENCE_MS;
        count(isOver ? failures : refusals, code);
        if (isOver) return link?.end();
        await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
      }
    }
  }

  await Promise.all(users.map(getIn));
  return { allInMs, refusals, failures };
}
