/** Who is logged in where, against a plain map from which a dead front's logins are taken at once. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Clearance, EndedLogins } from '@lobby/discovery';
import type { Front } from '@lobby/discovery';
import { VirtualClock } from '@lobby/net-frame';
import { userKey } from '@lobby/protocol';
import { LoginBook } from '../src/login-book.ts';
import type { Login } from '../src/index.ts';

const [A, B] = [frontOf('a'), frontOf('b')];

/** A front; the same server back on a new session is another one. */
function frontOf(node: string): Front {
  return { up: { node } } as unknown as Front;
}

function login(name: string, epoch: number, front = A): Login {
  return { name, userId: name, epoch, front, session: epoch };
}

function emptyBook(): LoginBook {
  return new LoginBook(() => undefined);
}

describe('the book of logins', () => {
  it('knows a user without regard to case, under the name of the newest login', () => {
    const book = emptyBook();
    book.put(login('Ana', 1));
    book.put(login('ANA', 2, B));
    expect(book.size).toBe(1);
    expect(book.find('ana')).toMatchObject({ name: 'ANA', epoch: 2, front: B });
  });

  it('removes a login by its own epoch only', () => {
    const book = emptyBook();
    book.put(login('ana', 2));
    expect(book.remove('ana', 1)).toBe(false);
    expect(book.remove('ana', 3)).toBe(false);
    expect(book.size).toBe(1);
    expect(book.remove('ANA', 2)).toBe(true);
    expect(book.remove('ana', 2)).toBe(false);
    expect(book.size).toBe(0);
  });
});

/** What lobby-master does with its book, and with the ends of logins that it remembers. */
class Books {
  readonly ended = new EndedLogins({ most: 1_000 });
  readonly book = new LoginBook(({ name, epoch }) => this.ended.note({ user: name, epoch }));
  #left: Iterator<unknown>[] = [];

  /** Whether the claim of this login is taken. */
  claim(claimed: Login): boolean {
    const { name, epoch } = claimed;
    const known = this.book.find(name);
    this.book.settle(name);
    const isOlder = (known?.epoch ?? 0) > epoch || (this.ended.newest(name)?.epoch ?? 0) > epoch;
    if (!isOlder) this.book.put(claimed);
    return !isOlder;
  }

  over(name: string, epoch: number): void {
    this.book.remove(name, epoch);
    this.ended.note({ user: name, epoch });
  }

  gone(front: Front): void {
    this.#left.push(this.book.removeFront(front)[Symbol.iterator]());
  }

  clear(steps: number): void {
    for (let step = 0; step < steps; step += 1)
      if (this.#left[0]?.next().done === true) this.#left = this.#left.slice(1);
  }
}

/** The same, with nothing that waits. */
class PlainBooks {
  readonly logins = new Map<string, Login>();
  readonly ended = new Map<string, number>();

  claim(claimed: Login): boolean {
    const key = userKey(claimed.name);
    const newest = Math.max(this.ended.get(key) ?? 0, this.logins.get(key)?.epoch ?? 0);
    if (newest > claimed.epoch) return false;
    this.logins.set(key, claimed);
    return true;
  }

  over(name: string, epoch: number): void {
    const key = userKey(name);
    if (this.logins.get(key)?.epoch === epoch) this.logins.delete(key);
    this.#end(key, epoch);
  }

  gone(front: Front): void {
    for (const [key, { epoch, front: its }] of this.logins)
      if (its === front) {
        this.logins.delete(key);
        this.#end(key, epoch);
      }
  }

  #end(key: string, epoch: number): void {
    this.ended.set(key, Math.max(epoch, this.ended.get(key) ?? 0));
  }
}

const USERS = ['ana', 'ben', 'cleo', 'dan', 'eve'];
const FRONTS = 3;

describe('the book of logins, as fronts die and come back', () => {
  const front = fc.nat(FRONTS - 1);
  const name = fc.constantFrom('ANA', ...USERS);
  const epoch = fc.integer({ min: 1, max: 9 });
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ claims: name, epoch, front }) },
    { weight: 1, arbitrary: fc.record({ over: name, epoch }) },
    { weight: 1, arbitrary: fc.record({ gone: front }) },
    { weight: 2, arbitrary: fc.record({ cleared: fc.integer({ min: 1, max: 3 }) }) },
  );

  it('A15: is what a plain map would be, and judges every claim alike, though what is dead goes slowly', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const [books, plain] = [new Books(), new PlainBooks()];
        const fronts = Array.from({ length: FRONTS }, (_, nth) => frontOf(`node ${nth}`));
        for (const one of steps) {
          if ('cleared' in one) books.clear(one.cleared);
          else if ('gone' in one) {
            const gone = fronts[one.gone] as Front;
            books.gone(gone);
            plain.gone(gone);
            fronts[one.gone] = frontOf(gone.up.node);
          } else if ('over' in one) {
            books.over(one.over, one.epoch);
            plain.over(one.over, one.epoch);
          } else {
            const claimed = login(one.claims, one.epoch, fronts[one.front]);
            expect(books.claim(claimed)).toBe(plain.claim(claimed));
          }
          const { book } = books;
          expect(book.size).toBe(plain.logins.size);
          expect(new Set(book)).toEqual(new Set(plain.logins.values()));
          for (const user of USERS) expect(book.find(user)).toBe(plain.logins.get(user));
          for (const each of fronts)
            expect(book.countOf(each)).toBe(
              [...plain.logins.values()].filter((its) => its.front === each).length,
            );
        }
        books.clear(1_000);
        for (const user of USERS) expect(books.ended.newest(user)?.epoch).toBe(plain.ended.get(user));
      }),
      { numRuns: 200 },
    );
  });

  it('A15: loses a front with 10,000 users in one step, and gives its memory back a hundred steps a turn', async () => {
    const clock = new VirtualClock();
    const clearance = new Clearance(clock);
    let lost = 0;
    const book = new LoginBook(() => (lost += 1));
    for (let nth = 0; nth < 10_000; nth += 1) book.put(login(`user ${nth}`, nth));
    book.put(login('ben', 1, B));
    clearance.add(book.removeFront(A));
    expect([book.size, book.countOf(A), lost]).toEqual([1, 0, 0]);
    expect([...book]).toMatchObject([{ name: 'ben' }]);
    while (!clearance.idle) {
      const before = lost;
      await clock.run(Infinity, () => false);
      expect(lost - before).toBeLessThanOrEqual(100);
    }
    expect([book.size, lost, clock.timers]).toEqual([1, 10_000, 0]);
  });
});
