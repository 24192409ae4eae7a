/** Bugs below the services: sessions, calls, strands, pulses, links. */
import type { Mutant } from './mutant.ts';

const SESSION = 'packages/net-frame/src/session.ts';
const PENDING_CALLS = 'packages/call/src/pending-calls.ts';
const CALLS = 'packages/call/src/calls.ts';
const ROOT = 'packages/pulse/src/root.ts';

export const NET_MUTANTS: readonly Mutant[] = [
  {
    name: 'heartbeats close nothing',
    row: 'F2',
    words: 'A session whose other end is silent is kept for ever.',
    edits: [{ file: SESSION, find: 'silentMs > 3 * heartbeatMs', replace: 'silentMs > 1e12 * heartbeatMs' }],
  },
  {
    name: 'replies first in, first out',
    row: 'F7',
    words: 'A reply settles the oldest call that waits, whatever its number is.',
    edits: [
      {
        file: PENDING_CALLS,
        find: 'reply(seq: number, value: unknown): void {\n    const waiting = this.#take(seq);',
        replace:
          'reply(seq: number, value: unknown): void {\n    const waiting = this.#take(this.#waiting.keys().next().value ?? seq);',
      },
    ],
  },
  {
    name: 'a call on a closed session waits',
    row: 'F8',
    words: 'Sent first and registered then, a call on a session that has ended is never settled.',
    edits: [
      {
        file: CALLS,
        find: 'if (!this.#line.isOpen)',
        replace: 'if (this.#line === undefined)',
      },
      {
        file: PENDING_CALLS,
        find: "    if (this.#ended)\n      throw this.refused(topic, 'backend_unavailable', 'the session has ended, the call was not sent');\n",
        replace: '',
      },
    ],
  },
  {
    name: 'a local close is not told',
    row: 'F10',
    words: 'Who closes a session is not told that it is closed.',
    edits: [
      {
        file: SESSION,
        find: '    else this.#pipe.end();\n    this.#end(reason);',
        replace:
          '    else this.#pipe.end();\n    this.#closed = reason;\n    this.#table.remove(this, reason);',
      },
    ],
  },
  {
    name: 'session keys are used again',
    row: 'F11',
    words: 'A session gets the number of one that was there before.',
    edits: [
      {
        file: 'packages/net-frame/src/session-table.ts',
        find: 'key: this.#platform.nextSessionKey()',
        replace: 'key: this.#sessions.size + 1',
      },
    ],
  },
  {
    name: 'one failed send stops a broadcast',
    row: 'F12',
    words: 'Those behind a session that is gone do not get what all were told.',
    edits: [
      {
        file: 'packages/pulse/src/server-pulse.ts',
        find: 'for (const session of [...sessions]) session.sendEncoded(frame);',
        replace: 'for (const session of [...sessions]) if (!session.sendEncoded(frame)) break;',
      },
    ],
  },
  {
    name: 'a service topic is taken from a client',
    row: 'F16',
    words: 'A client can say what only a master may.',
    edits: [
      {
        file: 'packages/pulse/src/words.ts',
        find: 'if (word.flow !== takes)',
        replace: 'if (takes === undefined)',
      },
      {
        file: 'packages/lobby/src/lobby-runner.ts',
        find: '.answer(auth.reqLogout, (session) => this.#logout(session))',
        replace:
          '.answer(auth.reqKickB2f, (_, kick) => this.#kicked(kick)).answer(auth.reqLogout, (session) => this.#logout(session))',
      },
    ],
  },
  {
    name: 'the frame limit is not enforced',
    row: 'F18',
    words: 'A frame of any length is taken.',
    edits: [
      {
        file: 'packages/net-frame/src/frame-reader.ts',
        find: 'size > this.maxFrameBytes',
        replace: 'size > 1e12',
      },
    ],
  },
  {
    name: 'the end of a session settles nothing',
    row: 'I9',
    words: 'Calls that wait when their session ends wait for ever.',
    edits: [
      {
        file: PENDING_CALLS,
        find: "    for (const seq of [...this.#waiting.keys()]) this.#unknown(seq, 'backend_unavailable', message);\n",
        replace: '',
      },
    ],
  },
  {
    name: 'a late answer is sent all the same',
    row: 'I10',
    words: 'A call that was answered `deadline` is answered again.',
    edits: [
      {
        file: 'packages/pulse/src/debts.ts',
        find: 'return !debt.lapsed;',
        replace: 'return debt !== undefined;',
      },
    ],
  },
  {
    name: 'a strand does not hold across awaits',
    row: 'I14',
    words: 'What waits on a strand begins when the task before it first waits.',
    edits: [
      {
        file: 'packages/pulse/src/strand.ts',
        find: '      if (!isPromise(result)) {\n',
        replace: '      if (this.#held) {\n',
      },
    ],
  },
  {
    name: 'pulses of an old session stay',
    row: 'I15',
    words: 'What was made for a session is not stopped with it.',
    edits: [{ file: ROOT, find: '    for (const pulse of bound) pulse.sessionEnded();\n', replace: '' }],
  },
  {
    name: 'backoff begins anew with TCP',
    row: 'F30',
    words: 'A connection that is made and lost at once counts as a success.',
    edits: [
      {
        file: 'packages/pulse/src/client-pulse.ts',
        find: 'else this.root.add(pipe);',
        replace: 'else { this.#failures = 0; this.root.add(pipe); }',
      },
    ],
  },
  {
    name: 'a second connection of one front stays',
    row: 'I16',
    words: 'A front that has connected anew is two fronts until the older session is found to be dead.',
    edits: [
      {
        file: 'packages/discovery/src/front-registry.ts',
        find: "        other.session.close('superseded', `${up.service} ${up.node} has opened a newer connection`);",
        replace: '        this.#log.debug({}, up.node);',
      },
    ],
  },
];
