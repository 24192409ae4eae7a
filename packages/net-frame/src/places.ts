/**
 * The places of a port, and who of its strangers goes when there is none for a newcomer. A stranger is a
 * connection that nobody is known on. This is the one place where that is decided: whoever takes a connection
 * in asks here first, and tells what becomes of it.
 *
 *     take ──▶ stranger ◀── admit, dismiss ──▶ known ── free ──▶ (none)
 *                 └── made room, or was turned away ──▶ (none)
 *
 * - No more than `most` are here. The newcomer counts as here already; where that is one too many, the oldest
 *   stranger of the source that has most of them goes, which may be the newcomer.
 * - A tenth is kept for new sources: those of which nobody is here, as far as the widest of their networks
 *   goes. For others the port is full before, except for a source that is alone here.
 * - A source has no more than `mostOfSource` strangers: over that, its own oldest goes.
 * - Who is known never goes. Those that a trusted proxy has not named yet have no source: they count
 *   together, against all strangers who have one.
 */
import { NetFrameError } from './errors.ts';
import type { InLine } from './line.ts';
import { Network } from './networks.ts';

/** Whoever has a place. */
export interface Guest {
  /** The place is somebody else's: the connection must end in this turn. */
  makeRoom(): void;
}

export interface PlacesOptions {
  /** Connections at most. */
  readonly most: number;
  /** Strangers of one source at most; any number if left out. */
  readonly mostOfSource?: number;
}

const KEPT_SHARE = 0.1;

/** The place of one connection. */
export class Place implements InLine<Place> {
  guest: Guest;
  before: Place | undefined = undefined;
  after: Place | undefined = undefined;
  readonly #places: Places;
  /** `undefined` once it is free. */
  #source: Network<Place> | undefined;
  #isStranger = false;

  /** Made by `Places.take` only. */
  constructor(places: Places, guest: Guest) {
    this.#places = places;
    this.guest = guest;
  }

  /** Somebody is known on the connection: it makes room for nobody. */
  admit(): void {
    if (this.#isStranger) this.#source?.delete(this);
    this.#isStranger = false;
  }

  /** Nobody is known on it any more; of the strangers it is the newest. */
  dismiss(): void {
    if (this.#source === undefined) return;
    this.admit();
    this.#source.add(this);
    this.#isStranger = true;
  }

  /** Its proxy has said who it is. Where there is no room for that one, it may be the one who goes. */
  named(remoteAddress: string): void {
    if (this.#source === undefined) return;
    const { guest } = this;
    if (!this.#places.moved(this, remoteAddress)) guest.makeRoom();
  }

  /** The connection is over. Twice is harmless. */
  free(): void {
    this.moveTo(undefined);
  }

  /** Called by its `Places`. A stranger wherever it comes. */
  moveTo(source: Network<Place> | undefined): void {
    this.admit();
    this.#source?.leave();
    this.#source = source;
    source?.enter();
    this.dismiss();
  }
}

export class Places {
  readonly #most: number;
  readonly #mostOfKnownSources: number;
  readonly #mostOfSource: number;
  readonly #all = new Network<Place>('all');
  readonly #unnamed = new Network<Place>('not named by their proxies yet');
  #madeRoom = 0;

  /** Throws `bad_option` where nobody would find room. */
  constructor({ most, mostOfSource = Infinity }: PlacesOptions) {
    if (!(most >= 1 && mostOfSource >= 1))
      throw new NetFrameError(
        'bad_option',
        `of ${most} places, ${mostOfSource} for strangers of a source, nobody can have one: both must be over 0`,
      );
    this.#most = most;
    this.#mostOfKnownSources = most - Math.floor(most * KEPT_SHARE);
    this.#mostOfSource = mostOfSource;
  }

  /** Connections that are here. */
  get size(): number {
    return this.#all.held + this.#unnamed.held;
  }

  /** Of these, the ones that nobody is known on. */
  get strangers(): number {
    return this.#all.count + this.#unnamed.count;
  }

  /** Strangers that were put out for newcomers, since the beginning. */
  get madeRoom(): number {
    return this.#madeRoom;
  }

  /**
   * A place for a connection that has just come; `undefined` where it must go itself. Whoever goes for it is
   * told before this returns. Without an address it comes from a proxy, which will say who it is.
   */
  take(remoteAddress: string | undefined, guest: Guest): Place | undefined {
    const source = remoteAddress === undefined ? this.#unnamed : this.#all.sourceOf(remoteAddress);
    const limit = this.#limitFor(source);
    const place = new Place(this, guest);
    place.moveTo(source);
    return this.#makeRoom(place, source, limit) ? place : undefined;
  }

  /** For a place that its proxy has named. Returns whether it stays. */
  moved(place: Place, remoteAddress: string): boolean {
    const source = this.#all.sourceOf(remoteAddress);
    const limit = this.#limitFor(source);
    place.moveTo(source);
    return this.#makeRoom(place, source, limit);
  }

  /** How many may be here with a newcomer of this source, which is not counted yet. */
  #limitFor(source: Network<Place>): number {
    if (source === this.#unnamed) return this.#most;
    const isNewOrAlone = source.widest.held === 0 || this.#all.size === 1;
    return isNewOrAlone ? this.#most : this.#mostOfKnownSources;
  }

  /** Returns whether the newcomer stays. */
  #makeRoom(newcomer: Place, source: Network<Place>, limit: number): boolean {
    const leaver = this.#firstToGo(source, limit);
    if (leaver === undefined) return true;
    leaver.free();
    if (leaver === newcomer) return false;
    this.#madeRoom += 1;
    leaver.guest.makeRoom();
    return true;
  }

  #firstToGo(source: Network<Place>, limit: number): Place | undefined {
    if (source !== this.#unnamed && source.count > this.#mostOfSource) return source.firstToGo;
    if (this.size <= limit) return undefined;
    return this.#unnamed.count > this.#all.count ? this.#unnamed.firstToGo : this.#all.firstToGo;
  }
}
