/**
 * A connection to a front, as a user needs one, whatever it is made of: a `Link` over TCP, or the product's
 * own client side in a simulated world.
 */
import type { CallTopic } from '@lobby/protocol';
import type { Address } from '@lobby/net-frame';

export interface Connection {
  /** Where it leads, as seats name it. */
  readonly address: Address;
  /** Why it is over; `undefined` while it is not. */
  readonly ended: string | undefined;
  /** Rejects with a `LinkError` or a `CallFailure`; nothing else is a refusal. */
  call<Request extends object, Response>(
    topic: CallTopic<Request, Response>,
    request: Request,
  ): Promise<Response>;
  /**
   * A call whose payload nobody checks on this side. Resolves with whether there was a reply; never rejects.
   */
  callRaw?(topic: CallTopic, payload: Readonly<Record<string, unknown>>): Promise<boolean>;
  /** Ends it as a client does that has no more to say. */
  close(): void;
  /** Ends it without a word. */
  drop(): void;
}
