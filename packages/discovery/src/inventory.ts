/**
 * Everything that a front holds, told to its back page by page: the front's side and the back's. A back
 * begins with no memory, so a front tells all on every new session, once the back has answered its
 * announcement.
 *
 *     front ── page ──▶ back ── taken ──▶ front ── page, last ──▶ back: this front has reported
 *       ▲                │
 *       └── a second ────┴── failed, the session lives: all over again
 *
 * Invariant: a page says of each thing how it is when the page is sent. What changes after that is the
 * front's to tell, and comes after the page, because both go through one session in order.
 */
import { Failure, encodedBytes } from '@lobby/protocol';
import type { CallTopic } from '@lobby/protocol';
import type { Log, SessionPulse } from '@lobby/pulse';
import type { BackLink } from './back-link.ts';
import type { Front } from './front.ts';
import type { Recovery } from './recovery.ts';

/** Things of one kind in a page, at most. */
const INVENTORY_PAGE = 500;
/** A page leaves room for others on the link, which takes frames of 1 MiB. */
const MAX_PAGE_BYTES = 256 * 1024;
const RETRY_MS = 1_000;

/** Lists of things, by kind. */
type Lists = Readonly<Record<string, readonly unknown[]>>;

/** What every page of an inventory says besides its things. */
interface Paged {
  /** No page follows. */
  readonly last: boolean;
}

/** How pages are made. */
export interface Paging<Things extends Lists, Page extends object> {
  /** How these things are now. */
  readonly describe: (some: Things) => Page;
  /** Things of one kind in a page, at most. */
  readonly most?: number;
  /** Bytes of an encoded page, at most; one thing of each kind is a page all the same. */
  readonly maxBytes?: number;
}

/**
 * Cuts lists into pages: a page has the next things of every list, as many as `most` and its bytes allow.
 * There is at least one page, and the last one says so. A page is cut when it is asked for.
 */
export function* inPages<Things extends Lists, Page extends object>(
  lists: Things,
  { describe, most = INVENTORY_PAGE, maxBytes = MAX_PAGE_BYTES }: Paging<Things, Page>,
): IterableIterator<Paged & { readonly page: Page }> {
  const longest = Math.max(0, ...Object.values(lists).map(({ length }) => length));
  let count = most;
  for (let from = 0, last = false; !last; from += count, count = Math.min(most, 2 * count)) {
    let page = describe(cut(lists, from, count));
    while (count > 1 && encodedBytes(page) > maxBytes) {
      count = Math.ceil(count / 2);
      page = describe(cut(lists, from, count));
    }
    last = from + count >= longest;
    yield { page, last };
  }
}

function cut<Things extends Lists>(lists: Things, from: number, count: number): Things {
  const some = Object.entries(lists).map(([kind, list]) => [kind, list.slice(from, from + count)]);
  return Object.fromEntries(some) as Things;
}

export interface InventoryOptions<Things extends Lists, Page extends object> extends Pick<
  Paging<Things, Page>,
  'describe'
> {
  readonly link: BackLink;
  readonly topic: CallTopic<Page & Paged, object>;
  /** All that is held now. */
  readonly held: () => Things;
  readonly log: Log;
}

/** The front's side. */
export class Inventory<Things extends Lists, Page extends object> {
  readonly #options: InventoryOptions<Things, Page>;
  /** The key of the session on which the back has taken everything. */
  #takenOn: number | undefined;

  constructor(options: InventoryOptions<Things, Page>) {
    this.#options = options;
    options.link.isFor(this);
  }

  /** Why the back can't know yet what is held here; empty when it does. */
  get reasons(): readonly string[] {
    const { link } = this.#options;
    return this.#takenOn !== undefined && this.#takenOn === link.session?.key
      ? []
      : [`${link.name} has not taken the inventory yet`];
  }

  /**
   * Tells the back everything. Where that fails and the session lives, it begins again after a second. Never
   * rejects for a refusal.
   */
  async tell(child: SessionPulse): Promise<void> {
    const { link, topic, held, describe, log } = this.#options;
    try {
      for (const { page, last } of inPages(held(), { describe })) await child.call(topic, { ...page, last });
      this.#takenOn = child.session.key;
      link.dutyDone();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      log.warn(
        { back: link.name, code: error.code, why: error.message },
        'a back did not take the inventory',
      );
      if (!child.stopped) child.once(RETRY_MS, () => this.tell(child));
    }
  }
}

export interface InventoryTaking<Page extends Paged> {
  readonly topic: CallTopic<Page, object>;
  readonly recovery: Recovery;
  /** Writes a page into the books. A promise holds the answer back until it resolves. */
  readonly learn: (page: Page) => unknown;
  /** The front has told everything. */
  readonly complete: () => void;
}

/** The back's side: takes the pages of this front, until its session ends. */
export function takeInventory<Page extends Paged>(
  front: Front,
  { topic, recovery, learn, complete }: InventoryTaking<Page>,
): void {
  const taken = ({ last }: Page): object => {
    if (last) {
      recovery.reported(front);
      complete();
    }
    return {};
  };
  front.pulse.answer(topic, (_, page) => {
    const learning = learn(page);
    // Books that need no time are complete in the step in which they are written.
    return learning instanceof Promise ? learning.then(() => taken(page)) : taken(page);
  });
}
