/** A front without a lobby-runner: it says what a test wants said, and keeps what the master asks of it. */
import { Announcement } from '@lobby/discovery';
import type { BackLink } from '@lobby/discovery';
import type { TestCluster } from '@lobby/discovery/testing';
import { auth, service } from '@lobby/protocol';
import type { PayloadOf } from '@lobby/protocol';
import { LOBBY_MASTER } from './lobby-world.ts';

type Kick = PayloadOf<typeof auth.reqKickB2f>;
export type LoginRecord = PayloadOf<typeof auth.reqInventoryF2b>['users'][number];

export class RawFront {
  readonly link: BackLink;
  readonly kicks: Kick[] = [];
  /** How it answers a kick. */
  answer: () => { kicked: boolean } | Promise<{ kicked: boolean }> = () => ({ kicked: true });

  private constructor(cluster: TestCluster, name: string) {
    const node = cluster.node('lobby-runner', name);
    this.link = node.link('lobby-master', LOBBY_MASTER);
    new Announcement({
      link: this.link,
      say: service.synLobbyRunnerUp,
      hear: service.synLobbyMasterUp,
      payload: () => ({
        ...node.identity,
        version: '1',
        load: {},
        draining: false,
        address: { host: name, port: 1 },
      }),
    });
    this.link.onUp((session) =>
      this.link.pulse.asChild({ session }).answer(auth.reqKickB2f, (_, kick) => {
        this.kicks.push(kick);
        return this.answer();
      }),
    );
    this.link.start();
  }

  static async connect(cluster: TestCluster, name = 'raw'): Promise<RawFront> {
    const front = new RawFront(cluster, name);
    await cluster.clock.settle();
    if (front.link.session === undefined) throw new Error(`the raw front is not up: ${front.link.fault}`);
    return front;
  }

  inventory(...users: LoginRecord[]): Promise<object> {
    return this.link.call(auth.reqInventoryF2b, { users, last: true });
  }
}

export function record(name: string, epoch: number, session: number): LoginRecord {
  return { name, userId: `id-${name}`, epoch, session };
}
