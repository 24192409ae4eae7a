/** What the admin endpoint answers to any request, and to bytes that are none: one form, on real sockets. */
import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Type } from 'typebox';
import { Admin } from '../src/admin.ts';
import { recordedLog } from './recorded-log.ts';

const PAGE = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
const [, SECTION = ''] = PAGE.split('## The admin endpoint');
/** The words that the page lists. */
const WORDS = new Set([...SECTION.matchAll(/`([a-z]+(?:_[a-z]+)*)`/g)].map(([, word]) => word));

const { log, lines } = recordedLog();
const admin = new Admin({ app: 'test', version: '1', host: '127.0.0.1', port: 0, token: undefined, log });
const done = Type.Object({ done: Type.String() });
const byName = Type.Object({ name: Type.String({ minLength: 2 }) });
let port = 0;

beforeAll(async () => {
  admin
    .read('/livez', { summary: 'x', reply: done, read: () => ({ done: 'alive' }) })
    .action('POST', '/drain', { summary: 'x', reply: done, run: () => ({ done: 'drained' }) })
    .action('POST', '/fail', {
      summary: 'x',
      reply: done,
      run: () => {
        throw new Error('inner detail');
      },
    })
    .action('PUT', '/level', {
      summary: 'x',
      body: Type.Object({ level: Type.Enum(['low', 'high']) }),
      reply: done,
      run: ({ body }) => ({ done: body.level }),
    })
    .action('POST', '/users/:name/kick', {
      summary: 'x',
      params: byName,
      reply: done,
      run: ({ params }) => (params.name.startsWith('no') ? undefined : { done: params.name }),
    });
  await admin.start();
  port = Number(new URL(admin.address() ?? '').port);
});

afterAll(() => admin.stop());

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: string;
}

/**
 * Sends bytes: everything that is answered until the connection ends, which no more bytes may bring about.
 */
function sent(bytes: Buffer, { isAll = true } = {}): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: '127.0.0.1', port }, () =>
      isAll ? socket.end(bytes) : socket.write(bytes),
    );
    socket
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('close', () => resolve(Buffer.concat(chunks)))
      .on('error', (error: NodeJS.ErrnoException) => {
        // A server that has answered what is wrong may leave the rest unread.
        if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
      });
  });
}

/**
 * The answers that the bytes hold; of one that has no end before the connection has, the rest is its body.
 */
function answersIn(bytes: Buffer): Answer[] {
  const answers: Answer[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) throw new Error(`no HTTP: ${rest.toString()}`);
    const [first = '', ...headers] = rest.subarray(0, end).toString('latin1').split('\r\n');
    const valueOf = (name: string): string | undefined =>
      headers.find((header) => header.toLowerCase().startsWith(`${name}: `))?.slice(name.length + 2);
    const status = Number(first.split(' ')[1]);
    const length = status < 200 ? 0 : Number(valueOf('content-length') ?? rest.length);
    const from = end + 4;
    answers.push({ status, type: valueOf('content-type'), body: rest.toString('utf8', from, from + length) });
    rest = rest.subarray(from + length);
  }
  return answers;
}

function expectDocumentedForm({ status, type, body }: Answer): void {
  if (status < 400) return;
  expect([status, type]).toEqual([status, 'application/json; charset=utf-8']);
  const { error, message, routes = [], ...others } = JSON.parse(body) as Record<string, unknown>;
  expect([...WORDS]).toContain(error);
  expect([typeof message, Array.isArray(routes), others]).toEqual(['string', true, {}]);
}

async function asked(head: string, body?: string): Promise<Answer> {
  const request = `${head}\r\nhost: localhost\r\nconnection: close\r\n\r\n${body ?? ''}`;
  // A body that does not come, and what is no request, end by themselves only when no more bytes come.
  const isAll = body === '' || !/ HTTP\/1.1/.test(head);
  const [answer] = answersIn(await sent(Buffer.from(request), { isAll }));
  if (answer === undefined) throw new Error('no answer');
  expectDocumentedForm(answer);
  return answer;
}

describe('A29: an action', () => {
  it.each([
    'content-length: 0\r\ncontent-type: application/x-www-form-urlencoded',
    'content-length: 0\r\ncontent-type: application/json',
    'content-length: 0\r\ncontent-type: no type at all',
    'accept: */*',
  ])('without a body runs, whatever its client calls the nothing: %j', async (headers) => {
    expect(await asked(`POST /drain HTTP/1.1\r\n${headers}`)).toMatchObject({ status: 200 });
  });

  it('is told what to send where its body is no JSON', async () => {
    const form = 'content-length: 3\r\ncontent-type: application/x-www-form-urlencoded';
    const { status, body } = await asked(`PUT /level HTTP/1.1\r\n${form}`, 'a=b');
    expect([status, body]).toEqual([415, expect.stringContaining('application/json')]);
  });

  it('finds a name of the longest kind', async () => {
    const name = encodeURIComponent('𠀀'.repeat(24));
    expect(await asked(`POST /users/${name}/kick HTTP/1.1`)).toMatchObject({ status: 200 });
  });
});

describe('A29: an answer', () => {
  it.each<[string, number, string, string?]>([
    ['a bad escape in the address', 400, 'GET /users/%zz HTTP/1.1'],
    ['a parameter that is too long', 414, `POST /users/${'x'.repeat(2_000)}/kick HTTP/1.1`],
    ['a route that there is not', 404, 'GET /nowhere HTTP/1.1'],
    ['a file that there is not', 404, 'GET /docs/static/nothing HTTP/1.1'],
    ['a wrong method', 405, 'DELETE /sessions HTTP/1.1'],
    ['a method that needs a type', 400, 'QUERY /sessions HTTP/1.1'],
    ['a thing that is not there', 404, 'POST /users/nobody/kick HTTP/1.1'],
    ['a wrong parameter', 400, 'POST /users/x/kick HTTP/1.1'],
    [
      'a body that is broken',
      400,
      'PUT /level HTTP/1.1\r\ncontent-length: 1\r\ncontent-type: application/json',
      '{',
    ],
    [
      'a body that never comes',
      400,
      'PUT /level HTTP/1.1\r\ncontent-length: 9\r\ncontent-type: application/json',
      '',
    ],
    [
      'a body that is too large',
      413,
      'PUT /level HTTP/1.1\r\ncontent-length: 99999\r\ncontent-type: application/json',
    ],
    ['headers that are too large', 431, `GET /livez HTTP/1.1\r\nx: ${'x'.repeat(20_000)}`],
    ['a failure inside', 500, 'POST /fail HTTP/1.1'],
    ['an expectation', 417, 'POST /drain HTTP/1.1\r\nexpect: the worst'],
    ['a range that there is not', 416, 'GET /docs/static/swagger-ui.css HTTP/1.1\r\nrange: bytes=99999999-'],
    [
      'a condition that does not hold',
      412,
      'GET /docs/static/swagger-ui.css HTTP/1.1\r\nif-match: "nothing"',
    ],
    ['no HTTP', 400, 'hello'],
    ['another version', 400, 'GET /livez HTTP/3.0'],
  ])('to %s is of the documented form: %d', async (...row) => {
    const [, status, head, body] = row;
    expect(await asked(head, body)).toMatchObject({ status });
  });

  it('without a host is the guard’s', async () => {
    const [answer] = answersIn(await sent(Buffer.from('GET /sessions HTTP/1.1\r\n\r\n')));
    expect([answer?.status, answer?.body]).toEqual([403, expect.stringContaining('wrong_host')]);
  });

  it('to any request is of the documented form', async () => {
    const token = fc.stringMatching(/^[A-Za-z-]{1,12}$/);
    const method = fc.oneof(
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'QUERY', 'TRACE'),
      token,
    );
    const path = fc.oneof(
      fc.constantFrom(
        '/livez',
        '/drain',
        '/level',
        '/sessions?limit=x',
        '/users/ana/kick',
        '/docs/json',
        '/docs',
        '*',
      ),
      fc
        .array(
          fc.constantFrom(
            '/',
            '..',
            '%2e',
            '%zz',
            '%',
            'users',
            'kick',
            '?',
            '#',
            '\u00e9',
            'docs/static',
            '//x',
          ),
          { maxLength: 6 },
        )
        .map((parts) => `/${parts.join('')}`),
      fc.string({ unit: 'grapheme-ascii', maxLength: 20 }).map((text) => `/${text.replaceAll(' ', '+')}`),
    );
    const header = fc.oneof(
      fc.constantFrom(
        ...[
          'content-type: application/json',
          'content-type: text/plain',
          'content-type: ;',
          'content-length: 5',
        ],
        ...[
          'content-length: 0',
          'content-length: x',
          'transfer-encoding: chunked',
          'transfer-encoding: gzip',
        ],
        ...[
          'expect: 100-continue',
          'expect: x',
          'connection: upgrade',
          'upgrade: websocket',
          'range: bytes=5-',
        ],
        ...['if-none-match: *', 'host: evil.example', 'origin: http://evil.example', 'accept-encoding: br'],
        ...['authorization: Bearer x', 'connection: close', 'x-forwarded-for: \u0001', 'cookie: a'],
      ),
      fc
        .tuple(token, fc.string({ unit: 'grapheme-ascii', maxLength: 20 }))
        .map(([name, value]) => `${name}: ${value}`),
    );
    const request = fc.record({
      method,
      path,
      version: fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', ''),
      headers: fc.array(header, { maxLength: 4 }),
      body: fc.oneof(fc.constantFrom('', '{}', '{"level":"low"}', '5\r\n12345\r\n0\r\n\r\n'), fc.string()),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ method: verb, path: to, version, headers, body }) => {
        const head = [`${verb} ${to} ${version}`, 'host: localhost', ...headers].join('\r\n');
        const bytes = await sent(Buffer.from(`${head}\r\n\r\n${body}`, 'latin1'));
        // What is answered to a HEAD has no body, and so no form.
        if (verb !== 'HEAD') answersIn(bytes).forEach(expectDocumentedForm);
      }),
      { numRuns: 300 },
    );
    expect(lines().every(({ msg }) => msg === 'admin action' || msg === 'an admin request failed')).toBe(
      true,
    );
  }, 60_000);

  it('to any bytes is of the documented form', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
        answersIn(await sent(Buffer.from(bytes))).forEach(expectDocumentedForm);
      }),
    );
  }, 60_000);
});

describe('A21: an answer', () => {
  it('shows no character that acts on a terminal, and means the same', async () => {
    const name = 'ana\u009b2J\u202e\u200b';
    const { status, body } = await asked(`POST /users/${encodeURIComponent(name)}/kick HTTP/1.1`);
    expect([status, JSON.parse(body)]).toEqual([200, { done: name }]);
    expect(body).toMatch(/^[ -~]+$/);
  });
});
