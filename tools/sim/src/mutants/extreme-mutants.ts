/** Bugs that show where there is much, where something is odd, or where what is outside stands still. */
import type { Edit, Mutant } from './mutant.ts';

const HOLDINGS = 'packages/discovery/src/holdings.ts';
const INVENTORY = 'packages/discovery/src/inventory.ts';
const LINE_OUTPUT = 'packages/app-host/src/line-output.ts';
const PULSE_SESSION = 'packages/pulse/src/root-session.ts';
const ROOM_LIST = 'packages/room/src/room-list.ts';
const ROOM_PAGE = 'packages/room/src/room-page.ts';
const SESSION = 'packages/net-frame/src/session.ts';

/** Where an inventory is cut by its bytes. */
const INVENTORY_UNCUT: Edit = {
  file: INVENTORY,
  find: 'while (count > 1 && encodedBytes(page) > maxBytes) {',
  replace: 'while (count > 1 && maxBytes < 0) {',
};

const PLACES = 'packages/net-frame/src/places.ts';
const ROOT_SESSION = 'packages/pulse/src/root-session.ts';

export const EXTREME_MUTANTS: readonly Mutant[] = [
  {
    name: 'an inventory is cut by its count alone',
    row: 'A2',
    words: 'Five hundred things are a page, however large they are.',
    needs: 'fatRooms',
    edits: [INVENTORY_UNCUT],
  },
  {
    name: 'a frame is sent however large it is',
    row: 'A1',
    words: 'Who sends looks at no size, and the other side ends the link.',
    needs: 'fatRooms',
    edits: [
      INVENTORY_UNCUT,
      {
        file: SESSION,
        find: 'if (size > this.#maxSentFrameBytes)',
        replace: 'if (size > 1e12)',
      },
    ],
  },
  {
    name: 'a page is cut by its count alone',
    row: 'A1',
    words: 'A hundred rooms are a page, however much they say of themselves.',
    needs: 'fatRooms',
    edits: [
      {
        file: ROOM_PAGE,
        find: 'bytes > ROOMS_BYTES',
        replace: 'bytes > 1e12',
      },
    ],
  },
  {
    name: 'a page goes on behind what was cut',
    row: 'A1',
    words: 'A page that is cut by its bytes leads on to the rooms behind those that it was asked for.',
    needs: 'fatRooms',
    edits: [
      {
        file: ROOM_LIST,
        find: 'const goesOnAt = from + rooms.length < found.cards.length ? last : found.lookedTo;',
        replace:
          'const goesOnAt = from + rooms.length < found.cards.length ? (found.cards[Math.min(from + pageSize, found.cards.length) - 1] ?? last) : found.lookedTo;',
      },
    ],
  },
  {
    name: 'who does not read is read on',
    row: 'A31',
    words: 'A session is read however much waits for it.',
    needs: 'fatRooms',
    edits: [
      {
        file: SESSION,
        find: '    this.#full = full;\n    this.#readingChanged();',
        replace: '    this.#full = full && this.#table === undefined;\n    this.#readingChanged();',
      },
    ],
  },
  {
    name: 'what is promised is not reckoned with',
    row: 'A3',
    words: 'Large answers that are asked for at once end the session of who reads them.',
    needs: 'fatRooms',
    edits: [
      {
        file: PULSE_SESSION,
        find: 'this.#wire.promisedBytes += this.#promiseOf(topic);',
        replace: 'this.#wire.promisedBytes += 0 * this.#promiseOf(topic);',
      },
      {
        file: PULSE_SESSION,
        find: 'this.#wire.promisedBytes -= this.#promiseOf(topic);',
        replace: 'this.#wire.promisedBytes -= 0 * this.#promiseOf(topic);',
      },
    ],
  },
  {
    name: 'a call is worked on however much waits',
    row: 'A4',
    words: 'A master answers a front that does not read until the link ends.',
    needs: 'fatRooms',
    edits: [
      {
        file: 'packages/pulse/src/inbound.ts',
        find: 'if (isCall && !session.hasRoomFor(topic as CallTopic))',
        replace: 'if (isCall && topic.number < 0 && !session.hasRoomFor(topic as CallTopic))',
      },
    ],
  },
  {
    name: 'backoff begins anew with the welcome',
    row: 'A1',
    words: 'A link that was welcomed and ended before it has served counts as a success.',
    needs: 'briefLinks',
    edits: [
      {
        file: 'packages/discovery/src/back-link.ts',
        find: "backsOffUntil: 'served'",
        replace: "backsOffUntil: 'welcomed'",
      },
    ],
  },
  {
    name: 'what a dead front held counts until it is cleared',
    row: 'A15',
    words: 'Rooms and logins of a front that is gone are there until their turn has come.',
    needs: 'roomCrowd',
    edits: [
      {
        file: HOLDINGS,
        find: '    this.#byFront.delete(front);\n    hold.isGone = true;\n    this.#size -= hold.count;\n    return this.#clearing(hold);',
        replace: '    return this.#clearing(hold);',
      },
    ],
  },
  {
    name: "what came back goes with the dead front's things",
    row: 'A15',
    words: 'What is cleared of a front that is gone is cleared by its key, whoever holds that by now.',
    needs: 'roomCrowd',
    edits: [
      {
        file: HOLDINGS,
        find: '    if (present !== undefined) this.#remove(present);\n',
        replace: '    if (present?.hold.isGone === false) this.#remove(present);\n',
      },
    ],
  },
  {
    name: 'an id of a user is shorter between services',
    row: 'A9',
    words: 'An identity that was let in at the door cannot be told again.',
    needs: 'longSubs',
    edits: [
      {
        file: 'packages/protocol/src/topics/auth.ts',
        find: 'const LoginRecord = Type.Object({ name: Name, userId: UserId,',
        replace: 'const LoginRecord = Type.Object({ name: Name, userId: Type.String({ maxLength: 128 }),',
      },
    ],
  },
  {
    name: 'one record that cannot be costs all of a batch',
    row: 'A9',
    words: 'What a front tells is taken as a whole or not at all.',
    needs: 'oddRecords',
    edits: [
      {
        file: 'packages/pulse/src/inbound.ts',
        find: 'readPayload(topic, frame, this.#leftOut)',
        replace: 'readPayload(topic, frame)',
      },
    ],
  },
  {
    name: "a name's key has no bound",
    row: 'A9',
    words: 'A name of signs for whole phrases is let in: its key has spaces, and is too long for an id.',
    needs: 'lookAlikes',
    edits: [
      {
        file: 'packages/protocol/src/name-rule.ts',
        find: 'return keepsRule(userKey(name)) ? name : undefined;',
        replace: 'return name;',
      },
    ],
  },
  {
    name: 'spellings of a name are several users',
    row: 'F34',
    words: 'The key of a name is the name in lower case.',
    needs: 'lookAlikes',
    edits: [
      {
        file: 'packages/lobby/src/login-book.ts',
        find: 'this.#logins.set(userKey(login.name), login);',
        replace: 'this.#logins.set(login.name.toLowerCase(), login);',
      },
    ],
  },
  {
    name: 'clients are told why a server is away',
    row: 'I29',
    words: 'A failure of a call between services is passed on to the client in its own words.',
    edits: [
      {
        file: 'packages/pulse/src/answers.ts',
        find: 'if (error instanceof CallFailure && this.#peerIsClient)',
        replace: 'if (error instanceof CallFailure && !this.#peerIsClient)',
      },
    ],
  },
  {
    name: 'a log that cannot be written throws',
    row: 'A22',
    words: 'Whoever logs a line is told that the disk is full.',
    needs: 'stillLogs',
    edits: [
      {
        file: LINE_OUTPUT,
        find: "if (code !== 'EAGAIN') return this.#drop(code);",
        replace: "if (code !== 'EAGAIN') throw error;",
      },
    ],
  },
  {
    name: 'a log is waited for',
    row: 'A22',
    words: 'A line that the pipe does not take is written again at once, until it does.',
    needs: 'stillLogs',
    edits: [
      {
        file: LINE_OUTPUT,
        find: '      this.#restWaits = isRest || sent > 0;\n',
        replace:
          '      if (sent >= 0) return this.#send(bytes.subarray(sent), true);\n      this.#restWaits = isRest || sent > 0;\n',
      },
    ],
  },
  {
    name: 'lines are lost uncounted',
    row: 'A22',
    words: 'A log that stands still loses lines, and nobody learns how many.',
    needs: 'stillLogs',
    edits: [{ file: LINE_OUTPUT, find: 'this.#dropped += 1;', replace: 'this.#dropped += 0;' }],
  },
  {
    name: 'a line is glued to what is left of another',
    row: 'A22',
    words: 'Behind the beginning of a line whose rest is lost the next one begins.',
    needs: 'stillLogs',
    edits: [
      {
        file: LINE_OUTPUT,
        find: 'this.#begun ||= sent > 0;',
        replace: 'this.#begun ||= sent < 0;',
      },
    ],
  },
  {
    name: 'a newcomer is turned away where a port is full',
    row: 'A13',
    words: 'Whoever is there stays, stranger or not.',
    needs: 'strangers',
    edits: [
      {
        file: PLACES,
        find: 'const leaver = this.#firstToGo(source, limit);',
        replace: 'const leaver = this.#firstToGo(source, limit) === undefined ? undefined : newcomer;',
      },
    ],
  },
  {
    name: 'who logs in stays a stranger',
    row: 'A13',
    words: 'The oldest connection of the source that has most makes room, whoever is known on it.',
    needs: 'strangers',
    edits: [
      {
        file: ROOT_SESSION,
        find: '    this.#place?.admit();\n    this.#wire.maxFrameBytes',
        replace: '    this.#wire.maxFrameBytes',
      },
    ],
  },
  {
    name: 'who says hello is no stranger',
    row: 'A13',
    words: 'Whoever says hello and nothing more keeps a place for 10 s, and nobody can take it.',
    needs: 'strangers',
    edits: [
      {
        file: ROOT_SESSION,
        find: '    this.#place?.dismiss();\n    this.#wire.maxFrameBytes = maxFrameBytes;',
        replace: '    this.#place?.admit();\n    this.#wire.maxFrameBytes = maxFrameBytes;',
      },
    ],
  },
  {
    name: 'the source that has least makes room',
    row: 'A13',
    words: 'Whoever comes alone is the first to go.',
    needs: 'strangers',
    edits: [
      {
        file: 'packages/net-frame/src/networks.ts',
        find: 'return this.#byCount.get(this.#most)?.first;',
        replace: 'return this.#byCount.get(Math.min(...this.#byCount.keys()))?.first;',
      },
    ],
  },
  {
    name: 'strangers take turns with services',
    row: 'A14',
    words: 'The challenge waits for a turn, so those who prove nothing keep fronts waiting.',
    needs: 'strangers',
    edits: [
      {
        file: ROOT_SESSION,
        find: '    this.#place?.admit();\n    this.#host.proved(this, goOn);',
        replace: '    this.#host.proved(this, goOn);',
      },
      {
        file: 'packages/pulse/src/dialects/service-dialects.ts',
        find: 'session.sendFrame(encodeMessage(net.challenge, { nonce: this.#nonce }));',
        replace:
          'session.proved(() => session.sendFrame(encodeMessage(net.challenge, { nonce: this.#nonce })));',
      },
    ],
  },
];
