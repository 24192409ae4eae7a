/** The rules of ESLint that are our own, as the plugin `house` of eslint.config.mjs. */

import type { ESLint } from 'eslint';
import { commentWidth } from './comment-width.ts';
import { constantCase } from './constant-case.ts';
import { fileHead } from './file-head.ts';
import { logMessage } from './log-message.ts';

export const houseRules: ESLint.Plugin = {
  rules: {
    'file-head': fileHead,
    'comment-width': commentWidth,
    'constant-case': constantCase,
    'log-message': logMessage,
  },
};
