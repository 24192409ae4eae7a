/**
 * Bytes to test a client with: single values as the project writes them, payloads that must be refused, and
 * one opening between services with everything that its proofs are made from.
 */

import { SESSION_DEFAULTS } from '@lobby/net-frame';
import {
  PROTOCOL_VERSION,
  ProtocolError,
  encodeMessage,
  msgpackLiteCodec,
  net,
  serviceNet,
  serviceProof,
} from '@lobby/protocol';
import { frameLines, written } from './frame-lines.ts';
import { block, code, table } from './markdown.ts';

const codec = msgpackLiteCodec();

const VALUES: readonly unknown[] = [
  0,
  127,
  128,
  255,
  256,
  65_535,
  65_536,
  4_294_967_295,
  4_294_967_296,
  1_800_000_000_000,
  Number.MAX_SAFE_INTEGER,
  -1,
  -32,
  -33,
  1.5,
  true,
  false,
  null,
  '',
  'ana',
  'é',
  '☕',
  'x'.repeat(31),
  'x'.repeat(32),
  [],
  [1, 'a'],
  {},
  { b: 1 },
  new Uint8Array([0, 255]),
];

/** Single values, each as the value of the key `k`. */
export function valueExamples(): string {
  const rows = VALUES.map((value) => [code(written(value)), code(hex(codec.encode({ k: value })))]);
  return table(['value of `k`', 'payload'], rows);
}

const READ: readonly (readonly [payload: string, why: string])[] = [
  ['', 'no payload at all'],
  ['de0001a16b01', 'a map 16'],
  ['df00000001a16b01', 'a map 32'],
  ['81d9016b01', 'a key as str 8'],
  ['81a16bd30000000000000005', 'an int 64'],
  ['81a16bce00000005', 'a uint 32 for a small number'],
  ['81a16bcb4014000000000000', 'a float 64 without a fraction'],
];

/** Payloads that are not what the project writes, and are read all the same. */
export function acceptedExamples(): string {
  const rows = READ.map(([payload, why]) => [
    payload === '' ? 'nothing' : code(payload),
    why,
    code(written(codec.decode(Buffer.from(payload, 'hex')))),
  ]);
  return table(['payload', 'what it is', 'read as'], rows);
}

const REFUSED: readonly string[] = [
  '01',
  '90',
  'c0',
  '8000',
  '81a16b',
  '81a16b01ff',
  '81016b',
  '82a16b01a16b02',
  '81a95f5f70726f746f5f5f80',
  '81a16bc1',
  '81a16bd40001',
  '81a16bc7000a',
  '81a16ba1ff',
  '81a16bdd000000ff',
  `81a16b${'91'.repeat(8)}c0`,
];

/** Payloads that end the connection, with what this project says of them. */
export function refusedExamples(): string {
  return table(
    ['payload', 'why'],
    REFUSED.map((payload) => [code(payload), whyRefused(payload)]),
  );
}

function whyRefused(payload: string): string {
  try {
    codec.decode(Buffer.from(payload, 'hex'));
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.code !== 'bad_frame') throw error;
    return error.message.replace('bad payload: ', '').replace('__proto__', code('__proto__'));
  }
  throw new Error(`payload ${payload} is not refused`);
}

const SECRET = 'an example of a secret';
const ACCEPTOR = { service: 'lobby-master', node: 'lobby-master', boot: 'boot-of-master' };
const PEER = { service: 'app-front', node: 'front-1', boot: 'boot-of-front' };
const ACCEPTOR_NONCE = Uint8Array.from({ length: 16 }, (_, index) => index);
const PEER_NONCE = Uint8Array.from({ length: 16 }, (_, index) => 0xf0 + index);

/** One opening between services: what the peer's proof is computed over, then the three frames. */
export function proofExample(): string {
  const secret = Buffer.from(SECRET);
  const proof = serviceProof(secret, PEER, ACCEPTOR_NONCE);
  const { service, node, boot } = PEER;
  const over = Buffer.concat([Buffer.from(`lobby/1${service}\0${node}\0${boot}\0`), ACCEPTOR_NONCE]);
  const welcome = {
    v: PROTOCOL_VERSION,
    session: 3,
    heartbeat: SESSION_DEFAULTS.heartbeatMs,
    ...ACCEPTOR,
    proof: serviceProof(secret, ACCEPTOR, PEER_NONCE),
  };
  const hello = { v: PROTOCOL_VERSION, ...PEER, nonce: PEER_NONCE, proof };
  return block([
    `secret: the UTF-8 bytes of "${SECRET}"`,
    "the peer's proof = HMAC-SHA256(secret, these bytes)",
    `  ${hex(over)}`,
    `  = ${hex(proof)}`,
    '',
    'acceptor -> peer  net.challenge',
    ...frameLines(encodeMessage(net.challenge, { nonce: ACCEPTOR_NONCE })),
    '',
    'peer -> acceptor  net.hello',
    ...frameLines(encodeMessage(serviceNet.hello, hello)),
    '',
    'acceptor -> peer  net.welcome',
    ...frameLines(encodeMessage(serviceNet.welcome, welcome)),
  ]);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
