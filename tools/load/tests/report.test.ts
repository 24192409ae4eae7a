import { describe, expect, it } from '@jest/globals';
import { lineChart, shortNumber } from '../src/report/line-chart.ts';
import { withTable } from '../src/report/scaling.ts';
import { readFileSync } from 'node:fs';

describe('a line chart', () => {
  it('has a line for every series, and escapes what it is told', () => {
    const svg = lineChart({
      title: 'a < b & "c"',
      x: 's',
      y: 'ms',
      series: [
        {
          name: 'one',
          points: [
            [0, 0],
            [10, 5],
          ],
        },
        {
          name: 'two',
          points: [
            [0, 10],
            [10, 0],
          ],
        },
      ],
    });
    expect(svg.match(/<polyline /g)).toHaveLength(2);
    expect(svg).toContain('a &lt; b &amp; &quot;c&quot;');
    expect(svg).not.toContain('NaN');
  });

  it('stays in its frame, also without a point', () => {
    const svg = lineChart({ title: 't', x: 'x', y: 'y', series: [{ name: 'none', points: [] }] });
    expect(svg).not.toMatch(/NaN|Infinity/);
    const { series } = {
      series: [
        {
          name: 'one',
          points: [
            [0, 1e9],
            [3e6, 3],
          ] as const,
        },
      ],
    };
    const [, points = ''] = /points="([^"]*)"/.exec(lineChart({ title: 't', x: 'x', y: 'y', series })) ?? [];
    for (const pair of points.split(' ')) {
      const [x, y] = pair.split(',').map(Number) as [number, number];
      expect(x).toBeGreaterThanOrEqual(64);
      expect(x).toBeLessThanOrEqual(744);
      expect(y).toBeGreaterThanOrEqual(52);
      expect(y).toBeLessThanOrEqual(236);
    }
  });

  it('by powers of ten has as much way for each of them, and stays in its frame', () => {
    const points = [
      [1_000, 0.2],
      [10_000, 2],
      [100_000, 20],
      [1_000_000, 0],
    ] as const;
    const svg = lineChart({
      title: 't',
      x: 'x',
      y: 'y',
      logarithmic: true,
      series: [{ name: 'one', points }],
    });
    const drawn = /points="([^"]*)"/
      .exec(svg)?.[1]
      ?.split(' ')
      .map((pair) => pair.split(',').map(Number));
    const [[x0, y0], [x1, y1], [x2, y2], ...more] = drawn as [number, number][] as [
      [number, number],
      [number, number],
      [number, number],
    ];
    expect(more).toEqual([]);
    expect(x1 - x0).toBeCloseTo(x2 - x1, 0);
    expect(y0 - y1).toBeCloseTo(y1 - y2, 0);
    expect([x0, x2]).toEqual([64, 744]);
    expect(Math.min(y0, y1, y2)).toBeGreaterThanOrEqual(52);
    expect(Math.max(y0, y1, y2)).toBeLessThanOrEqual(236);
    const nothing = lineChart({ title: 't', x: 'x', y: 'y', logarithmic: true, series: [] });
    expect(nothing).not.toMatch(/NaN|Infinity/);
  });

  it.each([
    [0, '0'],
    [250, '250'],
    [1_500, '1500'],
    [20_000, '20 k'],
    [2_500_000, '2.5 M'],
  ])('writes %d as %s', (value, short) => {
    expect(shortNumber(value)).toBe(short);
  });
});

describe('docs/scaling.md', () => {
  it('has the markers between which the table is written', () => {
    const text = readFileSync(new URL('../../../docs/scaling.md', import.meta.url), 'utf8');
    const written = withTable(text, 'THE TABLE');
    expect(written).toMatch(/<!-- begin points[^>]*-->\n\nTHE TABLE\n\n<!-- end points -->/);
    expect(withTable(written, 'THE TABLE')).toBe(written);
  });
});
