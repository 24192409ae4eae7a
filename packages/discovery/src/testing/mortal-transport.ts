/**
 * The network as one process has it, until that process is killed: then its ports and connections end, and
 * whatever of it still runs in the test hears nothing, says nothing and reaches nobody.
 */
import type {
  ConnectOptions,
  ListenOptions,
  Listener,
  Pipe,
  PipeHandlers,
  Transport,
} from '@lobby/net-frame';

export class MortalTransport implements Transport {
  readonly #network: Transport;
  readonly #listeners = new Set<Listener>();
  readonly #pipes = new Set<Pipe>();
  #alive = true;

  constructor(network: Transport) {
    this.#network = network;
  }

  get alive(): boolean {
    return this.#alive;
  }

  async listen(options: ListenOptions, accept: (pipe: Pipe) => void): Promise<Listener> {
    if (!this.#alive) return new Promise(() => undefined);
    const listener = await this.#network.listen(options, (pipe) => accept(this.#watched(pipe)));
    this.#listeners.add(listener);
    if (!this.#alive) this.kill();
    return listener;
  }

  async connect(options: ConnectOptions): Promise<Pipe> {
    if (!this.#alive) return new Promise(() => undefined);
    return this.#watched(await this.#network.connect(options));
  }

  /** Nobody says farewell: the others find the connections ended. */
  kill(): void {
    this.#alive = false;
    for (const listener of this.#listeners) void listener.close();
    for (const pipe of this.#pipes) pipe.destroy();
  }

  #watched(pipe: Pipe): Pipe {
    this.#pipes.add(pipe);
    const open = (handlers: PipeHandlers): void =>
      pipe.open({
        data: (chunk) => {
          if (this.#alive) handlers.data(chunk);
        },
        closed: (cause) => {
          this.#pipes.delete(pipe);
          if (this.#alive) handlers.closed(cause);
        },
      });
    return {
      remoteAddress: pipe.remoteAddress,
      get unsentBytes() {
        return pipe.unsentBytes;
      },
      open,
      pause: () => pipe.pause(),
      resume: () => pipe.resume(),
      write: (bytes) => pipe.write(bytes),
      end: () => pipe.end(),
      destroy: () => pipe.destroy(),
    };
  }
}
