/**
 * A line chart as SVG text: axes from zero with round ticks or by powers of ten, one line or row of points a
 * series, a legend. It needs nothing from outside, and reads in light and in dark. It knows nothing of what
 * the numbers are.
 */

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Chart {
  readonly title: string;
  /** What x counts, with its unit. */
  readonly x: string;
  /** What y counts, with its unit. */
  readonly y: string;
  readonly series: readonly Series[];
  /** Marks the single points: for few of them. */
  readonly marks?: boolean;
  /** Both axes by powers of ten: points that are not over 0 are left out. */
  readonly logarithmic?: boolean;
}

/** Where on an axis a value stands, from 0 to 1, and which values are written at it. */
interface Axis {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

const WIDTH = 760;
const HEIGHT = 280;
const LEFT = 64;
const RIGHT = 16;
const TOP = 52;
const BOTTOM = 44;
const TICKS = 5;
/** Told apart also by whoever sees fewer colours (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#7f7f7f'];
const LEGEND_STEP = 130;

export function lineChart({ title, x, y, series: given, marks = false, logarithmic = false }: Chart): string {
  const series = logarithmic ? given.map(overZero) : given;
  const points = series.flatMap((one) => one.points);
  const axis = logarithmic ? powersOfTen : fromZero;
  const across = axis(
    points.map(([value]) => value),
    1,
  );
  const up = axis(
    points.map(([, value]) => value),
    Number.EPSILON,
  );
  const px = (value: number): number => round(LEFT + across.place(value) * (WIDTH - LEFT - RIGHT));
  const py = (value: number): number => round(HEIGHT - BOTTOM - up.place(value) * (HEIGHT - TOP - BOTTOM));
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    `<style>text{font:12px system-ui,sans-serif;fill:#555}.t{font-size:14px;font-weight:600;fill:#222}.g{stroke:#8884;fill:none}` +
      `@media (prefers-color-scheme:dark){text{fill:#aaa}.t{fill:#eee}}</style>`,
    text(title, { x: LEFT, y: 18, css: 't' }),
    ...up.ticks.map((value) => horizontal(value, py(value))),
    ...across.ticks.map((value) =>
      text(shortNumber(value), { x: px(value), y: HEIGHT - BOTTOM + 18, anchor: 'middle' }),
    ),
    text(x, { x: WIDTH - RIGHT, y: HEIGHT - 6, anchor: 'end' }),
    text(y, { x: WIDTH - RIGHT, y: 18, anchor: 'end' }),
  ];
  for (const [index, one] of series.entries()) {
    const colour = COLOURS[index % COLOURS.length] as string;
    const at = LEFT + index * LEGEND_STEP;
    parts.push(
      `<rect x="${at}" y="30" width="10" height="10" rx="2" fill="${colour}"/>`,
      text(one.name, { x: at + 15, y: 39 }),
      `<polyline fill="none" stroke="${colour}" stroke-width="1.8" stroke-linejoin="round" points="${one.points
        .map(([a, b]) => `${px(a)},${py(b)}`)
        .join(' ')}"/>`,
    );
    if (marks)
      parts.push(
        ...one.points.map(([a, b]) => `<circle cx="${px(a)}" cy="${py(b)}" r="3.5" fill="${colour}"/>`),
      );
  }
  return [...parts, '</svg>'].join('\n');
}

/** Large numbers short: 1.5 k, 20 k, 3 M. */
export function shortNumber(value: number): string {
  if (value >= 1e6) return `${trimmed(value / 1e6)} M`;
  if (value >= 1e4) return `${trimmed(value / 1e3)} k`;
  return trimmed(value);
}

export function escaped(words: string): string {
  return words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** The next of 1, 2, 2.5, 5 times a power of ten at which an axis may end. */
function niceEnd(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** An axis that ends at `least` at the earliest. */
function fromZero(values: readonly number[], least: number): Axis {
  const end = niceEnd(Math.max(least, ...values));
  const ticks = Array.from({ length: TICKS + 1 }, (_, index) => (end * index) / TICKS);
  return { ticks, place: (value) => value / end };
}

/** An axis from one power of ten to another that has all values between them. */
function powersOfTen(values: readonly number[]): Axis {
  const powers = values.map((value) => Math.log10(value));
  const from = Math.floor(Math.min(...powers));
  const to = Math.max(from + 1, Math.ceil(Math.max(...powers)));
  if (!Number.isFinite(from)) return powersOfTen([1]);
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
  return { ticks, place: (value) => (Math.log10(value) - from) / (to - from) };
}

function overZero({ name, points }: Series): Series {
  return { name, points: points.filter(([a, b]) => a > 0 && b > 0) };
}

function horizontal(value: number, at: number): string {
  return (
    `<path class="g" d="M${LEFT} ${at}H${WIDTH - RIGHT}"/>` +
    text(shortNumber(value), { x: LEFT - 8, y: at + 4, anchor: 'end' })
  );
}

function text(
  words: string,
  {
    x,
    y,
    anchor = 'start',
    css,
  }: { x: number; y: number; anchor?: 'start' | 'middle' | 'end'; css?: string },
): string {
  const look = css === undefined ? '' : ` class="${css}"`;
  return `<text x="${x}" y="${round(y)}" text-anchor="${anchor}"${look}>${escaped(words)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
