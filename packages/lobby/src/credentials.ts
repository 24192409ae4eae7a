/**
 * What a front refuses of a login or a registration by itself. Its words reach the client; those of a master
 * do not.
 */
import { Failure, NAME_RULE, parseName } from '@lobby/protocol';
import type { PayloadOf, auth } from '@lobby/protocol';

/** Throws `bad_request` for anything but name and password, or a token alone. */
export function checkCredentials({ name, password, token }: PayloadOf<typeof auth.reqLogin>): void {
  const byPassword = name !== undefined && password !== undefined && token === undefined;
  const byToken = token !== undefined && name === undefined && password === undefined;
  if (!byPassword && !byToken)
    throw new Failure('bad_request', 'a login needs either name and password, or a token alone');
}

/** Throws `bad_request` for a name that nobody can register. */
export function checkName(name: string): void {
  if (parseName(name) === undefined) throw new Failure('bad_request', `${NAME_RULE} Choose another one.`);
}

/** Two users can't share a connection. */
export function takenBy(member: string): Failure {
  return new Failure('bad_request', `${member} is checked in on this connection: leave the room first`);
}
