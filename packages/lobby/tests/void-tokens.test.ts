/**
 * A user who was put out by the operator: the tokens of before hold no more, here or on a master that was
 * started anew.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VirtualClock } from '@lobby/net-frame';
import { VoidTokens } from '../src/void-tokens.ts';
import { MemoryAccounts } from './harness/memory-accounts.ts';

const REFUSED = { code: 'wrong_credentials' };

const HOUR = 3_600_000;

async function voidTokens(accounts = new MemoryAccounts(), clock = new VirtualClock({ wallMs: 0 })) {
  const tokens = new VoidTokens({ accounts, clock, authMaxAgeMs: HOUR });
  await tokens.load(1);
  return tokens;
}

describe('tokens that were made void', () => {
  it('are those of this login and all before it, of this user alone', () => {
    const epochs = fc.nat(100);
    return fc.assert(
      fc.asyncProperty(epochs, epochs, async (voided, epoch) => {
        const tokens = await voidTokens();
        await tokens.add({ key: 'ana', epoch: voided, atMs: 0 });
        const check = (name: string) => (): void => tokens.check({ name, epoch });
        if (epoch > voided) expect(check('Ana')).not.toThrow();
        else expect(check('ANA')).toThrow(expect.objectContaining(REFUSED));
        expect(check('ben')).not.toThrow();
      }),
    );
  });

  it('are, of an identity service, those that were issued by then, and those that do not say when', async () => {
    const tokens = await voidTokens();
    await tokens.add({ key: 'ana', epoch: 9, atMs: 1_000 });
    expect(() => tokens.check({ name: 'ana', issuedAtMs: 1_001 })).not.toThrow();
    expect(() => tokens.check({ name: 'ana', issuedAtMs: 1_000 })).toThrow(expect.objectContaining(REFUSED));
    expect(() => tokens.check({ name: 'ana' })).toThrow(expect.objectContaining(REFUSED));
  });

  it('stay void when the master is started anew', async () => {
    const accounts = new MemoryAccounts();
    await (await voidTokens(accounts)).add({ key: 'ana', epoch: 9, atMs: 0 });
    const later = await voidTokens(accounts);
    expect(() => later.check({ name: 'ana', epoch: 9 })).toThrow(expect.objectContaining(REFUSED));
  });

  it('A17: are those whose user proved too long ago who they are', async () => {
    const clock = new VirtualClock();
    const tokens = await voidTokens(new MemoryAccounts(), clock);
    const proved = { name: 'ana', epoch: 9, authTimeMs: clock.wallNow() };
    await clock.advance(HOUR - 1);
    expect(() => tokens.check(proved)).not.toThrow();
    await clock.advance(1);
    expect(() => tokens.check(proved)).toThrow(expect.objectContaining(REFUSED));
    expect(() => tokens.check({ name: 'ana', epoch: 9 })).not.toThrow();
  });

  it('A17: are forgotten when nothing of that time could hold, and not before', () => {
    const acts = fc.array(fc.record({ key: fc.constantFrom('ana', 'ben', 'cleo'), waitMs: fc.nat(HOUR) }));
    return fc.assert(
      fc.asyncProperty(acts, async (all) => {
        const clock = new VirtualClock();
        const tokens = await voidTokens(new MemoryAccounts(), clock);
        const voidedAt = new Map<string, { atMs: number; epoch: number }>();
        let epoch = 0;
        for (const { key, waitMs } of all) {
          await clock.advance(waitMs);
          epoch += 1;
          await tokens.add({ key, epoch, atMs: clock.wallNow() });
          voidedAt.set(key, { atMs: clock.wallNow(), epoch });
          const living = [...voidedAt].filter(([, { atMs }]) => atMs > clock.wallNow() - HOUR);
          expect(tokens.size).toBe(living.length);
          for (const [name, last] of living)
            expect(tokens.endedLogin({ name, epoch: last.epoch })).toBe(true);
        }
      }),
    );
  });
});
