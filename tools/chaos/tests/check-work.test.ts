/**
 * A check of a long history takes the work of a short one, times the length: counted in how often the lines
 * are read, not in time.
 */

import { describe, expect, it } from '@jest/globals';
import { History, checkHistory, reportOf } from '../src/index.ts';
import type { HistoryLine } from '../src/index.ts';
import { Story, roomInfo } from './story.ts';

const LOGIN = 'auth.req_login';
const PAGE = { topic: 'room.req_page', request: { page: 1 }, reply: { page: 1, rooms: [] } };
const KICKOUT = { topic: 'auth.syn_kickout', payload: { code: 'logged_in_elsewhere', message: '' } };

/**
 * Two connections stay all the time: one logs in and out on and on, one is served on and on. In every round a
 * user takes a login over.
 */
function longStory(rounds: number): Story {
  const [stays, served] = [1, 2];
  const story = new Story().logsIn('cat', stays).logsIn('dan', served).logsIn('ana', 3);
  story.enters('dan', served, { ticket: 'of dan' });
  for (let round = 0; round < rounds; round += 1) {
    const [older, newer] = [round + 3, round + 4];
    const room = roomInfo({ roomId: `room-${round}` });
    const fault = { what: 'fault', on: 'app-front', fault: `stopped in round ${round}` } as const;
    story
      .does('ana', older, PAGE)
      .opens('ana', newer)
      .asks('ana', newer, { topic: LOGIN })
      .hears('ana', older, KICKOUT)
      .ends('ana', older, 'logged_in_elsewhere')
      .answers('ana', newer, { topic: LOGIN, reply: { name: 'ana' } })
      .does('cat', stays, { topic: 'auth.req_logout' })
      .does('cat', stays, { topic: LOGIN, reply: { name: 'cat' } })
      .does('dan', served, PAGE)
      .does('dan', served, {
        topic: 'room.req_create',
        request: { title: room.title, requestId: `r${round >> 1}` },
        reply: { room },
      })
      .hearsLine('dan', served, { id: round + 1, text: `dan says ${round + 1}` })
      .tell({ ...fault, phase: 'begin' })
      .tell({ what: 'process', node: 'app-front', event: 'ended', signal: 'SIGKILL', meant: 'SIGKILL' })
      .tell({ what: 'process', node: 'app-front', event: 'started' })
      .tell({ ...fault, phase: 'end' });
  }
  story.calm().probed().books('lobby-master', { users: [] }).books('room-master', { rooms: [] });
  story.books('app-front', { users: [], rooms: [] });
  return story;
}

/** The lines, and how often anything of them has been read so far. */
function counted(lines: readonly HistoryLine[]): {
  readonly lines: HistoryLine[];
  readonly reads: () => number;
} {
  let reads = 0;
  const get = (line: HistoryLine, key: string | symbol): unknown => {
    reads += 1;
    return Reflect.get(line, key);
  };
  return { lines: lines.map((line) => new Proxy(line, { get })), reads: () => reads };
}

/** Reads for each line of a story that long. */
function readsPerLine(rounds: number): number {
  const { lines, reads } = counted(longStory(rounds).lines);
  checkHistory(new History(lines), { timing: true });
  return reads() / lines.length;
}

describe('a history that is ten times as long', () => {
  it('is read hardly more often line by line', () => {
    expect(readsPerLine(2_000)).toBeLessThan(1.25 * readsPerLine(200));
  });

  it('takes no more for a report of what is wrong at its end', () => {
    const readsOfReport = (rounds: number): number => {
      const { lines, reads } = counted(longStory(rounds).lines);
      const history = new History(lines);
      const found = checkHistory(history).findLast(({ check }) => check.id === 'I24');
      const before = reads();
      if (found !== undefined) reportOf(found, history);
      return reads() - before;
    };
    expect(readsOfReport(2_000)).toBeGreaterThan(0);
    expect(readsOfReport(2_000)).toBeLessThan(2 * readsOfReport(200));
  });
});
