/**
 * The proof that a process holds the secret of its cluster:
 * HMAC-SHA256(secret, "lobby/1" ‖ service ‖ 0 ‖ node ‖ 0 ‖ boot ‖ 0 ‖ the other side's nonce).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface ServiceIdentity {
  /** What it is, such as `lobby-master`. */
  readonly service: string;
  /** Which one of its kind. */
  readonly node: string;
  /** Drawn at random when the process started: a restarted node is another one. */
  readonly boot: string;
}

export function serviceProof(secret: Uint8Array, identity: ServiceIdentity, nonce: Uint8Array): Uint8Array {
  return createHmac('sha256', secret)
    .update(`lobby/1${identity.service}\0${identity.node}\0${identity.boot}\0`)
    .update(nonce)
    .digest();
}

/** Takes the same time wherever the proof is wrong. */
export function isServiceProof(proof: Uint8Array, expected: Uint8Array): boolean {
  return proof.length === expected.length && timingSafeEqual(proof, expected);
}
