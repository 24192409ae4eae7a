/** What became of calls that may fail, as something to compare. */
import { AccountError } from '../src/index.ts';

/** `done` or the code of the failure, for each call. An error that is none of the package's is passed on. */
export function outcomesOf(calls: readonly Promise<unknown>[]): Promise<string[]> {
  return Promise.all(calls.map((call) => call.then(() => 'done', codeOf)));
}

/** The error that the call rejects with; fails when it doesn't. */
export function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => {
      throw new Error('the call did not fail');
    },
    (error: unknown) => error,
  );
}

function codeOf(error: unknown): string {
  if (error instanceof AccountError) return error.code;
  throw error;
}
