import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EndedEpochs } from '../src/ended-epochs.ts';

describe('the newest logins that have ended', () => {
  it('supersede exactly what is older, in whatever order they ended', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1 }), fc.nat(60), (epochs, claimed) => {
        const ended = new EndedEpochs();
        for (const epoch of epochs) ended.note({ name: 'ana', epoch });
        expect(ended.supersedes({ name: 'ana', epoch: claimed })).toBe(claimed < Math.max(...epochs));
      }),
    );
  });

  it('are those of one user, however the name is written', () => {
    const ended = new EndedEpochs();
    ended.note({ name: 'Ana', epoch: 7 });
    expect(ended.supersedes({ name: 'ANA', epoch: 6 })).toBe(true);
    expect(ended.supersedes({ name: 'ben', epoch: 6 })).toBe(false);
  });

  it('are forgotten when there are too many, those that ended longest ago first', () => {
    const ended = new EndedEpochs(2);
    for (const name of ['ana', 'ben', 'ana', 'cleo']) ended.note({ name, epoch: 7 });
    expect(ended.size).toBe(2);
    expect(['ana', 'ben', 'cleo'].filter((name) => ended.supersedes({ name, epoch: 1 }))).toEqual([
      'ana',
      'cleo',
    ]);
  });
});
