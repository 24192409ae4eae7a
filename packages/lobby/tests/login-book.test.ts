import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Front } from '@lobby/discovery';
import { LoginBook } from '../src/login-book.ts';
import type { Login } from '../src/index.ts';

const A = { up: { node: 'a' } } as unknown as Front;
const B = { up: { node: 'b' } } as unknown as Front;

function login(name: string, epoch: number, front = A): Login {
  return { name, userId: name, epoch, front, session: epoch };
}

describe('the book of logins', () => {
  it('knows a user without regard to case, under the name of the newest login', () => {
    const book = new LoginBook();
    book.put(login('Ana', 1));
    book.put(login('ANA', 2, B));
    expect(book.size).toBe(1);
    expect(book.find('ana')).toMatchObject({ name: 'ANA', epoch: 2, front: B });
  });

  it('removes a login by its own epoch only', () => {
    const book = new LoginBook();
    book.put(login('ana', 2));
    expect(book.remove('ana', 1)).toBe(false);
    expect(book.remove('ana', 3)).toBe(false);
    expect(book.size).toBe(1);
    expect(book.remove('ANA', 2)).toBe(true);
    expect(book.remove('ana', 2)).toBe(false);
    expect(book.size).toBe(0);
  });

  it('loses with a front exactly those whom it served', () => {
    const names = fc.constantFrom('ana', 'ben', 'Cleo', 'CLEO', 'dan');
    const logins = fc.array(fc.tuple(names, fc.nat(50), fc.boolean()));
    fc.assert(
      fc.property(logins, (all) => {
        const book = new LoginBook();
        for (const [name, epoch, here] of all) book.put(login(name, epoch, here ? A : B));
        const before = [...book];
        expect(book.removeFront(A)).toEqual(before.filter(({ front }) => front === A));
        expect([...book]).toEqual(before.filter(({ front }) => front === B));
      }),
    );
  });
});
