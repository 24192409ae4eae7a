/** What a text may hold, where its length alone does not say enough. */
import { isName } from './name-rule.ts';

/** A rule that a schema names by its keyword `rule`. */
export interface TextRule {
  holds(text: string): boolean;
  /** What such a text is, after "must be a string of so many characters". */
  readonly words: string;
  /** Bytes of a character in UTF-8, at most. */
  readonly bytesEach: number;
}

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

export const TEXT_RULES = Object.freeze({
  ascii: { holds: (text: string) => PRINTABLE_ASCII.test(text), words: 'of ASCII', bytesEach: 1 },
  name: { holds: isName, words: 'that keeps the rule of names', bytesEach: 4 },
} satisfies Record<string, TextRule>);

export type TextRuleName = keyof typeof TEXT_RULES;
