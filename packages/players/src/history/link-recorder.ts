/**
 * Tells a history what befalls one link. It is the link's handlers, with two more for its owner. A token is
 * long and says nothing that the bot's name does not, so it is left out.
 */
import type { Frame } from '@lobby/net-frame';
import { FrameKind } from '@lobby/net-frame';
import { decodeFailure, decodePayload, lobbyTopics } from '@lobby/protocol';
import type { Answer, AskedCall, Link, LinkHandlers } from '../link/link.ts';
import type { ClientLine, Fields, Untimed } from './line.ts';

export interface LinkRecorderOptions {
  readonly bot: string;
  /** The connection's number in the history. */
  readonly link: number;
  /** The process that it leads to. */
  readonly node: string;
  readonly tell: (line: Untimed<ClientLine>) => void;
  /** A message came that is not the connection's own. */
  readonly heard?: ((topic: string, payload: Fields) => void) | undefined;
  /** It is over, with this code. */
  readonly ended?: ((code: string) => void) | undefined;
}

export class LinkRecorder implements LinkHandlers {
  readonly #options: LinkRecorderOptions;
  readonly #who: { readonly bot: string; readonly link: number };
  /** What is asked while this is set is marked as what no client may ask. */
  forging = false;

  constructor(options: LinkRecorderOptions) {
    this.#options = options;
    const { bot, link } = options;
    this.#who = { bot, link };
  }

  onWelcomed({ session }: Link): void {
    this.#options.tell({ what: 'opened', ...this.#who, node: this.#options.node, session });
  }

  onAsked({ seq, topic, request }: AskedCall): void {
    const asked = {
      what: 'asked',
      ...this.#who,
      seq,
      topic: topic.name,
      request: withoutToken(request),
    } as const;
    this.#options.tell(this.forging ? { ...asked, forged: true } : asked);
  }

  onAnswered({ seq, topic: { name }, reply, failure }: Answer): void {
    const answered = { what: 'answered', ...this.#who, seq, topic: name } as const;
    if (failure === undefined) return this.#options.tell({ ...answered, reply: withoutToken(reply ?? {}) });
    const { code, explanation: message, mayHaveRun } = failure;
    this.#options.tell({ ...answered, failure: code, message, ...(mayHaveRun ? { mayHaveRun } : {}) });
  }

  onUnasked({ seq, topic, kind, payload }: Frame): void {
    const answered = { what: 'answered', ...this.#who, seq, topic: String(topic) } as const;
    this.#options.tell(
      kind === FrameKind.reply
        ? { ...answered, reply: {} }
        : { ...answered, failure: decodeFailure(payload).code },
    );
  }

  onMessage({ topic: number, payload: bytes }: Frame): void {
    const topic = lobbyTopics.byNumber(number);
    const payload = topic === undefined ? {} : (decodePayload(topic, bytes) as Fields);
    const name = topic?.name ?? String(number);
    this.#options.tell({ what: 'heard', ...this.#who, topic: name, payload });
    this.#options.heard?.(name, payload);
  }

  onEnded(code: string): void {
    this.#options.tell({ what: 'ended', ...this.#who, code });
    this.#options.ended?.(code);
  }
}

function withoutToken(payload: object): Fields {
  return 'token' in payload ? { ...payload, token: '…' } : (payload as Fields);
}
