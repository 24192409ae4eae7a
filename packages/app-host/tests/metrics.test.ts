import { describe, expect, it } from '@jest/globals';
import { Metrics } from '../src/metrics.ts';
import { recordedLog } from './recorded-log.ts';

describe('Metrics', () => {
  it('reads a gauge at each scrape', async () => {
    const metrics = new Metrics(recordedLog().log);
    let sessions = 3;
    metrics.gauge({ name: 'lobby_sessions', help: 'Sessions now' }, () => sessions);
    expect(await metrics.scrape()).toContain('\nlobby_sessions 3\n');
    sessions = 4;
    expect(await metrics.scrape()).toContain('\nlobby_sessions 4\n');
  });

  it('reads a labelled gauge anew, so that a label that is gone has no sample', async () => {
    const metrics = new Metrics(recordedLog().log);
    let rows: [string, number][] = [
      ['down', 1],
      ['up', 2],
    ];
    metrics.gaugeBy({ name: 'lobby_links', help: 'Links by state', label: 'state' }, () => rows);
    expect(await metrics.scrape()).toContain('lobby_links{state="down"} 1\nlobby_links{state="up"} 2\n');
    rows = [['up', 3]];
    const text = await metrics.scrape();
    expect(text).toContain('lobby_links{state="up"} 3\n');
    expect(text).not.toContain('state="down"');
  });

  it('counts what is told to it, by label', async () => {
    const metrics = new Metrics(recordedLog().log);
    const calls = metrics.counter({ name: 'lobby_calls_total', help: 'Calls', labels: ['outcome'] });
    const plain = metrics.counter({ name: 'lobby_frames_total', help: 'Frames' });
    calls({ outcome: 'reply' });
    calls({ outcome: 'unknown' }, 2);
    plain();
    const text = await metrics.scrape();
    expect(text).toContain('lobby_calls_total{outcome="reply"} 1\nlobby_calls_total{outcome="unknown"} 2\n');
    expect(text).toContain('\nlobby_frames_total 1\n');
  });

  it('tells the numbers of the process under their usual names, each host for itself', async () => {
    const { log } = recordedLog();
    const [one, other] = [new Metrics(log), new Metrics(log)];
    one.gauge({ name: 'only_here', help: 'x' }, () => 1);
    expect(await one.scrape()).toMatch(/^process_cpu_seconds_total \d/m);
    expect(await other.scrape()).not.toContain('only_here');
  });

  it('loses one sample and not the scrape when a gauge fails', async () => {
    const { log, lines } = recordedLog();
    const metrics = new Metrics(log);
    metrics.gauge({ name: 'broken', help: 'x' }, () => {
      throw new RangeError('not now');
    });
    metrics.gauge({ name: 'sound', help: 'x' }, () => 1);
    const text = await metrics.scrape();
    expect(text).toContain('\nsound 1\n');
    expect(text).not.toMatch(/^broken \d/m);
    expect(lines()).toEqual([expect.objectContaining({ level: 'warn', metric: 'broken' })]);
  });
});
