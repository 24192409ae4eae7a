/**
 * What accounts and tokens refuse, as failures that whoever asked is told. Where the accounts' storage can't
 * be used, that alone is told; which storage it is, and why, is for the log.
 */
import { AccountError } from '@lobby/accounts';
import { Failure } from '@lobby/protocol';
import type { FailureDetails } from '@lobby/protocol';
import type { Log } from '@lobby/pulse';

/**
 * What the work resolves with. Rejects with a `Failure` of the code of an `AccountError`, `storage` becoming
 * `backend_unavailable`, to which `details` are added.
 */
export async function asFailures<T>(work: Promise<T>, log: Log, details: FailureDetails = {}): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AccountError)) throw error;
    const { code, message, retryAfterMs } = error;
    if (code !== 'storage') throw new Failure(code, message, { retryAfterMs });
    log.error({ code, why: message }, 'the accounts can not be read or written');
    throw new Failure('backend_unavailable', 'the accounts can not be read or written now', details);
  }
}
