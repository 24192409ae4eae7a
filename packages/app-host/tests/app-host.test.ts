/** The host: the order of its parts, its readiness, and its built-in routes, once over real HTTP. */
import { describe, expect, it } from '@jest/globals';
import type { Part } from '@lobby/discovery';
import { AppHost } from '../src/app-host.ts';
import { recordedLog } from './recorded-log.ts';

function open() {
  const recorded = recordedLog();
  const config = { node: 'one', adminHost: '127.0.0.1', adminPort: 0, adminToken: undefined };
  return { host: new AppHost({ app: 'test', version: '1.2.3', config, log: recorded.log }), ...recorded };
}

/** A part that writes down what happens to it. */
function part(name: string, story: string[], change: Partial<Part> = {}): Part {
  return {
    name,
    start: async () => void story.push(`+${name}`),
    stop: async () => void story.push(`-${name}`),
    ...change,
  };
}

describe('AppHost', () => {
  it('starts its parts in order and stops them in reverse, once', async () => {
    const { host } = open();
    const story: string[] = [];
    host.add(part('a', story)).add(part('b', story)).add(part('c', story));
    await host.start();
    await Promise.all([host.stop(), host.stop()]);
    await host.stop();
    expect(story).toEqual(['+a', '+b', '+c', '-c', '-b', '-a']);
  });

  it('takes parts that start or stop at once, without a promise', async () => {
    const { host } = open();
    const story: string[] = [];
    const link: Part = { name: 'link', start: () => void story.push('+'), stop: () => void story.push('-') };
    host.add(link);
    await host.start();
    await host.stop();
    expect(story).toEqual(['+', '-']);
  });

  it('stops only what was started when a part fails to start', async () => {
    const { host } = open();
    const story: string[] = [];
    const start = () => Promise.reject(new RangeError('no'));
    host
      .add(part('a', story))
      .add(part('b', story, { start }))
      .add(part('c', story));
    await expect(host.start()).rejects.toThrow('no');
    await host.stop();
    expect(story).toEqual(['+a', '-a']);
  });

  it('waits for the part that is starting when a stop comes in between, and starts no more', async () => {
    const { host } = open();
    const story: string[] = [];
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const start = async () => {
      reached.resolve();
      await gate.promise;
      story.push('+slow');
    };
    host.add(part('slow', story, { start })).add(part('next', story));
    const started = host.start();
    await reached.promise;
    expect(host.busyWith).toBe('slow');
    const stopped = host.stop();
    gate.resolve();
    await Promise.all([started, stopped]);
    expect(story).toEqual(['+slow', '-slow']);
    expect(host.reasons()).toEqual(['stopped']);
  });

  it('stops the other parts when one does not stop well, and says so at the end', async () => {
    const { host, lines } = open();
    const story: string[] = [];
    const stop = () => Promise.reject(new RangeError('stuck'));
    host.add(part('a', story)).add(part('b', story, { stop }));
    await host.start();
    await expect(host.stop()).rejects.toThrow(AggregateError);
    expect(story).toEqual(['+a', '+b', '-a']);
    expect(lines()).toContainEqual(expect.objectContaining({ level: 'error', part: 'b' }));
  });

  it('takes no part and no second start once it was started', async () => {
    await using host = open().host;
    await host.start();
    expect(() => host.add(part('late', []))).toThrow(/late comes too late/);
    await expect(host.start()).rejects.toThrow(/started once/);
  });

  it('is ready when it is up and no check has a reason', async () => {
    const { host } = open();
    let reason: string | undefined = 'lobby-master is down';
    host.readyWhen(() => reason).readyWhen(() => []);
    const ready = async () => {
      const response = await host.admin.inject({ url: '/readyz' });
      return [response.statusCode, response.json<unknown>()];
    };
    expect(await ready()).toEqual([503, { ready: false, reasons: ['starting'] }]);
    await host.start();
    expect(await ready()).toEqual([503, { ready: false, reasons: ['lobby-master is down'] }]);
    reason = undefined;
    expect(await ready()).toEqual([200, { ready: true }]);
    await host.stop();
    expect(host.reasons()).toEqual(['stopped']);
  });

  it('takes a check that fails for a reason', async () => {
    await using host = open().host;
    host.readyWhen(() => {
      throw new RangeError('no idea');
    });
    await host.start();
    expect(host.reasons()).toEqual(['a readiness check failed: no idea']);
  });

  it('tells a reason once that several checks have', async () => {
    await using host = open().host;
    const away = 'room-master is down';
    host.readyWhen(() => [away, 'recovering']).readyWhen(() => away);
    await host.start();
    expect(host.reasons()).toEqual([away, 'recovering']);
  });

  it('still answers while its parts are stopping, and says so', async () => {
    const { host } = open();
    const seen: unknown[] = [];
    const stop = async () => void seen.push((await host.admin.inject({ url: '/readyz' })).json());
    host.add(part('asks', [], { stop }));
    await host.start();
    await host.stop();
    expect(seen).toEqual([{ ready: false, reasons: ['stopping'] }]);
  });

  it('tells on real HTTP that it lives, what it is and its numbers, until it is stopped', async () => {
    const { host, lines } = open();
    host.add(part('service', [], { address: () => '127.0.0.1:7100' }));
    host.metrics.gauge({ name: 'lobby_sessions', help: 'Sessions' }, () => 2);
    await host.start();
    const base = host.addresses()['admin'] ?? '';
    expect(base).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
    expect(lines()).toContainEqual(
      expect.objectContaining({ msg: 'ready', admin: base, service: '127.0.0.1:7100' }),
    );
    expect(await (await fetch(`${base}/livez`)).json()).toEqual({ live: true });
    expect(await (await fetch(`${base}/info`)).json()).toEqual({
      app: 'test',
      node: 'one',
      boot: host.boot,
      version: '1.2.3',
      started: expect.stringMatching(/Z$/),
      uptimeMs: expect.any(Number),
      pid: process.pid,
      nodeVersion: process.version,
      addresses: { admin: base, service: '127.0.0.1:7100' },
      draining: false,
    });
    const metrics = await fetch(`${base}/metrics`);
    expect(metrics.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await metrics.text()).toContain('\nlobby_sessions 2\n');
    await host.stop();
    await expect(fetch(`${base}/livez`)).rejects.toThrow();
  });

  it('drains when asked, says why it is not ready, and goes on until it is stopped', async () => {
    await using host = open().host;
    const story: string[] = [];
    const members = new Set(['ana']);
    host.add(part('rooms', story)).readyWhen(() => 'room-master is down');
    host.drain.busyWhile(() => (members.size === 0 ? undefined : `${members.size} members`));
    await host.start();
    const ask = async (url: string, method: 'GET' | 'POST' = 'GET') =>
      (await host.admin.inject({ url, method })).json<unknown>();
    expect(await ask('/drain', 'POST')).toEqual({ draining: true, waitsFor: ['1 members'] });
    expect(await ask('/readyz')).toEqual({
      ready: false,
      reasons: ['draining: 1 members', 'room-master is down'],
    });
    expect(await ask('/info')).toMatchObject({ draining: true });
    members.clear();
    expect(await ask('/drain', 'POST')).toEqual({ draining: true, waitsFor: [] });
    expect(await ask('/readyz')).toEqual({ ready: false, reasons: ['draining', 'room-master is down'] });
    expect(story).toEqual(['+rooms']);
  });

  it('begins the drain with its stop, and stops its parts when nothing is waited for any more', async () => {
    const { host, lines } = open();
    const story: string[] = [];
    const members = new Set(['ana']);
    host.add(part('rooms', story));
    host.drain
      .onBegin(() => void story.push('drain'))
      .busyWhile(() => (members.size === 0 ? undefined : 'members'));
    await host.start();
    const stopped = host.stop({ drainMs: 60_000 });
    expect(host.reasons()).toEqual(['draining: members']);
    expect(story).toEqual(['+rooms', 'drain']);
    members.clear();
    await stopped;
    expect(story).toEqual(['+rooms', 'drain', '-rooms']);
    expect(lines()).toContainEqual(
      expect.objectContaining({ msg: 'draining', waitsFor: ['members'], atMostMs: 60_000 }),
    );
  });

  it('stops its parts when the time to drain is over, and says who was still there', async () => {
    const { host, lines } = open();
    const story: string[] = [];
    host.add(part('rooms', story)).drain.busyWhile(() => 'members');
    await host.start();
    await host.stop({ drainMs: 1 });
    expect(story).toEqual(['+rooms', '-rooms']);
    expect(lines()).toContainEqual(expect.objectContaining({ level: 'warn', waitedFor: ['members'] }));
  });

  it('waits no longer when a stop that waits for nobody comes in between', async () => {
    const { host } = open();
    const story: string[] = [];
    const members = new Set(['ana']);
    host.add(part('rooms', story));
    host.drain.busyWhile(() => (members.size === 0 ? undefined : 'members'));
    await host.start();
    const patient = host.stop({ drainMs: 60_000 });
    await host.stop();
    expect(story).toEqual(['+rooms', '-rooms']);
    members.clear();
    await patient;
    expect(host.reasons()).toEqual(['stopped']);
  });

  it('changes how much is logged when asked', async () => {
    const { host, log } = open();
    const post = async (level: string) => {
      const response = await host.admin.inject({ method: 'POST', url: '/log-level', payload: { level } });
      return response.statusCode;
    };
    expect([await post('debug'), log.level]).toEqual([200, 'debug']);
    expect([await post('loud'), log.level]).toEqual([400, 'debug']);
  });
});
