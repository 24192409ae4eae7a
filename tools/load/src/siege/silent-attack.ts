/**
 * Connections that say nothing, and connections that say a byte a second: what a server must outlive. It
 * opens them at a pace, waits until the server has ended every one, and knows for each how long that took.
 */
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { FrameReader } from '@lobby/net-frame';
import { PROTOCOL_VERSION, decodePayload, encodeMessage, net } from '@lobby/protocol';
import { count } from '../figures/tally.ts';
import type { SilentOutcome, SilentPlan } from './orders.ts';

const TICK_MS = 10;
const BYTE_EVERY_MS = 1_000;
const PATIENCE_MS = 20_000;
const MAX_FRAME_BYTES = 4_096;
const MS_PER_SECOND = 1_000;
/** What the slow ones send, a byte at a time: as good a hello as any. */
const HELLO = encodeMessage(net.hello, { v: PROTOCOL_VERSION, agent: 'an agent who takes the time' });

export class SilentAttack {
  readonly #plan: SilentPlan;
  readonly #livedMs: number[] = [];
  readonly #farewells: Record<string, number> = {};
  readonly #open = new Set<Socket>();
  /** The next byte of each, and when it is due; the one that is due first stands first. */
  readonly #slow = new Map<Socket, { readonly byte: number; readonly dueMs: number }>();
  #begun = 0;
  #opened = 0;
  #failed = 0;

  constructor(plan: SilentPlan) {
    this.#plan = plan;
  }

  /**
   * Opens every connection; `onOpened` is told when the last one was begun. Resolves when all are over, or
   * patience is.
   */
  async run(onOpened: () => void): Promise<SilentOutcome> {
    const bytes = setInterval(() => this.#sendBytes(), TICK_MS);
    await this.#openAll();
    onOpened();
    const deadline = performance.now() + PATIENCE_MS;
    while (this.#livedMs.length + this.#failed < this.#begun && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    clearInterval(bytes);
    const open = this.#open.size;
    for (const socket of this.#open) socket.destroy();
    const lived = this.#livedMs.sort((a, b) => a - b);
    return {
      opened: this.#opened,
      failed: this.#failed,
      open,
      longestMs: lived.at(-1) ?? 0,
      medianMs: lived[Math.floor(lived.length / 2)] ?? 0,
      farewells: this.#farewells,
    };
  }

  #openAll(): Promise<void> {
    const { silent, slow, perSecond } = this.#plan;
    const sinceMs = performance.now();
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        const due = Math.min(silent + slow, ((performance.now() - sinceMs) / MS_PER_SECOND) * perSecond);
        while (this.#begun < Math.floor(due)) this.#openOne();
        if (this.#begun < silent + slow) return;
        clearInterval(timer);
        resolve();
      }, TICK_MS);
    });
  }

  #openOne(): void {
    const { to, addresses, silent, slow } = this.#plan;
    const number = this.#begun;
    this.#begun += 1;
    // The slow ones come evenly among the silent ones.
    const isSlow =
      Math.floor(((number + 1) * slow) / (silent + slow)) > Math.floor((number * slow) / (silent + slow));
    let connectedMs: number | undefined;
    let farewell = 'none';
    const reader = new FrameReader(MAX_FRAME_BYTES, ({ topic, payload }) => {
      if (topic === net.bye.number) farewell = decodePayload(net.bye, payload).code;
    });
    const socket = createConnection({
      host: to.host,
      port: to.port,
      localAddress: addresses[number % addresses.length] as string,
    });
    socket
      .on('connect', () => {
        connectedMs = performance.now();
        this.#opened += 1;
        this.#open.add(socket);
        if (isSlow) this.#slow.set(socket, { byte: 0, dueMs: connectedMs });
      })
      .on('data', (chunk: Buffer) => reader.push(chunk))
      .on('error', () => undefined)
      .on('close', () => {
        this.#open.delete(socket);
        this.#slow.delete(socket);
        if (connectedMs === undefined) {
          this.#failed += 1;
          return;
        }
        this.#livedMs.push(performance.now() - connectedMs);
        count(this.#farewells, farewell);
      });
  }

  /** Each sends a second after its last byte, not all of them at one moment. */
  #sendBytes(): void {
    const now = performance.now();
    for (const [socket, { byte, dueMs }] of this.#slow) {
      if (dueMs > now) return;
      socket.write(HELLO.subarray(byte, byte + 1));
      this.#slow.delete(socket);
      if (byte + 1 < HELLO.length - 1)
        this.#slow.set(socket, { byte: byte + 1, dueMs: dueMs + BYTE_EVERY_MS });
    }
  }
}
