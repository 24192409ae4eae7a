/**
 * A front by hand, at the other end of a connection in memory: it says what a test has it say, and keeps what
 * it was told. A link is tested against it, where a real front would not do what is wrong.
 */
import { FrameKind, FrameReader, MemoryNetwork, VirtualClock, encodeFrame } from '@lobby/net-frame';
import type { Frame, Pipe } from '@lobby/net-frame';
import { encodeMessage, net } from '@lobby/protocol';
import type { PayloadOf } from '@lobby/protocol';
import { Link, LinkKeeper } from '../src/index.ts';
import type { LinkHandlers } from '../src/index.ts';

export const HEARTBEAT_MS = 10_000;
const HERE = { host: 'here', port: 7000 };

export class FakeFront {
  readonly clock = new VirtualClock();
  readonly keeper = new LinkKeeper(this.clock);
  readonly transport = new MemoryNetwork({ clock: this.clock });
  /** What came, the payloads kept. */
  readonly frames: Frame[] = [];
  isOpen = false;
  #pipe: Pipe | undefined;

  async listen(): Promise<this> {
    await this.transport.listen(HERE, (pipe) => {
      this.isOpen = true;
      this.#pipe = pipe;
      const reader = new FrameReader(1_000_000, (frame) =>
        this.frames.push({ ...frame, payload: Uint8Array.from(frame.payload) }),
      );
      pipe.open({ data: (chunk) => reader.push(chunk), closed: () => (this.isOpen = false) });
    });
    return this;
  }

  /** A link to it that has connected and said hello; it is for the test to welcome it. */
  open(handlers: LinkHandlers = {}): Promise<Link> {
    const { transport, keeper } = this;
    const link = Link.open({ transport, keeper, to: HERE, agent: 'test', handlers });
    link.catch(() => undefined);
    return link;
  }

  /** A link that it has welcomed. */
  async welcomed(handlers: LinkHandlers = {}): Promise<Link> {
    const link = this.open(handlers);
    await this.clock.settle();
    await this.welcomes();
    return link;
  }

  async welcomes(): Promise<void> {
    const welcome: PayloadOf<typeof net.welcome> = {
      v: 1,
      session: 3,
      heartbeat: HEARTBEAT_MS,
      node: 'fake',
    };
    await this.says(encodeMessage(net.welcome, welcome));
  }

  async says(...frames: readonly Uint8Array[]): Promise<void> {
    for (const frame of frames) this.#pipe?.write(frame);
    await this.clock.settle();
  }

  async ends(): Promise<void> {
    this.#pipe?.end();
    await this.clock.settle();
  }

  /** Topics of the messages that came, the newest last. */
  get topics(): number[] {
    return this.frames.map(({ topic }) => topic);
  }
}

export function emptyReply(topic: number, seq: number): Uint8Array {
  return encodeFrame(topic, FrameKind.reply, { seq });
}
