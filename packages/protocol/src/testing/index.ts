/** What @lobby/protocol/testing offers, to whoever tests a reader of payloads: bytes that did harm to one. */

export { HOSTILE_PAYLOADS, hex, mapOf } from './hostile-payloads.ts';

export type { HostilePayload } from './hostile-payloads.ts';
