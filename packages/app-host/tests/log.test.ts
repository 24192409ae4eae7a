/** The log: what a line looks like, and what never stands in it. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createLog, logForm } from '../src/log.ts';
import { redacted } from '../src/redaction.ts';
import { recordedLog } from './recorded-log.ts';
import { RunningProcess, temporaryDirectory } from './run-process.ts';

/** What moves a cursor, turns the order of text or hides it. */
const ACTING = [
  '\u001b[2J',
  '\u009b',
  '\u007f',
  '\n',
  '\r',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u200e',
  '\u{e0041}',
  '\ud800',
];

describe('createLog', () => {
  it('writes JSON lines that name app, node, level and time', () => {
    const { log, lines } = recordedLog();
    log.info({ session: 7 }, 'client arrived');
    expect(lines()).toEqual([
      expect.objectContaining({ level: 'info', app: 'test', node: 'one', session: 7, msg: 'client arrived' }),
    ]);
    expect(lines()[0]?.['time']).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('leaves out what is below its level, which can change while it runs', () => {
    const { log, lines } = recordedLog();
    log.debug({}, 'quiet');
    log.level = 'debug';
    log.debug({}, 'heard');
    expect(lines().map(({ msg }) => msg)).toEqual(['heard']);
  });

  it('writes one short line for people, with the app in it and foreign control characters escaped', () => {
    let written = '';
    const destination = { write: (text: string) => void (written += text) };
    const log = createLog({ app: 'room-master', node: 'n', level: 'info', format: 'pretty', destination });
    log.info({ rooms: 3, note: 'a\nb' }, 'up\n\u001b[2Jand away');
    expect(written).toMatch(
      /^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: room-master {2}up\\u\{a\}\\u\{1b\}\[2Jand away \{"rooms":3,"note":"a\\u\{a\}b"\}\n$/,
    );
  });

  it.each(['json', 'pretty'] as const)(
    'A21: has no character in its %s lines that acts on a terminal, whatever is logged',
    (format) => {
      let written = '';
      const destination = { write: (text: string) => void (written += text) };
      const log = createLog({ app: 'test', node: 'n', level: 'debug', format, destination });
      const text = fc.string({
        unit: fc.oneof(fc.constantFrom(...ACTING), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })),
      });
      const deep = fc.record({ list: fc.array(text), map: fc.dictionary(text, text) });
      fc.assert(
        fc.property(text, text, deep, (name, message, nested) => {
          written = '';
          const err = Object.assign(new Error(message), { code: name, cause: new Error(name) });
          log.debug({ user: name, [`of ${name}`]: message, nested, err }, message);
          const [line = '', ...rest] = written.split('\n');
          expect(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u.test(line)).toBe(
            false,
          );
          expect(/[^\n\P{Cc}]|[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/u.test(rest.join('\n'))).toBe(false);
          if (format === 'json') expect(JSON.parse(line)).toMatchObject({ level: 'debug', app: 'test' });
        }),
      );
    },
  );

  it('keeps passwords, tokens, tickets and secrets out, wherever they stand', () => {
    const { log, text } = recordedLog();
    const err = Object.assign(new Error('no entry'), { token: 'hidden-4' });
    log.info(
      { password: 'hidden-1', deep: { list: [{ resumeToken: 'hidden-2' }] }, Secret: ['hidden-3'], err },
      'x',
    );
    log.warn({ ticket: Buffer.from('hidden'), headers: { authorization: 'hidden-5' }, why: err }, 'y');
    expect(text()).not.toContain('hidden');
    expect(text()).toContain('no entry');
  });

  it('has written every line, in order, before the next is logged', async () => {
    await using directory = await temporaryDirectory();
    await using child = new RunningProcess('log-and-die.ts', { cwd: directory.path });
    await child.exitCode();
    expect(child.lines.map(({ msg }) => msg)).toEqual(
      Array.from({ length: 50 }, (_, line) => `line ${line}`),
    );
  }, 60_000);
});

/** The characters of all names and texts in it. */
function charsOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  return Object.entries(value).reduce((sum, [name, item]) => sum + name.length + charsOf(item), 0);
}

describe('redacted', () => {
  it('lets no value of a secret name through, at any depth', () => {
    const secretNames = fc.constantFrom('password', 'loginToken', 'ticket', 'SECRET', 'accountsUrl');
    const { tree } = fc.letrec<{ tree: Record<string, unknown> }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 9 },
        fc
          .tuple(secretNames, fc.constantFrom('hidden', ['hidden'], { a: 'hidden' }))
          .map(([name, it]) => ({ [name]: it })),
        fc.record({ left: tie('tree'), right: fc.array(tie('tree'), { maxLength: 2 }) }),
      ),
    }));
    fc.assert(
      fc.property(tree, (fields) => expect(JSON.stringify(redacted(fields))).not.toContain('hidden')),
    );
  });

  it('is of a bounded length, whatever is handed in', () => {
    const some = fc.string({ unit: fc.oneof(fc.constantFrom(...ACTING, '\u{1f600}'), fc.string()) });
    const text = fc.tuple(some, fc.nat(100)).map(([unit, times]) => unit.repeat(times));
    const times = fc.nat(1_000);
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.nat(),
        text.map((message) => new Error(message)),
        fc.tuple(tie('value'), times).map(([one, many]) => Array.from({ length: many }, () => one)),
        fc
          .tuple(text, tie('value'), times)
          .map(([key, one, many]) =>
            Object.fromEntries(
              Array.from({ length: Math.min(many, 300) }, (_, nth) => [`${nth}${key}`, one]),
            ),
          ),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), (fields) => {
        expect(charsOf(redacted(fields))).toBeLessThan(9_000);
      }),
    );
  });

  it('A21: cuts no character in half where it cuts a text off, and keeps the lines of a stack apart', () => {
    for (const before of ['', 'a', '\u200b', 'a\u200b'])
      expect(JSON.stringify(redacted({ text: before + '\u{1f600}\u200b'.repeat(3_000) }))).not.toMatch(
        /\\ud[89a-f]/,
      );
    const { err } = redacted({ err: new Error('one\u202e') }) as { err: { stack: string } };
    expect(err.stack).toMatch(/^Error: one\\u\{202e\}\n +at /);
  });

  it('keeps what is no secret as it is, and a flag of a secret name', () => {
    const fields = { tickets: 5, user: 'ana', token: true, nested: { sizes: [1, 2] }, at: null };
    expect(redacted(fields)).toEqual(fields);
  });
});

describe('logForm', () => {
  it('is what was asked for, and else pretty where a person reads along', () => {
    expect(logForm('json', { isTerminal: true, nxTarget: 'serve' })).toBe('json');
    expect(logForm('auto', { isTerminal: true, nxTarget: undefined })).toBe('pretty');
    expect(logForm('auto', { isTerminal: false, nxTarget: 'serve' })).toBe('pretty');
    expect(logForm('auto', { isTerminal: false, nxTarget: undefined })).toBe('json');
  });
});
