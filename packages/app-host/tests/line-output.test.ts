/** Lines on their way out: whole, in order, bounded, and counted where they are lost. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LineOutput } from '../src/line-output.ts';
import type { LineOutputOptions, LinesLost } from '../src/line-output.ts';

function fault(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/**
 * Takes what it has room for, as a pipe does; fails as long as it is told to. It never leaves a line break
 * alone: a line would be out to whoever reads, and lost to whoever counts.
 */
class FakeSink {
  text = '';
  room = Infinity;
  code: string | undefined;

  readonly take = (bytes: Uint8Array): number => {
    if (this.code !== undefined) throw fault(this.code);
    const room = this.room === bytes.length - 1 ? this.room - 1 : this.room;
    if (room <= 0) throw fault('EAGAIN');
    const taken = Math.min(room, bytes.length);
    this.text += Buffer.from(bytes.subarray(0, taken)).toString();
    this.room -= taken;
    return taken;
  };
}

/** Time that stands still; what waits for it is run by hand. */
class HandClock implements NonNullable<LineOutputOptions['clock']> {
  due: (() => void) | undefined;

  now(): number {
    return 0;
  }

  setTimer(_: number, task: () => void): { cancel(): void } {
    this.due = task;
    return { cancel: () => (this.due = undefined) };
  }

  /** The time is over for which was waited. */
  run(): void {
    const { due } = this;
    this.due = undefined;
    due?.();
  }
}

function outputTo(
  sink: FakeSink,
  maxWaitingBytes = 100,
  clock = new HandClock(),
): { output: LineOutput; lost: LinesLost[] } {
  const output = new LineOutput({ sink: sink.take, maxWaitingBytes, clock });
  const lost: LinesLost[] = [];
  output.recovered = (told) => void lost.push(told);
  return { output, lost };
}

describe('an output of lines', () => {
  it('has a line out before the next is written, where nothing is wrong', () => {
    const sink = new FakeSink();
    const { output } = outputTo(sink);
    output.write('one\n');
    expect(sink.text).toBe('one\n');
    expect(output.waitingBytes).toBe(0);
  });

  it('keeps lines for a reader that stands still, drops what is over the bound, and says so when it is read again', () => {
    const sink = new FakeSink();
    const { output, lost } = outputTo(sink, 8);
    sink.room = 2;
    for (const line of ['one\n', 'two\n', 'six\n', 'ten\n']) output.write(line);
    expect(sink.text).toBe('on');
    expect(output.waitingBytes).toBeLessThanOrEqual(8);
    expect(output.dropped).toBe(2);
    sink.room = Infinity;
    output.flush();
    expect(sink.text).toBe('one\ntwo\n');
    expect(lost).toEqual([{ dropped: 2, code: 'EAGAIN' }]);
  });

  it('drops lines while the disk is full, and begins anew on a line of its own', () => {
    const sink = new FakeSink();
    const { output, lost } = outputTo(sink);
    const { take } = sink;
    let calls = 0;
    const tears = new LineOutput({
      sink: (bytes) => {
        calls += 1;
        if (calls === 1) return take(bytes.subarray(0, 2));
        if (calls === 2) throw fault('ENOSPC');
        return take(bytes);
      },
    });
    tears.recovered = output.recovered;
    tears.write('torn\n');
    tears.write('whole\n');
    expect(sink.text).toBe('to\nwhole\n');
    expect(tears.dropped).toBe(1);
    expect(lost).toEqual([{ dropped: 1, code: 'ENOSPC' }]);
  });

  it('writes or counts every line, whole and in order, whatever its reader does', () => {
    const step = fc.oneof(
      fc.record({ line: fc.stringMatching(/^[a-z]{0,30}$/) }),
      fc.record({ room: fc.nat(60) }),
      fc.record({ again: fc.constant(true) }),
      fc.record({ code: fc.constantFrom('ENOSPC', 'EPIPE', 'EIO', undefined) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const sink = new FakeSink();
        const clock = new HandClock();
        const { output, lost } = outputTo(sink, 100, clock);
        const lines: string[] = [];
        for (const what of steps) {
          if ('line' in what) {
            const line = `${lines.length} ${what.line}\n`;
            lines.push(line);
            output.write(line);
          } else if ('again' in what) clock.run();
          else if ('room' in what) sink.room = what.room;
          else sink.code = what.code;
          expect(output.waitingBytes).toBeLessThanOrEqual(100 + 40);
        }
        sink.room = Infinity;
        sink.code = undefined;
        output.flush();
        output.write('last\n');
        const out = new Set(sink.text.split('\n'));
        const whole = lines.filter((line) => out.has(line.slice(0, -1)));
        expect(whole.length + output.dropped).toBe(lines.length);
        const inOrder = sink.text.split('\n').filter((line) => lines.includes(`${line}\n`));
        expect(inOrder.map((line) => `${line}\n`)).toEqual(whole);
        const torn = sink.text
          .split('\n')
          .slice(0, -2)
          .filter((line) => !lines.includes(`${line}\n`));
        expect(torn.filter((line) => !lines.some((other) => other.startsWith(line)))).toEqual([]);
        expect(torn.length).toBeLessThanOrEqual(output.dropped);
        expect(lost.reduce((sum, { dropped }) => sum + dropped, 0)).toBe(output.dropped);
      }),
    );
  });
});
