/** The probe of one front after the calm: two users do everything there, and each step is in the history. */
import { User, probe } from '@lobby/players';
import { DoorLink } from '../bots/door-link.ts';
import { doorOf, ownAddress } from '../bots/town.ts';
import type { Door, Town } from '../bots/town.ts';
import type { Recorder } from '../history/recorder.ts';

/** Never rejects for what it finds: that is in the history. */
export async function probeDoor(
  door: Door,
  { town, recorder }: { readonly town: Town; readonly recorder: Recorder },
): Promise<void> {
  const { node } = door;
  const user = (name: string): User<DoorLink> =>
    new User(name, async (to) => {
      const leadsTo = doorOf(town, to);
      return leadsTo === undefined ? undefined : DoorLink.open({ bot: name, door: leadsTo, recorder });
    });
  const address = ownAddress(door);
  const found = await probe({
    host: user(`probe-${node}`),
    guest: user(`guest-${node}`),
    at: [address, address],
    tokenOf: town.tokenOf,
    title: `probe-${node}`,
    done: (step) => recorder.tell({ what: 'probe', node, step }),
  });
  if (found !== undefined) recorder.tell({ what: 'probe', node, ...found });
}
