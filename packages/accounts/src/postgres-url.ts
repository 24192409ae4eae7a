/**
 * What of a database's URL may be shown: everything but the password and the options. The driver reads the
 * rest.
 */
import { AccountError } from './account-error.ts';

const PROTOCOLS = ['postgres:', 'postgresql:'];

/**
 * `postgres://user@host:port/database`, for messages. Throws `bad_request`, without a word of the URL, when
 * it is not one of PostgreSQL with a host and a database.
 */
export function describePostgresUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (
    parsed === undefined ||
    !PROTOCOLS.includes(parsed.protocol) ||
    parsed.hostname === '' ||
    parsed.pathname.length < 2 ||
    !isDecodable(url)
  ) {
    throw new AccountError(
      'bad_request',
      'The URL of the accounts database cannot be read: give postgres://user:password@host:port/database, with a ' +
        'percent sign and two hex digits for whatever is special in a name or a password.',
    );
  }
  const user = parsed.username === '' ? '' : `${parsed.username}@`;
  return `postgres://${user}${parsed.host}${parsed.pathname}`;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
