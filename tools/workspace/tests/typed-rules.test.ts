/**
 * Two linters share the rules of `recommendedTypeChecked`: ESLint holds those that need no types, oxlint the
 * others. None may lie between them, and each that oxlint holds must find a fault that is planted for it.
 */

import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import type { Linter } from 'eslint';
import typescript from 'typescript-eslint';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const OXLINT = join(ROOT, 'node_modules/oxlint/bin/oxlint');
const PREFIX = '@typescript-eslint/';
/** An async function without await is how a promise-returning interface is answered at once. */
const NOT_HELD = 'require-await';

/** One fault for each rule. */
const FAULTS: Readonly<Record<string, string>> = {
  'await-thenable': 'export const f = async () => { await 1; };',
  'no-array-delete': 'export const f = (list: number[]) => { delete list[0]; };',
  'no-base-to-string': 'export const f = (value: { a: number }) => String(value);',
  'no-duplicate-type-constituents': "export type T = 'a' | 'a';",
  'no-floating-promises': 'export const f = () => { Promise.resolve(1); };',
  'no-for-in-array': 'export const f = (list: number[]) => { for (const at in list) void at; };',
  'no-implied-eval': "export const f = new Function('return 1') as () => number;",
  'no-misused-promises': 'export const f = (given: Promise<number>) => { if (given) return 1; return 2; };',
  'no-redundant-type-constituents': 'export type T = unknown | string;',
  'no-unnecessary-type-assertion': 'export const f = (text: string) => text as string;',
  'no-unsafe-argument': 'export const f = (given: any) => Number.parseInt(given);',
  'no-unsafe-assignment': 'export const f = (given: any) => { const text: string = given; return text; };',
  'no-unsafe-call': 'export const f = (given: any) => { given(); };',
  'no-unsafe-enum-comparison': 'enum E { A } export const f = (given: E) => given === 0;',
  'no-unsafe-member-access': 'export const f = (given: any) => { void given.name; };',
  'no-unsafe-return': 'export const f = (given: any): string => given;',
  'no-unsafe-unary-minus': 'export const f = (given: string) => -given;',
  'only-throw-error': "export const f = () => { throw 'text'; };",
  'prefer-promise-reject-errors': "export const f = () => Promise.reject('text');",
  'restrict-plus-operands': 'export const f = (given: { a: number }) => given + "text";',
  'restrict-template-expressions': 'export const f = (given: object) => `${given}`;',
  'unbound-method':
    'class C { m() { return this; } } export const f = (given: C) => { const m = given.m; m(); };',
};

function namesOf(configs: readonly { readonly rules?: Partial<Linter.RulesRecord> }[]): string[] {
  const rules = Object.assign({}, ...configs.map(({ rules: some }) => some)) as Linter.RulesRecord;
  return Object.keys(rules).filter((name) => !['off', 0].includes(rules[name] as string));
}

const oxlintConfig = JSON.parse(readFileSync(join(ROOT, '.oxlintrc.json'), 'utf8')) as {
  rules: Record<string, string>;
};
const heldByOxlint = Object.keys(oxlintConfig.rules).map((name) => name.replace('typescript/', ''));

describe('the recommended rules', () => {
  it('are held by ESLint where they need no types, by oxlint where they do', async () => {
    const config = (await new ESLint({ cwd: ROOT }).calculateConfigForFile(
      `${ROOT}packages/pulse/src/index.ts`,
    )) as { rules: Record<string, [number]> };
    const heldByEslint = Object.keys(config.rules).filter((name) => config.rules[name]?.[0] === 2);
    const all = namesOf(typescript.configs.recommendedTypeChecked);
    const held = new Set([...heldByEslint, ...heldByOxlint.map((name) => PREFIX + name)]);
    expect(all.filter((name) => !held.has(name))).toEqual([PREFIX + NOT_HELD]);
    expect(Object.values(oxlintConfig.rules)).toEqual(heldByOxlint.map(() => 'error'));
  });

  it('that oxlint holds find their faults', () => {
    const directory = mkdtempSync(join(tmpdir(), 'lobby-typed-rules-'));
    writeFileSync(join(directory, 'tsconfig.json'), '{"compilerOptions":{"strict":true,"target":"es2024"}}');
    for (const [rule, text] of Object.entries(FAULTS))
      writeFileSync(join(directory, `${rule}.ts`), `${text}\n`);
    const args = ['-c', join(ROOT, '.oxlintrc.json'), '-f', 'unix', directory];
    const { stdout } = spawnSync(process.execPath, [OXLINT, ...args], { encoding: 'utf8' });
    const found = stdout.matchAll(/([\w-]+)\.ts:.*typescript\(([\w-]+)\)\]$/gm);
    const own = [...found].filter(([, file, rule]) => file === rule).map(([, , rule]) => rule);
    rmSync(directory, { recursive: true });
    expect([...new Set(own)].sort()).toEqual([...heldByOxlint].sort());
  });
});
