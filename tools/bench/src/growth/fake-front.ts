/**
 * A front that holds nothing but numbers: it announces itself and tells its inventory as a real one does, and
 * makes each record when it is told. So what grows with the lobby is the master alone.
 *
 *     made ── arrived: the master has taken all that it holds ──▶ die ──▶ another life of the same node
 */

import { Announcement, Inventory } from '@lobby/discovery';
import type { BuildPulse, BackLink } from '@lobby/discovery';
import type { CallTopic, MessageTopic, PayloadOf, ServiceIdentity, service } from '@lobby/protocol';
import { silentLog } from '@lobby/pulse';
import type { MemoryCluster, MortalLink } from './memory-cluster.ts';

type ServiceUp = PayloadOf<typeof service.synLobbyRunnerUp>;

/** What of a front is its kind's own. */
export interface FrontKind<Page extends object> {
  readonly service: string;
  readonly say: MessageTopic<ServiceUp>;
  readonly hear: MessageTopic<ServiceUp>;
  readonly inventory?: {
    readonly topic: CallTopic<Page & { readonly last: boolean }, object>;
    /** The records of these numbers. */
    readonly describe: (numbers: readonly number[]) => Page;
  };
  /** What it answers the master. */
  readonly serve?: (link: BackLink) => BuildPulse;
}

/** The numbers of what a front holds: so many, from the first. */
export interface Holding {
  readonly first: number;
  readonly count: number;
}

let lives = 0;

export class FakeFront {
  readonly #mortal: MortalLink;

  private constructor(mortal: MortalLink) {
    this.#mortal = mortal;
  }

  /** Resolves when the master knows it, and all that it holds. */
  static async arrive<Page extends object>(
    cluster: MemoryCluster,
    kind: FrontKind<Page>,
    { node, holding = { first: 0, count: 0 } }: { readonly node: string; readonly holding?: Holding },
  ): Promise<FakeFront> {
    const identity: ServiceIdentity = { service: kind.service, node, boot: `${node}-${(lives += 1)}` };
    const mortal = cluster.link(identity);
    const { link } = mortal;
    const told = kind.inventory && tellingOf(link, kind.inventory, holding);
    if (kind.serve !== undefined) link.onUp(kind.serve(link));
    await new Promise<void>((resolve, reject) => {
      new Announcement({
        link,
        say: kind.say,
        hear: kind.hear,
        payload: () => ({
          ...identity,
          version: '1',
          address: { host: node, port: 1 },
          load: {},
          draining: false,
        }),
        heard: async (child) => {
          await told?.tell(child);
          const [fault] = told?.reasons ?? [];
          if (fault === undefined) resolve();
          else reject(new Error(fault));
        },
      });
      link.start();
    });
    return new FakeFront(mortal);
  }

  get link(): BackLink {
    return this.#mortal.link;
  }

  /** Whether its first link is up still. */
  get isSteady(): boolean {
    const { state, epoch } = this.link.status;
    return state === 'up' && epoch === 1;
  }

  /** As a process that is killed. */
  die(): void {
    this.#mortal.die();
  }
}

function tellingOf<Page extends object>(
  link: BackLink,
  { topic, describe }: NonNullable<FrontKind<Page>['inventory']>,
  { first, count }: Holding,
): Inventory<{ readonly numbers: readonly number[] }, Page> {
  return new Inventory({
    link,
    topic,
    held: () => ({ numbers: Array.from({ length: count }, (_, nth) => first + nth) }),
    describe: ({ numbers }) => describe(numbers),
    log: silentLog,
  });
}
