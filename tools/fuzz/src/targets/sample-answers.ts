/** One valid answer for every call, so that whatever is asked can be answered. */
import type { CallTopic } from '@lobby/protocol';
import { Dice } from '../dice.ts';
import { valueOf } from '../cases/schema-values.ts';

export function sampleAnswer({ reply }: CallTopic): object {
  return valueOf(reply.schema, new Dice(reply.number, 0)) as object;
}
