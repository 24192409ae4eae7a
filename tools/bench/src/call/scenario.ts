/** P2: a call and its answer, many under way on one connection, and one at a time. */

import type { Variant } from '../contender.ts';
import { OURS, peer } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';

const variant = (inFlight: number): Variant => ({
  name: `${inFlight} in flight`,
  connections: 1,
  inFlight,
  roomSize: 0,
});
const variants = [variant(64), variant(1)];
const [many, one] = ['64 in flight', '1 in flight'] as const;

export const call: Scenario = {
  id: 'P2',
  title: 'Call and answer',
  directory: 'call',
  kind: 'network',
  variants,
  quickVariants: variants,
  contenders: [
    peer('limit', 'limit: raw net + correlation id + msgpackr'),
    OURS,
    peer('pinus-rpc', 'pinus-rpc TCP'),
    peer('moleculer', 'Moleculer TCP'),
    peer('fastify', 'fastify + undici'),
    peer('nats', 'NATS', 'nats-server'),
    peer('grpc', 'gRPC'),
  ],
  columns: [
    { measure: 'perCpuSecond', title: 'calls per server CPU second', unit: '', digits: 0, compared: true },
    { measure: 'perSecond', title: 'calls per second', unit: '', digits: 0, compared: true },
    { measure: 'p50Us', title: 'p50', unit: 'µs', digits: 0, compared: true },
    { measure: 'p99Us', title: 'p99', unit: 'µs', digits: 0 },
  ],
  goals: [
    {
      text: 'at least 0.8 of the limit',
      variant: many,
      measure: 'perCpuSecond',
      of: 'ours',
      against: 'limit',
      atLeast: 0.8,
    },
    {
      text: 'at least 2 x pinus-rpc TCP',
      variant: many,
      measure: 'perCpuSecond',
      of: 'ours',
      against: 'pinus-rpc',
      atLeast: 2,
    },
    {
      text: 'at least 3 x Moleculer TCP',
      variant: many,
      measure: 'perCpuSecond',
      of: 'ours',
      against: 'moleculer',
      atLeast: 3,
    },
    {
      text: 'p50 at most 1.1 x that of the limit',
      variant: one,
      measure: 'p50Us',
      of: 'ours',
      against: 'limit',
      atMost: 1.1,
    },
  ],
  times: { warmUpMs: 1_500, measureMs: 3_000 },
  notes: ['The CPU time of NATS is that of its server and of the process that answers.'],
};
