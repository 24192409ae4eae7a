/**
 * What the tests stand on: a lobby and its clients on one network in memory, with a clock that stands still.
 */
import { MemoryNetwork, VirtualClock } from '@lobby/net-frame';
import type { Address, Platform } from '@lobby/net-frame';
import type { Log, RateLimit } from '@lobby/pulse';
import { LobbyClient } from '../src/index.ts';
import { TestLobby } from '../src/testing/index.ts';

export const HERE: Address = { host: 'here', port: 7000 };
export const THERE: Address = { host: 'there', port: 7300 };
const PASSWORD = 'correct horse';

export class ClientWorld {
  readonly clock = new VirtualClock();
  readonly network = new MemoryNetwork({ clock: this.clock });
  readonly platform: Platform;

  constructor() {
    let lastKey = 0;
    let lastByte = 0;
    this.platform = {
      clock: this.clock,
      transport: this.network,
      random: { fraction: () => 0.5, bytes: (count) => new Uint8Array(count).fill((lastByte += 1)) },
      nextSessionKey: () => (lastKey += 1),
    };
  }

  /** Lets everything happen that needs no time, and resolves as `task` does. */
  async settled<T>(task: Promise<T>): Promise<T> {
    task.catch(() => undefined);
    await this.clock.settle();
    return task;
  }

  lobby(rate?: RateLimit): Promise<TestLobby> {
    const fronts = [HERE, THERE];
    return TestLobby.start({ platform: this.platform, fronts, ...(rate === undefined ? {} : { rate }) });
  }

  connect(address: Address = HERE, log?: Log): Promise<LobbyClient> {
    return this.settled(LobbyClient.connect({ ...address, platform: this.platform, log }));
  }

  /** A client whose user is registered and logged in. */
  async user(name: string, address: Address = HERE, log?: Log): Promise<LobbyClient> {
    const client = await this.connect(address, log);
    await this.settled(client.register({ name, password: PASSWORD }));
    await this.settled(client.login({ name, password: PASSWORD }));
    return client;
  }
}
