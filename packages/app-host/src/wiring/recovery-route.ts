/**
 * `GET /recovery` of a master: whether it knows again what its fronts hold, and what each of them has told.
 */
import type { Recovery } from '@lobby/discovery';
import { Type } from 'typebox';
import type { Static } from 'typebox';

const reply = Type.Object({
  state: Type.Enum(['recovering', 'recovered']),
  reasons: Type.Array(Type.String(), { description: 'What it still waits for' }),
  since: Type.Optional(Type.Integer({ description: 'When it began; milliseconds since the Unix epoch' })),
  windowMs: Type.Integer({ description: 'How long fronts have to come back' }),
  fronts: Type.Array(
    Type.Object({
      service: Type.String(),
      node: Type.String(),
      reported: Type.Boolean({ description: 'It has told all that it holds' }),
      held: Type.Record(Type.String(), Type.Integer(), { description: 'What is known of it now' }),
    }),
  ),
});

export const recoveryRoute = { summary: 'Whether the fronts have told what they hold', reply };

export function recoveryReply({ recovered, reasons, status }: Recovery): Static<typeof reply> {
  const { since, windowMs, fronts } = status;
  return {
    state: recovered ? 'recovered' : 'recovering',
    reasons: [...reasons],
    windowMs,
    fronts: fronts.map((front) => ({ ...front, held: { ...front.held } })),
    ...(since === undefined ? {} : { since }),
  };
}
