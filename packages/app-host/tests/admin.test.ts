/**
 * The admin endpoint's own routes: lists, reads, actions, and what it answers when it cannot do what was
 * asked.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Type } from 'typebox';
import { Admin } from '../src/admin.ts';
import { recordedLog } from './recorded-log.ts';

function open(change: { host?: string; token?: string } = {}) {
  const recorded = recordedLog();
  const options = {
    app: 'test',
    version: '1.2.3',
    host: '127.0.0.1',
    port: 0,
    token: undefined,
    log: recorded.log,
  };
  return { admin: new Admin({ ...options, ...change }), ...recorded };
}

const user = Type.Object({ name: Type.String(), seats: Type.Integer() });
const kicked = Type.Object({ kicked: Type.String() });
const byName = Type.Object({ name: Type.String({ minLength: 2 }) });

/** Users a, b, c, ...: made one by one, and counted as they are made. */
function users(total: number) {
  const made = { count: 0 };
  function* rows() {
    for (let seats = 0; seats < total; seats += 1) {
      made.count += 1;
      yield { name: `user-${seats}`, seats, password: 'hidden' };
    }
  }
  return { made, provider: () => ({ total, items: rows() }) };
}

describe('A list', () => {
  it('tells the total and the first hundred, and makes no more rows than it shows', async () => {
    const { admin } = open();
    const { made, provider } = users(5000);
    admin.list('/users', { summary: 'Users', row: user }, provider);
    const reply = (await admin.inject({ url: '/users' })).json<{
      total: number;
      limit: number;
      items: unknown[];
    }>();
    expect([reply.total, reply.limit, reply.items.length, made.count]).toEqual([5000, 100, 100, 100]);
    expect(reply.items[0]).toEqual({ name: 'user-0', seats: 0 });
  });

  it('takes a limit up to a thousand and refuses any other', async () => {
    const { admin } = open();
    admin.list('/users', { summary: 'Users', row: user }, users(5000).provider);
    const length = async (limit: string) => {
      const response = await admin.inject({ url: `/users?limit=${limit}` });
      return response.statusCode === 200
        ? response.json<{ items: unknown[] }>().items.length
        : response.statusCode;
    };
    expect(await Promise.all(['1', '1000', '0', '1001', 'all'].map(length))).toEqual([
      1, 1000, 400, 400, 400,
    ]);
  });

  it('joins the providers of sessions, peers and calls', async () => {
    const { admin } = open();
    const session = (key: string) => ({ session: key, state: 'open', secretNote: 'hidden' });
    admin.sessions(() => ({ total: 3, items: [session('c1'), session('c2'), session('c3')] }));
    admin.sessions(async () => ({ total: 1, items: [session('s1')] }));
    admin.peers(() => ({ total: 1, items: [{ service: 'room-master', node: 'a', state: 'up', load: 0.5 }] }));
    const joined = (await admin.inject({ url: '/sessions?limit=2' })).json<unknown>();
    const rows = [
      { session: 'c1', state: 'open' },
      { session: 'c2', state: 'open' },
    ];
    expect(joined).toEqual({ total: 4, limit: 2, items: rows });
    const peers = (await admin.inject({ url: '/peers' })).json<{ items: unknown[] }>();
    expect(peers.items).toEqual([{ service: 'room-master', node: 'a', state: 'up', load: 0.5 }]);
    expect((await admin.inject({ url: '/calls' })).json()).toEqual({ total: 0, limit: 100, items: [] });
  });
});

describe('An action', () => {
  function kicking() {
    const opened = open();
    opened.admin.action('POST', '/users/:name/kick', {
      summary: 'Ends a session',
      params: byName,
      reply: kicked,
      run: ({ params }) => (params.name === 'ana' ? { kicked: params.name } : undefined),
    });
    return opened;
  }

  it('runs with what the path says and is logged', async () => {
    const { admin, lines } = kicking();
    const response = await admin.inject({ method: 'POST', url: '/users/ana/kick' });
    expect([response.statusCode, response.json()]).toEqual([200, { kicked: 'ana' }]);
    expect(lines()).toEqual([expect.objectContaining({ msg: 'admin action', path: '/users/ana/kick' })]);
  });

  it('answers 404 where the thing is not there, and is not logged as done', async () => {
    const { admin, lines } = kicking();
    const response = await admin.inject({ method: 'POST', url: '/users/bob/kick' });
    expect([response.statusCode, response.json()]).toEqual([
      404,
      { error: 'not_found', message: 'there is nothing at /users/bob/kick' },
    ]);
    expect(lines()).toEqual([]);
  });

  it('refuses a path or a body that its schema does not allow', async () => {
    const { admin } = kicking();
    admin.action('POST', '/drain', {
      summary: 'Drains',
      body: Type.Object({ mode: Type.Enum(['soft', 'hard']) }),
      reply: kicked,
      run: ({ body }) => ({ kicked: body.mode }),
    });
    const short = await admin.inject({ method: 'POST', url: '/users/x/kick' });
    expect([short.statusCode, short.json()]).toMatchObject([400, { error: 'bad_request' }]);
    const wrong = await admin.inject({ method: 'POST', url: '/drain', payload: { mode: 'later' } });
    expect(wrong.json<{ message: string }>().message).toBe(
      'body/mode must be equal to one of the allowed values: soft, hard',
    );
    const headers = { 'content-type': 'application/json' };
    const broken = await admin.inject({ method: 'POST', url: '/drain', payload: '{', headers });
    expect([broken.statusCode, broken.json()]).toMatchObject([400, { error: 'bad_request' }]);
    const large = await admin.inject({
      method: 'POST',
      url: '/drain',
      payload: { mode: 'x'.repeat(64 * 1024) },
    });
    expect([large.statusCode, large.json()]).toMatchObject([413, { error: 'too_large' }]);
    const form = await admin.inject({
      method: 'POST',
      url: '/drain',
      payload: 'x',
      headers: { 'content-type': 'a/b' },
    });
    expect([form.statusCode, form.json()]).toMatchObject([415, { error: 'wrong_media_type' }]);
  });

  it('logs what failed inside and does not tell it', async () => {
    const { admin, lines } = open();
    const run = () => {
      throw new RangeError('inner detail');
    };
    admin.action('POST', '/fail', { summary: 'Fails', reply: kicked, run });
    const response = await admin.inject({ method: 'POST', url: '/fail' });
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('inner detail');
    expect(lines()).toEqual([expect.objectContaining({ level: 'error', msg: 'an admin request failed' })]);
  });
});

describe('A request for something that is not there', () => {
  it('is told which routes there are', async () => {
    const { admin } = open();
    admin.list('/users', { summary: 'Users', row: user }, users(1).provider);
    const response = await admin.inject({ url: '/user?x=1' });
    expect(response.statusCode).toBe(404);
    expect(response.json()).toEqual({
      error: 'no_such_route',
      message: 'there is no /user here: take one of the routes below, or read /docs',
      routes: ['GET /sessions', 'GET /peers', 'GET /calls', 'GET /users'],
    });
  });

  it('is told the method where only that is wrong', async () => {
    const { admin } = open();
    const response = await admin.inject({ method: 'DELETE', url: '/sessions' });
    expect([response.statusCode, response.headers['allow']]).toEqual([405, 'GET']);
    expect(response.json()).toEqual({ error: 'wrong_method', message: '/sessions takes GET, not DELETE' });
  });
});

describe('F32: The guard', () => {
  const token = 'a-token-of-all-the-operators-here';
  const ask = async (admin: Admin, headers: Record<string, string>, url = '/sessions') =>
    (await admin.inject({ url, headers })).statusCode;

  it('does not open to others without a token, nor start', () => {
    expect(() => open({ host: '0.0.0.0' })).toThrow(
      /^LOBBY_ADMIN_TOKEN is not set while LOBBY_ADMIN_HOST is 0\.0\.0\.0/,
    );
    expect(() => open({ host: '0.0.0.0', token })).not.toThrow();
  });

  it('asks for the token on every route but the two probes', async () => {
    const { admin } = open({ token });
    for (const path of ['/livez', '/readyz']) {
      admin.read(path, { summary: 'x', reply: kicked, read: () => ({ kicked: 'nobody' }) });
    }
    const good = { authorization: `Bearer ${token}` };
    for (const url of ['/sessions', '/docs/', '/docs/json', '/nowhere', '/livez/../sessions']) {
      expect(await ask(admin, {}, url)).toBe(401);
      expect(await ask(admin, { authorization: 'Bearer wrong' }, url)).toBe(401);
      expect(await ask(admin, { authorization: `Basic ${token}` }, url)).toBe(401);
    }
    expect(await ask(admin, good)).toBe(200);
    expect(await ask(admin, good, '/nowhere')).toBe(404);
    expect(await Promise.all(['/livez', '/readyz'].map((url) => ask(admin, {}, url)))).toEqual([200, 200]);
    const refused = await admin.inject({ url: '/sessions' });
    expect(refused.json()).toMatchObject({
      error: 'unauthorized',
      message: expect.stringContaining('LOBBY_ADMIN_TOKEN'),
    });
    expect(refused.headers['www-authenticate']).toBe('Bearer');
  });

  it('A24: costs no line of the log, whatever strangers ask', async () => {
    const { admin, text } = open({ token });
    const asked = fc.record({
      method: fc.constantFrom('GET' as const, 'POST' as const, 'DELETE' as const),
      url: fc.oneof(
        fc.constantFrom('/sessions', '/nowhere', '/docs/', '/%zz', '//', '/livez?x'),
        fc.webPath().map((path) => `/${path}`),
      ),
      authorization: fc.string({ unit: 'grapheme-ascii' }),
      payload: fc.string(),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ method, url, authorization, payload }) => {
        await admin.inject({ method, url, headers: { authorization }, payload });
        expect(text()).toBe('');
      }),
      { numRuns: 30 },
    );
  });

  it('answers on loopback to the names of this machine alone', async () => {
    const { admin } = open({ host: '127.0.0.5' });
    const hosts = ['localhost', 'LOCALHOST:8000', '127.0.0.1:8000', '[::1]:8000', '127.0.0.5:1'];
    expect(await Promise.all(hosts.map((host) => ask(admin, { host })))).toEqual([200, 200, 200, 200, 200]);
    const others = ['evil.example', 'localhost.evil.example:8000', '127.0.0.1.evil.example', '127.0.0.6'];
    expect(await Promise.all(others.map((host) => ask(admin, { host })))).toEqual([403, 403, 403, 403]);
  });

  it('takes any name where it is bound to be reached by others', async () => {
    const { admin } = open({ host: '0.0.0.0', token });
    expect(await ask(admin, { host: 'ops.example', authorization: `Bearer ${token}` })).toBe(200);
  });

  it('lets no page of another origin change anything', async () => {
    const { admin } = open();
    admin.action('POST', '/drain', { summary: 'Drains', reply: kicked, run: () => ({ kicked: 'all' }) });
    const post = async (headers: Record<string, string>) =>
      (await admin.inject({ method: 'POST', url: '/drain', headers: { host: 'localhost:8000', ...headers } }))
        .statusCode;
    expect(await post({ origin: 'http://evil.example' })).toBe(403);
    expect(await post({ origin: 'null' })).toBe(403);
    expect(await post({ origin: 'http://localhost:8000' })).toBe(200);
    expect(await post({})).toBe(200);
  });
});

describe('The documentation', () => {
  it('comes from the same schemas', async () => {
    const { admin } = open();
    admin.action('POST', '/users/:name/kick', {
      summary: 'Ends a session',
      params: byName,
      reply: kicked,
      run: () => undefined,
    });
    interface OpenApi {
      info: object;
      paths: Record<string, Record<string, { summary: string; parameters: unknown[] }>>;
    }
    const { info, paths } = (await admin.inject({ url: '/docs/json' })).json<OpenApi>();
    expect(info).toEqual({ title: 'test admin', version: '1.2.3' });
    expect(Object.keys(paths)).toEqual(['/sessions', '/peers', '/calls', '/users/{name}/kick']);
    expect(paths['/users/{name}/kick']?.['post']).toMatchObject({
      summary: 'Ends a session',
      parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string', minLength: 2 } }],
    });
    expect((await admin.inject({ url: '/docs/' })).headers['content-type']).toContain('text/html');
  });

  it('is closed to routes that come too late', async () => {
    const { admin } = open();
    await admin.inject({ url: '/sessions' });
    expect(() => admin.list('/late', { summary: 'x', row: user }, users(0).provider)).toThrow(
      /comes too late/,
    );
  });
});
