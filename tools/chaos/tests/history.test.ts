/** A history of lines: what belongs together is found, and lines that are in no order are no history. */

import { describe, expect, it } from '@jest/globals';
import { History } from '../src/index.ts';
import { RUN, Story } from './story.ts';

const PAGE = { topic: 'room.req_page' };

describe('a history', () => {
  it('gives each answer to its call, in whatever order they came', () => {
    const { calls, unasked } = new Story()
      .opens('ana', 1)
      .asks('ana', 1, PAGE)
      .asks('ana', 1, PAGE)
      .answers('ana', 1, { ...PAGE, failure: 'second' })
      .tell({ what: 'answered', bot: 'ana', link: 1, seq: 1, ...PAGE, failure: 'first' })
      .tell({ what: 'answered', bot: 'ana', link: 1, seq: 1, ...PAGE, failure: 'again' })
      .tell({ what: 'answered', bot: 'ana', link: 1, seq: 3, ...PAGE, failure: 'to none' })
      .history();
    expect(calls.map(({ answered }) => answered?.failure)).toEqual(['first', 'second']);
    expect(calls.map(({ more }) => more.length)).toEqual([1, 0]);
    expect(unasked.map(({ failure }) => failure)).toEqual(['to none']);
  });

  it('tells the calls of one topic in the order in which they were asked', () => {
    const history = new Story()
      .opens('ana', 1)
      .opens('ben', 2)
      .asks('ben', 2, PAGE)
      .asks('ana', 1, { topic: 'auth.req_login' })
      .asks('ana', 1, PAGE)
      .history();
    expect(history.callsOf(PAGE.topic).map(({ asked }) => asked.bot)).toEqual(['ben', 'ana']);
    expect(history.callsOf('room.req_leave')).toEqual([]);
  });

  it('does not take lines that are in no order, or of a connection that was never opened', () => {
    expect(() => new History([{ at: 0, what: 'calm' }])).toThrow('the first line');
    expect(
      () =>
        new History([
          { at: 5, ...RUN },
          { at: 4, what: 'calm' },
        ]),
    ).toThrow('a line at 4 ms comes after one at 5 ms');
    expect(() => new Story().ends('ana', 7).history()).toThrow('connection 7 was never opened');
    const asked = { what: 'asked', bot: 'ana', link: 1, seq: 2, ...PAGE, request: {} } as const;
    expect(() => new Story().opens('ana', 1).tell(asked).tell(asked).history()).toThrow(
      'call 2 on connection 1 comes after call 2',
    );
  });
});
