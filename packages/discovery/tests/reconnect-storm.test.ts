/**
 * A back that comes back to all of its fronts at once: however long it was away and whatever chance says,
 * each is up, and knows that it is known, within 3 s.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { service } from '@lobby/protocol';
import { Announcement, FrontRegistry } from '../src/index.ts';
import { TestCluster } from '../src/testing/index.ts';
import { BACK, upOf } from './harness/link-world.ts';

const FRONTS = 16;
const CONVERGED_MS = 3_000;

class Storm {
  readonly cluster = new TestCluster();
  readonly #announcements: Announcement[] = [];

  constructor(fractions: readonly number[]) {
    let drawn = 0;
    this.cluster.random.fraction = () => fractions[(drawn += 1) % fractions.length] as number;
  }

  async startBack(): Promise<{ kill: () => void; registry: FrontRegistry }> {
    const node = this.cluster.node('lobby-master');
    const port = node.servicePort(BACK);
    const registry = new FrontRegistry({
      port,
      hear: service.synLobbyRunnerUp,
      say: service.synLobbyMasterUp,
      payload: () => upOf(node),
    });
    await port.start();
    return { kill: () => node.kill(), registry };
  }

  startFronts(): void {
    for (let nth = 0; nth < FRONTS; nth += 1) {
      const node = this.cluster.node('lobby-runner', `front-${nth}`);
      const link = node.link('lobby-master', BACK);
      const up = upOf(node, { address: { host: node.identity.node, port: 1 } });
      this.#announcements.push(
        new Announcement({
          link,
          say: service.synLobbyRunnerUp,
          hear: service.synLobbyMasterUp,
          payload: () => up,
        }),
      );
      link.start();
    }
  }

  /** How many fronts know that they are known. */
  get known(): number {
    return this.#announcements.filter(({ reasons }) => reasons.length === 0).length;
  }
}

describe('F30: sixteen fronts', () => {
  it('are all up again within 3 s of their back', async () => {
    const fraction = fc.double({ min: 0.2, max: 1, maxExcluded: true, noNaN: true });
    const fractions = fc.array(fraction, { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fractions, fc.nat(5_000), async (chance, awayMs) => {
        const storm = new Storm(chance);
        const first = await storm.startBack();
        storm.startFronts();
        await storm.cluster.clock.settle();
        expect(storm.known).toBe(FRONTS);
        first.kill();
        await storm.cluster.clock.advance(awayMs);
        expect(storm.known).toBe(0);
        const { registry } = await storm.startBack();
        await storm.cluster.clock.advance(CONVERGED_MS);
        expect(storm.known).toBe(FRONTS);
        expect(registry.fronts.size).toBe(FRONTS);
      }),
      { numRuns: 10, examples: [[[0.999], 5_000]] },
    );
  });
});
