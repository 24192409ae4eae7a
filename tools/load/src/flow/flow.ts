/**
 * What a bot does, as data: a flow is a name and steps, a step is an object with exactly one key, its verb. A
 * flow file is JSON, or a TypeScript module that exports `flow` (and, for words of a game's own, `topics`).
 * `docs/load.md` tells what each verb means; `check-flow.ts` says what is wrong with one.
 */
import type { TopicGroup } from '@lobby/protocol';

/** A call that should fail: with this code and no other. */
interface MayFail {
  readonly fails?: string;
}

interface Wish {
  readonly capacity?: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

export type Step =
  /** One after the other. */
  | { readonly serial: readonly Step[] }
  /** All at once; it is over when the last one is. */
  | { readonly parallel: readonly Step[] }
  /** So many times; until the end of the run if left out. */
  | { readonly repeat: { readonly times?: number; readonly steps: readonly Step[] } }
  /** The first bot of each group does one thing, the others another. */
  | { readonly split: { readonly first: readonly Step[]; readonly others: readonly Step[] } }
  /** Milliseconds; with `upToMs`, chance chooses between the two. */
  | { readonly wait: { readonly ms: number; readonly upToMs?: number } }
  /**
   * Waits until it is this bot's turn to speak: turns are given at the rate of the run, once all have
   * arrived.
   */
  | { readonly turn: Readonly<Record<string, never>> }
  /** The next message of the topic whose payload holds what `where` holds; 5 s unless said. */
  | {
      readonly expect: {
        readonly topic: string;
        readonly where?: Readonly<Record<string, unknown>>;
        readonly withinMs?: number;
      };
    }
  | { readonly connect: { readonly to?: 'front' | 'room' } & MayFail }
  | { readonly disconnect: Readonly<Record<string, never>> }
  | { readonly login: MayFail }
  | { readonly logout: MayFail }
  | { readonly create: Wish & { readonly title?: string; readonly private?: boolean } & MayFail }
  | { readonly reserve: MayFail }
  | { readonly quick: Wish & MayFail }
  | { readonly checkin: MayFail }
  | { readonly chat: { readonly characters?: number; readonly fill?: string } & MayFail }
  | { readonly leave: MayFail }
  /** Any call of the protocol, or of the module's own topics. */
  | {
      readonly call: {
        readonly topic: string;
        readonly payload?: Readonly<Record<string, unknown>>;
      } & MayFail;
    }
  | { readonly send: { readonly topic: string; readonly payload?: Readonly<Record<string, unknown>> } };

export interface Flow {
  readonly name: string;
  /** What it stands for, in a sentence. */
  readonly about?: string;
  readonly steps: readonly Step[];
}

/** A flow with the words that it may use besides the lobby's own. */
export interface LoadedFlow {
  readonly flow: Flow;
  readonly topics: readonly TopicGroup[];
}
