/** Bugs of the lobby: who is logged in where. */
import type { Mutant } from './mutant.ts';

const MASTER = 'packages/lobby/src/lobby-master.ts';
const LOGINS = 'packages/lobby/src/logins.ts';
const RUNNER = 'packages/lobby/src/lobby-runner.ts';

export const LOBBY_MUTANTS: readonly Mutant[] = [
  {
    name: "a dead front's users stay",
    row: 'F4',
    words: 'lobby-master keeps the users of a front that is gone.',
    edits: [
      {
        file: MASTER,
        find: 'left: (front) => this.#clearance.add(this.#logins.book.removeFront(front)),',
        replace: 'left: () => undefined,',
      },
    ],
  },
  {
    name: 'kicks by name, to every front',
    row: 'F5',
    words: 'A kick goes to all fronts, and each puts out whoever bears the name.',
    edits: [
      {
        file: MASTER,
        find: 'this.#logins = new Logins(this.#log);',
        replace:
          'this.#logins = new Logins(this.#log);\n    this.#logins.everyFront = () => this.fronts.fronts.values();',
      },
      {
        file: LOGINS,
        find: '  readonly #log: Log;\n',
        replace: '  readonly #log: Log;\n  everyFront: () => Iterable<Front> = () => [];\n',
      },
      {
        file: LOGINS,
        find: 'front.session.call(auth.reqKickB2f, kick, { deadlineMs: KICK_DEADLINE_MS }),',
        replace:
          'Promise.all([...this.everyFront()].map((other) => other.session.call(auth.reqKickB2f, kick, { deadlineMs: KICK_DEADLINE_MS }))),',
      },
      {
        file: RUNNER,
        find: 'const session = this.#options.front.sessions.get(key);\n',
        replace:
          'const named = [...this.#users].find((user) => userKey(user.name) === userKey(name));\n    const session = this.#options.front.sessions.get(named?.session ?? key);\n',
      },
      {
        file: RUNNER,
        find: 'if (session === undefined || !concerned || this.#users.hasEnded(key, epoch)) return { kicked: false };',
        replace:
          'if (session === undefined || (named === undefined && !concerned)) return { kicked: false };',
      },
    ],
  },
  {
    name: 'a late logout removes by name',
    row: 'F6',
    words: 'The end of an older login removes the newer one from the book.',
    edits: [
      {
        file: 'packages/lobby/src/login-book.ts',
        find: 'return this.#logins.get(key)?.epoch === epoch && this.#logins.delete(key);',
        replace: 'return epoch >= 0 && this.#logins.delete(key);',
      },
    ],
  },
  {
    name: 'a kick compares no epochs',
    row: 'I4',
    words: 'A kick for an older login ends whatever is on its session now.',
    edits: [
      {
        file: RUNNER,
        find: 'const concerned = this.#users.on(key)?.epoch === epoch || this.#loggingIn.has(key);',
        replace: 'const concerned = epoch >= 0;',
      },
      {
        file: RUNNER,
        find: '!concerned || this.#users.hasEnded(key, epoch)',
        replace: '!concerned',
      },
    ],
  },
  {
    name: 'an older claim takes a login',
    row: 'F5',
    words: 'A front that comes back with an older login of a user gets it, and the newer one is put out.',
    edits: [
      {
        file: MASTER,
        find: '    if ((known !== undefined && known.epoch > epoch) || this.#logins.isSuperseded(claimed))\n      return this.#logins.putOut(claimed, ELSEWHERE);\n',
        replace: '',
      },
    ],
  },
  {
    name: 'a superseded login is taken back',
    row: 'I4',
    words: 'A front that was away brings an older login back when the newer one has ended.',
    edits: [{ file: MASTER, find: ' || this.#logins.isSuperseded(claimed))', replace: ')' }],
  },
  {
    name: 'the inventory is told once only',
    row: 'F1',
    words: 'A front does not tell a master that has lost its memory whom it serves.',
    edits: [
      {
        file: RUNNER,
        find: 'heard: (child) => this.#inventory.tell(child),',
        replace:
          'heard: ((once = false) => (child: SessionPulse) => {\n          if (once) return undefined;\n          once = true;\n          return this.#inventory.tell(child);\n        })(),',
      },
    ],
  },
  {
    name: 'epochs come from the wall clock',
    row: 'F28',
    words: 'A clock that is set back gives numbers that were given before.',
    edits: [
      {
        file: MASTER,
        find: 'const epoch = this.#epochs.next();',
        replace: 'const epoch = this.#options.clock.wallNow();',
      },
    ],
  },
  {
    name: 'a login is answered before the kick',
    row: 'F5',
    words: 'The newer login is there while the older one still is.',
    edits: [
      {
        file: MASTER,
        find: 'if (older !== undefined && !isRepeated) await this.#logins.putOut(older, ELSEWHERE);',
        replace: 'if (older !== undefined && !isRepeated) void this.#logins.putOut(older, ELSEWHERE);',
      },
    ],
  },
  {
    name: 'an ended login is not told',
    row: 'I17',
    words: 'lobby-master keeps users who have logged out or lost their connections.',
    edits: [
      { file: RUNNER, find: '    this.#tellLogout(user);\n    return user;', replace: '    return user;' },
    ],
  },
];
