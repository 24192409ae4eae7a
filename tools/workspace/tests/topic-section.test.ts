import { describe, expect, it } from '@jest/globals';
import { message } from '@lobby/protocol';
import { keyTable, topicSection } from '../src/docs/topic-section.ts';

const schema = {
  type: 'object',
  required: ['code'],
  properties: {
    code: { type: 'string', minLength: 1, maxLength: 64 },
    odd: {
      type: 'array',
      items: { type: 'object', properties: { at: { type: 'integer', minimum: 0, maximum: 9 } } },
    },
  },
};

describe('the table of a payload', () => {
  it('tells type, range and meaning of each key, those inside of maps too', () => {
    expect(keyTable('a word', schema, { odd: 'what it holds' }).split('\n').slice(2)).toEqual([
      '| `code` | string | yes | 1 to 64 characters | stable, for programs |',
      '| `odd` | array of map | no |  | what it holds |',
      '| `odd[].at` | integer | no | 0 to 9 | when it was said |',
    ]);
  });

  it('is refused where a key has no meaning', () => {
    expect(() => keyTable('a word', schema, {})).toThrow('a word: key odd has no meaning');
  });

  it('is refused where a note has no key', () => {
    expect(() => keyTable('a word', schema, { odd: 'it', gone: 'it' })).toThrow('a word has no key gone');
  });
});

describe('the section of a group', () => {
  it('is refused where a topic has no note', () => {
    const word = message(9_001, 'new.syn_word', { flow: 'front_to_client', payload: {} });
    expect(() => topicSection({ word })).toThrow('new.syn_word has no note');
  });
});
