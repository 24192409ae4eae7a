/**
 * A user who was put out by the operator: the tokens of before hold no more, here or on a master that was
 * started anew.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VoidTokens } from '../src/void-tokens.ts';
import { MemoryAccounts } from './harness/memory-accounts.ts';

const REFUSED = { code: 'wrong_credentials' };

async function voidTokens(accounts = new MemoryAccounts()) {
  const tokens = new VoidTokens(accounts);
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
});
