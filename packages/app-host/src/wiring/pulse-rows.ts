/**
 * What the admin endpoint shows of pulses, links and registries: rows made when somebody asks, from what they
 * say of themselves.
 */
import type { BackLink, Front, FrontRegistry } from '@lobby/discovery';
import type { Clock } from '@lobby/net-frame';
import { formatAddress } from '@lobby/net-frame';
import type { Session } from '@lobby/pulse';
import type { CallRow, Listing, PeerRow, SessionRow } from '../admin-rows.ts';

/** Whatever has sessions: a server pulse, or a link with at most one. */
export interface SessionHolder {
  readonly name: string;
  readonly sessions: () => Iterable<Session>;
}

export function sessionRows({ name, sessions }: SessionHolder): Listing<SessionRow> {
  const all = [...sessions()];
  return { total: all.length, items: all.values().map((session) => sessionRow(name, session)) };
}

function sessionRow(pulse: string, session: Session): SessionRow {
  const user = session.known('user') ?? session.known('member');
  return {
    session: String(session.key),
    pulse,
    state: [session.state, ...session.standings.filter((standing) => standing !== 'open')].join(' '),
    remote: session.remoteAddress,
    unsentBytes: session.unsentBytes,
    ...(user === undefined ? {} : { user }),
  };
}

export function callRows({ sessions }: SessionHolder, clock: Clock): Listing<CallRow> {
  const items: CallRow[] = [];
  for (const session of sessions()) {
    for (const { seq, awaits, sinceMs } of session.openCalls) {
      items.push({
        session: String(session.key),
        topic: awaits,
        seq,
        ageMs: Math.round(clock.now() - sinceMs),
      });
    }
  }
  return { total: items.length, items };
}

/** A link to a back is one peer, whether it is up or not. */
export function linkRow(link: BackLink): PeerRow {
  const { name, address, state, peer } = link.status;
  return {
    service: name,
    node: peer?.node ?? name,
    state,
    address,
    ...(peer === undefined ? {} : { boot: peer.boot }),
    ...(link.session === undefined ? {} : { session: String(link.session.key) }),
  };
}

export function frontRows(registry: FrontRegistry): Listing<PeerRow> {
  const fronts = [...registry.fronts.values()];
  return { total: fronts.length, items: fronts.values().map(frontRow) };
}

function frontRow({ up, session }: Front): PeerRow {
  const { service, node, boot, version, address, load, draining } = up;
  const sum = Object.values(load).reduce((total, part) => total + part, 0);
  return {
    service,
    node,
    state: draining ? 'draining' : 'up',
    boot,
    version,
    session: String(session.key),
    load: sum,
    ...(address === undefined ? {} : { address: formatAddress(address) }),
  };
}
