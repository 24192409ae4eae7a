/**
 * A13: however many strangers there are, no newcomer is turned away, and nobody who is known is put out for
 * one; nor is a bot put out before it has logged in, unless strangers share its host.
 */
import { closed } from '@lobby/pulse';
import type { MakeInvariant, View } from './invariant.ts';

/** How a connection ends that makes room for another one. */
const MADE_ROOM = 'too_many_connections';

export const roomForNewcomers: MakeInvariant = (view: View) => ({
  id: 'A13',
  started: ({ name, port }) => {
    port?.sub(closed, (session, { code }) => {
      const who = session.peer?.node ?? session.known('user') ?? session.known('member');
      if (code === MADE_ROOM && who !== undefined)
        view.world.report('A13', `${name} put ${who} out for somebody`);
    });
  },
  step: ({ name, port }) => {
    const refused = port?.connectionsRefused ?? 0;
    return refused === 0 ? undefined : `${name} turned ${refused} newcomers away`;
  },
  told: (line) => {
    if (line.what !== 'ended') return undefined;
    const { cutAs, process } = view.world.history.connection(line.link);
    if (cutAs !== MADE_ROOM || view.strangerHosts.has(process.host)) return undefined;
    return `${line.bot} was put out before it had logged in`;
  },
});
