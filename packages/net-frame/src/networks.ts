/**
 * Strangers by the networks that they come from, and which of them is the first to go: the oldest of the
 * source that has most. Sources of one wide network count together first, so the widest network that has most
 * is found, then the one within it that has most, down to the source: whoever owns a /48 of IPv6 is one, and
 * not 65,536. An IPv4 address is wide and source at once.
 *
 *     all ──┬── 192.0.2.7 ─────────── strangers, the oldest first
 *           └── /48 ──┬── /56 ─────── /64 ── strangers, the oldest first
 *                     └── /56 ─┬───── /64 ── ...
 *
 * Invariants: a network is there as long as somebody is in it; whatever is done takes as many steps as there
 * are tiers, however many are there.
 */
import { Line } from './line.ts';
import type { InLine } from './line.ts';
import { networksOf } from './source-of.ts';

/** Networks by how many strangers they have. */
class Ranks<Stranger extends InLine<Stranger>> {
  readonly #byCount = new Map<number, Line<Network<Stranger>>>();
  #most = 0;

  /** The one that has most; of several, the one that has had so many for the longest time. */
  get first(): Network<Stranger> | undefined {
    return this.#byCount.get(this.#most)?.first;
  }

  /** Counts change by one at a time: so the most is known without a search. */
  change(network: Network<Stranger>, from: number, to: number): void {
    const left = this.#byCount.get(from);
    left?.delete(network);
    if (left?.isEmpty === true) this.#byCount.delete(from);
    if (to > 0) this.#lineOf(to).add(network);
    if (to > this.#most || (from === this.#most && left?.isEmpty === true)) this.#most = to;
  }

  #lineOf(count: number): Line<Network<Stranger>> {
    let line = this.#byCount.get(count);
    if (line === undefined) this.#byCount.set(count, (line = new Line()));
    return line;
  }
}

/** A network, and all networks together. */
export class Network<Stranger extends InLine<Stranger>> implements InLine<Network<Stranger>> {
  before: Network<Stranger> | undefined = undefined;
  after: Network<Stranger> | undefined = undefined;
  /** Connections in it. */
  held = 0;
  /** Of these, the ones that nobody is known on. */
  count = 0;
  readonly #name: string;
  readonly #wider: Network<Stranger> | undefined;
  #within: Map<string, Network<Stranger>> | undefined;
  #ranks: Ranks<Stranger> | undefined;
  /** Of a source, the oldest first. */
  #strangers: Line<Stranger> | undefined;

  constructor(name: string, wider?: Network<Stranger>) {
    this.#name = name;
    this.#wider = wider;
  }

  /** Networks in it that have somebody. */
  get size(): number {
    return this.#within?.size ?? 0;
  }

  /** The source of an address, which is there from now on; the caller enters somebody in this turn. */
  sourceOf(remoteAddress: string): Network<Stranger> {
    return networksOf(remoteAddress).reduce<Network<Stranger>>((wider, name) => wider.narrower(name), this);
  }

  /** One of the networks in it. */
  narrower(name: string): Network<Stranger> {
    this.#within ??= new Map();
    let narrower = this.#within.get(name);
    if (narrower === undefined) this.#within.set(name, (narrower = new Network(name, this)));
    return narrower;
  }

  /** The widest network that this source is in, below all together. */
  get widest(): Network<Stranger> {
    const wider = this.#wider;
    return wider === undefined || wider.#wider === undefined ? this : wider.widest;
  }

  /** One more connection is in this source. */
  enter(): void {
    this.held += 1;
    this.#wider?.enter();
  }

  /** One connection less; whatever has none any more is forgotten. */
  leave(): void {
    this.held -= 1;
    this.#wider?.leave();
    if (this.held === 0) this.#wider?.forget(this.#name);
  }

  /** Nobody is in that network any more. */
  forget(name: string): void {
    this.#within?.delete(name);
  }

  /** One of the connections of this source is a stranger, the newest of all. */
  add(stranger: Stranger): void {
    this.#strangers ??= new Line();
    this.#strangers.add(stranger);
    this.#counts(1);
  }

  /** A stranger of this source is one no more. */
  delete(stranger: Stranger): void {
    this.#strangers?.delete(stranger);
    if (this.#strangers?.isEmpty === true) this.#strangers = undefined;
    this.#counts(-1);
  }

  #counts(by: 1 | -1): void {
    const { count } = this;
    this.count += by;
    const wider = this.#wider;
    if (wider === undefined) return;
    wider.#ranks ??= new Ranks();
    wider.#ranks.change(this, count, this.count);
    wider.#counts(by);
  }

  /** The oldest stranger of the source in it that has most; `undefined` where there are none. */
  get firstToGo(): Stranger | undefined {
    const first = this.#ranks?.first;
    return first === undefined ? this.#strangers?.first : first.firstToGo;
  }
}
