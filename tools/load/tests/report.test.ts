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
