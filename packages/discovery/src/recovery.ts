/**
 * Whether a back that has just started knows again what its fronts hold. It is not known which fronts there
 * are, so two things must be true: every front that has announced itself has told its whole inventory, and so
 * much time has passed since the port listens that every link that lives has found it.
 *
 *     made ── the port listens ──▶ recovering ── window over, every front has reported ──▶ recovered
 *                                       └─────── nobody is waited for any longer ───────────▲
 *
 * The back serves calls all the while. Once recovered it stays so: a front that comes later, or comes back,
 * changes nothing.
 */
import type { Clock } from '@lobby/net-frame';
import type { ServerPulse } from '@lobby/pulse';
import type { Front } from './front.ts';

export interface RecoveryOptions {
  /** The back's service port. */
  readonly port: ServerPulse;
  readonly clock: Clock;
  /** What the back knows of a front now, counted: users, rooms, seats. */
  readonly held: (front: Front) => Readonly<Record<string, number>>;
  /** Milliseconds after which every link that lives is up: more than the longest wait of a link. */
  readonly windowMs?: number | undefined;
}

export interface RecoveryStatus {
  readonly recovered: boolean;
  /** When it began, milliseconds since the Unix epoch; missing while the port does not listen. */
  readonly since?: number;
  readonly windowMs: number;
  readonly fronts: readonly {
    readonly service: string;
    readonly node: string;
    /** It has told its whole inventory. */
    readonly reported: boolean;
    readonly held: Readonly<Record<string, number>>;
  }[];
}

/** Links wait 2 s at most between two tries. */
export const RECOVERY_WINDOW_MS = 3_000;
/**
 * After the window a front that tells nothing is as one that is away: it must not keep the others waiting.
 */
const PATIENCE_MS = 10_000;

export class Recovery {
  readonly #options: RecoveryOptions;
  readonly #windowMs: number;
  /** Whether each front that is up has reported. */
  readonly #fronts = new Map<Front, boolean>();
  readonly #window = Promise.withResolvers<void>();
  #windowIsOver = false;
  #recovered = false;
  #since: number | undefined;

  constructor(options: RecoveryOptions) {
    this.#options = options;
    this.#windowMs = options.windowMs ?? RECOVERY_WINDOW_MS;
    void options.port.listening.then(() => this.#begin());
  }

  get recovered(): boolean {
    return this.#recovered;
  }

  /** What it still waits for; empty when it is recovered. */
  get reasons(): readonly string[] {
    if (this.#recovered) return [];
    const silent = [...this.#fronts].filter(([, reported]) => !reported).map(([{ up }]) => up);
    if (silent.length > 0)
      return silent.map(
        ({ service, node }) => `recovering: ${service} ${node} has not told all that it holds`,
      );
    return [`recovering: fronts have ${this.#windowMs} ms after the start to come back`];
  }

  get status(): RecoveryStatus {
    const fronts = [...this.#fronts].map(([front, reported]) => {
      const { service, node } = front.up;
      return { service, node, reported, held: this.#options.held(front) };
    });
    const since = this.#since === undefined ? {} : { since: this.#since };
    return { recovered: this.#recovered, ...since, windowMs: this.#windowMs, fronts };
  }

  /** Resolves when the window is over, at once where it is; with whether the back has recovered. */
  async afterWindow(): Promise<boolean> {
    await this.#window.promise;
    return this.#recovered;
  }

  /** The front has told its whole inventory. */
  reported(front: Front): void {
    if (!this.#fronts.has(front)) return;
    this.#fronts.set(front, true);
    this.#judge();
  }

  /** Whether a front that is up has told its whole inventory. */
  hasReported(front: Front): boolean {
    return this.#fronts.get(front) === true;
  }

  // Told by the registry.

  arrived(front: Front): void {
    this.#fronts.set(front, false);
  }

  left(front: Front): void {
    this.#fronts.delete(front);
    this.#judge();
  }

  #begin(): void {
    const { clock, port } = this.#options;
    if (port.stopped) return;
    this.#since = clock.wallNow();
    port.once(this.#windowMs, () => {
      this.#windowIsOver = true;
      this.#judge();
      this.#window.resolve();
      port.once(PATIENCE_MS, () => {
        this.#recovered = true;
      });
    });
  }

  #judge(): void {
    if (this.#windowIsOver && [...this.#fronts.values()].every((reported) => reported))
      this.#recovered = true;
  }
}
