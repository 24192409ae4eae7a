/**
 * A back and a front with one link between them, in memory. The back can go and come again at the same
 * address.
 */
import type { ServerPulse } from '@lobby/pulse';
import { TestCluster } from '../../src/testing/index.ts';
import type { TestNode } from '../../src/testing/index.ts';
import type { BackLink, ServiceUp } from '../../src/index.ts';

export const BACK = { host: 'back', port: 7100 };

/** What a test's services say of themselves. */
export function upOf({ identity }: TestNode, over: Partial<ServiceUp> = {}): ServiceUp {
  return { ...identity, version: '1', load: {}, draining: false, ...over };
}

export class LinkWorld {
  readonly cluster = new TestCluster();
  readonly clock = this.cluster.clock;
  readonly front = this.cluster.node('lobby-runner');
  readonly link: BackLink = this.front.link('lobby-master', BACK);
  back: TestNode = this.cluster.node('lobby-master');
  port: ServerPulse = this.back.servicePort(BACK);

  /** A fresh back listens; `prepare` subscribes on its port before. */
  async openBack(prepare: (port: ServerPulse, back: TestNode) => void = () => undefined): Promise<void> {
    this.back = this.cluster.node('lobby-master');
    this.port = this.back.servicePort(BACK);
    prepare(this.port, this.back);
    await this.port.start();
  }

  /** The link is started and up. */
  async up(): Promise<void> {
    this.link.start();
    await this.clock.settle();
  }

  /** The back ends the link's session; the link finds its way back by itself. */
  async breakLink(): Promise<void> {
    for (const session of [...this.port.sessions.values()]) session.close('superseded', 'a test');
    await this.clock.settle();
  }

  /** Time in which a link that can come up does. */
  async reconnected(): Promise<void> {
    await this.clock.advance(2_000);
  }
}
