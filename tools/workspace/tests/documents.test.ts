/** What holds for all documents together: their length, their links, and what only one of them may say. */

import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { appSettings, settings, writtenDefault } from '@lobby/app-host';
import type { AppName } from '@lobby/app-host';
import { ROOT } from '../src/docs/documents.ts';
import { headingAnchors, relativeLinks } from '../src/docs/markdown-links.ts';

const PAGES = globSync(['*.md', 'docs/**/*.md', '{packages,apps,tools,examples}/*/README.md'], {
  cwd: ROOT,
}).sort();
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The cells of every row of every table. */
function rowsOf(page: string): string[][] {
  const rows = read(page)
    .split('\n')
    .filter((line) => line.startsWith('| '));
  return rows.map((line) => line.split('|').map((cell) => cell.trim()));
}

describe('the README', () => {
  const lines = read('README.md').trimEnd().split('\n');

  it('has three screens: at most 150 lines, none wider than a screen', () => {
    expect(lines.length).toBeLessThanOrEqual(150);
    const shown = lines.map((line) => line.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll('**', ''));
    expect(shown.filter((line) => line.length > 110)).toEqual([]);
  });

  it('says in its first lines what it is, what you get and what you do not get', () => {
    const first = lines.slice(0, 15).join('\n');
    expect(first).toContain('**You get**');
    expect(first).toContain('**You do not get**');
  });

  it('names every package once', () => {
    const rows = rowsOf('README.md').map(([, first]) => /\]\((packages\/[^)]+)\)$/.exec(first ?? '')?.[1]);
    expect(rows.filter((path) => path !== undefined).sort()).toEqual(
      globSync('packages/*', { cwd: ROOT }).sort(),
    );
  });
});

describe('the index of the documents', () => {
  it('has one entry for every page', () => {
    const named = read('docs/README.md').matchAll(/^- \[[^\]]+\]\(([^)]+)\): /gm);
    const pages = [...globSync('*.md', { cwd: join(ROOT, 'docs') }), 'adr/README.md'];
    expect([...named].map(([, path]) => path).sort()).toEqual(
      pages.filter((page) => page !== 'README.md').sort(),
    );
  });
});

describe('the links', () => {
  it.each(PAGES)('of %s lead to files that are there, and to one heading of them', (page) => {
    const broken = relativeLinks(read(page)).filter(({ path, anchor }) => {
      const target = path === '' ? page : normalize(join(dirname(page), path));
      if (target.startsWith('..') || !existsSync(join(ROOT, target))) return true;
      return (
        anchor !== undefined && headingAnchors(read(target)).filter((one) => one === anchor).length !== 1
      );
    });
    expect(broken).toEqual([]);
  });
});

describe('what one document says alone', () => {
  it('is what a setting may be: each has one row, on the operations page', () => {
    const names = new Set(Object.values(settings).map(({ env }) => `\`${env}\``));
    const found = PAGES.flatMap((page) =>
      rowsOf(page)
        .filter(([, first]) => names.has(first ?? ''))
        .map(([, first]) => `${page} ${first}`),
    );
    expect(found.sort()).toEqual([...names].map((name) => `docs/operations.md ${name}`).sort());
  });

  it('is which ports a process has: each has one row, on the operations page', () => {
    const apps = globSync('apps/*', { cwd: ROOT }).map((path) => path.slice('apps/'.length) as AppName);
    const found = apps.flatMap((app) => {
      const { port, adminPort } = appSettings(app);
      const ports = [writtenDefault(port), writtenDefault(adminPort)];
      return PAGES.flatMap((page) =>
        rowsOf(page)
          .filter((cells) => cells.includes(`\`${app}\``) && cells.some((cell) => ports.includes(cell)))
          .map(() => `${page} ${app}`),
      );
    });
    expect(found.sort()).toEqual(apps.map((app) => `docs/operations.md ${app}`).sort());
  });
});
