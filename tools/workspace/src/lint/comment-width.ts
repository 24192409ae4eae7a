/**
 * A rule of ESLint: no line of a comment is wider than 110 columns. The formatter breaks code and leaves
 * comments. `--fix` breaks prose; a drawing, and a comment behind code, are for a person.
 */

import type { Rule } from 'eslint';
import { wrapLines } from './wrap-lines.ts';

/** As `printWidth` of .prettierrc.json. */
export const MOST_COLUMNS = 110;
/** What cannot be broken: an address, and an order to a tool. */
const UNBREAKABLE = /https?:\/\/|\b(?:eslint|oxlint|prettier)-|@ts-/;

type SourceCode = Rule.RuleContext['sourceCode'];
type Comment = ReturnType<SourceCode['getAllComments']>[number];
/** Comments that are read as one: a block, or lines that follow each other. */
type Text = readonly [Comment, ...Comment[]];

export const commentWidth: Rule.RuleModule = {
  meta: {
    type: 'layout',
    fixable: 'code',
    schema: [],
    messages: { wide: 'Break this line of the comment: it has {{columns}} columns, and 110 are the most.' },
  },
  create(context) {
    const { sourceCode } = context;
    return {
      Program() {
        for (const text of textsOf(sourceCode)) {
          const wide = wideLines(text, sourceCode);
          const fixed = wide.length === 0 ? undefined : fixedText(text, sourceCode);
          for (const line of wide) {
            const columns = lineOf(line, sourceCode).length;
            context.report({
              loc: { start: { line, column: MOST_COLUMNS }, end: { line, column: columns } },
              messageId: 'wide',
              data: { columns: String(columns) },
              fix: fixed === undefined ? null : (fixer) => fixer.replaceTextRange(rangeOf(text), fixed),
            });
          }
        }
      },
    };
  },
};

function lineOf(number: number, { lines }: SourceCode): string {
  return lines[number - 1] ?? '';
}

function textsOf(sourceCode: SourceCode): Text[] {
  const texts: [Comment, ...Comment[]][] = [];
  for (const comment of sourceCode.getAllComments()) {
    const text = texts.at(-1);
    const last = text?.at(-1);
    const follows =
      last?.type === 'Line' &&
      comment.type === 'Line' &&
      comment.loc?.start.line === (last.loc?.end.line ?? 0) + 1 &&
      comment.loc.start.column === last.loc?.start.column &&
      isAlone(comment, sourceCode) &&
      isAlone(last, sourceCode);
    if (follows) text?.push(comment);
    else texts.push([comment]);
  }
  return texts;
}

/** Whether no code is before it on its line. */
function isAlone({ loc }: Comment, sourceCode: SourceCode): boolean {
  return (
    lineOf(loc?.start.line ?? 0, sourceCode)
      .slice(0, loc?.start.column)
      .trim() === ''
  );
}

function rangeOf(text: Text): [number, number] {
  return [text[0].range?.[0] ?? 0, text.at(-1)?.range?.[1] ?? 0];
}

function wideLines(text: Text, sourceCode: SourceCode): number[] {
  const [first, last] = [text[0].loc?.start.line ?? 1, text.at(-1)?.loc?.end.line ?? 0];
  const numbers = Array.from({ length: last - first + 1 }, (_, nth) => first + nth);
  return numbers.filter((number) => {
    const line = lineOf(number, sourceCode);
    return line.length > MOST_COLUMNS && !UNBREAKABLE.test(line);
  });
}

/** The same words on lines that fit; `undefined` where it is for a person to say how. */
function fixedText(text: Text, sourceCode: SourceCode): string | undefined {
  const [first] = text;
  if (!isAlone(first, sourceCode)) return undefined;
  const indent = ' '.repeat(first.loc?.start.column ?? 0);
  const fixed = first.type === 'Line' ? fixedLines(text, indent) : fixedBlock(first, indent);
  return fixed === sourceCode.text.slice(...rangeOf(text)) ? undefined : fixed;
}

function fixedLines(text: Text, indent: string): string {
  const lines = text.map(({ value }) => value.replace(/^ /, ''));
  return wrapLines(lines, MOST_COLUMNS - indent.length - '// '.length)
    .map((line) => `// ${line}`.trimEnd())
    .join(`\n${indent}`);
}

function fixedBlock({ value }: Comment, indent: string): string | undefined {
  const given = value.split('\n');
  const isDoc = given.every((line, at) => (at === 0 ? line.startsWith('*') : /^\s*(?:\*|$)/.test(line)));
  if (!isDoc) return undefined;
  const lines = given.map((line, at) => line.replace(at === 0 ? /^\* ?/ : /^\s*\* ?/, '').trimEnd());
  if (lines[0] === '') lines.shift();
  if (lines.at(-1) === '') lines.pop();
  const wrapped = wrapLines(lines, MOST_COLUMNS - indent.length - ' * '.length);
  return ['/**', ...wrapped.map((line) => ` * ${line}`.trimEnd()), ' */'].join(`\n${indent}`);
}
