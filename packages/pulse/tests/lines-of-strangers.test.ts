/**
 * A24: strangers by thousands cost a line a second for each reason, of whatever they make their words, their
 * addresses and their errors.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameKind, encodeFrame } from '@lobby/net-frame';
import type { Address, ListenOptions, Transport } from '@lobby/net-frame';
import type { ServerPulse } from '../src/index.ts';
import {
  CLOSE_CODES,
  Failure,
  NONCE_BYTES,
  auth,
  encodeMessage,
  msgpackLiteCodec,
  net,
  serviceNet,
} from '@lobby/protocol';
import { RawPeer } from './raw-peer.ts';
import { BACK, FRONT, World } from './world.ts';

const MOST_LINE_BYTES = 4_000;
const codec = msgpackLiteCodec();

/** There are no others, whatever anybody says. */
const REASONS = new Set([...Object.keys(CLOSE_CODES), 'handshake_failed']);

type Fields = Readonly<Record<string, unknown>>;

/** What one stranger does after it has connected. */
type Deed =
  { readonly says: readonly Uint8Array[] } | { readonly leaves: true } | { readonly failsHandshake: string };

const text = fc.string({ unit: 'binary', maxLength: 128, size: 'max' });
const wild = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 40 }),
  text.map((code) => encodeMessage(net.bye, { code: code.slice(0, 64) || 'x', message: code })),
  text.map((agent) => encodeMessage(net.hello, { v: 1, agent })),
  fc.nat(9).map((v) => encodeMessage(net.hello, { v })),
  fc.record({ service: text, node: text, boot: text }).map((who) =>
    encodeFrame(serviceNet.hello.number, FrameKind.message, {
      payload: codec.encode({ v: 1, ...who, nonce: Buffer.alloc(NONCE_BYTES), proof: Buffer.alloc(32) }),
    }),
  ),
  fc
    .tuple(fc.integer({ min: 16, max: 65_000 }), text)
    .map(([topic, key]) => encodeFrame(topic, FrameKind.message, { payload: codec.encode({ [key]: key }) })),
  text.map((key) =>
    encodeFrame(auth.reqLogin.number, FrameKind.call, {
      seq: 1,
      payload: codec.encode({ [key]: 1, name: key.repeat(9) }),
    }),
  ),
);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ says: fc.array(wild, { maxLength: 15 }) }) },
  { weight: 1, arbitrary: fc.constant({ leaves: true as const }) },
  { weight: 1, arbitrary: fc.record({ failsHandshake: text }) },
);
const wave = fc.record({
  deeds: fc.array(deed, { minLength: 1, maxLength: 8 }),
  times: fc.integer({ min: 1, max: 4 }),
  thenMs: fc.nat(3_000),
});

/** A port in memory, what strangers can do to it, and the lines that it logs. */
class Port {
  readonly lines: { readonly atMs: number; readonly level: string; readonly fields: Fields }[] = [];
  readonly #world = new World();
  readonly #pulse: ServerPulse;
  readonly #address: Address;
  #failed: NonNullable<ListenOptions['failed']> = () => undefined;

  constructor(kind: 'client' | 'service') {
    const { network, clock } = this.#world;
    const kept =
      (level: string) =>
      (fields: object): void =>
        void this.lines.push({ atMs: clock.now(), level, fields: { ...fields } });
    const log = { debug: kept('debug'), info: kept('info'), warn: kept('warn'), error: kept('error') };
    // In memory no handshake fails: what a transport would tell then is told by hand.
    const transport: Transport = {
      connect: (options) => network.connect(options),
      listen: (options, accept) => {
        this.#failed = options.failed ?? this.#failed;
        return network.listen(options, accept);
      },
    };
    const options = { log, platform: { ...this.#world.platform, transport } };
    this.#address = kind === 'client' ? FRONT : BACK;
    this.#pulse =
      kind === 'client'
        ? this.#world.front({ maxUnauthenticatedPerAddress: 5 }, options)
        : this.#world.back({}, options);
    if (kind === 'client')
      this.#pulse.answer(auth.reqLogin, () => {
        throw new Failure('wrong_credentials', 'nobody is known here');
      });
  }

  /** Ends that there were, connections that never became sessions included. */
  get ends(): number {
    const { traffic, handshakesFailed } = this.#pulse;
    return [...traffic.closed.values()].reduce((sum, ends) => sum + ends, handshakesFailed);
  }

  start(): Promise<Address> {
    return this.#pulse.start();
  }

  async suffer(deed: Deed): Promise<void> {
    if ('failsHandshake' in deed)
      return this.#failed(`${deed.failsHandshake}:1`, new Error(deed.failsHandshake.repeat(100)));
    const peer = await RawPeer.connect(this.#world, this.#address);
    if ('leaves' in deed) await peer.end();
    else for (const bytes of deed.says) await peer.send(bytes);
  }

  async pass(ms: number): Promise<void> {
    await this.#world.clock.advance(ms);
  }

  async stop(): Promise<void> {
    const stopped = this.#pulse.stop();
    await this.pass(10_000);
    await stopped;
  }
}

describe('A24: whatever strangers do, at a port of', () => {
  it.each(['client', 'service'] as const)('%ss', async (kind) => {
    await fc.assert(
      fc.asyncProperty(fc.array(wave, { minLength: 1, maxLength: 6, size: 'max' }), async (waves) => {
        const port = new Port(kind);
        await port.start();
        for (const { deeds, times, thenMs } of waves) {
          for (let nth = 0; nth < times; nth += 1) for (const one of deeds) await port.suffer(one);
          await port.pass(thenMs);
        }
        await port.pass(15_000);
        const told = port.lines.filter(({ level }) => level !== 'debug');
        const lastAt = new Map<unknown, number>();
        for (const { atMs, fields } of told) {
          const { code } = fields;
          expect(REASONS).toContain(code);
          expect(atMs - (lastAt.get(code) ?? -Infinity)).toBeGreaterThanOrEqual(1_000);
          lastAt.set(code, atMs);
          expect(Buffer.byteLength(JSON.stringify(fields))).toBeLessThan(MOST_LINE_BYTES);
        }
        await port.stop();
        const inLines = port.lines
          .filter(({ fields }) => 'by' in fields)
          .reduce((sum, { fields }) => sum + 1 + Number(fields['more'] ?? 0), 0);
        expect(inLines).toBe(port.ends);
      }),
      { numRuns: 40 },
    );
  });
});
