/** Bugs of who may take what from whom: of those who were put out, and of fronts that say too much. */
import type { Mutant } from './mutant.ts';

const LOBBY_MASTER = 'packages/lobby/src/lobby-master.ts';
const ROOM_MASTER = 'packages/room/src/room-master.ts';

export const TRUST_MUTANTS: readonly Mutant[] = [
  {
    name: 'a kick ends logins alone',
    row: 'A7',
    needs: 'stayers',
    words: 'Whoever has a seat and no login is put out by nobody.',
    edits: [
      {
        file: LOBBY_MASTER,
        find: 'const revoked = await this.#revocations.tell({ user, epoch, ...why });',
        replace: 'const revoked = { told: true };',
      },
    ],
  },
  {
    name: 'a front keeps a revocation to itself',
    row: 'A7',
    needs: 'stayers',
    words: 'The front says that room-master knows, and has not told it.',
    edits: [
      {
        file: 'packages/lobby/src/lobby-runner.ts',
        find: 'const answer = await this.#departures.tell({ user, epoch, code, message });',
        replace: 'const answer = await Promise.resolve({});',
      },
    ],
  },
  {
    name: 'a kick does not say that there was a seat',
    row: 'A7',
    needs: 'stayers',
    words: 'The operator is told that nobody was there, where a seat was freed.',
    edits: [
      {
        file: 'packages/lobby/src/revocations.ts',
        find: 'return told.find(({ roomId }) => roomId !== undefined) ?? { told: told.length > 0 };',
        replace: 'return { told: told.length > 0 };',
      },
    ],
  },
  {
    name: 'any number of a login is taken',
    row: 'A12',
    needs: 'faultyFronts',
    words: 'lobby-master goes on above whatever number a front tells.',
    edits: [
      {
        file: 'packages/lobby/src/epoch-source.ts',
        find: 'return incarnationOf(epoch) <= this.#maxIncarnation && !isLate;',
        replace: 'return incarnationOf(epoch) >= 0 || isLate;',
      },
    ],
  },
  {
    name: 'anybody may say that a user is gone',
    row: 'A12',
    needs: 'faultyFronts',
    words: 'lobby-master takes the end of a login from a front that does not hold it.',
    edits: [
      {
        file: LOBBY_MASTER,
        find: 'const isOfOther = known !== undefined && known.front !== front;',
        replace: 'const isOfOther = known === undefined && front.up.node === "";',
      },
    ],
  },
  {
    name: 'any number of a grant is taken',
    row: 'A12',
    needs: 'faultyFronts',
    words: 'room-master goes on above whatever number a front tells.',
    edits: [
      {
        file: 'packages/room/src/grant-source.ts',
        find: 'return incarnationOf(grant) <= this.incarnation;',
        replace: 'return incarnationOf(grant) >= 0;',
      },
    ],
  },
  {
    name: 'a front speaks for the rooms of others',
    row: 'A12',
    needs: 'faultyFronts',
    words: 'room-master takes what a front says of a room that another one holds.',
    edits: [
      {
        file: ROOM_MASTER,
        find: 'this.#books.apply(front, this.#withoutForeign(front, books));',
        replace: 'this.#books.apply(front, books);',
      },
    ],
  },
  {
    name: 'a room-master follows any number',
    row: 'A12',
    needs: 'faultyFronts',
    words: 'A front may say that a room-master of any number was there before.',
    edits: [
      {
        file: ROOM_MASTER,
        find: 'if (master.incarnation > MAX_INCARNATION) {',
        replace: 'if (master.incarnation > 4 * MAX_INCARNATION * MAX_INCARNATION) {',
      },
      {
        file: 'packages/room/src/grant-source.ts',
        find: 'const own = Math.min(incarnation + 1, MAX_INCARNATION);',
        replace: 'const own = MAX_INCARNATION > 0 ? incarnation + 1 : 0;',
      },
    ],
  },
  {
    name: 'a login of any number is asked for',
    row: 'A12',
    needs: 'faultyFronts',
    words: 'room-master remembers the end of a login of a number that can not be.',
    edits: [
      {
        file: ROOM_MASTER,
        find: '    if (canBe(epoch)) return;\n',
        replace: '    if (epoch >= 0) return;\n',
      },
    ],
  },
];
