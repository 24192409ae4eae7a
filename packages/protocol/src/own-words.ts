/**
 * The words of a program of somebody's own, beside those of the lobby: checked when they are made, so that
 * none meets a word that the lobby has, or will have.
 *
 *     1 ... 15 the net's    16 ... 999 the lobby's    1000 ... 32767 free    32768 ... kept back
 */
import type { Static, TSchema } from 'typebox';
import { checked, valueThat } from '@lobby/net-frame/options';
import type { Check } from '@lobby/net-frame/options';
import { ProtocolError } from './errors.ts';
import { call as anyCall, message as anyMessage } from './topic.ts';
import type { CallTopic, MessageTopic } from './topic.ts';

/** What may be used of a program's own for each form. */
interface Rule {
  readonly numbers: Check<number>;
  readonly names: Check<string>;
}

const isFree = (number: unknown): number is number =>
  Number.isInteger(number) && (number as number) >= 1_000 && (number as number) <= 32_767;

const named = (form: string, pattern: RegExp): Check<string> =>
  valueThat(
    `${form}, in small letters, digits and _`,
    (name) => typeof name === 'string' && pattern.test(name),
  );

const MESSAGE: Rule = {
  numbers: valueThat('a whole number from 1000 to 32767: others are kept for the lobby', isFree),
  names: named('group.syn_what', /^[a-z][a-z0-9_]{0,31}\.syn_[a-z0-9_]{1,64}$/),
};
const CALL: Rule = {
  numbers: valueThat(
    'an odd number from 1001 to 32765, and the next one is its reply: others are kept for the lobby',
    (number) => isFree(number) && number % 2 === 1 && isFree(number + 1),
  ),
  names: named('group.req_what', /^[a-z][a-z0-9_]{0,31}\.req_[a-z0-9_]{1,64}$/),
};

/**
 * A word that is said and not answered. `number` is free from 1000 to 32767, `name` is `group.syn_what`.
 * Throws a `ProtocolError` of code `bad_table`.
 */
export function message<S extends TSchema>(
  number: number,
  name: string,
  word: Parameters<typeof anyMessage<S>>[2],
): MessageTopic<Static<S>> {
  requireFree(MESSAGE, number, name);
  return anyMessage(number, name, word);
}

/**
 * A question and its answer: `req` bears `number`, which is odd, from 1001 to 32765, `res` the next one. The
 * names are `group.req_what` and `group.res_what`. Throws a `ProtocolError` of code `bad_table`.
 */
export function call<S extends TSchema, R extends TSchema>(
  number: number,
  name: string,
  word: Parameters<typeof anyCall<S, R>>[2],
): CallTopic<Static<S>, Static<R>> {
  requireFree(CALL, number, name);
  return anyCall(number, name, word);
}

function requireFree({ numbers, names }: Rule, number: unknown, name: unknown): void {
  const bad = (message: string): ProtocolError => new ProtocolError('bad_table', message);
  checked(name, names, { bad, name: 'the name of a topic' });
  checked(number, numbers, { bad, name: `the number of ${String(name)}` });
}
