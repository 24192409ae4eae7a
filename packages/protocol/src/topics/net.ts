/**
 * Opening, staying, leaving: the words of every connection. They are spoken by pulse itself and reach no
 * handler.
 */
import Type from 'typebox';
import { Bytes } from '../schema-kinds.ts';
import { Agent, Count, Milliseconds, Notice, Nothing, ServiceText, SessionKey } from '../schemas.ts';
import { message } from '../topic.ts';

export const NONCE_BYTES = 16;
const PROOF_BYTES = 32;
export const PROTOCOL_VERSION = 1;

export const net = Object.freeze({
  hello: message(1, 'net.hello', {
    flow: 'either',
    payload: Type.Object({ v: Count, agent: Type.Optional(Agent) }),
  }),
  welcome: message(2, 'net.welcome', {
    flow: 'either',
    payload: Type.Object({ v: Count, session: SessionKey, heartbeat: Milliseconds, node: ServiceText }),
  }),
  bye: message(3, 'net.bye', { flow: 'either', payload: Notice }),
  ping: message(4, 'net.ping', { flow: 'either', payload: Nothing }),
  pong: message(5, 'net.pong', { flow: 'either', payload: Nothing }),
  challenge: message(6, 'net.challenge', {
    flow: 'either',
    payload: Type.Object({ nonce: Bytes(NONCE_BYTES) }),
  }),
});

/** The same two words as services say them to each other, with proofs. Same numbers, other payloads. */
export const serviceNet = Object.freeze({
  hello: message(1, 'net.hello', {
    flow: 'either',
    payload: Type.Object({
      v: Count,
      service: ServiceText,
      node: ServiceText,
      boot: ServiceText,
      nonce: Bytes(NONCE_BYTES),
      proof: Bytes(PROOF_BYTES),
    }),
  }),
  welcome: message(2, 'net.welcome', {
    flow: 'either',
    payload: Type.Object({
      v: Count,
      session: SessionKey,
      heartbeat: Milliseconds,
      service: ServiceText,
      node: ServiceText,
      boot: ServiceText,
      proof: Bytes(PROOF_BYTES),
    }),
  }),
});

/** Topics up to this number are pulse's own. */
export const LAST_NET_TOPIC = 15;
