import { beforeEach, describe, expect, it } from '@jest/globals';
import { UserTable } from '../src/user-table.ts';
import type { User } from '../src/index.ts';

const SESSION = 7;

function user(epoch: number, session = SESSION): User {
  return { name: 'ana', userId: 'u', epoch, authTime: 0, session, since: 0 };
}

let table: UserTable;

beforeEach(() => {
  table = new UserTable();
});

describe('the users of a front', () => {
  it('are known by their sessions while they are logged in', () => {
    table.add(user(1));
    table.add(user(2, 8));
    expect(table.size).toBe(2);
    expect(table.on(SESSION)?.epoch).toBe(1);
    expect(table.end(SESSION)?.epoch).toBe(1);
    expect(table.end(SESSION)).toBeUndefined();
    expect([...table].map(({ epoch }) => epoch)).toEqual([2]);
  });

  it('A17: have the same login under another number when it is adopted, and no other one', () => {
    const ana = user(5);
    table.add(ana);
    expect(table.adopt(SESSION, { from: 4, to: 9 })).toBe(false);
    expect(table.adopt(8, { from: 5, to: 9 })).toBe(false);
    expect(table.adopt(SESSION, { from: 5, to: 9 })).toBe(true);
    expect(table.on(SESSION)).toBe(ana);
    expect(table.on(SESSION)?.epoch).toBe(9);
    expect([table.hasEnded(SESSION, 5), table.hasEnded(SESSION, 9)]).toEqual([true, false]);
    table.end(SESSION);
    expect(table.adopt(SESSION, { from: 9, to: 10 })).toBe(false);
  });

  it('have ended a login when it is over, and all that were before it', () => {
    expect(table.hasEnded(SESSION, 5)).toBe(false);
    table.add(user(5));
    expect(table.hasEnded(SESSION, 5)).toBe(false);
    expect(table.hasEnded(SESSION, 4)).toBe(true);
    table.end(SESSION);
    expect(table.hasEnded(SESSION, 5)).toBe(true);
    expect(table.hasEnded(SESSION, 6)).toBe(false);
    table.add(user(9));
    expect(table.hasEnded(SESSION, 5)).toBe(true);
    expect(table.hasEnded(SESSION, 9)).toBe(false);
  });

  it('leave nothing of a session behind', () => {
    table.add(user(5));
    table.end(SESSION);
    table.forget(SESSION);
    expect(table.hasEnded(SESSION, 5)).toBe(false);
    table.add(user(6));
    table.forget(SESSION);
    expect(table.size).toBe(0);
    expect(table.hasEnded(SESSION, 6)).toBe(false);
  });
});
