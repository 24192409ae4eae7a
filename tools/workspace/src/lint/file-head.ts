/**
 * A rule of ESLint: a file opens with a comment of the one form that editors show. Lines of `//` at the top
 * become such a comment by `--fix`. With the option `required` a file without any is a fault, too: that is
 * for a person to write.
 */

import type { Rule } from 'eslint';
import { MOST_COLUMNS } from './comment-width.ts';

type Comment = ReturnType<Rule.RuleContext['sourceCode']['getAllComments']>[number];

export const fileHead: Rule.RuleModule = {
  meta: {
    type: 'layout',
    fixable: 'code',
    schema: [{ enum: ['required', 'optional'] }],
    messages: {
      lines: 'Write the head of the file as `/** ... */`: `eslint --fix` does it.',
      missing: 'Open the file with `/** ... */`: what it owns, what it refuses to know, the invariant.',
    },
  },
  create(context) {
    const { sourceCode } = context;
    return {
      Program() {
        const comments = sourceCode.getAllComments();
        const [first] = comments;
        const loc = { line: 1, column: 0 };
        if (first === undefined || sourceCode.text.slice(0, first.range?.[0]).trim() !== '') {
          const isEmpty = sourceCode.ast.tokens.length === 0;
          if (context.options[0] === 'required' && !isEmpty) context.report({ loc, messageId: 'missing' });
          return;
        }
        if (first.type === 'Block' && first.value.startsWith('*')) return;
        const lines = first.type === 'Line' ? runFromFirst(comments) : [];
        const head = headOf(lines);
        const [start = 0, end = 0] = [first.range?.[0], lines.at(-1)?.range?.[1]];
        context.report({
          loc,
          messageId: 'lines',
          fix: head === undefined ? null : (fixer) => fixer.replaceTextRange([start, end], head),
        });
      },
    };
  },
};

/** The comments of lines that follow each other from the first one on. */
function runFromFirst(comments: readonly Comment[]): readonly Comment[] {
  const end = comments.findIndex(({ type, loc }, at) => {
    const before = comments[at - 1]?.loc?.end.line;
    return type !== 'Line' || (before !== undefined && loc?.start.line !== before + 1);
  });
  return end === -1 ? comments : comments.slice(0, end);
}

/** The same words as one comment; `undefined` where they would end it, or where there are none. */
function headOf(lines: readonly Comment[]): string | undefined {
  const words = lines.map(({ value }) => value.trimEnd());
  const [only = ''] = words;
  if (words.length === 0 || words.some((line) => line.includes('*/'))) return undefined;
  const short = `/**${only} */`;
  if (words.length === 1 && short.length <= MOST_COLUMNS) return short;
  return ['/**', ...words.map((line) => ` *${line}`), ' */'].join('\n');
}
