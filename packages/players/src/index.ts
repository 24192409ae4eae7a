/**
 * What @lobby/players offers: users that are played by programs, what they did and were told, and what must
 * hold of it.
 */

export { Chance } from './chance/chance.ts';
export { Sfc32 } from './chance/sfc32.ts';
export { LinkRecorder } from './history/link-recorder.ts';
export { answersOnce, nameOf, ownAnswers } from './invariants/answers.ts';
export { authority } from './invariants/authority.ts';
export { Beliefs } from './invariants/beliefs.ts';
export { capacity } from './invariants/capacity.ts';
export { chatLines } from './invariants/chat-lines.ts';
export { HEALED_MS } from './invariants/fold.ts';
export { HeardChats } from './invariants/heard-chats.ts';
export { Kickouts } from './invariants/kickouts.ts';
export { OpenCalls } from './invariants/open-calls.ts';
export { tickets } from './invariants/tickets.ts';
export { LinkError } from './link/link-error.ts';
export { LinkKeeper } from './link/link-keeper.ts';
export { Link } from './link/link.ts';
export { PROBE_STEPS, probe } from './user/probe.ts';
export { RandomUser, isRefusal } from './user/random-user.ts';
export { TownTalk } from './user/town-talk.ts';
export { User } from './user/user.ts';
export { PLAIN_WORDS } from './user/words.ts';

export type {
  AnsweredLine,
  AskedLine,
  At,
  ClientLine,
  EndedLine,
  Fields,
  HeardLine,
  OpenedLine,
  Untimed,
} from './history/line.ts';
export type { LinkRecorderOptions } from './history/link-recorder.ts';
export type { Answer, AskedCall, LinkHandlers, LinkOptions, Waiter } from './link/link.ts';
export type { Belief } from './invariants/beliefs.ts';
export type { Finding, Fold, Weather } from './invariants/fold.ts';
export type { Loss } from './invariants/heard-chats.ts';
export type { Connection } from './user/connection.ts';
export type { ProbeFault, ProbeOptions, ProbeStep } from './user/probe.ts';
export type { Habits, Span, Weights } from './user/habits.ts';
export type { RandomUserOptions } from './user/random-user.ts';
export type { Credentials, Open, PageWish, Place, QuickWish, RoomAndSeat, RoomWish } from './user/user.ts';
export type { Words } from './user/words.ts';
