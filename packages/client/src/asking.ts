/**
 * What a call of the client is made of, checked before anything is sent: its payload by the topic's own
 * schema, its options by theirs. So nothing that a program without types hands in reaches a server, which
 * would end the connection for it.
 */
import { CallFailure, callOptions } from '@lobby/call';
import type { CallOptions } from '@lobby/call';
import { checkedPayload } from '@lobby/protocol';
import type { CallTopic } from '@lobby/protocol';
import { badOption } from './errors.ts';

/** What may be sent of `given`. Throws a `CallFailure` of code `bad_request`, refused. */
export function request<Request>(topic: CallTopic<Request>, given: unknown): Request {
  try {
    return checkedPayload(topic, given);
  } catch (error) {
    throw badRequest((error as Error).message, topic.name);
  }
}

/** Throws a `ClientError` of code `bad_option`. */
export function patience(given: CallOptions | undefined): CallOptions {
  return callOptions(given, badOption);
}

export function badRequest(message: string, topic?: string): CallFailure {
  return new CallFailure('refused', 'bad_request', { message, ...(topic === undefined ? {} : { topic }) });
}
