/**
 * A6: of one user a front carries so many calls at once and so many a second, whatever connections the user
 * comes by. The flooder asks for as much as it can.
 */
import type { AnsweredLine, AskedLine } from '@lobby/players';
import { FLOODER } from '../bots/greedy-users.ts';
import type { Finding, MakeInvariant } from './invariant.ts';

const PER_SECOND = 30;
const BURST = 60;
/** After so long it is reckoned anew: what was not asked meanwhile must not excuse what is. */
const WINDOW_MS = 4_000;
/** What was not carried. */
const REFUSALS: readonly (string | undefined)[] = ['throttled', 'unauthenticated'];

/** Calls that were asked from a moment on, as far as they were carried. */
interface Window {
  readonly sinceMs: number;
  calls: number;
}

export const userRate: MakeInvariant = ({ world }) => {
  /** By the boot of the front's process. */
  const windows = new Map<string, Window>();
  const asked = new Map<string, Window>();

  function ask({ link, seq, at }: AskedLine): void {
    const { boot = '' } = world.history.connection(link);
    let window = windows.get(boot);
    if (window === undefined || at - window.sinceMs > WINDOW_MS)
      windows.set(boot, (window = { sinceMs: at, calls: 0 }));
    asked.set(`${link} ${seq}`, window);
  }

  function answered({ link, seq, failure, at }: AnsweredLine): Finding {
    const window = asked.get(`${link} ${seq}`);
    if (window === undefined || REFUSALS.includes(failure)) return undefined;
    window.calls += 1;
    const ms = at - window.sinceMs;
    return window.calls > BURST + (PER_SECOND * ms) / 1_000 + 1
      ? `${world.history.connection(link).address.host} has carried ${window.calls} calls of one user in ${Math.round(ms)} ms`
      : undefined;
  }

  return {
    id: 'A6',
    told: (line) => {
      if (line.bot !== FLOODER || (line.what !== 'asked' && line.what !== 'answered')) return undefined;
      if (line.topic !== 'room.req_page') return undefined;
      return line.what === 'answered' ? answered(line) : void ask(line);
    },
  };
};
