/**
 * A rule of ESLint: the message of a line of the log is fixed. How many lines of a kind may be written goes
 * by their message, so whatever changes, names and numbers above all, stands in the fields.
 */

import type { Rule } from 'eslint';

type Callee = Parameters<NonNullable<Rule.RuleListener['CallExpression']>>[0]['callee'];

const LOG = /^(?:log|logger)$|Log(?:ger)?$/;
const UPPER_SNAKE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*$/;

export const logMessage: Rule.RuleModule = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      message: 'Write the message of a log line as a plain text, and put what changes into its fields.',
    },
  },
  create(context) {
    return {
      CallExpression({ callee, arguments: given }) {
        const [, message] = given;
        if (message === undefined || given.length !== 2 || !isOfLog(callee)) return;
        const isFixed =
          message.type === 'Literal' || (message.type === 'Identifier' && UPPER_SNAKE.test(message.name));
        if (!isFixed) context.report({ node: message, messageId: 'message' });
      },
    };
  },
};

/** `log.info`, `this.#log[level]`, `options.log.warn`. */
function isOfLog(callee: Callee): boolean {
  if (callee.type !== 'MemberExpression') return false;
  const { object } = callee;
  const named = object.type === 'MemberExpression' ? object.property : object;
  return (named.type === 'Identifier' || named.type === 'PrivateIdentifier') && LOG.test(named.name);
}
