/**
 * What a caller may ask of one call. Neither is needed for it to settle: the end of the session settles it.
 */
import { checked, milliseconds, optional, optionsOf, valueThat } from '@lobby/net-frame/options';
import { CallError } from './call-error.ts';

export interface CallOptions {
  /**
   * The caller's patience: when it aborts, the call settles as unknown; an answer that comes later is dropped
   * and counted.
   */
  readonly signal?: AbortSignal;
  /** Whole milliseconds after which it settles as unknown with the code `deadline`. */
  readonly deadlineMs?: number;
}

const NONE: CallOptions = Object.freeze({});

/** Asked of the signal itself, whatever it pretends to be. */
// oxlint-disable-next-line typescript/unbound-method -- it is called on what was given
const isAborted = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted')?.get as () => boolean;

const signal = valueThat<AbortSignal>(
  'an AbortSignal',
  (given) => typeof isAborted.call(given as AbortSignal) === 'boolean',
);

const CHECKED = optionsOf<CallOptions>({ signal: optional(signal), deadlineMs: optional(milliseconds) });

/**
 * The options of a call. Throws what `bad` makes of a fault: a `CallError` of code `bad_option` if left out.
 */
export function callOptions(
  given: CallOptions | undefined,
  bad: (message: string) => Error = (message) => new CallError('bad_option', message),
): CallOptions {
  return given === undefined ? NONE : checked(given, CHECKED, { bad });
}
