/**
 * What a fuzzer finds: a frame that broke a rule. Thrown by a target, and completed with the frame by whoever
 * ran it.
 */

/** The rules, by what breaks them. */
export type Rule =
  | 'ended'
  | 'hung'
  | 'invalid_data'
  | 'slow'
  | 'memory'
  | 'prototype'
  | 'foreign_error'
  | 'disagreement'
  | 'disturbance';

export class Finding extends Error {
  override readonly name = 'Finding';
  readonly rule: Rule;

  constructor(rule: Rule, message: string) {
    super(message);
    this.rule = rule;
  }
}

/** A finding with the frame that made it. */
export interface Found {
  readonly target: string;
  readonly rule: Rule;
  readonly message: string;
  readonly index: number;
  readonly topic: number;
  readonly mutations: readonly string[];
  readonly hex: string;
}

/** How an error reads that should not have come. */
export function told(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
