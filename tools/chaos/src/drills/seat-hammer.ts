/**
 * Many want one of the few seats of a room, round after round: never more are in it than it holds, and nobody
 * is left unanswered.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { room } from '@lobby/protocol';
import type { RoomInfo, Seat } from '@lobby/protocol';
import { DoorLink } from '../bots/door-link.ts';
import type { Outcome } from '../bots/door-link.ts';
import type { Door } from '../bots/town.ts';
import { Crowd, forEach } from './crowd.ts';
import type { Guest } from './crowd.ts';
import type { Drill, DrillReport, DrillSize, Stage } from './drill.ts';

const CAPACITY = 8;
/** So that no session sends faster than it may. */
const ROUND_MS = 150;

interface Round {
  readonly faults: readonly string[];
  readonly seats: number;
}

async function run(stage: Stage, { users, times }: DrillSize): Promise<DrillReport> {
  const { fronts } = stage;
  using crowd = await Crowd.arrive(users, { called: 'seeker', doors: fronts });
  const [host] = crowd.guests as [Guest, ...Guest[]];
  const made = await host.link.outcome(room.reqCreate, { title: 'eight seats', capacity: CAPACITY });
  if (made.kind !== 'reply') throw new Error(`the room was not made: ${made.code}`);
  const { roomId } = made.reply.room;
  const door = fronts.find(({ port }) => port === made.reply.seat.port) as Door;
  const faults: string[] = [];
  const begun = performance.now();
  let seats = 0;
  for (let index = 0; index < times; index += 1) {
    const [round] = await Promise.all([playRound(crowd.guests, { roomId, door }), pause(ROUND_MS)]);
    faults.push(...round.faults.map((fault) => `round ${index}: ${fault}`));
    seats += round.seats;
  }
  const tookMs = performance.now() - begun;
  return {
    faults: [...faults, ...crowd.lost.map(({ name }) => `${name} lost the connection`)],
    figures: [
      { name: 'clients', value: users, unit: '' },
      { name: 'rounds', value: times, unit: '' },
      { name: 'seats taken', value: seats, unit: '' },
      { name: 'reservations asked a second', value: Math.round((users * times * 1_000) / tookMs), unit: '' },
    ],
  };
}

/** All reserve at once; who has a seat checks in, and when all have, leaves. */
async function playRound(
  guests: readonly Guest[],
  { roomId, door }: { readonly roomId: string; readonly door: Door },
): Promise<Round> {
  const reserved = await Promise.all(guests.map(({ link }) => link.outcome(room.reqReserve, { roomId })));
  const winners = guests.flatMap((guest, index) => {
    const outcome = reserved[index];
    return outcome?.kind === 'reply' ? [{ guest, seat: outcome.reply.seat }] : [];
  });
  const entered = await forEach(winners, ({ guest, seat }) => checkIn(guest, seat, door));
  const places = entered.flatMap(({ place }) => place ?? []);
  const faults = [
    ...reserved.flatMap((outcome) => oddity(outcome)),
    ...entered.flatMap(({ fault }) => fault ?? []),
    ...(winners.length > CAPACITY ? [`${winners.length} have reserved one of ${CAPACITY} seats`] : []),
    ...(winners.length === 0 ? ['nobody got a seat of an empty room'] : []),
  ];
  await forEach(places, async ({ link, isOwn }) => {
    await link.outcome(room.reqLeave, {});
    if (isOwn) link.close();
  });
  return { faults, seats: places.length };
}

/** What came of a reservation that is neither a seat nor the word that there is none. */
function oddity(outcome: Outcome<{ readonly room: RoomInfo }>): string[] {
  if (outcome.kind === 'ended') return [`a reservation was left unanswered: ${outcome.code}`];
  if (outcome.kind === 'failure')
    return outcome.code === 'room_full' ? [] : [`a reservation failed: ${outcome.code}`];
  const { users } = outcome.reply.room;
  return users > CAPACITY ? [`${users} are told to be in a room of ${CAPACITY}`] : [];
}

interface Entered {
  readonly place?: { readonly link: DoorLink; readonly isOwn: boolean };
  readonly fault?: string;
}

async function checkIn({ name, link: lobby }: Guest, { ticket }: Seat, door: Door): Promise<Entered> {
  const isOwn = lobby.node !== door.node;
  const link = isOwn ? await DoorLink.open({ bot: name, door }) : lobby;
  if (link === undefined) return { fault: `${door.node} did not welcome ${name}` };
  const outcome = await link.outcome(room.reqCheckin, { ticket });
  if (outcome.kind !== 'reply') return { fault: `${name} could not check in: ${outcome.code}` };
  const { users } = outcome.reply;
  const place = { link, isOwn };
  if (users.length <= CAPACITY && new Set(users).size === users.length) return { place };
  return { place, fault: `in the room are ${users.join(', ')}` };
}

export const seatHammer: Drill = {
  name: 'seat-hammer',
  words: '500 clients want one of 8 seats, 200 times',
  fronts: 2,
  size: { users: 500, times: 200 },
  run,
};
