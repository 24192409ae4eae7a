/** The proof against an HMAC computed here from its definition (RFC 2104), and against bytes kept from it. */

import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { isServiceProof, serviceProof } from '../src/index.ts';

const BLOCK_BYTES = 64;
const IDENTITY = { service: 'lobby-master', node: 'master-1', boot: 'b7e1' };
const NONCE = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
const SECRET = Buffer.from('a secret of the cluster');

function sha256(...parts: Uint8Array[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

function hmac(secret: Uint8Array, message: Uint8Array): Buffer {
  const key = Buffer.alloc(BLOCK_BYTES);
  key.set(secret.length > BLOCK_BYTES ? sha256(secret) : secret);
  const padded = (byte: number): Buffer => Buffer.from(key.map((keyByte) => keyByte ^ byte));
  return sha256(padded(0x5c), sha256(padded(0x36), message));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe('a service proof', () => {
  it.each([SECRET, Buffer.alloc(BLOCK_BYTES, 1), Buffer.alloc(100, 2)])(
    'is the HMAC of who one is and the nonce of the other side',
    (secret) => {
      const zero = Buffer.of(0);
      const message = Buffer.concat([
        Buffer.from('lobby/1'),
        Buffer.from('lobby-master'),
        zero,
        Buffer.from('master-1'),
        zero,
        Buffer.from('b7e1'),
        zero,
        NONCE,
      ]);
      expect(hexOf(serviceProof(secret, IDENTITY, NONCE))).toBe(hexOf(hmac(secret, message)));
    },
  );

  it('stays the same bytes for ever', () => {
    expect(hexOf(serviceProof(SECRET, IDENTITY, NONCE))).toBe(
      '18d5371c1a8f4f5779c7ac4d28f2eef2b78d6fa16fb0094a7dc6ab6bd01a7b12',
    );
  });

  it('is another one for every other secret, service, node, boot and nonce', () => {
    const proofs = [
      serviceProof(SECRET, IDENTITY, NONCE),
      serviceProof(Buffer.from('another secret'), IDENTITY, NONCE),
      serviceProof(SECRET, { ...IDENTITY, service: 'room-master' }, NONCE),
      serviceProof(SECRET, { ...IDENTITY, node: 'master-2' }, NONCE),
      serviceProof(SECRET, { ...IDENTITY, boot: 'b7e2' }, NONCE),
      serviceProof(SECRET, { ...IDENTITY, service: 'lobby-masterm', node: 'aster-1' }, NONCE),
      serviceProof(SECRET, IDENTITY, Buffer.alloc(16)),
    ];
    expect(new Set(proofs.map(hexOf)).size).toBe(proofs.length);
  });

  it('is accepted only if every bit of it is right', () => {
    const proof = serviceProof(SECRET, IDENTITY, NONCE);
    expect(isServiceProof(Uint8Array.from(proof), proof)).toBe(true);
    for (let bit = 0; bit < proof.length * 8; bit += 1) {
      const wrong = Uint8Array.from(proof);
      wrong[bit >> 3] = (wrong[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(isServiceProof(wrong, proof)).toBe(false);
    }
    for (const wrong of [proof.subarray(1), Buffer.concat([proof, proof]), new Uint8Array(0)])
      expect(isServiceProof(wrong, proof)).toBe(false);
  });
});
