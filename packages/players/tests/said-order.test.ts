import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SaidOrder } from '../src/invariants/said-order.ts';

it('finds a contradiction where, of all pairs, one is the wrong way round, in whichever order they are heard', () => {
  const chats = fc.uniqueArray(fc.record({ id: fc.nat(30), number: fc.nat(30) }), {
    selector: ({ id }) => id,
    maxLength: 12,
  });
  fc.assert(
    fc.property(chats, (heard) => {
      const order = new SaidOrder();
      const found = heard.filter((chat) => order.heard('ana tea', chat) !== undefined);
      const wrong = heard.some((one) =>
        heard.some((other) => one.id < other.id && one.number >= other.number),
      );
      expect(found.length > 0).toBe(wrong);
    }),
    { numRuns: 1_000 },
  );
});
