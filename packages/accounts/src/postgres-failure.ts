/**
 * What a failure of PostgreSQL, or of the way to it, means for whoever runs the lobby. SQLSTATE classes are
 * those of the manual's appendix "PostgreSQL Error Codes".
 */
import { codeOf, messageOf } from './native-error.ts';

export interface PostgresFailure {
  /** What went wrong, in the words of the server or the system. */
  readonly what: string;
  readonly advice: string;
}

const LOGIN = 'Check the user, the password and the database in its URL, and who may connect in pg_hba.conf.';
const RIGHTS = 'Grant its user what it needs: to create tables in the schema, and to read and write its own.';
const READ_ONLY = 'It takes no writes: give the URL of the primary server.';
const SLOW = 'Something holds its tables, or it is too slow: look into pg_stat_activity and pg_locks.';
const FULL =
  'It is out of room or of connections: free some, or raise max_connections above what all masters take.';
const TABLES = 'Its tables are not as this program left them: restore them from a backup.';
const AWAY = 'Check that it runs and can be reached from here, then try again.';

/** By the first characters of the SQLSTATE; the longer ones come first. */
const ADVICE: readonly (readonly [string, string])[] = [
  ['25006', READ_ONLY],
  ['42501', RIGHTS],
  ['57014', SLOW],
  ['55P03', SLOW],
  ['28', LOGIN],
  ['3D', LOGIN],
  ['53', FULL],
  ['23', TABLES],
  ['42', TABLES],
];

export function describePostgresFailure(error: unknown): PostgresFailure {
  const code = codeOf(error);
  const [, advice = AWAY] = ADVICE.find(([prefix]) => code?.startsWith(prefix)) ?? [];
  // A host with several addresses fails as one error without words of its own.
  const words = messageOf(error) || 'no connection';
  return { what: code === undefined || words.includes(code) ? words : `${words} (${code})`, advice };
}
