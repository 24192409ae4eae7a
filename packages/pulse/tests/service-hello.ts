/** The hello of a service, spoken by hand. */
import { decodePayload, net, serviceProof } from '@lobby/protocol';
import type { RawPeer } from './raw-peer.ts';
import { RUNNER } from './world.ts';

export const NONCE = Buffer.alloc(16, 'nonce');

/** Of a peer that answers the challenge with this secret. */
export function helloTo(peer: RawPeer, secret: Uint8Array) {
  const { nonce } = decodePayload(net.challenge, peer.frames[0]?.payload ?? Buffer.alloc(0));
  return { v: 1, ...RUNNER, nonce: NONCE, proof: serviceProof(secret, RUNNER, nonce) };
}
