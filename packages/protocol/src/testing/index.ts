/**
 * What @lobby/protocol/testing offers, to whoever tests a reader of payloads or the limits of a link: bytes
 * that did harm to a reader, and the largest values that there are.
 */

export { HOSTILE_PAYLOADS, hex, mapOf } from './hostile-payloads.ts';
export { largestValue } from './largest-value.ts';

export type { HostilePayload } from './hostile-payloads.ts';
export type { LargestOptions } from './largest-value.ts';
