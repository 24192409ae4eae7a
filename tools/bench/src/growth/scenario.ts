/** P10: what a master is asked costs the same however much it knows, and a dead front stops nobody. */

import type { Column, Goal, Scenario } from '../scenario.ts';
import { ROOMS, SIZES, USERS } from './sizes.ts';

const THOUSAND = 'thousand';
const MILLION = 'million';
/** The heartbeat of a link between services. */
const HEARTBEAT_MS = 2_000;
const GROWTH = 3;
const KIB = 1_024;

const ROOM_CALLS: Readonly<Record<string, string>> = {
  first: 'page, the first',
  middle: 'page, by cursor in the middle',
  last: 'page, by cursor at the end',
  title: 'page by title',
  titleOfNone: 'page by title, none has it',
  attributes: 'page by attributes',
  openOfNone: 'page by attributes and open, none is',
  open: 'page of the open ones, one is',
  quick: 'quick, all rooms but one are full',
  create: 'create',
};
const USER_CALLS: Readonly<Record<string, string>> = {
  login: 'login by token',
  again: 'login by token, logged in elsewhere',
};
const COUNTS = { counts: 'counts of all fronts' };
const INVENTORY = { inventoryUs: 'inventory of 100' };

const asColumns = (calls: Readonly<Record<string, string>>): Column[] =>
  Object.entries(calls).flatMap(([name, title]) => [
    { measure: `${name}P50Us`, title: `${title}: p50`, unit: 'µs', digits: 0, compared: true },
    { measure: `${name}P99Us`, title: `${title}: p99`, unit: 'µs', digits: 0, compared: true },
  ]);
const column = (measure: string, title: string, unit: string, digits = 0): Column => ({
  ...{ measure, title, unit, digits },
  compared: true,
});

const growth = (variant: string, measure: string, title: string): Goal => ({
  text: `${title}: at most ${GROWTH} x that with 1,000`,
  ...{ variant, measure, of: MILLION, against: THOUSAND, atMost: GROWTH },
});
const ofMillion = (variant: string, measure: string, text: string, atMost: number): Goal => ({
  ...{ variant, measure, text, of: MILLION, atMost },
});

function goalsOf({ name }: typeof ROOMS, calls: Readonly<Record<string, string>>): Goal[] {
  return [
    ...Object.entries({ ...calls, ...COUNTS }).map(([call, title]) => growth(name, `${call}P50Us`, title)),
    ...Object.entries(INVENTORY).map(([measure, title]) => growth(name, measure, title)),
    growth(name, 'smallStopMs', 'longest stop when a front with 100 dies'),
    ofMillion(
      name,
      'stopsApart',
      `longest stop when a front with a tenth dies: at most ${GROWTH} x that of one with 100`,
      GROWTH,
    ),
    ofMillion(
      name,
      'tenthPauseMs',
      'that stop in ms, garbage collected: less than a heartbeat',
      HEARTBEAT_MS,
    ),
  ];
}

export const growthOfMasters: Scenario = {
  id: 'P10',
  title: 'Masters that know much',
  directory: 'growth',
  kind: 'alone',
  rounds: 2,
  rowOf: 'measure',
  variants: [ROOMS, USERS],
  quickVariants: [ROOMS, USERS],
  contenders: Object.entries(SIZES).map(([id, size]) => ({
    id,
    title: size.toLocaleString('en'),
    ours: true,
    slow: id === MILLION,
  })),
  columns: [
    ...asColumns({ ...ROOM_CALLS, ...USER_CALLS, ...COUNTS }),
    ...Object.entries(INVENTORY).map(([measure, title]) => column(measure, title, 'µs')),
    column('smallStopMs', 'a front with 100 dies: longest stop', 'ms', 1),
    column('smallTookMs', 'a front with 100 dies: until all is cleared', 'ms', 1),
    column('tenthStopMs', 'a front with a tenth dies: longest stop', 'ms', 1),
    column('tenthPauseMs', 'the same with garbage collections', 'ms', 1),
    column('tenthTookMs', 'a front with a tenth dies: until all is cleared', 'ms', 1),
    column('roomBytes', 'memory of a room', 'bytes'),
    column('seatBytes', 'memory of a seat', 'bytes'),
    column('userBytes', 'memory of a user', 'bytes'),
  ],
  goals: [
    ...goalsOf(ROOMS, ROOM_CALLS),
    ofMillion(ROOMS.name, 'roomBytes', 'a room takes at most 1 KiB', KIB),
    ...goalsOf(USERS, USER_CALLS),
  ],
  times: { warmUpMs: 0, measureMs: 0 },
  notes: [
    'One process for each size: the master and its fronts, which speak the real topics over a network in memory. Ten fronts hold a tenth each, and make their records when they are told.',
    'Costs and stops are CPU time of the one thread, both ends of a call together. A room has a title of 20 characters, two attributes, and one seat, which is taken; half of the titles are of the letter İ, which is two when it is small.',
    'It is cleared when the master is at rest again. Stops are without garbage collections, which come now and then whatever is done, and are told beside. The small front dies 25 times, three of the ten die; medians of those.',
  ],
};
