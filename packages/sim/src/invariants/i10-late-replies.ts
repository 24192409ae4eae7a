/** I10: every call is answered once. An answer that nobody asked for, or a second one, never comes. */
import type { MakeInvariant } from './invariant.ts';

export const lateReplies: MakeInvariant = () => ({
  id: 'I10',
  told: (told) =>
    told.kind === 'unasked'
      ? `${told.connection.process.name} got an answer of topic ${told.topicNumber} to #${told.seq}, which it had not asked or had the answer to`
      : undefined,
});
