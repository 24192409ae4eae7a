/**
 * A front's word to a back that it is there, and the back's word in return. It is said on every new session
 * at once, again and again until the back has answered, and then now and then, so that load and draining stay
 * known. A repetition changes nothing but what it tells. What a back said of its own number is told to the
 * one that comes after it.
 */
import type { MessageTopic } from '@lobby/protocol';
import type { SessionPulse } from '@lobby/pulse';
import type { BackLink } from './back-link.ts';
import type { ServiceUp } from './service-up.ts';

export interface AnnouncementOptions {
  readonly link: BackLink;
  readonly say: MessageTopic<ServiceUp>;
  /** What to tell, asked each time. */
  readonly payload: () => ServiceUp;
  /** The back's own announcement. */
  readonly hear: MessageTopic<ServiceUp>;
  /** The back of a new session has answered: it knows this front. Told once a session. */
  readonly heard?: (child: SessionPulse) => void | Promise<void>;
  /** Milliseconds between repetitions until the back has answered. */
  readonly retryMs?: number;
  /** Milliseconds between repetitions after that. */
  readonly everyMs?: number;
}

export class Announcement {
  readonly #options: AnnouncementOptions;
  #heard: ServiceUp | undefined;
  /** The last back that told its number; the next one learns from it. */
  #master: ServiceUp['master'];

  constructor(options: AnnouncementOptions) {
    this.#options = options;
    options.link.isFor(this);
    options.link.onUp((session) => this.#announce(options.link.pulse.asChild({ session })));
  }

  /** The back as it last announced itself on the session of now. */
  get back(): ServiceUp | undefined {
    return this.#options.link.session === undefined ? undefined : this.#heard;
  }

  /** Why this front can't work with the back now; empty when it can. */
  get reasons(): readonly string[] {
    const { link } = this.#options;
    if (link.session === undefined) return [`${link.name} is ${link.state}: ${link.fault ?? 'no session'}`];
    return this.#heard === undefined ? [`${link.name} has not answered the announcement yet`] : [];
  }

  /** Says it now, because what it tells has changed. */
  sayNow(): void {
    this.#options.link.send(this.#options.say, this.#payload());
  }

  #payload(): ServiceUp {
    const own = this.#options.payload();
    return this.#master === undefined ? own : { ...own, master: this.#master };
  }

  #announce(child: SessionPulse): SessionPulse {
    const { say, hear, heard, retryMs = 500, everyMs = 5_000 } = this.#options;
    const tell = (): void => void child.send(say, this.#payload());
    this.#heard = undefined;
    tell();
    const retry = child.repeat(retryMs, tell);
    child.sub(hear, (_, up) => {
      const first = this.#heard === undefined;
      this.#heard = up;
      this.#master = up.master ?? this.#master;
      if (!first) return undefined;
      retry.cancel();
      child.repeat(everyMs, tell);
      this.#options.link.dutyDone();
      return heard?.(child);
    });
    return child;
  }
}
