/** Circles of made-up files. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { circlesOf, isForbidden } from '../src/import-circles.ts';

const files = (texts: Record<string, string>): Map<string, string> => new Map(Object.entries(texts));

describe('the circles of imports', () => {
  it('are none where imports lead one way', () => {
    const text = "import { b } from './b.ts';\nimport { c } from './c.ts';\n";
    expect(circlesOf(files({ 'a.ts': text, 'b.ts': "import { c } from './c.ts';", 'c.ts': '' }))).toEqual([]);
  });

  it('have imports of types in them, exports, and imports that come late', () => {
    const circle = files({
      'src/a.ts': "import type {\n  B,\n} from './deep/b.ts';\n",
      'src/deep/b.ts': "export { c } from '../c.ts';\n",
      'src/c.ts': "export const d = (): Promise<unknown> => import('./d.ts');\n",
      'src/d.ts': "export type A = import('./a.ts').A;\n",
      'src/e.ts': "import './a.ts';\n",
    });
    expect(circlesOf(circle)).toEqual([['src/a.ts', 'src/c.ts', 'src/d.ts', 'src/deep/b.ts']]);
  });

  it('have no comments in them, no packages, and no files that are not there', () => {
    const text = "// import './b.ts';\n * import './b.ts';\nimport './gone.ts';\nimport '@lobby/pulse';\n";
    expect(circlesOf(files({ 'a.ts': text, 'b.ts': "import './a.ts';" }))).toEqual([]);
  });

  it('come with the largest first', () => {
    const to = (name: string): string => `import './${name}.ts';`;
    const all = { 'a.ts': to('b'), 'b.ts': to('a'), 'x.ts': to('y'), 'y.ts': to('z'), 'z.ts': to('x') };
    expect(circlesOf(files(all)).map(({ length }) => length)).toEqual([3, 2]);
    expect(circlesOf(files({ 'a.ts': to('a') }))).toEqual([['a.ts']]);
  });

  it('join two files exactly where each leads to the other', () => {
    const pairs = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 20 });
    fc.assert(
      fc.property(pairs, (edges) => {
        const names = Array.from({ length: 8 }, (_, at) => `${at}.ts`);
        const leads = (from: number): Set<number> => {
          const seen = new Set<number>();
          const look = (at: number): void => {
            for (const [a, b] of edges) if (a === at && !seen.has(b)) look((seen.add(b), b));
          };
          look(from);
          return seen;
        };
        const texts = names.map((name, at) => {
          const targets = edges.filter(([from]) => from === at);
          return [name, targets.map(([, to]) => `import './${to}.ts';`).join('\n')] as const;
        });
        const joined = circlesOf(new Map(texts));
        for (let a = 0; a < 8; a += 1)
          for (let b = 0; b < 8; b += 1) {
            const together = joined.some(
              (circle) => circle.includes(`${a}.ts`) && circle.includes(`${b}.ts`),
            );
            expect(together).toBe(leads(a).has(b) && leads(b).has(a));
          }
      }),
    );
  });
});

describe('a circle', () => {
  it.each([
    [['packages/pulse/src/a.ts', 'packages/pulse/src/b.ts'], true],
    [['packages/room/src/a.ts', 'packages/room/src/b.ts'], false],
    [['packages/room/src/a.ts', 'packages/room/src/b.ts', 'packages/room/src/c.ts'], true],
    [['tools/load/src/a.ts', 'tools/load/src/b.ts', 'tools/load/src/c.ts'], false],
  ])('of %j may not be: %j', (circle, forbidden) => {
    expect(isForbidden(circle)).toBe(forbidden);
  });
});
