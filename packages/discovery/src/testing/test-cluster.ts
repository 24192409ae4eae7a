/**
 * A cluster in memory: nodes and clients on one network and one clock that stands still. Nothing happens in
 * it until the clock is settled or moved, and then it happens the same way every time.
 */
import { MemoryNetwork, VirtualClock } from '@lobby/net-frame';
import type { Address, Random } from '@lobby/net-frame';
import { TestClient } from './test-client.ts';
import { TestNode } from './test-node.ts';

const COUNTER_BYTES = 4;

export class TestCluster {
  readonly clock = new VirtualClock();
  readonly network = new MemoryNetwork({ clock: this.clock });
  /** Bytes never repeat; what `fraction` says can be set. */
  readonly random: Random & { next: number };
  #boots = 0;

  constructor() {
    let drawn = 0;
    this.random = {
      next: 0.5,
      fraction: () => this.random.next,
      bytes: (count) => {
        const bytes = Buffer.alloc(Math.max(count, COUNTER_BYTES));
        bytes.writeUInt32BE((drawn += 1));
        return bytes.subarray(0, count);
      },
    };
  }

  /** A fresh process. */
  node(service: string, node = `${service}-1`): TestNode {
    const boot = `boot-${(this.#boots += 1)}`;
    const { clock, random, network: transport } = this;
    return new TestNode({ service, node, boot }, { clock, random, transport });
  }

  /** A client that is connected to this front and welcome. */
  async client(address: Address): Promise<TestClient> {
    const { clock, random, network: transport } = this;
    const client = new TestClient({ clock, random, transport }, address);
    await this.clock.settle();
    if (client.ended !== undefined) throw new Error(`not welcome: ${client.ended}`);
    return client;
  }

  /** What the promise becomes when everything has gone on that needs no time; it must need none. */
  async settled<T>(promise: Promise<T>): Promise<T> {
    let pending = true;
    const done = (): void => {
      pending = false;
    };
    promise.then(done, done);
    await this.clock.settle();
    if (pending) throw new Error('still pending when nothing more could go on without time');
    return promise;
  }

  /** What the promise becomes while the clock moves by `ms`. */
  async within<T>(ms: number, promise: Promise<T>): Promise<T> {
    promise.catch(() => undefined);
    await this.clock.advance(ms);
    return this.settled(promise);
  }
}
