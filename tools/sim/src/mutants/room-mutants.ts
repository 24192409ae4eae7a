/** Bugs of the rooms: who sits where. */
import type { Mutant } from './mutant.ts';

const MEMBERS = 'packages/room/src/members.ts';
const ROOM = 'packages/room/src/room.ts';
const RUNNER = 'packages/room/src/room-runner.ts';
const SEATING = 'packages/room/src/seating.ts';

export const ROOM_MUTANTS: readonly Mutant[] = [
  {
    name: 'a seat that nobody takes is kept',
    row: 'F13',
    words: 'A reservation never expires.',
    edits: [
      {
        file: MEMBERS,
        find: "    seat.unused = true;\n    this.#free(seat, 'disconnected');\n",
        replace: '',
      },
    ],
  },
  {
    name: 'a dropped member is kept',
    row: 'F13',
    words: 'The seat of a member whose connection was lost is never freed.',
    edits: [
      {
        file: MEMBERS,
        find: "    if (!this.tickets.has(seat)) this.#free(seat, 'disconnected');\n",
        replace: '    void seat;\n',
      },
    ],
  },
  {
    name: 'time between the look at the seats and the taking',
    row: 'F14',
    words: 'Whether a seat is free is asked a moment before it is taken.',
    edits: [
      { file: ROOM, find: 'if (this.held >= this.wish.capacity)', replace: 'if (this.held < 0)' },
      {
        file: RUNNER,
        find: '.answer(topics.reqReserveB2f, (_, { user, epoch, grant, roomId, mustHold = false, request }) => {\n        const room = this.#find(roomId);',
        replace:
          ".answer(topics.reqReserveB2f, async (_, { user, epoch, grant, roomId, mustHold = false, request }) => {\n        const room = this.#find(roomId);\n        if (room.held >= room.wish.capacity && room.seatOf(user) === undefined) throw new Failure('room_full', 'full');\n        await new Promise<void>((resolve) => void this.#options.platform.clock.setTimer(1, resolve));",
      },
    ],
  },
  {
    name: 'a seat too many',
    row: 'I6',
    words: 'A room takes one more than it has seats for.',
    edits: [
      {
        file: ROOM,
        find: 'if (this.held >= this.wish.capacity)',
        replace: 'if (this.held > this.wish.capacity)',
      },
    ],
  },
  {
    name: 'a ticket is bound to nobody',
    row: 'I7',
    words: "Whoever is logged in can check in with another user's ticket.",
    edits: [
      {
        file: MEMBERS,
        find: 'if (user !== undefined && userKey(user) !== seat.key) {',
        replace: 'if (user === "") {',
      },
    ],
  },
  {
    name: 'a ticket is good twice',
    row: 'I7',
    words: 'A ticket that was used leads in again.',
    edits: [
      {
        file: MEMBERS,
        find: "    this.tickets.cancel(seat);\n    // The seat's ticket",
        replace: "    // The seat's ticket",
      },
    ],
  },
  {
    name: 'identity comes from the payload',
    row: 'F17',
    words: 'Who checks in is called as the payload says.',
    edits: [
      {
        file: 'packages/protocol/src/topics/room.ts',
        find: 'payload: Type.Object({ ticket: Ticket }),',
        replace: 'payload: Type.Object({ ticket: Ticket, user_name: Type.Optional(Name) }),',
      },
      {
        file: MEMBERS,
        find: '(session, { ticket }) => this.#checkIn(session, ticket)',
        replace:
          '(session, request) => this.#checkIn(session, request.ticket, (request as { user_name?: string }).user_name)',
      },
      {
        file: MEMBERS,
        find: '#checkIn(session: Session, ticket: string)',
        replace: '#checkIn(session: Session, ticket: string, claimed?: string)',
      },
      {
        file: MEMBERS,
        find: "    const isNew = seat.state === 'reserved';\n",
        replace:
          "    const isNew = seat.state === 'reserved';\n    if (claimed !== undefined) (seat as { user: string }).user = claimed;\n",
      },
    ],
  },
  {
    name: 'grants are not compared',
    row: 'I8',
    words: 'Of two seats of one user the one that is reported last stays.',
    edits: [
      {
        file: 'packages/room/src/room-books.ts',
        find: '    if (other !== undefined && isNewer(other.record, seat.record)) return this.#loser(seat);\n',
        replace: '',
      },
    ],
  },
  {
    name: 'grants begin anew with room-master',
    row: 'F28',
    words:
      'What the fronts know of the room-master before is not heeded: its grants seem as new as those of now.',
    edits: [
      {
        file: 'packages/room/src/room-master.ts',
        find: '    if (this.#grants.follow(master.incarnation)) this.#sayNow();\n',
        replace: '',
      },
      {
        file: 'packages/room/src/room-master.ts',
        find: '      for (const { grant } of books.seats) this.#grants.seen(grant);\n',
        replace: '',
      },
    ],
  },
  {
    name: 'two seats are let be',
    row: 'I8',
    words: 'A user who has a newer seat keeps the older one too.',
    edits: [
      {
        file: 'packages/room/src/room-books.ts',
        find: '    if (other !== undefined) this.#loser(other);\n',
        replace: '',
      },
    ],
  },
  {
    name: 'the other seat is not released',
    row: 'I8',
    words: 'Who reserves another seat keeps the first.',
    edits: [
      {
        file: SEATING,
        find: 'if (held === undefined || held.record.roomId === roomId) return;',
        replace: 'if (held === undefined || held.front !== undefined) return;',
      },
    ],
  },
  {
    name: 'the rooms are told once only',
    row: 'F15',
    words: 'A room-runner does not tell a master that has lost its memory which rooms it holds.',
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
    name: 'the same request makes a second room',
    row: 'I24',
    words: 'What is asked for again with the same number is made again.',
    edits: [
      {
        file: SEATING,
        find: 'if (made !== undefined) return this.#repeated(asker, made);',
        replace: 'if (made === "") return this.#repeated(asker, made);',
      },
    ],
  },
  {
    name: 'a seat stays with the connection that has left it',
    row: 'I13',
    words: 'Who has left goes on talking in the room.',
    edits: [
      {
        file: 'packages/room/src/members.ts',
        find: 'this.#seats.delete(session.key);',
        replace: '',
      },
    ],
  },
  {
    name: 'the requestId of a quick is forgotten',
    row: 'I24',
    words: 'The front does not pass on with which number a quick seat is asked for.',
    edits: [
      {
        file: 'packages/lobby/src/room-requests.ts',
        find: 'master.call(room.reqQuickF2b, { ...wish, ...this.#asker(session) })',
        replace:
          'master.call(room.reqQuickF2b, (({ requestId: _, ...asked }) => asked)({ ...wish, ...this.#asker(session) }))',
      },
    ],
  },
  {
    name: 'quick makes a room each',
    row: 'A16',
    words: 'Who looks for any room does not wait for the one that is being made.',
    edits: [
      {
        file: SEATING,
        find: 'waits < QUICK_TRIES ? this.#gatherings.join(room) : undefined',
        replace: 'undefined',
      },
    ],
  },
  {
    name: 'a closed room is not told',
    row: 'I17',
    words: 'room-master lists a room that is gone.',
    edits: [
      {
        file: RUNNER,
        find: '    this.#ledger.changed(room);\n    this.#log.info({ room: room.roomId, why: message }',
        replace: '    this.#log.info({ room: room.roomId, why: message }',
      },
    ],
  },
  {
    name: 'lines are numbered as they were asked for',
    row: 'I13',
    words: 'The member who speaks is told of the line after all others, and of the next one before.',
    edits: [
      {
        file: MEMBERS,
        find: 'this.#options.front.sendAll(sessions, topics.synChat, { id, from: user, text, at });',
        replace:
          'const line = { id, from: user, text, at };\n    this.#options.platform.clock.setTimer(text.length % 7, () => this.#options.front.sendAll(room.sessions(), topics.synChat, line));',
      },
    ],
  },
];
