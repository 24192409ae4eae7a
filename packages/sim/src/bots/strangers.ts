/**
 * Hosts that fill the ports with connections: most say nothing, some say hello and then nothing. As often as
 * one is ended, another comes. One of the hosts is a bot's as well, as where many share an address.
 */
import type { Pipe } from '@lobby/net-frame';
import { PROTOCOL_VERSION, encodeMessage, net } from '@lobby/protocol';
import { ADDRESSES } from '../cluster/make-app.ts';
import type { AppName } from '../cluster/make-app.ts';
import type { SimProcess } from '../sim-process.ts';
import type { World } from '../world.ts';

const PAUSE_MS = { least: 200, most: 1_500 };
const CONNECT_MS = 3_000;
const SAY_HELLO = 0.3;
const HELLO = encodeMessage(net.hello, { v: PROTOCOL_VERSION, agent: 'nobody' });

interface StrangersOptions {
  readonly host: string;
  /** How many they are at each port. */
  readonly at: Readonly<Partial<Record<AppName, number>>>;
}

export class Strangers {
  readonly process: SimProcess;
  readonly #at: StrangersOptions['at'];
  readonly #pipes = new Set<Pipe>();
  #begun = false;
  #resting = true;

  constructor(world: World, { host, at }: StrangersOptions) {
    this.process = world.process(`strangers at ${host}`, host);
    this.#at = at;
  }

  /** Comes, and comes back, until it is told to rest. */
  live(): void {
    this.#resting = false;
    if (this.#begun) return;
    this.#begun = true;
    for (const [port, count] of Object.entries(this.#at) as [AppName, number][])
      for (let nth = 0; nth < count; nth += 1) this.#comeLater(port);
  }

  rest(): void {
    this.#resting = true;
    for (const pipe of this.#pipes) pipe.destroy();
  }

  #comeLater(port: AppName): void {
    const { clock, random } = this.process;
    clock.setTimer(random.between(PAUSE_MS.least, PAUSE_MS.most), () => {
      if (this.#resting) this.#comeLater(port);
      else void this.#come(port);
    });
  }

  async #come(port: AppName): Promise<void> {
    const { platform, random } = this.process;
    try {
      const pipe = await platform.transport.connect({ ...ADDRESSES[port], timeoutMs: CONNECT_MS });
      this.#pipes.add(pipe);
      pipe.open({
        data: () => undefined,
        closed: () => {
          this.#pipes.delete(pipe);
          this.#comeLater(port);
        },
      });
      if (this.#resting) pipe.destroy();
      else if (random.chance(SAY_HELLO)) pipe.write(HELLO);
    } catch {
      this.#comeLater(port);
    }
  }
}
