/**
 * Small sieges of a real lobby: the attackers attack, the measurers measure, the judges judge. How long
 * anything took is the commands' to judge, on a quiet machine.
 */

import { describe, expect, it, jest } from '@jest/globals';
import { floodSiege } from '../../src/siege/flood-siege.ts';
import { passwordSiege } from '../../src/siege/password-siege.ts';
import { readersSiege } from '../../src/siege/readers-siege.ts';
import { silentSiege } from '../../src/siege/silent-siege.ts';

jest.setTimeout(60_000);

const nobodyReads = (): void => undefined;
/** The faults that no busy machine can cause. */
const certain = (faults: readonly string[]): string[] =>
  faults.filter((fault) => !/times that of quiet|lived .* longer than|took longer than/.test(fault));

describe('a siege', () => {
  it('of silent connections ends every one of them, and lets users log in', async () => {
    const { lines, faults } = await silentSiege(
      { connections: 200, slow: 50, addresses: 4, logins: 5, everyMs: 10, helloTimeoutMs: 300 },
      nobodyReads,
    );
    expect(certain(faults)).toEqual([]);
    expect(lines).toContainEqual(expect.stringContaining('farewells that they got: 250 hello_timeout'));
  });

  it('of readers who stop ends them as slow, and tells their rooms', async () => {
    const { lines, faults } = await readersSiege(
      {
        stopped: 4,
        rooms: 2,
        talkers: 3,
        chatsPerSecond: 1_500,
        quietSeconds: 0.2,
        warmUpSeconds: 0.1,
        memberGraceMs: 200,
        stallTimeoutMs: 500,
      },
      nobodyReads,
    );
    expect(certain(faults)).toEqual([]);
    expect(lines).toContainEqual(expect.stringContaining('leaves that the rooms were told: 12 of 12'));
  });

  it('of passwords says of names that they are taken, and lets everybody in', async () => {
    const { lines, faults } = await passwordSiege(
      { connections: 6, addresses: 2, logins: 4, everyMs: 10, classSize: 4 },
      nobodyReads,
    );
    expect(certain(faults)).toEqual([]);
    expect(lines).toContainEqual(expect.stringMatching(/register a taken name: name_taken/));
    expect(lines).not.toContainEqual(expect.stringMatching(/register a taken name: done/));
  });

  it('of a flood ends the flooders, and loses nothing of the others', async () => {
    const { faults } = await floodSiege(
      {
        flooders: 10,
        others: 20,
        rooms: 2,
        chatsPerSecond: 50,
        seconds: 1,
        warmUpSeconds: 0.1,
        againAfterMs: 200,
      },
      nobodyReads,
    );
    expect(certain(faults)).toEqual([]);
  });
});
