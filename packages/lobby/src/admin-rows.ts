/** What an operator sees of logins: the rows of `/users`, on a front and on lobby-master. */
import Type from 'typebox';
import type { Static } from 'typebox';

/** A user whom a front serves. */
export const userRow = Type.Object({
  name: Type.String(),
  userId: Type.String(),
  epoch: Type.Integer({ description: 'Newer logins have larger ones' }),
  session: Type.Integer({ description: 'The key of the session' }),
  since: Type.Integer({ description: 'Milliseconds since the Unix epoch' }),
});

/** Who is to be put out: the path's `:name`, and what came of it. */
export const kickRoute = {
  summary: 'Puts a user out, frees the seat, and makes the tokens void that the user has',
  params: Type.Object({ name: Type.String() }),
  reply: Type.Object({
    kicked: Type.String(),
    wasLoggedIn: Type.Boolean({ description: 'Whether there was a login to end' }),
    roomId: Type.Optional(Type.String({ description: 'The room in which the user had a seat' })),
    seatPending: Type.Boolean({
      description: 'room-master could not be told yet: a seat that the user has ends when it can be',
    }),
  }),
};

export type KickReport = Static<typeof kickRoute.reply>;

/** Whose wrong passwords are to be forgotten: the path's `:name`, and what came of it. */
export const unlockRoute = {
  summary: 'Forgets the wrong passwords that were tried for a name, so that nobody waits for them',
  params: Type.Object({ name: Type.String() }),
  reply: Type.Object({
    unlocked: Type.String(),
    hadFailures: Type.Boolean({ description: 'Whether any still counted' }),
  }),
};

export type UnlockReport = Static<typeof unlockRoute.reply>;

/** Which name an identity's user gives up: the path's `:name`, and what came of it. */
export const unbindRoute = {
  summary: 'Frees a name that is bound to a user of the identity service, for whoever comes next under it',
  params: Type.Object({ name: Type.String() }),
  reply: Type.Object({
    unbound: Type.String(),
    wasBound: Type.Boolean({ description: "Whether it was; an account's name is not, and stays" }),
  }),
};

export type UnbindReport = Static<typeof unbindRoute.reply>;

/** Another key signs tokens from now on: the path's `:how`, and what came of it. */
export const tokenKeyRoute = {
  summary: 'Makes another key that signs tokens; with `replace` all tokens of before are void at once',
  params: Type.Object({ how: Type.Union([Type.Literal('rotate'), Type.Literal('replace')]) }),
  reply: Type.Object({ key: Type.Integer({ description: 'The number of the key that signs' }) }),
};

/** A login in lobby-master's books. */
export const loginRow = Type.Object({
  name: Type.String(),
  userId: Type.String(),
  epoch: Type.Integer({ description: 'Newer logins have larger ones' }),
  front: Type.String({ description: 'The node that serves the user' }),
  session: Type.Integer({ description: "The front's own number of the connection" }),
});

export type LoginRow = Static<typeof loginRow>;
