/** Bugs of who somebody is: names, tokens, guesses. */
import type { Mutant } from './mutant.ts';

const NEEDS = 'impostor';

export const IDENTITY_MUTANTS: readonly Mutant[] = [
  {
    name: 'a name is whose it is said to be',
    row: 'A8',
    words: 'A token of an identity service takes a name that is bound to another of its users.',
    needs: NEEDS,
    edits: [
      {
        file: 'packages/lobby/src/bound-names.ts',
        find: '} else if (owner.userId !== (userId ?? key)) {',
        replace: "} else if (owner.userId === '') {",
      },
    ],
  },
  {
    name: 'a renewal is a proof',
    row: 'A17',
    words: 'A token that is renewed says that its user has just proved who they are.',
    needs: NEEDS,
    edits: [
      {
        file: 'packages/lobby/src/identities.ts',
        find: 'authTimeMs: this.provedAt(authTimeMs), token: said',
        replace: 'authTimeMs: this.provedAt(), token: said',
      },
    ],
  },
  {
    name: 'tokens have no end',
    row: 'A17',
    words: 'Nobody looks how long ago the user of a token proved who they are.',
    needs: NEEDS,
    edits: [
      {
        file: 'packages/lobby/src/void-tokens.ts',
        find: 'if (authTimeMs !== undefined && authTimeMs <= this.overByMs)',
        replace: 'if (authTimeMs !== undefined && authTimeMs < 0)',
      },
    ],
  },
  {
    name: 'logging out everywhere leaves the tokens',
    row: 'A17',
    words: 'Who logs out everywhere gets a new token, and the old ones hold.',
    needs: NEEDS,
    edits: [
      {
        file: 'packages/lobby/src/lobby-master.ts',
        find: '      await asFailures(this.#identities.voidUpTo(name, upTo), this.#log, { mayHaveRun: true });\n',
        replace: '',
      },
    ],
  },
  {
    name: 'a new number is not adopted',
    row: 'A17',
    words: 'The front of a login says that it has the new number, and goes on with the old one.',
    needs: NEEDS,
    edits: [
      {
        file: 'packages/lobby/src/user-table.ts',
        find: '    user.epoch = to;\n',
        replace: '',
      },
    ],
  },
  {
    name: 'wrong passwords are forgotten',
    row: 'A11',
    words: 'However often somebody guesses at a password, the next one is looked at.',
    needs: NEEDS,
    edits: [
      {
        file: 'packages/lobby/src/guess-limit.ts',
        find: "failed = error instanceof Failure && error.code === 'wrong_credentials';",
        replace: 'failed = error instanceof RangeError;',
      },
    ],
  },
];
